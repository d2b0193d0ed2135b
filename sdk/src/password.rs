//! The Client's password, and whether it is hard enough to guess. R124.

use core::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password as its owner means it: NFC (RFC 8265), so that every keyboard gives the same bytes.
pub struct Password(Zeroizing<String>);

/// A password is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was typed.
    #[error("type a password")]
    Empty,
    /// Longer than a device hashes.
    #[error("a password has at most {} bytes", Password::MOST)]
    TooLong,
    /// Too easy to guess.
    #[error(
        "this password is too easy to guess; use several unrelated words, or a longer one without your name, birth date or phone"
    )]
    TooWeak,
}

impl Password {
    /// Most bytes.
    pub const MOST: usize = 1_024;
    /// Guesses that every device demands of a new password, as a power of ten, whatever a challenge says.
    pub const FLOOR_LOG10: u8 = 10;

    /// What was typed.
    pub fn new(typed: &str) -> Result<Self, PasswordError> {
        if typed.is_empty() {
            return Err(PasswordError::Empty);
        }
        if typed.len() > Self::MOST {
            return Err(PasswordError::TooLong);
        }
        // Reserved in full, so that growing leaves no copies: NFC triples the bytes at most.
        let mut normal = Zeroizing::new(String::with_capacity(typed.len() * 3));
        normal.extend(typed.nfc());
        Ok(Self(normal))
    }

    /// Refuses what costs fewer guesses than the floor, with the Client's own data as the first guesses.
    pub fn judge(&self, personal: &[&str], floor_log10: u8) -> Result<(), PasswordError> {
        let estimate = zxcvbn::zxcvbn(&self.0, personal);
        let floor = f64::from(floor_log10.max(Self::FLOOR_LOG10));
        if estimate.guesses_log10() < floor {
            Err(PasswordError::TooWeak)
        } else {
            Ok(())
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_dates_are_refused_and_phrases_are_not() {
        let personal = [
            "Айгерим",
            "Aigerim",
            "Сериккызы",
            "900101300017",
            "+77011234567",
            "19900101",
        ];
        for weak in [
            "123456",
            "482913",
            "qwerty123",
            "Aigerim1990",
            "password!",
            "900101300017",
            "87011234567",
        ] {
            let judged = Password::new(weak).unwrap().judge(&personal, 0);
            assert_eq!(judged, Err(PasswordError::TooWeak), "{weak}");
        }
        for strong in [
            "teal orbit canyon 7 velvet",
            "қызыл-алма көк тау жеті",
            "vK9#rT2!mQx7",
        ] {
            assert_eq!(
                Password::new(strong).unwrap().judge(&personal, 10),
                Ok(()),
                "{strong}"
            );
        }
    }

    #[test]
    fn a_challenge_can_raise_the_floor_but_not_lower_it() {
        let password = Password::new("teal orbit canyon 7 velvet").unwrap();
        assert_eq!(password.judge(&[], 60), Err(PasswordError::TooWeak));
        assert_eq!(
            Password::new("123456").unwrap().judge(&[], 0),
            Err(PasswordError::TooWeak)
        );
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        let composed = Password::new("й-ё-é").unwrap();
        let decomposed = Password::new("и\u{306}-е\u{308}-e\u{301}").unwrap();
        assert_eq!(composed.as_bytes(), decomposed.as_bytes());
        assert_eq!(format!("{composed:?}"), "Password");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(Password::new("").unwrap_err(), PasswordError::Empty);
        assert_eq!(
            Password::new(&"a".repeat(1_025)).unwrap_err(),
            PasswordError::TooLong
        );
    }
}
