//! Assertion: `identity`'s signed word that the Client was just proven in a Session.
//!
//! An assertion with fewer factors than the law asks for cannot be constructed: see [`Assertion::verify`]. R003.

use serde::{Deserialize, Serialize};

use crate::{EcPublicKey, Id, Iin, JwsError, Time, Unverified, typ, word};

/// One way in which the Client was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorKind {
    /// A living face followed drawn signals.
    Liveness,
    /// That face matched the reference picture.
    Match,
    /// An operator saw the Client in a video conversation. R096.
    Video,
    /// A one-time code reached the Client's phone.
    Code,
}

/// A factor with the Evidence that proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Which way.
    pub kind: FactorKind,
    /// Where it is recorded.
    pub evidence: Id<word::Evidence>,
}

/// The content of an assertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// Its own id: good for one Enrolment and one successful Activation.
    #[serde(rename = "jti")]
    pub id: Id<word::Assertion>,
    /// The Session in which the Client was proven.
    pub session: Id<word::Session>,
    /// Who was proven.
    pub client: Iin,
    /// How.
    pub factors: Vec<Factor>,
    /// When.
    #[serde(with = "crate::time::unix_seconds")]
    pub proofed_at: Time,
    /// From when on it is refused.
    #[serde(with = "crate::time::unix_seconds", rename = "exp")]
    pub expires_at: Time,
}

/// An assertion is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AssertionError {
    /// Not a signed statement of `identity`.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// A factor that the law asks for is missing.
    #[error("the assertion lacks a biometric proof or a one-time code; prove the client again")]
    Factors,
}

impl Assertion {
    /// The content, if `identity`'s key signed it and its factors are two: a biometric proof and a code.
    pub fn verify(text: &str, key: &EcPublicKey) -> Result<Self, AssertionError> {
        let assertion: Self = Unverified::parse(text, typ::ASSERTION)?.verify(key)?;
        let has = |kind| assertion.factors.iter().any(|factor| factor.kind == kind);
        let biometric = (has(FactorKind::Liveness) && has(FactorKind::Match)) || has(FactorKind::Video);
        if biometric && has(FactorKind::Code) {
            Ok(assertion)
        } else {
            Err(AssertionError::Factors)
        }
    }
}

#[cfg(test)]
mod tests;
