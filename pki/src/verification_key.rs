//! [`VerificationKey`]: a public key that others sign with.
//!
//! The key says of what kind it is, the signature says by which scheme it was made, and both must agree before a byte
//! is verified: a value made for one algorithm is never tried with another.

use core::fmt;

use aws_lc_rs::signature as aws;
use aws_lc_rs::signature::{UnparsedPublicKey, VerificationAlgorithm};

use crate::{
    elements::{BIT_STRING, Elements, FormError, INTEGER, SEQUENCE},
    pss,
    scheme::{HashFunction, Scheme, identified},
};

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// Bits of its modulus.
        bits: usize,
    },
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Ed25519.
    Ed25519,
    /// One that is not known here; its object identifier is in [`VerificationKey::algorithm`].
    Unknown,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA-{bits}"),
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::P521 => f.write_str("P-521"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Unknown => f.write_str("an unknown algorithm"),
        }
    }
}

/// A signature is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The value is not this key's over these bytes.
    #[error("the signature value does not verify with the key")]
    Invalid,
    /// The scheme is not one of this kind of key.
    #[error("a key of {key} does not sign by {scheme}")]
    Confused {
        /// The key.
        key: KeyKind,
        /// What the signature says.
        scheme: Scheme,
    },
    /// The hash function or the key is too weak to prove anything.
    #[error("{0} is too weak to prove anything")]
    Weak(String),
    /// The key or the scheme is of a kind that is not verified here.
    #[error("{0} is not verified here")]
    Unknown(String),
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationKey {
    spki: Vec<u8>,
    bits: Vec<u8>,
    algorithm: String,
    kind: KeyKind,
    padding: Padding,
}

/// What an RSA key may be used with, RFC 4055 §1.2.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Padding {
    /// Either padding.
    Either,
    /// PSS alone.
    Pss,
    /// PSS with this function, and at least this much salt.
    Only(HashFunction, u64),
}

const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";
const NULL: &[u8] = &[5, 0];
const P256: &[u8] = &[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
const P384: &[u8] = &[6, 5, 0x2B, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[6, 5, 0x2B, 0x81, 4, 0, 0x23];
/// Longer moduli only cost time.
const LONGEST_RSA: usize = 8_192;
const SHORTEST_RSA: usize = 2_048;

impl VerificationKey {
    /// Reads a `SubjectPublicKeyInfo`. A kind that is not known is kept, so that a certificate with it can be named.
    pub fn parse(spki: &[u8]) -> Result<Self, FormError> {
        let mut fields = Elements::sequence(spki, "a public key")?;
        let wrong = fields.wrong();
        let identifier = fields.take(SEQUENCE)?;
        let bits = fields.take(BIT_STRING)?.bits()?;
        fields.end()?;
        let (algorithm, parameters) = identified(identifier.whole)?;
        let mut padding = Padding::Either;
        let kind = match (algorithm.as_str(), parameters) {
            (RSA, Some(NULL)) => rsa(bits)?,
            (RSA_PSS, parameters) => {
                padding = match parameters.map(|_| Scheme::parse(identifier.whole, None)) {
                    None => Padding::Pss,
                    Some(Ok(Scheme::RsaPss { hash, salt })) => Padding::Only(hash, salt),
                    Some(_) => return Err(wrong),
                };
                rsa(bits)?
            }
            (EC, Some(P256)) => KeyKind::P256,
            (EC, Some(P384)) => KeyKind::P384,
            (EC, Some(P521)) => KeyKind::P521,
            (ED25519, None) => KeyKind::Ed25519,
            (RSA | ED25519, _) => return Err(wrong),
            _ => KeyKind::Unknown,
        };
        Ok(Self {
            spki: spki.to_vec(),
            bits: bits.to_vec(),
            algorithm,
            kind,
            padding,
        })
    }

    /// The `SubjectPublicKeyInfo`, DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The bits of the key, which key identifiers hash.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// Of what kind it is.
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The object identifier of its algorithm, dotted.
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Believes a signature value, as certificates carry it, over a message, or says why not.
    pub fn verify(&self, scheme: Scheme, message: &[u8], value: &[u8]) -> Result<(), VerifyError> {
        let confused = || VerifyError::Confused {
            key: self.kind,
            scheme,
        };
        let fits = match (self.kind, scheme) {
            (KeyKind::Unknown, _) => {
                return Err(VerifyError::Unknown(format!("a key of {}", self.algorithm)));
            }
            (KeyKind::Rsa { .. }, Scheme::RsaPkcs1(_)) => self.padding == Padding::Either,
            (KeyKind::Rsa { .. }, Scheme::RsaPss { hash, salt }) => match self.padding {
                Padding::Only(only, least) => hash == only && salt >= least,
                Padding::Either | Padding::Pss => true,
            },
            (KeyKind::P256 | KeyKind::P384 | KeyKind::P521, Scheme::Ecdsa(_)) => true,
            (kind, scheme) => kind == KeyKind::Ed25519 && scheme == Scheme::Ed25519,
        };
        if !fits {
            return Err(confused());
        }
        if let Some(hash) = scheme.hash().filter(|hash| hash.is_weak()) {
            return Err(VerifyError::Weak(hash.to_string()));
        }
        if let KeyKind::Rsa { bits } = self.kind
            && bits < SHORTEST_RSA
        {
            return Err(VerifyError::Weak(self.kind.to_string()));
        }
        if let (KeyKind::Rsa { bits }, Scheme::RsaPss { hash, salt }) = (self.kind, scheme)
            && salt != hash.length()
            && bits <= LONGEST_RSA
        {
            let salt = usize::try_from(salt).map_err(|_| VerifyError::Invalid)?;
            return pss::is_signed(&self.bits, (hash, salt), message, value)
                .then_some(())
                .ok_or(VerifyError::Invalid);
        }
        let verification = verification(self.kind, scheme)
            .ok_or_else(|| VerifyError::Unknown(format!("{scheme} with a key of {}", self.kind)))?;
        UnparsedPublicKey::new(verification, &self.bits)
            .verify(message, value)
            .map_err(|_| VerifyError::Invalid)
    }
}

/// How the pair is verified; none if it is not.
fn verification(kind: KeyKind, scheme: Scheme) -> Option<&'static dyn VerificationAlgorithm> {
    use HashFunction::{Sha256, Sha384, Sha512};
    Some(match (kind, scheme) {
        (KeyKind::Rsa { bits }, _) if bits > LONGEST_RSA => return None,
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1(Sha256)) => &aws::RSA_PKCS1_2048_8192_SHA256,
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1(Sha384)) => &aws::RSA_PKCS1_2048_8192_SHA384,
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1(Sha512)) => &aws::RSA_PKCS1_2048_8192_SHA512,
        (KeyKind::Rsa { .. }, Scheme::RsaPss { hash, salt }) if salt == hash.length() => match hash {
            Sha256 => &aws::RSA_PSS_2048_8192_SHA256,
            Sha384 => &aws::RSA_PSS_2048_8192_SHA384,
            Sha512 => &aws::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        },
        (KeyKind::P256, Scheme::Ecdsa(Sha256)) => &aws::ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, Scheme::Ecdsa(Sha384)) => &aws::ECDSA_P256_SHA384_ASN1,
        (KeyKind::P256, Scheme::Ecdsa(Sha512)) => &aws::ECDSA_P256_SHA512_ASN1,
        (KeyKind::P384, Scheme::Ecdsa(Sha256)) => &aws::ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, Scheme::Ecdsa(Sha384)) => &aws::ECDSA_P384_SHA384_ASN1,
        (KeyKind::P384, Scheme::Ecdsa(Sha512)) => &aws::ECDSA_P384_SHA512_ASN1,
        (KeyKind::P521, Scheme::Ecdsa(Sha256)) => &aws::ECDSA_P521_SHA256_ASN1,
        (KeyKind::P521, Scheme::Ecdsa(Sha384)) => &aws::ECDSA_P521_SHA384_ASN1,
        (KeyKind::P521, Scheme::Ecdsa(Sha512)) => &aws::ECDSA_P521_SHA512_ASN1,
        (KeyKind::Ed25519, Scheme::Ed25519) => &aws::ED25519,
        _ => return None,
    })
}

/// `RSAPublicKey ::= SEQUENCE { modulus, publicExponent }`.
fn rsa(bits: &[u8]) -> Result<KeyKind, FormError> {
    let mut numbers = Elements::sequence(bits, "an RSA public key")?;
    let wrong = numbers.wrong();
    let modulus = numbers.take(INTEGER)?.content;
    numbers.take(INTEGER)?;
    numbers.end()?;
    let modulus = match modulus {
        [0, rest @ ..] => rest,
        positive => positive,
    };
    let first = modulus.first().filter(|first| **first != 0).ok_or(wrong)?;
    Ok(KeyKind::Rsa {
        bits: modulus.len() * 8 - first.leading_zeros() as usize,
    })
}
