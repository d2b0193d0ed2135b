//! A report for people: what each signature is, whose, of when, what it covers, and what came later.

use core::fmt::Write as _;

use super::{Language, Report, json, words};
use crate::{
    Change, Coverage, Integrity, StampKind,
    judgement::{Finding, SignatureReport, StampReport, SubIndication},
};

pub(super) fn report(report: &Report, language: Language) -> String {
    let mut page = Page {
        text: String::new(),
        language,
    };
    page.line(
        0,
        &format!("{} — {}", clean(&report.file), language.time(report.at)),
    );
    let count = language.counted(
        report.signatures.len(),
        [
            &["қолтаңба"],
            &["подпись", "подписи", "подписей"],
            &["signature", "signatures"],
        ],
    );
    if report.signatures.is_empty() {
        page.line(
            0,
            language.of([
                "Файлда қолтаңба жоқ",
                "В файле нет подписей",
                "The file has no signatures",
            ]),
        );
    } else {
        page.line(0, &count);
    }
    for (number, signature) in report.signatures.iter().enumerate() {
        page.signature(number + 1, signature);
    }
    page.text
}

struct Page {
    text: String,
    language: Language,
}

impl Page {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.text, "{:1$}{text}", "", depth * 2);
    }

    fn field(&mut self, names: [&str; 3], value: &str) {
        let name = self.language.of(names);
        self.line(1, &format!("{name}: {}", clean(value)));
    }

    fn signature(&mut self, number: usize, one: &SignatureReport) {
        let language = self.language;
        self.line(0, "");
        let verdict = language.of(words::indication(one.indication()));
        let standard = standard(one.indication().name(), one.sub_indication);
        self.line(0, &format!("{number}. {verdict} — {standard}"));
        self.findings(&one.findings);
        if let Some(signer) = &one.signer {
            self.field(["Қол қоюшы", "Подписал", "Signed by"], &signer.subject);
            self.field(
                ["Сертификат берген", "Сертификат выдал", "Certified by"],
                &signer.issuer,
            );
            self.field(
                ["Сертификат нөмірі", "Номер сертификата", "Certificate number"],
                &signer.serial,
            );
            let period = [language.time(signer.not_before), language.time(signer.not_after)].join(" — ");
            self.field(
                ["Сертификат мерзімі", "Срок сертификата", "Certificate valid"],
                &period,
            );
        }
        if let Some(time) = one.properties.time {
            let time = language.time(time);
            self.field(
                [
                    "Қол қойылған уақыты (қол қоюшының сағаты бойынша)",
                    "Время подписания (по часам подписавшего)",
                    "Time of signing (by the signer's own clock)",
                ],
                &time,
            );
        }
        let form = match one.level {
            None => json::format(one.format).to_owned(),
            Some(level) => format!("{}, {}", json::format(one.format), level.name()),
        };
        self.field(["Пішім", "Форма", "Form"], &form);
        if let Some(algorithm) = &one.algorithm {
            self.field(["Алгоритм", "Алгоритм", "Algorithm"], algorithm);
        }
        for (names, value) in [
            (["Себебі", "Причина", "Reason"], &one.properties.reason),
            (["Орны", "Место", "Place"], &one.properties.place),
        ] {
            if let Some(value) = value {
                self.field(names, value);
            }
        }
        self.covers(one);
        for stamp in &one.stamps {
            self.stamp(stamp);
        }
        self.findings(&one.remarks);
    }

    fn findings(&mut self, findings: &[Finding]) {
        for finding in findings {
            let text = words::finding(finding, self.language);
            self.line(1, &format!("• {}", clean(&text)));
        }
    }

    fn covers(&mut self, one: &SignatureReport) {
        let language = self.language;
        match &one.coverage {
            Coverage::Whole => self.line(
                1,
                language.of([
                    "Қолтаңба файлды толық қамтиды; кейін ештеңе қосылмаған.",
                    "Подпись охватывает весь файл; после неё ничего не добавлено.",
                    "The signature covers the whole file; nothing was added later.",
                ]),
            ),
            Coverage::Parts | Coverage::Except { .. } => self.line(
                1,
                language.of([
                    "Қолтаңба тек мыналарды қамтиды:",
                    "Подпись охватывает только следующее:",
                    "The signature covers only this:",
                ]),
            ),
            Coverage::Revision { number, of, changes } => {
                let numbers = format!("{number}/{of}");
                self.field(
                    [
                        "Қолтаңба құжаттың мына нұсқасын қамтиды",
                        "Подпись охватывает редакцию документа",
                        "The signature covers this revision of the document",
                    ],
                    &numbers,
                );
                self.changes(changes);
            }
        }
        for covered in &one.covered {
            let state = match covered.integrity {
                Integrity::Intact => ["өзгермеген", "не изменено", "intact"],
                Integrity::Altered => ["ӨЗГЕРГЕН", "ИЗМЕНЕНО", "ALTERED"],
                Integrity::Missing => ["жоқ", "отсутствует", "missing"],
                Integrity::Unprovable => ["дәлелденбейді", "недоказуемо", "unprovable"],
            };
            let line = format!("– {}: {}", clean(&covered.what), language.of(state));
            self.line(2, &line);
        }
        if let Coverage::Except { uncovered } = &one.coverage {
            self.line(
                1,
                language.of([
                    "Файлда бар, бірақ ҚОЛ ҚОЙЫЛМАҒАН:",
                    "Есть в файле, но НЕ ПОДПИСАНО:",
                    "In the file, but NOT SIGNED:",
                ]),
            );
            for what in uncovered {
                self.line(2, &format!("– {}", clean(what)));
            }
        }
    }

    fn changes(&mut self, changes: &[Change]) {
        let language = self.language;
        if changes.is_empty() {
            return;
        }
        let count = language.counted(
            changes.len(),
            [
                &["өзгеріс"],
                &["изменение", "изменения", "изменений"],
                &["change", "changes"],
            ],
        );
        self.field(["Кейін қосылған", "Добавлено позже", "Added later"], &count);
        for change in changes {
            let kind = if change.harmless {
                ["рұқсат етілген", "допустимо", "harmless"]
            } else {
                [
                    "ҚОЛ ҚОЙЫЛҒАН НӘРСЕНІ ӨЗГЕРТЕДІ",
                    "МЕНЯЕТ ПОДПИСАННОЕ",
                    "CHANGES WHAT WAS SIGNED",
                ]
            };
            let line = format!("– {} ({})", clean(&change.what), language.of(kind));
            self.line(2, &line);
        }
    }

    fn stamp(&mut self, one: &StampReport) {
        let language = self.language;
        let kind = language.of(match one.kind {
            StampKind::Content => [
                "Мазмұнға қойылған уақыт белгісі",
                "Метка времени на содержание",
                "Time stamp on the content",
            ],
            StampKind::Signature => [
                "Қолтаңбаға қойылған уақыт белгісі",
                "Метка времени на подпись",
                "Time stamp on the signature",
            ],
            StampKind::Archive => [
                "Мұрағаттық уақыт белгісі",
                "Архивная метка времени",
                "Archive time stamp",
            ],
        });
        let mut line = kind.to_owned();
        if let Some(time) = one.time {
            line = format!("{line}: {}", language.time(time));
        }
        if let Some(unit) = &one.unit {
            line = format!("{line}, {}", clean(&unit.subject));
        }
        line = format!(
            "{line} — {}",
            standard(one.indication().name(), one.sub_indication)
        );
        self.line(1, &line);
        self.findings(&one.findings);
    }
}

fn standard(indication: &str, sub: Option<SubIndication>) -> String {
    match sub {
        None => indication.to_owned(),
        Some(sub) => format!("{indication} / {}", sub.name()),
    }
}

/// Words of a document, without what would move a terminal's cursor or turn the direction of writing.
fn clean(text: &str) -> String {
    const TURNING: [char; 12] = [
        '\u{200E}', '\u{200F}', '\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}',
        '\u{2067}', '\u{2068}', '\u{2069}', '\u{061C}',
    ];
    let safe = |letter: char| {
        if letter.is_control() || TURNING.contains(&letter) {
            '\u{FFFD}'
        } else {
            letter
        }
    };
    text.chars().map(safe).collect()
}
