//! IIN: the individual identification number by which a Client is known.
//!
//! Certificates of foreign issuers may carry numbers that fail the check digit (test certificates do); they are
//! not parsed with this type.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{Date, Month};

use crate::{NationalNumberError, Time, national_number::parse_digits};

/// A Client's individual identification number. Personal data: `Debug` masks it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iin([u8; 12]);

impl Iin {
    /// How many years old its owner is, by the calendar of Almaty; the digits say when they were born.
    pub fn full_years(&self, now: Time) -> u8 {
        // UTC+5 all year.
        let today = time::OffsetDateTime::from_unix_timestamp(now.unix_seconds().saturating_add(5 * 3_600))
            .map_or(Date::MIN, time::OffsetDateTime::date);
        let Some(born) = birth(&self.0) else { return 0 };
        let years = today.year() - born.year();
        let had_birthday = (u8::from(today.month()), today.day()) >= (u8::from(born.month()), born.day());
        u8::try_from(years - i32::from(!had_birthday)).unwrap_or(0)
    }
}

fn birth(digits: &[u8; 12]) -> Option<Date> {
    let [y1, y2, m1, m2, d1, d2, century, ..] = *digits;
    let year = match century {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    } + i32::from(y1 * 10 + y2);
    let month = Month::try_from(m1 * 10 + m2).ok()?;
    Date::from_calendar_date(year, month, d1 * 10 + d2).ok()
}

impl FromStr for Iin {
    type Err = NationalNumberError;

    fn from_str(text: &str) -> Result<Self, NationalNumberError> {
        let digits = parse_digits(text)?;
        birth(&digits).ok_or(NationalNumberError::Content)?;
        Ok(Self(digits))
    }
}

impl TryFrom<String> for Iin {
    type Error = NationalNumberError;

    fn try_from(text: String) -> Result<Self, NationalNumberError> {
        text.parse()
    }
}

impl From<Iin> for String {
    fn from(iin: Iin) -> Self {
        iin.to_string()
    }
}

impl fmt::Display for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iin(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_is_named() {
        for (text, fault) in [
            ("12345678901", NationalNumberError::Shape),
            ("12345678901x", NationalNumberError::Shape),
            ("123456789011", NationalNumberError::Check),
            ("960440000151", NationalNumberError::Content),
        ] {
            assert_eq!(text.parse::<Iin>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn years_are_full_from_the_birthday_in_almaty_on() {
        let iin: Iin = "900101300017".parse().unwrap();
        let at = |text| Time::parse_rfc3339(text).unwrap();
        assert_eq!(iin.full_years(at("2007-12-31T18:59:59Z")), 17);
        assert_eq!(iin.full_years(at("2007-12-31T19:00:00Z")), 18);
        assert_eq!(iin.full_years(at("1989-01-01T00:00:00Z")), 0);
    }

    #[test]
    fn a_good_number_is_kept_and_masked() {
        let iin: Iin = "900101300017".parse().unwrap();
        assert_eq!(iin.to_string(), "900101300017");
        assert_eq!(format!("{iin:?}"), "Iin(…)");
    }
}
