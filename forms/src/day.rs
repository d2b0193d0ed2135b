//! [`Day`] of the calendar, and how days and instants are written for people: by the clock of Kazakhstan.

use core::{fmt, str::FromStr};

use domain::Time;
use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// A day of the calendar; written as 2026-11-21 in data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// The text is not a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a day is written as 2026-11-21")]
pub struct DayError;

impl Day {
    /// The day on which an instant falls in Kazakhstan.
    pub fn of(time: Time) -> Self {
        Self(local(time).date())
    }

    /// As people write it: 21.11.2026.
    pub(crate) fn written(self) -> String {
        let (year, month, day) = self.0.to_calendar_date();
        format!("{day:02}.{:02}.{year:04}", u8::from(month))
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let number = |range: core::ops::Range<usize>| {
            let digits = text
                .get(range)
                .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse::<u16>().ok()
        };
        let dash = |at: usize| text.get(at..=at) == Some("-");
        if text.len() != 10 || !dash(4) || !dash(7) {
            return Err(DayError);
        }
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let parsed = || {
            let month = Month::try_from(u8::try_from(month?).ok()?).ok()?;
            Date::from_calendar_date(i32::from(year?), month, u8::try_from(day?).ok()?).ok()
        };
        parsed().map(Self).ok_or(DayError)
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, DayError> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

/// An instant as people write it, with the offset that makes it unmistakable: 21.11.2026 19:55:50 (UTC+05:00).
pub(crate) fn moment(time: Time) -> String {
    let at = local(time);
    let (hour, minute, second) = at.to_hms();
    format!(
        "{} {hour:02}:{minute:02}:{second:02} (UTC+05:00)",
        Day(at.date()).written()
    )
}

/// The whole of Kazakhstan keeps UTC+5 all year.
pub(crate) fn local(time: Time) -> OffsetDateTime {
    let offset = UtcOffset::from_hms(5, 0, 0).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp(time.unix_seconds())
        .ok()
        .and_then(|at| at.checked_to_offset(offset))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_text() {
        for text in ["2026-11-21", "2028-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        for text in [
            "2026-2-29",
            "2027-02-29",
            "+026-01-01",
            "2026-13-01",
            "2026-01-01 ",
            "ә26-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
    }

    #[test]
    fn the_clock_is_that_of_kazakhstan() {
        let time = Time::parse_rfc3339("2026-12-31T19:00:01Z").unwrap();
        assert_eq!(moment(time), "01.01.2027 00:00:01 (UTC+05:00)");
        assert_eq!(Day::of(time).to_string(), "2027-01-01");
        assert!(moment(Time::from_micros(i64::MIN)).ends_with("(UTC+05:00)"));
    }
}
