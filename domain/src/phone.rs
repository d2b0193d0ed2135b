//! A Client's mobile number in Kazakhstan.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A mobile number, `+77` and nine digits. Personal data: `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// The text is not a mobile number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a mobile number is written as +77 and nine digits")]
pub struct PhoneError;

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        match text.strip_prefix("+77") {
            Some(rest) if rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(PhoneError),
        }
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_international_form_is_a_phone() {
        assert!("+77011234567".parse::<Phone>().is_ok());
        for text in [
            "87011234567",
            "+7701123456",
            "+770112345678",
            "+7701123456x",
            "+17011234567",
        ] {
            assert_eq!(text.parse::<Phone>(), Err(PhoneError), "{text}");
        }
    }
}
