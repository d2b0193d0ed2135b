//! The words of Tamga as values, each with its one parser.
//!
//! Everything here is pure: no clock, no sockets, no randomness of its own. Two sorts of things live here:
//! the small values that every crate shares ([`Id`], [`Time`], [`Iin`], [`Digest`], [`Secret`]) and the wire
//! forms that the device and the boundary must agree on to the byte ([`Challenge`], [`Sad`], [`Enrolment`],
//! [`Assertion`], [`Receipt`]). A value that exists has been checked: there is no second validation anywhere.

mod activation_key;
mod algorithm;
mod argon2_parameters;
mod assertion;
mod base64url;
mod bin;
mod certificate_kind;
mod challenge;
mod digest;
mod enrolment;
mod hexadecimal;
pub mod hpke;
mod id;
mod iin;
mod json;
mod jws;
mod key_certificate;
mod language;
mod leaf;
mod level;
mod moment;
mod national_number;
mod nonce;
mod percent;
mod phone;
mod receipt;
mod sad;
#[cfg(test)]
mod sample;
mod sealed;
mod secret;
mod signature_profile;
mod time;

pub use activation_key::ActivationKey;
pub use algorithm::KeyAlgorithm;
pub use argon2_parameters::{Argon2Error, Argon2Parameters};
pub use assertion::{Assertion, AssertionError, Factor, FactorKind};
pub use base64url::{Base64Error, base64url, from_base64url};
pub use bin::Bin;
pub use certificate_kind::{CertificateKind, UnknownKind};
pub use challenge::{Challenge, Purpose, SignedChallenge};
pub use digest::{Digest, DigestError, HashAlgorithm, sha256};
pub use enrolment::Enrolment;
pub use hexadecimal::{from_hexadecimal, hexadecimal};
pub use id::{Id, IdError, word};
pub use iin::Iin;
pub use jws::{EcPublicKey, JwsError, SigningInput, Unverified, typ};
pub use key_certificate::{KeyCertificate, KeyUse};
pub use language::Language;
pub use leaf::{Leaf, LeafKind};
pub use level::{Level, LevelError};
pub use moment::{Moment, MomentError};
pub use national_number::NationalNumberError;
pub use nonce::{Nonce, Salt};
pub use percent::{Percent, PercentError};
pub use phone::{Phone, PhoneError};
pub use receipt::{Receipt, SignedReceipt};
pub use sad::{Sad, ShownDocument};
pub use sealed::{Sealed, SealedError, Sealing};
pub use secret::{Secret, Stretched};
pub use signature_profile::{SignatureProfile, UnknownProfile};
pub use time::{Time, TimeError};
