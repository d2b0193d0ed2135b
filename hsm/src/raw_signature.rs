//! Signatures as they leave the token, and the occurrences that they belong to.

use core::fmt;

use domain::{Id, SignatureProfile, word};
use serde::{Deserialize, Serialize};

/// The value that a Client's key made. Only the boundary makes one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawSignature {
    profile: SignatureProfile,
    bytes: Vec<u8>,
}

impl RawSignature {
    /// What the token gave back, or what the Journal kept of it.
    pub fn from_token(profile: SignatureProfile, bytes: Vec<u8>) -> Self {
        Self { profile, bytes }
    }

    /// How it was made.
    pub const fn profile(&self) -> SignatureProfile {
        self.profile
    }

    /// RSA: the signature; ECDSA: `r ‖ s`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for RawSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawSignature({}, {} bytes)", self.profile, self.bytes.len())
    }
}

/// One thing to be signed in a Session: its first Document names it. Signed at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occurrence {
    /// In which Session.
    pub session: Id<word::Session>,
    /// Which Document, the first when the structure covers several.
    pub document: Id<word::Document>,
}

/// The signatures of one Activation, in the order asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBatch {
    /// Which use of the key.
    pub activation: Id<word::Activation>,
    /// One for each thing to be signed.
    pub signatures: Vec<(Occurrence, RawSignature)>,
}
