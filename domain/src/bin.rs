//! BIN: the business identification number of a Participant.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{NationalNumberError, national_number::parse_digits};

/// An organisation's business identification number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bin([u8; 12]);

impl FromStr for Bin {
    type Err = NationalNumberError;

    fn from_str(text: &str) -> Result<Self, NationalNumberError> {
        let digits = parse_digits(text)?;
        let [_, _, m1, m2, kind, part, ..] = digits;
        if (1..=12).contains(&(m1 * 10 + m2)) && (4..=6).contains(&kind) && part <= 3 {
            Ok(Self(digits))
        } else {
            Err(NationalNumberError::Content)
        }
    }
}

impl TryFrom<String> for Bin {
    type Error = NationalNumberError;

    fn try_from(text: String) -> Result<Self, NationalNumberError> {
        text.parse()
    }
}

impl From<Bin> for String {
    fn from(bin: Bin) -> Self {
        bin.to_string()
    }
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_numbers_pass_and_faults_are_named() {
        for text in ["960440000151", "161140016747", "200240002381"] {
            assert_eq!(
                text.parse::<Bin>().map(|bin| bin.to_string()).as_deref(),
                Ok(text)
            );
        }
        assert_eq!("123456789021".parse::<Bin>(), Err(NationalNumberError::Check));
        assert_eq!("900101300017".parse::<Bin>(), Err(NationalNumberError::Content));
    }
}
