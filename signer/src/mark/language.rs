//! [`Language`]: in which language a mark speaks, and its words. They are few, so they stand here and nowhere else.

/// The Client's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Kazakh.
    Kazakh,
    /// Russian.
    Russian,
    /// English.
    English,
}

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

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Kazakh, Self::Russian, Self::English];

    /// Its tag by BCP 47, as `/Lang` wants it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Kazakh => "kk-KZ",
            Self::Russian => "ru-KZ",
            Self::English => "en",
        }
    }

    pub(super) const fn words(self) -> &'static Words {
        match self {
            Self::Kazakh => &KAZAKH,
            Self::Russian => &RUSSIAN,
            Self::English => &ENGLISH,
        }
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
