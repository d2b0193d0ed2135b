//! What each operation answers when it does not do what was asked.
//!
//! One enum per operation, one variant per thing that a caller does differently. [`Kind`] tells whose doing it
//! was: the caller's (a refusal, which the Ledger records once the Client is known), the world's (try again), or
//! ours (a fault).

use core::time::Duration;

use domain::{AssertionError, JwsError, KeyAlgorithm, SealedError, SignatureProfile, Time};
use serde::{Deserialize, Serialize};

use crate::{KeyName, TbsError};

/// Whose doing an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The caller's or the Client's.
    Refusal,
    /// The world's; worth trying again after a while.
    Retry,
    /// Ours, or tampering.
    Fault,
}

/// The boundary cannot do what it is asked, whatever that is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unavailable {
    /// Every place in the queue is taken.
    #[error("the boundary is busy; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// No connection to the boundary; nothing was sent.
    #[error("tamga-hsm cannot be reached; try again in {} s", retry_after.as_secs())]
    Unreachable {
        /// When to come back.
        retry_after: Duration,
    },
    /// The token or its worker does not answer.
    #[error("the token does not answer; try again in {} s", retry_after.as_secs())]
    Token {
        /// When to come back.
        retry_after: Duration,
    },
    /// The token refused the PIN; nobody tries again by itself, so that it does not lock.
    #[error("the token refused its PIN; an operator has to correct the PIN file and restart tamga-hsm")]
    Pin,
    /// The database does not answer.
    #[error("the database does not answer; nothing was signed")]
    Journal,
    /// The caller was cut off from the boundary before an answer came.
    #[error("the connection to the boundary broke; ask for the outcome before trying again")]
    Cut,
    /// This caller's role may not ask for this.
    #[error("this caller may not ask for that")]
    Forbidden,
    /// The message is not of the protocol.
    #[error("the message does not belong to the boundary's protocol: {reason}")]
    Protocol {
        /// What is wrong with it.
        reason: String,
    },
    /// The token remembers another record than the database has: it was restored from an older copy, or altered.
    #[error(
        "the database is older than the token remembers, or its record was altered; once it is known why, an operator \
         has to accept that: tamga-hsm accept-gap"
    )]
    DatabaseBehind,
    /// A row that decides about keys was edited, or an old one was put back.
    #[error("a stored row was altered: {row}; nothing was signed")]
    Tampered {
        /// Which row.
        row: String,
    },
    /// A key that a row or a caller names is not on the token.
    #[error("the token holds no key {0}")]
    NoSuchKey(KeyName),
    /// A truth that the program relies on did not hold.
    #[error("internal fault in the boundary: {0}")]
    Fault(String),
}

impl Unavailable {
    /// Whose doing.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Busy { .. } | Self::Unreachable { .. } | Self::Token { .. } | Self::Journal | Self::Cut => {
                Kind::Retry
            }
            Self::Forbidden | Self::Protocol { .. } => Kind::Refusal,
            Self::Pin
            | Self::DatabaseBehind
            | Self::Tampered { .. }
            | Self::NoSuchKey(_)
            | Self::Fault(_) => Kind::Fault,
        }
    }
}

/// `challenge` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ChallengeError {
    /// No such Credential, or its key is destroyed.
    #[error("there is no such key; it may have been destroyed")]
    NoCredential,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `enrol` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum EnrolError {
    /// The assertion is not one.
    #[error("the assertion is not accepted: {0}")]
    Assertion(#[from] AssertionError),
    /// Too old, ended, or of the future.
    #[error("the client was proven too long ago; prove the client again")]
    AssertionStale,
    /// It already made a key.
    #[error("this assertion already made a key")]
    AssertionSpent,
    /// No such challenge was issued for this purpose.
    #[error("this nonce was not issued for making a key in this session")]
    UnknownNonce,
    /// Too late.
    #[error("the challenge has expired; ask for a new one")]
    NonceExpired,
    /// It was answered before.
    #[error("this nonce was already spent")]
    Replayed,
    /// The message does not open or is not an Enrolment.
    #[error("the enrolment cannot be read: {0}")]
    Unreadable(#[from] SealedError),
    /// Enrolment, assertion and challenge do not belong together.
    #[error("the enrolment belongs to another session or client")]
    Mismatch,
    /// Policy does not admit this kind of key.
    #[error("policy does not admit keys of kind {0}")]
    Algorithm(KeyAlgorithm),
    /// The token keeps as many resident verifiers as policy admits.
    #[error("the token already keeps as many resident verifiers as policy admits; use sealed ones")]
    ResidentFull,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `certify` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum CertifyError {
    /// No such Credential, or its key is destroyed.
    #[error("there is no such key; it may have been destroyed")]
    NoCredential,
    /// The DER does not parse.
    #[error("this is not a certificate in DER")]
    NotACertificate,
    /// It certifies another key.
    #[error("the certificate is for another public key")]
    AnotherKey,
    /// The Credential has a certificate already, or has none to hold or release.
    #[error("the credential's certificate is not in the state that this change starts from")]
    State,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `activate` was refused, and nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ActivateError {
    /// The assertion is not one.
    #[error("the assertion is not accepted: {0}")]
    Assertion(#[from] AssertionError),
    /// Proofing is too old, the assertion ended, or it is of the future.
    #[error("the client was proven too long ago; prove the client again")]
    AssertionStale,
    /// It already led to signatures.
    #[error("this assertion already led to signatures; prove the client again")]
    AssertionSpent,
    /// No such challenge was issued.
    #[error("this nonce was not issued for signing in this session")]
    UnknownNonce,
    /// Too late.
    #[error("the challenge has expired; ask for a new one")]
    NonceExpired,
    /// It was used before.
    #[error("this nonce was already spent")]
    Replayed,
    /// A later use of the key made this challenge void.
    #[error("the key was used since this challenge was issued; ask for a new one")]
    Superseded,
    /// The Sad does not open or is not one.
    #[error("the signature activation data cannot be read: {0}")]
    SadUnreadable(#[from] SealedError),
    /// It was sealed to a key that is gone or was never ours.
    #[error("the signature activation data is sealed to a key that is not in use; ask for a new challenge")]
    SadKey,
    /// Sad and challenge name different Sessions.
    #[error("the signature activation data belongs to another session")]
    AnotherSession,
    /// Sad and challenge name different Credentials.
    #[error("the signature activation data belongs to another credential")]
    AnotherCredential,
    /// The Credential is not this Client's.
    #[error("the credential belongs to another client")]
    AnotherClient,
    /// The device's clock is far from ours.
    #[error("the device's clock is wrong by more than policy allows; correct it and try again")]
    SadTime,
    /// What is to be signed and what was shown are not the same documents.
    #[error("the documents to be signed are not the documents that were shown")]
    AnotherDocument,
    /// One structure is not what the Client saw.
    #[error("structure {position} is not what the client saw: {reason}")]
    Structure {
        /// Which, from 0.
        position: u32,
        /// What is wrong with it.
        reason: TbsError,
    },
    /// One of the things was signed before in this Session.
    #[error("a document of this list was already signed in this session")]
    AlreadySigned,
    /// The profile does not fit the key, or policy does not admit it.
    #[error("signature profile {0} does not fit this key, or policy does not admit it")]
    Profile(SignatureProfile),
    /// No certificate yet.
    #[error("the credential has no certificate yet")]
    NotCertified,
    /// The certificate is on hold.
    #[error("the certificate is on hold")]
    CertificateHeld,
    /// The certificate is not valid yet or not any more.
    #[error("the certificate is not valid now")]
    CertificateNotValid,
    /// The key was destroyed.
    #[error("the key was destroyed")]
    Destroyed,
    /// Too many wrong passwords.
    #[error("locked after too many wrong passwords, until {until}")]
    Locked {
        /// When the lock ends.
        until: Time,
    },
    /// Far too many wrong passwords.
    #[error("locked for ever after too many wrong passwords; only a new key helps")]
    Exhausted,
    /// The password is wrong.
    #[error("the password does not open this key; attempts left: {left}")]
    WrongPassword {
        /// Attempts before the next lock.
        left: u8,
    },
    /// It took too long or was cut off before anything was signed; the attempt stays counted.
    #[error("the activation was cut off before anything left the boundary; ask for a new challenge")]
    Interrupted,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl ActivateError {
    /// Whose doing.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(unavailable) => unavailable.kind(),
            Self::Interrupted => Kind::Retry,
            Self::Assertion(_)
            | Self::AssertionStale
            | Self::AssertionSpent
            | Self::UnknownNonce
            | Self::NonceExpired
            | Self::Replayed
            | Self::Superseded
            | Self::SadUnreadable(_)
            | Self::SadKey
            | Self::AnotherSession
            | Self::AnotherCredential
            | Self::AnotherClient
            | Self::SadTime
            | Self::AnotherDocument
            | Self::Structure { .. }
            | Self::AlreadySigned
            | Self::Profile(_)
            | Self::NotCertified
            | Self::CertificateHeld
            | Self::CertificateNotValid
            | Self::Destroyed
            | Self::Locked { .. }
            | Self::Exhausted
            | Self::WrongPassword { .. } => Kind::Refusal,
        }
    }
}

/// `destroy` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DestroyError {
    /// No such Credential.
    #[error("there is no such key")]
    NoCredential,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `sign_as` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SignAsError {
    /// The profile does not fit the key.
    #[error("signature profile {0} does not fit this service key")]
    Profile(SignatureProfile),
    /// The digest is of another algorithm than the profile's.
    #[error("the digest is not of the profile's algorithm")]
    Digest,
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `make_service_key` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ServiceKeyError {
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// `rotate` was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RotateError {
    /// Statements of the boundary cannot be signed by a key without a root's certificate.
    #[error("the root's statement about the new challenge key is missing: {0}")]
    Certificate(JwsError),
    /// See [`Unavailable`].
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
