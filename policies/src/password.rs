//! Which passwords are admitted. R124; the number is ours (requirements 1.21, item 5).
//!
//! How a password is estimated is the device's matter (`sdk`), and so are its length and the refusal of codes of
//! digits: the service never sees a password, so a rule here about its letters would bind nobody.

use serde::Deserialize;

use crate::{RuleError, bounds::within};

/// Passwords are judged by what guessing them costs, not by character classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct PasswordRule {
    /// Guesses that a password must withstand, as a power of ten; it goes to the device in every challenge.
    pub guesses_log10: u8,
}

impl PasswordRule {
    /// Ten thousand million guesses, each at the price of one Argon2id and one token call. Six-digit codes cost a
    /// million and are not admitted.
    pub const SHIPPED: Self = Self { guesses_log10: 10 };

    /// Above this, estimators saturate and people write passwords down.
    const MOST: u8 = 16;
}

impl Default for PasswordRule {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    guesses_log10: u8,
}

impl TryFrom<Written> for PasswordRule {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let bounds = Self::SHIPPED.guesses_log10..=Self::MOST;
        let guesses_log10 = within("password.guesses_log10", written.guesses_log10, &bounds)?;
        Ok(Self { guesses_log10 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_ask_for_harder_passwords_only() {
        let read = toml::from_str::<PasswordRule>;
        assert_eq!(read("guesses_log10 = 12").unwrap().guesses_log10, 12);
        for text in [
            "guesses_log10 = 9",
            "guesses_log10 = 17",
            "guesses_log10 = 256",
            "",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
