//! IIN: the individual identification number by which a Client is known.
//!
//! Certificates of foreign issuers may carry numbers that fail the check digit (test certificates do); they are
//! not parsed with this type.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{Date, Month};

use crate::{NationalNumberError, national_number::parse_digits};

/// A Client's individual identification number. Personal data: `Debug` masks it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iin([u8; 12]);

impl FromStr for Iin {
    type Err = NationalNumberError;

    fn from_str(text: &str) -> Result<Self, NationalNumberError> {
        let digits = parse_digits(text)?;
        let [y1, y2, m1, m2, d1, d2, century, ..] = digits;
        let year = match century {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            _ => return Err(NationalNumberError::Content),
        } + i32::from(y1 * 10 + y2);
        let month = Month::try_from(m1 * 10 + m2).map_err(|_| NationalNumberError::Content)?;
        Date::from_calendar_date(year, month, d1 * 10 + d2).map_err(|_| NationalNumberError::Content)?;
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
    fn a_good_number_is_kept_and_masked() {
        let iin: Iin = "900101300017".parse().unwrap();
        assert_eq!(iin.to_string(), "900101300017");
        assert_eq!(format!("{iin:?}"), "Iin(…)");
    }
}
