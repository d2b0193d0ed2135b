//! [`Words`]: what a mark says in each language. They are few, so they stand here and nowhere else.

use domain::Language;

/// What a mark says in one language.
pub(super) struct Words {
    /// What happened.
    pub heading: &'static str,
    /// Before the national number.
    pub iin: &'static str,
    /// Before the certificate's serial.
    pub certificate: &'static str,
    /// Before the time, in what is spoken only.
    pub time: &'static str,
    /// Before the host of the verification page.
    pub verify: &'static str,
    /// What the square is, in what is spoken.
    pub code: &'static str,
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        language.of([&KAZAKH, &RUSSIAN, &ENGLISH])
    }
}

const KAZAKH: Words = Words {
    heading: "Электрондық қолтаңбамен қол қойылды",
    iin: "ЖСН",
    certificate: "Сертификат",
    time: "Уақыты",
    verify: "Тексеру",
    code: "Қолтаңбаны тексеру бетіне апаратын QR-код",
};

const RUSSIAN: Words = Words {
    heading: "Подписано электронной подписью",
    iin: "ИИН",
    certificate: "Сертификат",
    time: "Время",
    verify: "Проверка",
    code: "QR-код, ведущий на страницу проверки подписи",
};

const ENGLISH: Words = Words {
    heading: "Signed electronically",
    iin: "IIN",
    certificate: "Certificate",
    time: "Time",
    verify: "Verify",
    code: "QR code that leads to the page where this signature is verified",
};
