//! A report for people: what each signature is, whose, of when, what it covers, and what came later.

use core::fmt::Write as _;

use domain::{Language, Moment, Time};
use pki::Holder;

use super::{
    Report,
    labels::{self, Label},
    phrases,
};
use crate::{
    Change, Coverage, Integrity, Level, Properties, Stated,
    judgement::{Finding, Indication, Person, SignatureReport, StampReport, SubIndication, Wanted},
};

pub(super) fn report(report: &Report, language: Language) -> String {
    let mut page = Page {
        text: String::new(),
        language,
    };
    page.line(0, &clean(&report.file));
    let at = page.time(report.at);
    page.named(0, labels::CHECKED_FOR, &at);
    page.count(report);
    for (number, signature) in report.signatures.iter().enumerate() {
        page.line(0, "");
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

    fn words(&mut self, depth: usize, words: Label) {
        self.line(depth, self.language.of(words));
    }

    fn named(&mut self, depth: usize, name: Label, value: &str) {
        let line = format!("{}: {}", self.language.of(name), clean(value));
        self.line(depth, &line);
    }

    fn item(&mut self, text: &str) {
        self.line(2, &format!("– {}", clean(text)));
    }

    fn time(&self, at: Time) -> String {
        Moment::told(at, self.language)
    }

    fn count(&mut self, report: &Report) {
        let (language, count) = (self.language, report.signatures.len());
        if count == 0 {
            self.words(0, labels::NO_SIGNATURES);
            return;
        }
        let indications = report.signatures.iter().map(SignatureReport::indication);
        let passed = indications.filter(|one| *one == Indication::TotalPassed).count();
        let counted = language.counted(
            count,
            "қолтаңба",
            ["подпись", "подписи", "подписей"],
            ["signature", "signatures"],
        );
        let valid = language.of(labels::VALID);
        self.line(0, &format!("{count} {counted}; {valid}: {passed}"));
    }

    fn signature(&mut self, number: usize, one: &SignatureReport) {
        let language = self.language;
        let verdict = language.of(labels::verdict(one.indication()));
        let standard = standard(one.indication(), one.sub_indication);
        self.line(0, &format!("{number}. {verdict} — {standard}"));
        self.words(1, labels::meaning(one.indication()));
        self.findings(&one.findings);
        if let Some(signer) = &one.signer {
            self.signer(signer);
        }
        self.remarks(&one.remarks);
        self.covers(one);
        self.claimed(&one.properties);
        self.form(one);
        for stamp in &one.stamps {
            self.stamp(stamp);
        }
        self.wanted(&one.wanted);
    }

    fn findings(&mut self, findings: &[Finding]) {
        for finding in findings {
            let text = finding.statement().text(self.language);
            self.line(1, &format!("• {}", clean(&text)));
        }
    }

    /// What speaks neither for nor against the verdict, apart from its reasons.
    fn remarks(&mut self, remarks: &[Finding]) {
        if remarks.is_empty() {
            return;
        }
        self.words(1, labels::REMARKS);
        for remark in remarks {
            self.item(&remark.statement().text(self.language));
        }
    }

    /// Whose certificate it is, in the parts that people look for; its name as a whole is for machines.
    fn signer(&mut self, signer: &Person) {
        let holder = &signer.holder;
        let period = [signer.not_before, signer.not_after].map(|at| self.time(at));
        let facts = [
            (labels::SIGNED_BY, Some(called(holder, &signer.subject))),
            (labels::IIN, holder.iin.map(|iin| iin.to_string())),
            (labels::ORGANIZATION, holder.organization.clone()),
            (labels::BIN, holder.bin.map(|bin| bin.to_string())),
            (labels::COUNTRY, holder.country.clone()),
            (
                labels::CERTIFIED_BY,
                Some(called(&signer.authority, &signer.issuer)),
            ),
            (labels::CERTIFICATE, Some(signer.serial.clone())),
            (labels::PERIOD, Some(period.join(" — "))),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                self.named(1, name, &value);
            }
        }
    }

    fn covers(&mut self, one: &SignatureReport) {
        let all = one.covered.iter();
        let intact = all
            .map(|covered| covered.integrity)
            .all(|one| one == Integrity::Intact);
        match &one.coverage {
            Coverage::Parts | Coverage::Except { .. } if one.covered.is_empty() => {
                self.words(1, labels::NOTHING_KNOWN);
            }
            _ if !intact => self.words(1, labels::PUT_ON),
            Coverage::Whole => self.words(1, labels::WHOLE),
            Coverage::Detached { file } => self.named(1, labels::DETACHED, file),
            Coverage::Parts | Coverage::Except { .. } => self.words(1, labels::PARTS),
            Coverage::Revision { number, of, .. } => {
                let which = phrases::revision(*number, *of, self.language);
                self.named(1, labels::REVISION, &which);
            }
        }
        for covered in &one.covered {
            let what = covered.what.statement().text(self.language);
            let state = if covered.integrity == Integrity::Altered && covered.lies_beside(&one.coverage) {
                labels::ALTERED_OR_ANOTHER
            } else {
                labels::integrity(covered.integrity)
            };
            let state = self.language.of(state);
            self.item(&format!("{what} — {state}"));
        }
        match &one.coverage {
            Coverage::Except { uncovered } => {
                self.words(1, labels::NOT_SIGNED);
                for what in uncovered {
                    self.item(&what.statement().text(self.language));
                }
            }
            Coverage::Revision { changes, .. } => self.changes(changes),
            Coverage::Whole | Coverage::Detached { .. } | Coverage::Parts => {}
        }
    }

    fn changes(&mut self, changes: &[Change]) {
        let (language, count) = (self.language, changes.len());
        if count == 0 {
            self.words(1, labels::NOTHING_LATER);
            return;
        }
        let counted = language.counted(
            count,
            "өзгеріс",
            ["изменение", "изменения", "изменений"],
            ["change", "changes"],
        );
        self.named(1, labels::ADDED_LATER, &format!("{count} {counted}"));
        for change in changes {
            let what = change.what.statement().text(language);
            let kind = language.of(labels::change(change.harmless));
            self.item(&format!("{what} — {kind}"));
        }
    }

    fn claimed(&mut self, said: &Properties) {
        let time = said.time.map(|time| self.time(time));
        let commitments = said.commitments.iter().map(|identifier| {
            let known = labels::commitment(identifier);
            known.map_or(identifier.as_str(), |words| self.language.of(words))
        });
        let one = |name, value: &Option<String>| value.clone().map(|value| (name, value));
        let facts: Vec<(Label, String)> = [
            one(labels::CLAIMED_TIME, &time),
            one(labels::CLAIMED_TIME_UNZONED, &said.unzoned),
            one(labels::CLAIMED_NAME, &said.name),
            one(labels::CLAIMED_REASON, &said.reason),
            one(labels::CLAIMED_PLACE, &said.place),
            one(labels::CLAIMED_POLICY, &said.policy),
        ]
        .into_iter()
        .flatten()
        .chain(said.roles.iter().map(|role| (labels::CLAIMED_ROLE, role.clone())))
        .chain(commitments.map(|commitment| (labels::CLAIMED_COMMITMENT, commitment.to_owned())))
        .collect();
        if !facts.is_empty() {
            self.words(1, labels::CLAIMED);
        }
        for (name, value) in facts {
            self.named(2, name, &value);
        }
    }

    fn form(&mut self, one: &SignatureReport) {
        let language = self.language;
        let name = one.name.statement().text(language);
        self.named(1, labels::NAME, &name);
        self.named(1, labels::FORM, labels::format(one.format));
        let reached = match one.level {
            None => language.of(labels::NO_LEVEL).to_owned(),
            Some(level) => format!("{} ({})", level.name(), language.of(labels::level(level))),
        };
        let level = if one.level == Some(one.carried) || one.carried == Level::B {
            reached
        } else {
            let carried = language.of(labels::CARRIED);
            format!("{reached}; {carried} {}", one.carried.name())
        };
        self.named(1, labels::LEVEL, &level);
        if let Some(algorithm) = &one.algorithm {
            self.named(1, labels::ALGORITHM, &phrases::algorithm(algorithm, language));
        }
    }

    fn stamp(&mut self, one: &StampReport) {
        let time = one.time.map(|time| self.time(time));
        let unit = one.unit.as_ref().map(|unit| called(&unit.holder, &unit.subject));
        let counts = self.language.of(labels::counts(one.indication()));
        let standard = standard(one.indication(), one.sub_indication);
        let facts: Vec<String> = time.into_iter().chain(unit).collect();
        let line = format!("{} — {counts} ({standard})", facts.join("; "));
        self.named(1, labels::stamp(one.kind), &line);
        self.findings(&one.findings);
    }

    fn wanted(&mut self, wanted: &Wanted) {
        if wanted.is_empty() {
            return;
        }
        self.words(1, labels::WANTED);
        let answers = wanted.answers.iter().map(|question| &question.address);
        for address in wanted.issuers.iter().chain(&wanted.lists).chain(answers) {
            self.item(address);
        }
    }
}

/// The name of somebody; all that the certificate says where it has none.
fn called(holder: &Holder, whole: &str) -> String {
    let own = holder.name.as_ref().or(holder.organization.as_ref());
    own.map_or_else(|| whole.to_owned(), Clone::clone)
}

fn standard(indication: Indication, sub: Option<SubIndication>) -> String {
    match sub {
        None => indication.name().to_owned(),
        Some(sub) => format!("{} / {}", indication.name(), sub.name()),
    }
}

/// Label of a document, without what would move a terminal's cursor or turn the direction of writing.
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
