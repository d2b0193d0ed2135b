//! The Client's password, and whether it is hard enough to guess. R124.

use core::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::guess;

/// A password as its owner means it, so that every keyboard gives the same bytes.
///
/// It is prepared as an `OpaqueString` (RFC 8265 4.2): every space is a plain one, then NFC. A phone types `й` as one
/// code point and a Mac's file dialogue as two; a Client must not lose a key over that. Case, width and spaces at the
/// ends stay as typed. Unassigned code points are let through, because devices disagree about which ones those are.
pub struct Password(Zeroizing<String>);

/// A password is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was typed.
    #[error("type a password")]
    Empty,
    /// Longer than a device hashes.
    #[error("a password has at most {} bytes; leave some of it out", Password::MOST)]
    TooLong,
    /// A line break, a tab or another character that keyboards do not agree on.
    #[error("a password has no line breaks, tabs or other control characters; type it instead of pasting it")]
    Control,
    /// A code, a phone, a date, an IIN: the first that is tried.
    #[error("digits alone are too easy to guess, however many; add words")]
    OnlyDigits,
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
    /// What is typed is at most this much longer before NFC than after, in bytes, so more need not be looked at.
    const SHRINKING: usize = 4;

    /// What was typed.
    pub fn new(typed: &str) -> Result<Self, PasswordError> {
        if typed.is_empty() {
            return Err(PasswordError::Empty);
        }
        if typed.len() > Self::MOST * Self::SHRINKING {
            return Err(PasswordError::TooLong);
        }
        if typed.chars().any(char::is_control) {
            return Err(PasswordError::Control);
        }
        // Reserved in full, so that growing leaves no copies: NFC triples the bytes at most.
        let mut normal = Zeroizing::new(String::with_capacity(typed.len() * 3));
        normal.extend(typed.chars().map(plain_space).nfc());
        if normal.len() > Self::MOST {
            return Err(PasswordError::TooLong);
        }
        Ok(Self(normal))
    }

    /// Refuses what costs fewer guesses than the floor, with the Client's own data as the first guesses: names in any
    /// script, the IIN, a birth date as `1990-01-31` or `31.01.1990`, the phone.
    ///
    /// The floor is the higher one of the challenge's and this device's own. The estimator makes copies of the password
    /// that are freed but not wiped; they stay on the device, where the page itself holds it.
    pub fn judge(&self, personal: &[&str], floor_log10: u8) -> Result<(), PasswordError> {
        let digit =
            |letter: char| letter.is_numeric() || letter.is_whitespace() || "+-.,/()_:".contains(letter);
        if self.0.chars().all(digit) {
            return Err(PasswordError::OnlyDigits);
        }
        let floor = f64::from(floor_log10.max(Self::FLOOR_LOG10));
        if guess::log10(&self.0, personal) < floor {
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

/// Unicode's other spaces (`Zs`) as the one on every keyboard, RFC 8265 4.2.2.
const fn plain_space(letter: char) -> char {
    match letter {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests;
