//! Digests that know their algorithm and therefore their length.

use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{base64url, from_base64url};

/// The hash functions that Tamga signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Every algorithm, weakest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Bytes of a digest.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name on our wire, e.g. `sha256`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The object identifier, dotted.
    pub const fn oid(self) -> &'static str {
        match self {
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }

    /// The digest method of XML signatures.
    pub const fn xml_uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// Hashes `data`.
    pub fn digest(self, data: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Digest::Sha256(Sha256::digest(data).into()),
            Self::Sha384 => Digest::Sha384(Sha384::digest(data).into()),
            Self::Sha512 => Digest::Sha512(Sha512::digest(data).into()),
        }
    }

    /// Reads `bytes` as a digest of this algorithm.
    pub fn parse(self, bytes: &[u8]) -> Result<Digest, DigestError> {
        let wrong_length = |_| DigestError {
            algorithm: self,
            found: bytes.len(),
        };
        match self {
            Self::Sha256 => bytes.try_into().map(Digest::Sha256).map_err(wrong_length),
            Self::Sha384 => bytes.try_into().map(Digest::Sha384).map_err(wrong_length),
            Self::Sha512 => bytes.try_into().map(Digest::Sha512).map_err(wrong_length),
        }
    }

    /// Reads base64url text as a digest of this algorithm.
    pub fn parse_base64url(self, text: &str) -> Result<Digest, DigestError> {
        let bytes = from_base64url(text).map_err(|_| DigestError {
            algorithm: self,
            found: 0,
        })?;
        self.parse(&bytes)
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// SHA-256 as bytes, where only this function is possible: fingerprints of certificates, keys and files.
pub fn sha256(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

/// The bytes are not a digest of the named algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a {algorithm} digest has {} bytes, not {found}", algorithm.length())]
pub struct DigestError {
    /// What the digest claims to be.
    pub algorithm: HashAlgorithm,
    /// How many bytes came; zero when the text was not base64url.
    pub found: usize,
}

/// A digest of the length that its algorithm has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// Made by SHA-256.
    Sha256([u8; 32]),
    /// Made by SHA-384.
    Sha384([u8; 48]),
    /// Made by SHA-512.
    Sha512([u8; 64]),
}

impl Digest {
    /// What made it.
    pub const fn algorithm(&self) -> HashAlgorithm {
        match self {
            Self::Sha256(_) => HashAlgorithm::Sha256,
            Self::Sha384(_) => HashAlgorithm::Sha384,
            Self::Sha512(_) => HashAlgorithm::Sha512,
        }
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(bytes) => bytes,
            Self::Sha384(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.algorithm())?;
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The serde form: algorithm and bytes, for compact frames.
#[derive(Serialize, Deserialize)]
struct Parts<'a>(HashAlgorithm, #[serde(borrow)] &'a [u8]);

/// `sha256:` and base64url where people may read it, else the bytes.
impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let (name, value) = (self.algorithm().name(), base64url(self.as_bytes()));
            return serializer.collect_str(&format_args!("{name}:{value}"));
        }
        Parts(self.algorithm(), self.as_bytes()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            return parse_text(&text).ok_or_else(|| {
                serde::de::Error::custom("a digest is written as its algorithm, a colon and base64url")
            });
        }
        let Parts(algorithm, bytes) = Parts::deserialize(deserializer)?;
        algorithm.parse(bytes).map_err(serde::de::Error::custom)
    }
}

fn parse_text(text: &str) -> Option<Digest> {
    let (name, value) = text.split_once(':')?;
    let algorithm = HashAlgorithm::ALL
        .into_iter()
        .find(|algorithm| algorithm.name() == name)?;
    algorithm.parse(&from_base64url(value).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_makes_digests_of_its_length() {
        for algorithm in HashAlgorithm::ALL {
            let digest = algorithm.digest(b"tamga");
            assert_eq!(digest.as_bytes().len(), algorithm.length());
            assert_eq!(algorithm.parse(digest.as_bytes()), Ok(digest));
            assert!(algorithm.parse(b"short").is_err());
            let text = serde_json::to_string(&digest).unwrap();
            assert!(text.starts_with(&format!("\"{}:", algorithm.name())), "{text}");
            assert_eq!(serde_json::from_str::<Digest>(&text).unwrap(), digest);
            assert!(serde_json::from_str::<Digest>(&text.replace("sha", "md")).is_err());
        }
    }
}
