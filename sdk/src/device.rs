//! The device's half of `enrol` and `activate`. A challenge is consumed by answering it.

use domain::{
    Challenge, Digest, EcPublicKey, Enrolment, Id, JwsError, KeyAlgorithm, Purpose, Sad, Sealed, Sealing,
    ShownDocument, SignedChallenge, Stretched, Time, hpke::OpenError, word,
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
    #[error("the challenge is not genuine or not safe; nothing was typed away: {0}")]
    Challenge(#[from] JwsError),
    /// For another Session or purpose.
    #[error("the challenge belongs to something else")]
    Mismatch,
    /// The password is not admitted.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The device cannot hash.
    #[error(transparent)]
    Stretch(#[from] StretchError),
    /// The activation key does not work.
    #[error("the answer cannot be sealed: {0}")]
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
        let challenge = challenge.verify(&self.root, now)?;
        if challenge.session == session && challenge.purpose == Purpose::Enrol {
            Ok(ForEnrolment(challenge))
        } else {
            Err(DeviceError::Mismatch)
        }
    }

    /// Accepts a challenge for a use of this Credential in this Session.
    pub fn accept_activation(
        &self,
        challenge: &SignedChallenge,
        (session, credential): (Id<word::Session>, Id<word::Credential>),
        now: Time,
    ) -> Result<ForActivation, DeviceError> {
        let challenge = challenge.verify(&self.root, now)?;
        if challenge.session == session && challenge.purpose == Purpose::Activate(credential) {
            Ok(ForActivation {
                challenge,
                credential,
            })
        } else {
            Err(DeviceError::Mismatch)
        }
    }
}

impl ForEnrolment {
    /// The nonce that the answer spends.
    pub const fn nonce(&self) -> domain::Nonce {
        self.0.nonce
    }

    /// Judges the chosen password, hashes it and seals the Enrolment.
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

    /// The same with a hash that the caller computed from this challenge's salt and parameters.
    pub fn enrol_with(
        self,
        secret: Stretched,
        (statement, algorithm): (Digest, KeyAlgorithm),
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
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

    /// Hashes the password and seals the Sad for exactly these documents.
    pub fn sign(
        self,
        password: &Password,
        documents: Vec<ShownDocument>,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
        let secret = stretch(password, &self.challenge.salt, self.challenge.argon2)?;
        self.sign_with(secret, documents, now, rng)
    }

    /// The same with a hash that the caller kept since it was typed, for a second try in the same page.
    pub fn sign_with(
        self,
        secret: Stretched,
        documents: Vec<ShownDocument>,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, DeviceError> {
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
