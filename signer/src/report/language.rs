//! [`Language`]: in which people read a report; its numbers and its dates.

use domain::Time;

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

/// On this day the whole country took one time, UTC+5: 2024-03-01, 00:00 by the old one.
const ONE_TIME: Time = Time::from_unix_seconds(1_709_229_600);

const MONTHS: [[&str; 3]; 12] = [
    ["қаңтар", "января", "January"],
    ["ақпан", "февраля", "February"],
    ["наурыз", "марта", "March"],
    ["сәуір", "апреля", "April"],
    ["мамыр", "мая", "May"],
    ["маусым", "июня", "June"],
    ["шілде", "июля", "July"],
    ["тамыз", "августа", "August"],
    ["қыркүйек", "сентября", "September"],
    ["қазан", "октября", "October"],
    ["қараша", "ноября", "November"],
    ["желтоқсан", "декабря", "December"],
];

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Kazakh, Self::Russian, Self::English];

    /// Its code, ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kazakh => "kk",
            Self::Russian => "ru",
            Self::English => "en",
        }
    }

    /// The language of a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The one of three that is its own.
    pub(super) const fn of<T: Copy>(self, [kazakh, russian, english]: [T; 3]) -> T {
        match self {
            Self::Kazakh => kazakh,
            Self::Russian => russian,
            Self::English => english,
        }
    }

    /// A moment in Almaty, with its offset.
    pub(super) fn time(self, at: Time) -> String {
        let hours = if at < ONE_TIME { 6 } else { 5 };
        let seconds = at.unix_seconds().saturating_add(hours * 3_600);
        let local = u64::try_from(seconds).ok().and_then(|seconds| {
            der::DateTime::from_unix_duration(core::time::Duration::from_secs(seconds)).ok()
        });
        let Some(local) = local else { return at.to_string() };
        let names = MONTHS.get(usize::from(local.month()).saturating_sub(1));
        let month = names.map_or("", |names| self.of(*names));
        let (year, day) = (local.year(), local.day());
        let clock = format!(
            "{:02}:{:02}:{:02} (UTC+{hours:02}:00)",
            local.hour(),
            local.minutes(),
            local.seconds()
        );
        match self {
            Self::Kazakh => format!("{year} ж. {day} {month}, {clock}"),
            Self::Russian => format!("{day} {month} {year} г., {clock}"),
            Self::English => format!("{day} {month} {year}, {clock}"),
        }
    }

    /// The form that stands with a number: Russian has three, English two, Kazakh one.
    pub(super) fn counted(self, number: usize, forms: [&[&'static str]; 3]) -> String {
        let forms = self.of(forms);
        let form = match (self, number % 10, number % 100) {
            (Self::Kazakh, ..) => 0,
            (Self::English, ..) => usize::from(number != 1),
            (Self::Russian, 1, hundreds) if hundreds != 11 => 0,
            (Self::Russian, 2..=4, hundreds) if !(12..=14).contains(&hundreds) => 1,
            (Self::Russian, ..) => 2,
        };
        format!("{number} {}", forms.get(form).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_almaty() {
        let at = |text: &str| Time::parse_rfc3339(text).unwrap();
        let now = at("2026-11-21T20:30:05Z");
        assert_eq!(
            Language::Kazakh.time(now),
            "2026 ж. 22 қараша, 01:30:05 (UTC+05:00)"
        );
        assert_eq!(
            Language::Russian.time(now),
            "22 ноября 2026 г., 01:30:05 (UTC+05:00)"
        );
        assert_eq!(
            Language::English.time(now),
            "22 November 2026, 01:30:05 (UTC+05:00)"
        );
        let before = Language::English.time(at("2024-02-29T17:59:59Z"));
        assert_eq!(before, "29 February 2024, 23:59:59 (UTC+06:00)");
        let after = Language::English.time(at("2024-02-29T18:00:00Z"));
        assert_eq!(after, "29 February 2024, 23:00:00 (UTC+05:00)");
    }

    #[test]
    fn numbers_take_their_forms() {
        let forms: [&[&str]; 3] = [
            &["қол"],
            &["подпись", "подписи", "подписей"],
            &["signature", "signatures"],
        ];
        for (number, russian) in [
            (1, "1 подпись"),
            (2, "2 подписи"),
            (5, "5 подписей"),
            (11, "11 подписей"),
            (12, "12 подписей"),
            (21, "21 подпись"),
            (104, "104 подписи"),
            (111, "111 подписей"),
        ] {
            assert_eq!(Language::Russian.counted(number, forms), russian);
        }
        assert_eq!(Language::English.counted(1, forms), "1 signature");
        assert_eq!(Language::English.counted(21, forms), "21 signatures");
        assert_eq!(Language::Kazakh.counted(2, forms), "2 қол");
    }
}
