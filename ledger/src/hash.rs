//! The tree's hashes, RFC 6962 §2.1: leaves and nodes are hashed apart, so that none passes for the other.

use core::fmt;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// The hash of a leaf or of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The root of a tree without leaves.
    pub fn empty() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// The hash of an entry.
    pub fn of_leaf(entry: &[u8]) -> Self {
        Self(
            Sha256::new()
                .chain_update([0])
                .chain_update(entry)
                .finalize()
                .into(),
        )
    }

    /// The hash of a node over its children.
    pub fn of_node(left: Self, right: Self) -> Self {
        let hash = Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0);
        Self(hash.finalize().into())
    }

    /// Base64, as checkpoints write it.
    pub fn to_base64(self) -> String {
        Base64::encode_string(&self.0)
    }

    /// Reads base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        Base64::decode_vec(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_base64(&text).ok_or_else(|| de::Error::custom("a hash is 32 bytes in base64"))
    }
}
