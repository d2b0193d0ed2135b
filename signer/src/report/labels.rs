//! The fixed words of a report in Kazakh, Russian and English: names of fields, verdicts, states.

use crate::{Format, Integrity, Level, StampKind, judgement::Indication};

pub(super) type Label = [&'static str; 3];

/// The verdict.
pub(super) const fn verdict(indication: Indication) -> Label {
    match indication {
        Indication::TotalPassed => [
            "ҚОЛТАҢБА ЖАРАМДЫ",
            "ПОДПИСЬ ДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS VALID",
        ],
        Indication::Indeterminate => [
            "ҚОЛТАҢБА РАСТАЛМАДЫ",
            "ПОДПИСЬ НЕ ПОДТВЕРЖДЕНА",
            "THE SIGNATURE IS NOT PROVEN",
        ],
        Indication::TotalFailed => [
            "ҚОЛТАҢБА ЖАРАМСЫЗ",
            "ПОДПИСЬ НЕДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS NOT VALID",
        ],
    }
}

/// What the verdict means for who reads it.
pub(super) const fn meaning(indication: Indication) -> Label {
    match indication {
        Indication::TotalPassed => [
            "Қолтаңба төменде аталған сертификаттың кілтімен қойылған, қол қойылған нәрсе содан бері өзгермеген.",
            "Подпись сделана ключом сертификата, названного ниже, и подписанное с тех пор не изменилось.",
            "The signature was made with the key of the certificate named below, and what was signed has not changed since.",
        ],
        Indication::Indeterminate => [
            "Бірдеңені дәлелдеу мүмкін болмады. Себебі жойылғанша бұл қолтаңбаға сенбеңіз:",
            "Что-то не удалось доказать. Не полагайтесь на эту подпись, пока причина не устранена:",
            "Something could not be proven. Do not rely on this signature until the cause is removed:",
        ],
        Indication::TotalFailed => [
            "Бұл қолтаңбаға сенуге болмайды:",
            "На эту подпись нельзя полагаться:",
            "Do not rely on this signature:",
        ],
    }
}

/// What a level gives.
pub(super) const fn level(level: Level) -> Label {
    match level {
        Level::B => [
            "сенімді уақыты жоқ; сертификат күшінде болғанша тексеріледі",
            "без доверенного времени; проверяется, пока действует сертификат",
            "without a trusted time; it can be checked while the certificate is valid",
        ],
        Level::T => [
            "қойылған уақыты уақыт белгісімен дәлелденген",
            "время подписания доказано меткой времени",
            "the time of signing is proven by a time stamp",
        ],
        Level::Lt => [
            "қойылған уақыты дәлелденген, тексеруге қажеттінің бәрі ішінде",
            "время подписания доказано, и всё нужное для проверки внутри",
            "the time of signing is proven, and all that is needed to check it is inside",
        ],
        Level::Lta => [
            "қойылған уақыты дәлелденген, тексеруге қажеттінің бәрі ішінде және мұрағаттық уақыт белгісімен бекітілген",
            "время подписания доказано, всё нужное для проверки внутри и скреплено архивной меткой времени",
            "the time of signing is proven, and all that is needed to check it is inside, sealed by an archive time stamp",
        ],
    }
}

/// The state of what is covered.
pub(super) const fn integrity(integrity: Integrity) -> Label {
    match integrity {
        Integrity::Intact => ["өзгермеген", "не изменено", "unchanged"],
        Integrity::Altered => ["ӨЗГЕРТІЛГЕН", "ИЗМЕНЕНО", "CHANGED"],
        Integrity::Missing => ["ЖОҚ", "ОТСУТСТВУЕТ", "MISSING"],
        Integrity::Unprovable => [
            "өзгермегенін дәлелдеу мүмкін емес",
            "доказать неизменность нельзя",
            "cannot be proven to be unchanged",
        ],
    }
}

/// The state of what lies beside and does not agree: nobody is accused of having changed it.
pub(super) const ALTERED_OR_ANOTHER: Label = [
    "ӨЗГЕРТІЛГЕН НЕМЕСЕ БАСҚА ФАЙЛ",
    "ИЗМЕНЕНО, ИЛИ ЭТО ДРУГОЙ ФАЙЛ",
    "CHANGED, OR ANOTHER FILE",
];

/// On what a time stamp is.
pub(super) const fn stamp(kind: StampKind) -> Label {
    match kind {
        StampKind::Content => [
            "Мазмұнның уақыт белгісі",
            "Метка времени на содержании",
            "Time stamp on the content",
        ],
        StampKind::Signature => [
            "Қолтаңбаның уақыт белгісі",
            "Метка времени на подписи",
            "Time stamp on the signature",
        ],
        StampKind::Archive => [
            "Мұрағаттық уақыт белгісі",
            "Архивная метка времени",
            "Archive time stamp",
        ],
    }
}

/// Whether a time stamp counts.
pub(super) const fn counts(indication: Indication) -> Label {
    match indication {
        Indication::TotalPassed => ["қабылданды", "принята", "accepted"],
        Indication::Indeterminate | Indication::TotalFailed => ["ҚАБЫЛДАНБАДЫ", "НЕ ПРИНЯТА", "NOT ACCEPTED"],
    }
}

/// The words for a commitment (EN 319 122-1, 5.2.3; EN 319 132-1, 5.2.3), if it is one of the known ones.
pub(super) fn commitment(identifier: &str) -> Option<Label> {
    let name = identifier
        .strip_prefix("http://uri.etsi.org/01903/v1.2.2#")
        .or_else(|| identifier.strip_prefix("1.2.840.113549.1.9.16.6."))?;
    Some(match name {
        "ProofOfOrigin" | "1" => ["шығарғанын растау", "подтверждение авторства", "proof of origin"],
        "ProofOfReceipt" | "2" => ["алғанын растау", "подтверждение получения", "proof of receipt"],
        "ProofOfDelivery" | "3" => [
            "жеткізгенін растау",
            "подтверждение доставки",
            "proof of delivery",
        ],
        "ProofOfSender" | "4" => ["жібергенін растау", "подтверждение отправки", "proof of sender"],
        "ProofOfApproval" | "5" => ["мақұлдау", "одобрение", "proof of approval"],
        "ProofOfCreation" | "6" => ["жасағанын растау", "подтверждение создания", "proof of creation"],
        _ => return None,
    })
}

/// The name of a form, the same in every language.
pub(super) const fn format(format: Format) -> &'static str {
    match format {
        Format::Pades => "PAdES",
        Format::PdfCms => "PDF-CMS",
        Format::Xades => "XAdES",
        Format::Xmldsig => "XMLDSig",
        Format::Cades => "CAdES",
        Format::Cms => "CMS",
    }
}

/// Whether a change leaves what was signed as it was.
pub(super) const fn change(harmless: bool) -> Label {
    if harmless {
        ["рұқсат етілген", "допустимо", "allowed"]
    } else {
        ["РҰҚСАТ ЕТІЛМЕГЕН", "НЕДОПУСТИМО", "NOT ALLOWED"]
    }
}

pub(super) const CHECKED_FOR: Label = ["Тексерілген уақыты", "Проверено на момент", "Checked for"];
pub(super) const NO_SIGNATURES: Label = [
    "Файлда қолтаңба жоқ.",
    "В файле нет подписей.",
    "The file has no signatures.",
];
pub(super) const VALID: Label = ["жарамдысы", "действительных", "valid"];
pub(super) const NAME: Label = ["Файлдағы атауы", "Обозначение в файле", "Name in the file"];
pub(super) const SIGNED_BY: Label = ["Қол қойған", "Подписал", "Signed by"];
/// The law calls a certificate otherwise than people do, so both words are said, once.
pub(super) const CERTIFIED_BY: Label = [
    "Сертификатты (тіркеу куәлігін) берген",
    "Сертификат (регистрационное свидетельство) выдал",
    "Certified by",
];
pub(super) const IIN: Label = ["ЖСН", "ИИН", "IIN"];
pub(super) const ORGANIZATION: Label = ["Ұйым", "Организация", "Organization"];
pub(super) const BIN: Label = ["БСН", "БИН", "BIN"];
pub(super) const COUNTRY: Label = ["Ел", "Страна", "Country"];
/// What was found besides the verdict's reasons.
pub(super) const REMARKS: Label = [
    "Сонымен қатар анықталды:",
    "Кроме того, установлено:",
    "Also found:",
];
pub(super) const CERTIFICATE: Label = ["Сертификат нөмірі", "Номер сертификата", "Certificate number"];
pub(super) const PERIOD: Label = ["Сертификат мерзімі", "Срок сертификата", "Certificate valid"];
pub(super) const FORM: Label = ["Қолтаңба түрі", "Вид подписи", "Form"];
pub(super) const ALGORITHM: Label = ["Алгоритм", "Алгоритм", "Algorithm"];
pub(super) const LEVEL: Label = ["Деңгейі", "Уровень", "Level"];
pub(super) const NO_LEVEL: Label = ["расталмады", "не подтверждён", "none is proven"];
pub(super) const CARRIED: Label = [
    "файлдағы деректер мына деңгейге сай:",
    "в файле есть данные для уровня",
    "the file has the parts of",
];
pub(super) const CLAIMED: Label = [
    "Қол қоюшының айтуынша (дәлелденбеген):",
    "Со слов подписавшего (не доказано):",
    "By the signer's own word (not proven):",
];
pub(super) const CLAIMED_TIME: Label = ["Қол қойылған уақыты", "Время подписания", "Time of signing"];
pub(super) const CLAIMED_TIME_UNZONED: Label = [
    "Қол қойылған уақыты (уақыт белдеуі көрсетілмеген)",
    "Время подписания (часовой пояс не указан)",
    "Time of signing (zone not given)",
];
pub(super) const CLAIMED_NAME: Label = ["Аты", "Имя", "Name"];
pub(super) const CLAIMED_ROLE: Label = ["Рөлі", "Роль", "Role"];
pub(super) const CLAIMED_REASON: Label = ["Себебі", "Причина", "Reason"];
pub(super) const CLAIMED_PLACE: Label = ["Орны", "Место", "Place"];
pub(super) const CLAIMED_POLICY: Label = ["Қолтаңба саясаты", "Политика подписи", "Signature policy"];
pub(super) const CLAIMED_COMMITMENT: Label =
    ["Қолтаңбаның мәні", "Смысл подписи", "Meaning of the signature"];
pub(super) const WHOLE: Label = [
    "Қолтаңба файлды толық қамтиды; одан кейін файлға ештеңе қосылмаған.",
    "Подпись охватывает весь файл; после неё в файл ничего не добавлено.",
    "The signature covers the whole file; nothing was added to it later.",
];
/// Where something that was signed is not as it was, nobody is told that it is covered.
pub(super) const PUT_ON: Label = [
    "Қолтаңба мынаған қойылған еді:",
    "Подпись была поставлена на следующее:",
    "The signature was put on the following:",
];
pub(super) const DETACHED: Label = [
    "Қолтаңба жеке тұрған мына файлды толық қамтиды",
    "Подпись охватывает целиком отдельный файл",
    "The signature covers the whole of this separate file",
];
pub(super) const PARTS: Label = [
    "Қолтаңба тек мыналарды қамтиды, қалғанына қол қойылмаған:",
    "Подпись охватывает только следующее, остальное не подписано:",
    "The signature covers only the following; nothing else is signed:",
];
/// Something is wrong with the form, so nothing can be named.
pub(super) const NOTHING_KNOWN: Label = [
    "Қолтаңба нені қамтитынын анықтау мүмкін емес.",
    "Что охватывает подпись, определить нельзя.",
    "What the signature covers cannot be recognised.",
];
pub(super) const REVISION: Label = [
    "Қолтаңба құжатты қол қойылған кездегі күйінде қамтиды",
    "Подпись охватывает документ в том виде, в каком он был подписан",
    "The signature covers the document as it was when it was signed",
];
pub(super) const NOTHING_LATER: Label = [
    "Кейінгі нұсқалар құжатта ештеңе өзгертпейді.",
    "Более поздние редакции ничего в документе не меняют.",
    "Later revisions change nothing in the document.",
];
pub(super) const ADDED_LATER: Label = [
    "Осы қолтаңбадан кейін қосылған",
    "Добавлено после этой подписи",
    "Added after this signature",
];
pub(super) const NOT_SIGNED: Label = [
    "Файлда бар, бірақ ҚОЛ ҚОЙЫЛМАҒАН:",
    "Есть в файле, но НЕ ПОДПИСАНО:",
    "In the file, but NOT SIGNED:",
];
pub(super) const WANTED: Label = [
    "Тексеруге жетпейтін мәліметтерді мына жерден алуға болады:",
    "Недостающие для проверки сведения можно получить здесь:",
    "What is missing for the check can be fetched here:",
];
