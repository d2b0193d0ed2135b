//! [`Language`]: in which people of the house are spoken to.

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Kazakh.
    Kazakh,
    /// Russian.
    Russian,
    /// English.
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Kazakh, Self::Russian, Self::English];

    /// Its code, ISO 639-1.
    pub const fn code(self) -> &'static str {
        self.of(["kk", "ru", "en"])
    }

    /// Its tag by BCP 47, as documents name the language that is spoken in this country.
    pub const fn tag(self) -> &'static str {
        self.of(["kk-KZ", "ru-KZ", "en"])
    }

    /// The language of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The one of three, in the order of [`Self::ALL`], that is its own.
    pub const fn of<T: Copy>(self, [kazakh, russian, english]: [T; 3]) -> T {
        match self {
            Self::Kazakh => kazakh,
            Self::Russian => russian,
            Self::English => english,
        }
    }

    /// The form that stands with a number: Russian has three, English two, Kazakh one.
    pub fn counted<'w>(
        self,
        number: usize,
        kazakh: &'w str,
        russian: [&'w str; 3],
        english: [&'w str; 2],
    ) -> &'w str {
        let [one, few, many] = russian;
        let [single, plural] = english;
        match (self, number % 10, number % 100) {
            (Self::Kazakh, ..) => kazakh,
            (Self::English, ..) if number == 1 => single,
            (Self::English, ..) => plural,
            (Self::Russian, 1, hundreds) if hundreds != 11 => one,
            (Self::Russian, 2..=4, hundreds) if !(12..=14).contains(&hundreds) => few,
            (Self::Russian, ..) => many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_others_are_none() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.code()), Some(language));
        }
        assert_eq!(Language::parse("de"), None);
    }

    #[test]
    fn numbers_take_their_forms() {
        let of = |language: Language, number| {
            language.counted(
                number,
                "қолтаңба",
                ["подпись", "подписи", "подписей"],
                ["signature", "signatures"],
            )
        };
        for (number, russian) in [
            (0, "подписей"),
            (1, "подпись"),
            (2, "подписи"),
            (5, "подписей"),
            (11, "подписей"),
            (12, "подписей"),
            (21, "подпись"),
            (104, "подписи"),
            (111, "подписей"),
        ] {
            assert_eq!(of(Language::Russian, number), russian, "{number}");
        }
        assert_eq!(of(Language::English, 1), "signature");
        assert_eq!(of(Language::English, 21), "signatures");
        assert_eq!(of(Language::Kazakh, 2), "қолтаңба");
    }
}
