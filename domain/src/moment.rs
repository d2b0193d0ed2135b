//! [`Moment`]: a time as people in Kazakhstan read it: Almaty's clock, in words, with its distance from UTC.
//!
//! The whole country keeps UTC+5 since 1 March 2024; before, most of it, Almaty included, kept UTC+6 (since
//! 31 October 2004, when summer time was given up; nothing here is older).

use time::{Month, OffsetDateTime, UtcOffset};

use crate::{Language, Time};

/// An instant of the calendar's years 1970 to 9999, on Almaty's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(OffsetDateTime);

/// The instant lies outside the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time that people read lies in the years 1970 to 9999: check the clock")]
pub struct MomentError;

impl Moment {
    /// Takes an instant, rounded down to its second.
    pub fn new(at: Time) -> Result<Self, MomentError> {
        let hours = if at.unix_seconds() < ONE_CLOCK { 6 } else { 5 };
        let offset = UtcOffset::from_hms(hours, 0, 0).map_err(|_| MomentError)?;
        OffsetDateTime::from_unix_timestamp(at.unix_seconds())
            .ok()
            .and_then(|utc| utc.checked_to_offset(offset))
            .filter(|local| (1970..=9999).contains(&local.year()))
            .map(Self)
            .ok_or(MomentError)
    }

    /// An instant in words; as RFC 3339 has it if it lies outside the calendar.
    pub fn told(at: Time, language: Language) -> String {
        Self::new(at).map_or_else(|_| at.to_string(), |moment| moment.words(language))
    }

    /// In words.
    pub fn words(self, language: Language) -> String {
        let Self(local) = self;
        let (year, day) = (local.year(), local.day());
        let month = month(local.month(), language);
        let date = match language {
            Language::Kazakh => format!("{year} жылғы {day} {month}"),
            Language::Russian => format!("{day} {month} {year} г."),
            Language::English => format!("{day} {month} {year}"),
        };
        let (hour, minute, second) = local.to_hms();
        let offset = local.offset().whole_hours();
        format!("{date}, {hour:02}:{minute:02}:{second:02} (UTC+{offset})")
    }
}

const fn month(month: Month, language: Language) -> &'static str {
    language.of(match month {
        Month::January => ["қаңтар", "января", "January"],
        Month::February => ["ақпан", "февраля", "February"],
        Month::March => ["наурыз", "марта", "March"],
        Month::April => ["сәуір", "апреля", "April"],
        Month::May => ["мамыр", "мая", "May"],
        Month::June => ["маусым", "июня", "June"],
        Month::July => ["шілде", "июля", "July"],
        Month::August => ["тамыз", "августа", "August"],
        Month::September => ["қыркүйек", "сентября", "September"],
        Month::October => ["қазан", "октября", "October"],
        Month::November => ["қараша", "ноября", "November"],
        Month::December => ["желтоқсан", "декабря", "December"],
    })
}

/// 2024-03-01 00:00 by Almaty's old clock, in seconds.
const ONE_CLOCK: i64 = 1_709_229_600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_almatys_before_and_after_the_country_took_one_clock() {
        for (instant, kazakh, russian, english) in [
            (
                "2026-11-21T11:25:04.9Z",
                "2026 жылғы 21 қараша, 16:25:04 (UTC+5)",
                "21 ноября 2026 г., 16:25:04 (UTC+5)",
                "21 November 2026, 16:25:04 (UTC+5)",
            ),
            (
                "2024-02-29T17:59:59Z",
                "2024 жылғы 29 ақпан, 23:59:59 (UTC+6)",
                "29 февраля 2024 г., 23:59:59 (UTC+6)",
                "29 February 2024, 23:59:59 (UTC+6)",
            ),
            (
                "2024-02-29T18:00:00Z",
                "2024 жылғы 29 ақпан, 23:00:00 (UTC+5)",
                "29 февраля 2024 г., 23:00:00 (UTC+5)",
                "29 February 2024, 23:00:00 (UTC+5)",
            ),
        ] {
            let moment = Moment::new(Time::parse_rfc3339(instant).unwrap()).unwrap();
            let words = Language::ALL.map(|language| moment.words(language));
            assert_eq!(words, [kazakh, russian, english]);
        }
    }

    #[test]
    fn times_outside_the_calendar_are_refused() {
        for micros in [i64::MIN, -1_000_000_000_000, i64::MAX] {
            assert_eq!(Moment::new(Time::from_micros(micros)), Err(MomentError));
        }
    }
}
