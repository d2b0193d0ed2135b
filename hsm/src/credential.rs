//! The row that decides about a Client's key, and the tag that tells whether somebody edited it.
//!
//! The tag is an HMAC by a token key over the record's canonical bytes, which include id and version; the
//! Credential's last leaf repeats version and tag. An edited row fails the tag, an old row put back fails the
//! comparison with the leaf (design §10).

use core::fmt;

use domain::{Argon2Parameters, Id, Iin, KeyAlgorithm, Salt, Time, word};
use serde::{Deserialize, Serialize};

use crate::Attempts;
#[cfg(feature = "token")]
use crate::KeyName;

/// How a stored key is wrapped: the format, never a vendor's mechanism number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WrapFormat {
    /// A PKCS#8 private key under RFC 5649.
    Rfc5649Pkcs8,
}

impl WrapFormat {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc5649Pkcs8 => "rfc5649/pkcs8",
        }
    }

    /// The format of this name.
    pub fn parse(name: &str) -> Option<Self> {
        (name == Self::Rfc5649Pkcs8.name()).then_some(Self::Rfc5649Pkcs8)
    }
}

/// Where a verifier is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerifierMode {
    /// Wrapped by `kek`, in the database.
    #[default]
    Sealed,
    /// A private object on the token.
    Resident,
}

/// The hash that the HSM keeps to check a password against. R125.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verifier {
    /// Wrapped by this version of `kek`.
    Sealed {
        /// Version of `kek`.
        kek: u32,
        /// RFC 5649 ciphertext.
        blob: Vec<u8>,
    },
    /// A private object on the token, named after the Credential.
    Resident,
}

/// A Client's key as far as it exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyMaterial {
    /// Wrapped under what the token derives from the password.
    Wrapped {
        /// How.
        format: WrapFormat,
        /// Version of `kdk`.
        kdk: u32,
        /// Ciphertext.
        blob: Vec<u8>,
        /// What a password is checked against.
        verifier: Verifier,
    },
    /// Gone for ever. R138.
    Destroyed {
        /// Since when.
        at: Time,
    },
}

/// What `ca` has said about a Credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Certificate {
    /// Nothing yet.
    Awaited,
    /// A certificate was issued.
    Active {
        /// SHA-256 of its DER.
        sha256: [u8; 32],
        /// Valid from.
        not_before: Time,
        /// Valid until.
        not_after: Time,
    },
    /// The same, on hold.
    Held {
        /// SHA-256 of its DER.
        sha256: [u8; 32],
        /// Valid from.
        not_before: Time,
        /// Valid until.
        not_after: Time,
    },
}

/// Everything that decides about a Credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialRecord {
    /// Which; also the key id that enters hashes.
    pub id: Id<word::Credential>,
    /// Grows by one with every change.
    pub version: u64,
    /// Whose.
    pub client: Iin,
    /// Under what name the Ledger knows the Client.
    pub pseudonym: [u8; 32],
    /// The kind of key.
    pub algorithm: KeyAlgorithm,
    /// DER `SubjectPublicKeyInfo`.
    pub public_key: Vec<u8>,
    /// The key.
    pub material: KeyMaterial,
    /// Salt of Argon2id.
    pub salt: Salt,
    /// Cost of Argon2id.
    pub argon2: Argon2Parameters,
    /// Attempts so far.
    pub attempts: Attempts,
    /// Its certificate.
    pub certificate: Certificate,
    /// The last successful use. Challenges issued before it are void, so that a recorded Sad stays spent even if
    /// the database forgets that it was.
    pub used_at: Option<Time>,
}

impl CredentialRecord {
    /// The bytes that the tag protects.
    pub fn tagged_bytes(&self) -> Vec<u8> {
        tagged(b"tamga/row/credential/1", self)
    }

    /// The next version of this record, changed by `change`.
    #[must_use]
    pub fn next(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = self.clone();
        change(&mut next);
        next.version = self.version + 1;
        next
    }
}

/// An HMAC-SHA256 by the token's `tag` key.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag(pub [u8; 32]);

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag(…)")
    }
}

/// Bytes with the tag that they bear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tagged {
    /// What is protected.
    pub bytes: Vec<u8>,
    /// The HMAC.
    pub tag: Tag,
}

/// A label and a value in their one encoding, for a tag.
pub(crate) fn tagged(label: &[u8], value: &impl Serialize) -> Vec<u8> {
    // Plain values always encode; an encoder's failure would give bytes that no tag fits.
    let encoded = postcard::to_allocvec(value).unwrap_or_default();
    [label, &encoded].concat()
}

/// The label of a resident verifier on the token.
#[cfg(feature = "token")]
pub(crate) fn resident_label(id: Id<word::Credential>) -> String {
    format!("tamga/verifier/{id}")
}

/// The name of the key that makes tags.
#[cfg(feature = "token")]
pub(crate) const TAG_KEY: KeyName = KeyName::new(crate::KeyRole::Tag, 1);
