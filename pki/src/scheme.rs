//! [`Scheme`]: how somebody else signed, as an `AlgorithmIdentifier` says it.
//!
//! Our own signatures have a [`domain::SignatureProfile`]; foreign ones may pair curves and digests as they like, and
//! may be weak. A weak scheme is read and named, so that it can be refused in words; nothing verifies by it.

use core::fmt;

use domain::HashAlgorithm;

use crate::elements::{Element, Elements, FormError, INTEGER, OBJECT_IDENTIFIER, SEQUENCE};

/// A hash function, weak ones too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashFunction {
    /// Broken.
    Md5,
    /// Broken.
    Sha1,
    /// Not used any more.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashFunction {
    /// Every function, weakest first.
    pub const ALL: [Self; 6] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// The object identifier, dotted.
    pub const fn oid(self) -> &'static str {
        match self {
            Self::Md5 => "1.2.840.113549.2.5",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha224 => "2.16.840.1.101.3.4.2.4",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        }
    }

    /// The function of this object identifier.
    pub fn of(oid: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.oid() == oid)
    }

    /// Whether nothing proves anything by it.
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha224)
    }

    /// The name that people know.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest of these bytes, where one is made: SHA-1 still names things.
    pub fn digest(self, data: &[u8]) -> Option<Vec<u8>> {
        use sha1::{Digest as _, Sha1};
        Some(match self {
            Self::Md5 | Self::Sha224 => return None,
            Self::Sha1 => Sha1::digest(data).to_vec(),
            Self::Sha256 => HashAlgorithm::Sha256.digest(data).as_bytes().to_vec(),
            Self::Sha384 => HashAlgorithm::Sha384.digest(data).as_bytes().to_vec(),
            Self::Sha512 => HashAlgorithm::Sha512.digest(data).as_bytes().to_vec(),
        })
    }

    /// Bytes of a digest.
    pub const fn length(self) -> u64 {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl fmt::Display for HashFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// RSA, PKCS#1 v1.5.
    RsaPkcs1(HashFunction),
    /// RSA, PSS, with the same function in MGF1 and the standard trailer.
    RsaPss {
        /// The hash function.
        hash: HashFunction,
        /// Bytes of salt.
        salt: u64,
    },
    /// ECDSA on whichever curve the key has.
    Ecdsa(HashFunction),
    /// Ed25519, RFC 8410.
    Ed25519,
}

/// The identifier names no scheme that is known here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// Not an `AlgorithmIdentifier`.
    #[error(transparent)]
    Form(#[from] FormError),
    /// Another algorithm.
    #[error("the signature algorithm {0} is not known here")]
    Unknown(String),
    /// Parameters that the algorithm does not have, or mixed ones.
    #[error("the parameters of the signature algorithm {0} are not as its standard has them")]
    Parameters(String),
    /// The algorithm hashes by one function, and the signature says that it was hashed by another.
    #[error("the signature algorithm hashes by {algorithm}, but the signature names {stated}")]
    Digest {
        /// What the algorithm says.
        algorithm: HashFunction,
        /// What the signature says: an object identifier.
        stated: String,
    },
}

const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const MGF1: &str = "1.2.840.113549.1.1.8";
const ED25519: &str = "1.3.101.112";
const NULL: &[u8] = &[5, 0];

impl Scheme {
    /// Reads an `AlgorithmIdentifier`, DER. `digest` is the digest algorithm where it stands beside, as in CMS: there
    /// `rsaEncryption` alone means PKCS#1 v1.5 with that digest, and any other algorithm must agree with it.
    pub fn parse(identifier: &[u8], digest: Option<&str>) -> Result<Self, SchemeError> {
        let (oid, parameters) = identified(identifier)?;
        let wrong = || SchemeError::Parameters(oid.clone());
        let null_or_none = parameters.is_none_or(|parameters| parameters == NULL);
        let pkcs1 = |hash| {
            if null_or_none {
                Ok(Self::RsaPkcs1(hash))
            } else {
                Err(wrong())
            }
        };
        let ecdsa = |hash| {
            if parameters.is_none() {
                Ok(Self::Ecdsa(hash))
            } else {
                Err(wrong())
            }
        };
        let scheme = match oid.as_str() {
            RSA_ENCRYPTION => {
                let stated = digest.unwrap_or_default();
                pkcs1(HashFunction::of(stated).ok_or_else(|| SchemeError::Unknown(oid.clone()))?)?
            }
            "1.2.840.113549.1.1.4" => pkcs1(HashFunction::Md5)?,
            "1.2.840.113549.1.1.5" => pkcs1(HashFunction::Sha1)?,
            "1.2.840.113549.1.1.14" => pkcs1(HashFunction::Sha224)?,
            "1.2.840.113549.1.1.11" => pkcs1(HashFunction::Sha256)?,
            "1.2.840.113549.1.1.12" => pkcs1(HashFunction::Sha384)?,
            "1.2.840.113549.1.1.13" => pkcs1(HashFunction::Sha512)?,
            "1.2.840.10045.4.1" => ecdsa(HashFunction::Sha1)?,
            "1.2.840.10045.4.3.1" => ecdsa(HashFunction::Sha224)?,
            "1.2.840.10045.4.3.2" => ecdsa(HashFunction::Sha256)?,
            "1.2.840.10045.4.3.3" => ecdsa(HashFunction::Sha384)?,
            "1.2.840.10045.4.3.4" => ecdsa(HashFunction::Sha512)?,
            RSA_PSS => pss(parameters.ok_or_else(wrong)?).ok_or_else(wrong)?,
            ED25519 if parameters.is_none() => Self::Ed25519,
            ED25519 => return Err(wrong()),
            _ => return Err(SchemeError::Unknown(oid)),
        };
        match (scheme.hash(), digest) {
            (Some(hash), Some(stated)) if hash.oid() != stated => Err(SchemeError::Digest {
                algorithm: hash,
                stated: stated.to_owned(),
            }),
            _ => Ok(scheme),
        }
    }

    /// What it hashes with; Ed25519 does that by itself.
    pub const fn hash(self) -> Option<HashFunction> {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss { hash, .. } | Self::Ecdsa(hash) => Some(hash),
            Self::Ed25519 => None,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPkcs1(hash) => write!(f, "RSA with {hash}"),
            Self::RsaPss { hash, .. } => write!(f, "RSA-PSS with {hash}"),
            Self::Ecdsa(hash) => write!(f, "ECDSA with {hash}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// Object identifier, dotted, and parameters of an `AlgorithmIdentifier`.
pub(crate) fn identified(identifier: &[u8]) -> Result<(String, Option<&[u8]>), FormError> {
    let mut fields = Elements::sequence(identifier, "an algorithm identifier")?;
    let oid = fields.take(OBJECT_IDENTIFIER)?.oid()?.to_string();
    let parameters = if fields.is_empty() {
        None
    } else {
        Some(fields.any()?.whole)
    };
    fields.end()?;
    Ok((oid, parameters))
}

/// `RSASSA-PSS-params`, RFC 4055 §3.1. The defaults are SHA-1, so all but the trailer must be written.
fn pss(parameters: &[u8]) -> Option<Scheme> {
    let mut fields = Elements::sequence(parameters, "RSASSA-PSS-params").ok()?;
    let hash = hash_of(&fields.optional(0xA0).ok()??.single(SEQUENCE).ok()?)?;
    let (mask, inner) = {
        let mask = fields.optional(0xA1).ok()??.single(SEQUENCE).ok()?;
        let mut parts = mask.elements();
        let oid = parts.take(OBJECT_IDENTIFIER).ok()?.oid().ok()?.to_string();
        let inner = hash_of(&parts.take(SEQUENCE).ok()?)?;
        parts.end().ok()?;
        (oid, inner)
    };
    let salt = match fields.optional(0xA2).ok()? {
        None => 20,
        Some(salt) => salt.single(INTEGER).ok()?.number().ok()?,
    };
    let trailer = match fields.optional(0xA3).ok()? {
        None => 1,
        Some(trailer) => trailer.single(INTEGER).ok()?.number().ok()?,
    };
    fields.end().ok()?;
    (mask == MGF1 && inner == hash && trailer == 1 && salt <= 512).then_some(Scheme::RsaPss { hash, salt })
}

fn hash_of(identifier: &Element<'_>) -> Option<HashFunction> {
    let (oid, parameters) = identified(identifier.whole).ok()?;
    parameters
        .is_none_or(|parameters| parameters == NULL)
        .then(|| HashFunction::of(&oid))?
}
