//! Public keys: the identifier that certificates and CRLs name them by, and the verification of signatures.

use std::sync::OnceLock;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, VerificationAlgorithm,
};
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, Uint},
};
use domain::{KeyAlgorithm, SignatureProfile};
use sha1::{Digest as _, Sha1};
use spki::SubjectPublicKeyInfoOwned;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The bytes are no public key that this house works with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a DER `SubjectPublicKeyInfo`.
    #[error("not a DER SubjectPublicKeyInfo")]
    Form,
    /// Another algorithm, curve or length than P-256, P-384, RSA-2048, RSA-3072 and RSA-4096.
    #[error("not a P-256, P-384, RSA-2048, RSA-3072 or RSA-4096 key")]
    Algorithm,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    spki: SubjectPublicKeyInfoOwned,
    der: Vec<u8>,
    algorithm: KeyAlgorithm,
    ready: Ready,
}

/// The key as the verifier wants it, for the profile that was asked about first: mostly it is the only one.
#[derive(Clone, Debug, Default)]
struct Ready(OnceLock<Option<(SignatureProfile, ParsedPublicKey)>>);

/// Made of the key itself: it tells no two keys apart.
impl PartialEq for Ready {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Ready {}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo`.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let spki = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| KeyError::Form)?;
        Self::new(spki)
    }

    /// Takes a `SubjectPublicKeyInfo` that was read elsewhere.
    pub fn new(spki: SubjectPublicKeyInfoOwned) -> Result<Self, KeyError> {
        let algorithm = algorithm(&spki)?;
        let der = spki.to_der().map_err(|_| KeyError::Form)?;
        Ok(Self {
            spki,
            der,
            algorithm,
            ready: Ready::default(),
        })
    }

    /// What kind of key it is.
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The `SubjectPublicKeyInfo`.
    pub const fn spki(&self) -> &SubjectPublicKeyInfoOwned {
        &self.spki
    }

    /// The same, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The key identifier: SHA-1 over the bits of the key, RFC 5280 §4.2.1.2 (1). A name, not a proof.
    pub fn identifier(&self) -> [u8; 20] {
        Sha1::digest(self.spki.subject_public_key.raw_bytes()).into()
    }

    /// Whether an RSA key has the exponent 65537, with which nobody ever had trouble; true for curves.
    pub fn exponent_is_usual(&self) -> bool {
        match self.algorithm {
            KeyAlgorithm::P256 | KeyAlgorithm::P384 => true,
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => {
                rsa_numbers(&self.spki).is_ok_and(|[_, exponent]| exponent.as_bytes() == [1, 0, 1])
            }
        }
    }

    /// Whether `signature`, as certificates carry it, is this key's over `message`.
    pub fn verifies(&self, profile: SignatureProfile, message: &[u8], signature: &[u8]) -> bool {
        if !profile.fits(self.algorithm) {
            return false;
        }
        let parse = || ParsedPublicKey::new(verification(profile), &self.der).ok();
        let verifies = |key: &ParsedPublicKey| key.verify_sig(message, signature).is_ok();
        match self.ready.0.get_or_init(|| parse().map(|key| (profile, key))) {
            Some((ready, key)) if *ready == profile => verifies(key),
            Some(_) | None => parse().is_some_and(|key| verifies(&key)),
        }
    }
}

fn verification(profile: SignatureProfile) -> &'static dyn VerificationAlgorithm {
    match profile {
        SignatureProfile::EcdsaP256Sha256 => &ECDSA_P256_SHA256_ASN1,
        SignatureProfile::EcdsaP384Sha384 => &ECDSA_P384_SHA384_ASN1,
        SignatureProfile::RsaPkcs1Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        SignatureProfile::RsaPkcs1Sha384 => &RSA_PKCS1_2048_8192_SHA384,
        SignatureProfile::RsaPkcs1Sha512 => &RSA_PKCS1_2048_8192_SHA512,
        SignatureProfile::RsaPssSha256 => &RSA_PSS_2048_8192_SHA256,
        SignatureProfile::RsaPssSha384 => &RSA_PSS_2048_8192_SHA384,
        SignatureProfile::RsaPssSha512 => &RSA_PSS_2048_8192_SHA512,
    }
}

fn algorithm(spki: &SubjectPublicKeyInfoOwned) -> Result<KeyAlgorithm, KeyError> {
    if spki.algorithm.oid == EC {
        let parameters = spki.algorithm.parameters.as_ref();
        let curve: Option<ObjectIdentifier> = parameters.and_then(|curve| curve.decode_as().ok());
        return match curve.ok_or(KeyError::Algorithm)? {
            P256 => Ok(KeyAlgorithm::P256),
            P384 => Ok(KeyAlgorithm::P384),
            _ => Err(KeyError::Algorithm),
        };
    }
    if spki.algorithm.oid != RSA {
        return Err(KeyError::Algorithm);
    }
    let [modulus, _] = rsa_numbers(spki)?;
    match modulus.as_bytes().len() * 8 {
        2048 => Ok(KeyAlgorithm::Rsa2048),
        3072 => Ok(KeyAlgorithm::Rsa3072),
        4096 => Ok(KeyAlgorithm::Rsa4096),
        _ => Err(KeyError::Algorithm),
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus, publicExponent }`.
fn rsa_numbers(spki: &SubjectPublicKeyInfoOwned) -> Result<[Uint; 2], KeyError> {
    let numbers = Vec::<Uint>::from_der(spki.subject_public_key.raw_bytes()).map_err(|_| KeyError::Form)?;
    numbers.try_into().map_err(|_| KeyError::Form)
}
