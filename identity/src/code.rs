//! [`Code`]: a one-time code, of which only a salted hash is kept. R004.
//!
//! A hash of six digits hides nothing from who has the row and a second. It keeps codes out of logs and backups that
//! outlive them; what protects a code is its short life, its few tries and its single use.

use core::{fmt, str::FromStr};

use domain::{Id, Salt, word};
use rand_core::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The digits, as they are sent and typed.
pub struct CodeDigits(Zeroizing<String>);

/// What is typed is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code is 6 to 10 digits")]
pub struct CodeError;

impl CodeDigits {
    /// Draws so many digits, each code equally likely.
    pub fn draw(digits: u8, rng: &mut impl Rng) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(usize::from(digits)));
        while text.len() < usize::from(digits) {
            // 250 is the last whole multiple of ten below 256.
            let drawn = rng.next_u32().to_be_bytes()[0];
            if drawn < 250 {
                text.push(char::from(b'0' + drawn % 10));
            }
        }
        Self(text)
    }

    /// The digits, for the message.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for CodeDigits {
    type Err = CodeError;

    /// People copy codes with spaces in them.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.len() > 32 {
            return Err(CodeError);
        }
        let mut digits = Zeroizing::new(String::with_capacity(text.len()));
        digits.extend(
            text.chars()
                .filter(|letter| !letter.is_whitespace() && *letter != '-'),
        );
        if (6..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(CodeError)
        }
    }
}

impl fmt::Debug for CodeDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigits(…)")
    }
}

/// What is kept of a code: good for one Session only, since the Session is hashed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    salt: Salt,
    hash: [u8; 32],
}

impl Code {
    /// Keeps a code for a Session.
    pub fn new(digits: &CodeDigits, session: Id<word::Session>, salt: Salt) -> Self {
        Self {
            hash: hash(digits, session, &salt),
            salt,
        }
    }

    /// Whether these are the digits; takes as long whatever is wrong with them.
    pub(crate) fn agrees(&self, digits: &CodeDigits, session: Id<word::Session>) -> bool {
        hash(digits, session, &self.salt).ct_eq(&self.hash).into()
    }
}

fn hash(digits: &CodeDigits, session: Id<word::Session>, salt: &Salt) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"tamga/code/1")
        .chain_update(salt.as_bytes())
        .chain_update(session.as_bytes())
        .chain_update(digits.0.as_bytes())
        .finalize()
        .into()
}
