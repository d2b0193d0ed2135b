//! The device's half of `enrol` and `activate`. A challenge is consumed by answering it.

use std::collections::BTreeSet;

use domain::{
    Argon2Parameters, Challenge, Digest, EcPublicKey, Enrolment, Id, JwsError, KeyAlgorithm, Purpose, Sad,
    Salt, Sealed, Sealing, ShownDocument, SignedChallenge, Stretched, Time, hpke::OpenError, word,
};
use rand_core::CryptoRng;

use crate::{Password, PasswordError, StretchError, stretch};

/// A device with the root that it trusts.
#[derive(Clone, Debug)]
pub struct Device {
    root: EcPublicKey,
}

/// The device does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Not signed by a boundary that the pinned root certified, late, or below this device's floor.
    #[error("the challenge is not genuine, not safe or late; the password was not used")]
    Challenge(#[from] JwsError),
    /// Issued for another Session.
    #[error("the challenge belongs to another session; the password was not used")]
    OtherSession,
    /// Issued for something else: another act, or another Credential.
    #[error("the challenge asks for something else; the password was not used")]
    OtherPurpose,
    /// The Statement was hashed with another function.
    #[error("a Statement is named by its SHA-256")]
    Statement,
    /// No document, more than one act takes, or one of them twice.
    #[error("an act signs 1 to {} documents, each once", Sad::MAX_DOCUMENTS)]
    Documents,
    /// The password is not admitted.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The device cannot hash.
    #[error(transparent)]
    Stretch(#[from] StretchError),
    /// The activation key does not work.
    #[error("the answer cannot be sealed to the key of this challenge")]
    Seal(#[from] OpenError),
}

/// A genuine challenge for a new key.
#[derive(Debug)]
pub struct ForEnrolment(Challenge);

/// A genuine challenge for a use of a key.
#[derive(Debug)]
pub struct ForActivation {
    challenge: Challenge,
    credential: Id<word::Credential>,
}

impl Device {
    /// A device that pins this root.
    pub const fn new(root: EcPublicKey) -> Self {
        Self { root }
    }

    /// Accepts a challenge for a new key in this Session.
    pub fn accept_enrolment(
        &self,
        challenge: &SignedChallenge,
        session: Id<word::Session>,
        now: Time,
    ) -> Result<ForEnrolment, DeviceError> {
        self.accept(challenge, (session, Purpose::Enrol), now)
            .map(ForEnrolment)
    }

    /// Accepts a challenge for a use of this Credential in this Session.
    pub fn accept_activation(
        &self,
        challenge: &SignedChallenge,
        (session, credential): (Id<word::Session>, Id<word::Credential>),
        now: Time,
    ) -> Result<ForActivation, DeviceError> {
        let challenge = self.accept(challenge, (session, Purpose::Activate(credential)), now)?;
        Ok(ForActivation {
            challenge,
            credential,
        })
    }

    fn accept(
        &self,
        challenge: &SignedChallenge,
        (session, purpose): (Id<word::Session>, Purpose),
        now: Time,
    ) -> Result<Challenge, DeviceError> {
        let challenge = challenge.verify(&self.root, now)?;
        if challenge.session != session {
            return Err(DeviceError::OtherSession);
        }
        if challenge.purpose != purpose {
            return Err(DeviceError::OtherPurpose);
        }
        Ok(challenge)
    }
}

impl ForEnrolment {
    /// The nonce that the answer spends.
    pub const fn nonce(&self) -> domain::Nonce {
        self.0.nonce
    }

    /// Salt and parameters of the hash that answers it.
    pub const fn cost(&self) -> (Salt, Argon2Parameters) {
        (self.0.salt, self.0.argon2)
    }

    /// Judges the chosen password, hashes it and seals the Enrolment. R124, R126.
    ///
    /// `personal` is what is known of the Client, for [`Password::judge`]; `statement` the SHA-256 of the Statement
    /// that they saw.
    pub fn enrol(
        self,
        password: &Password,
        personal: &[&str],
        (statement, algorithm): (Digest, KeyAlgorithm),
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
        password.judge(personal, self.0.guesses_log10)?;
        let secret = stretch(password, &self.0.salt, self.0.argon2)?;
        self.enrol_with(secret, (statement, algorithm), rng)
    }

    /// The same with a hash that the caller computed from this challenge's [`cost`](Self::cost), of a password that
    /// the caller has judged.
    pub fn enrol_with(
        self,
        secret: Stretched,
        (statement, algorithm): (Digest, KeyAlgorithm),
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
        if !matches!(statement, Digest::Sha256(_)) {
            return Err(DeviceError::Statement);
        }
        let Challenge {
            session,
            nonce,
            activation,
            ..
        } = self.0;
        let enrolment = Enrolment {
            session,
            nonce,
            statement,
            algorithm,
            secret,
        };
        Ok(Sealed::seal(
            Sealing::Enrolment,
            (session, &nonce),
            &activation,
            &enrolment.to_plaintext(),
            rng,
        )?)
    }
}

impl ForActivation {
    /// The nonce that the answer spends.
    pub const fn nonce(&self) -> domain::Nonce {
        self.challenge.nonce
    }

    /// Salt and parameters of the hash that answers it.
    pub const fn cost(&self) -> (Salt, Argon2Parameters) {
        (self.challenge.salt, self.challenge.argon2)
    }

    /// Hashes the password and seals the Sad for exactly these documents. R124, R126.
    pub fn sign(
        self,
        password: &Password,
        documents: Vec<ShownDocument>,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
        one_act(&documents)?;
        let secret = stretch(password, &self.challenge.salt, self.challenge.argon2)?;
        self.sign_with(secret, documents, now, rng)
    }

    /// The same with a hash that the caller kept in the page since the password was typed, as long as the
    /// [`cost`](Self::cost) is the same: a Credential keeps its salt.
    pub fn sign_with(
        self,
        secret: Stretched,
        documents: Vec<ShownDocument>,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
        one_act(&documents)?;
        let Challenge {
            session,
            nonce,
            activation,
            ..
        } = self.challenge;
        let sad = Sad {
            session,
            credential: self.credential,
            nonce,
            documents,
            secret,
            issued_at: now,
        };
        Ok(Sealed::seal(
            Sealing::Sad,
            (session, &nonce),
            &activation,
            &sad.to_plaintext(),
            rng,
        )?)
    }
}

/// The boundary would refuse anything else after an attempt was counted, so nothing else is sealed.
fn one_act(documents: &[ShownDocument]) -> Result<(), DeviceError> {
    let distinct: BTreeSet<_> = documents.iter().map(|document| document.id).collect();
    if (1..=Sad::MAX_DOCUMENTS).contains(&documents.len()) && distinct.len() == documents.len() {
        Ok(())
    } else {
        Err(DeviceError::Documents)
    }
}

#[cfg(test)]
mod tests;
