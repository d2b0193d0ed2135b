//! Challenge: what a device must have before it may hash a password for the boundary.
//!
//! Signed by a token key that the pinned root certified, so that nobody between the token and the device can
//! swap the activation key, weaken Argon2id or reuse a nonce.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    ActivationKey, Argon2Parameters, EcPublicKey, Id, JwsError, KeyCertificate, KeyUse, Nonce, Salt, Time,
    Unverified, typ, word,
};

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// A new key.
    Enrol,
    /// A use of this key.
    Activate(Id<word::Credential>),
}

/// The content of a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// The Session that it was issued for.
    pub session: Id<word::Session>,
    /// What it is for.
    pub purpose: Purpose,
    /// To be spent once.
    pub nonce: Nonce,
    /// The salt of Argon2id: fresh for an Enrolment, the Credential's own for an Activation.
    pub salt: Salt,
    /// The cost of Argon2id.
    pub argon2: Argon2Parameters,
    /// How hard a new password must be to guess, as a power of ten. R124.
    pub guesses_log10: u8,
    /// Where to seal the answer to.
    pub activation: ActivationKey,
    /// When it was issued.
    #[serde(with = "crate::time::unix_seconds", rename = "iat")]
    pub issued_at: Time,
    /// From when on it is refused.
    #[serde(with = "crate::time::unix_seconds", rename = "exp")]
    pub expires_at: Time,
}

impl Challenge {
    /// A device answers no challenge that lives longer, whoever signed it: an answer that waits can be stolen. R238.
    pub const LONGEST: Duration = Duration::from_mins(5);
}

/// A signed challenge with the certificate of the key that signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedChallenge {
    /// The challenge, a JWS.
    pub challenge: String,
    /// The root's statement about the signing key, a JWS.
    pub certificate: String,
}

impl SignedChallenge {
    /// The content, if it was signed by a key that `root` certified and is in time.
    pub fn verify(&self, root: &EcPublicKey, now: Time) -> Result<Challenge, JwsError> {
        let unverified = Unverified::<Challenge>::parse(&self.challenge, typ::CHALLENGE)?;
        let kid = unverified.kid().to_owned();
        let key = KeyCertificate::verify(&self.certificate, root, (KeyUse::Challenge, &kid), now)?;
        let challenge = unverified.verify(&key)?;
        let latest = challenge.issued_at.plus(Challenge::LONGEST);
        if challenge.expires_at <= now || challenge.expires_at > latest {
            Err(JwsError::OutOfTime)
        } else {
            Ok(challenge)
        }
    }
}

#[cfg(test)]
mod tests;
