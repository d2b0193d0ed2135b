//! `prepare → sign → finish` for everything of the form `SEQUENCE { content, algorithm, signature }`.

use der::{Any, Encode, asn1::ObjectIdentifier};
use domain::{Digest, SignatureProfile};
use spki::AlgorithmIdentifierOwned;

use crate::{PublicKey, tlv};

/// A signature was not made as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The value has another form than its profile gives.
    #[error("the signature has not the form of its profile")]
    Form,
    /// The value is not the named key's over the prepared bytes: the token or the way to it is not what it seems.
    #[error("the signature does not verify with the key that it must come from")]
    Foreign,
}

/// Prepared bytes that one key must sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    content: Vec<u8>,
    profile: SignatureProfile,
}

/// Signed: the parts, for those who wrap them further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    content: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
}

impl ToSign {
    /// Prepared content, DER, to be signed so.
    pub const fn new(content: Vec<u8>, profile: SignatureProfile) -> Self {
        Self { content, profile }
    }

    /// The prepared bytes.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// How they must be signed.
    pub const fn profile(&self) -> SignatureProfile {
        self.profile
    }

    /// What the token signs.
    pub fn digest(&self) -> Digest {
        self.profile.hash().digest(&self.content)
    }

    /// Joins the token's value, after it was checked with the key that it must come from.
    pub fn finish(self, raw: &[u8], key: &PublicKey) -> Result<Finished, SignatureError> {
        let signature = value(self.profile, raw).ok_or(SignatureError::Form)?;
        if !key.verifies(self.profile, &self.content, &signature) {
            return Err(SignatureError::Foreign);
        }
        let algorithm = signature_algorithm(self.profile)
            .and_then(|algorithm| algorithm.to_der())
            .map_err(|_| SignatureError::Form)?;
        Ok(Finished {
            content: self.content,
            algorithm,
            signature,
        })
    }
}

impl Finished {
    /// `SEQUENCE { content, algorithm, signature }`, DER.
    pub fn into_der(self) -> Vec<u8> {
        self.with(&[])
    }

    /// The same with further elements after the signature.
    pub(crate) fn with(self, more: &[&[u8]]) -> Vec<u8> {
        let bits = tlv::wrap(0x03, &[&[0], &self.signature]);
        let mut parts: Vec<&[u8]> = vec![&self.content, &self.algorithm, &bits];
        parts.extend_from_slice(more);
        tlv::sequence(&parts)
    }

    /// What was signed.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// How, DER.
    pub fn algorithm(&self) -> &[u8] {
        &self.algorithm
    }

    /// The signature as certificates carry it.
    pub fn value(&self) -> &[u8] {
        &self.signature
    }
}

/// A token's value as X.509 and CMS carry it: `Ecdsa-Sig-Value` for curves, itself for RSA.
pub(crate) fn value(profile: SignatureProfile, raw: &[u8]) -> Option<Vec<u8>> {
    match profile {
        SignatureProfile::EcdsaP256Sha256 => p256::ecdsa::Signature::from_slice(raw)
            .ok()
            .map(|signature| signature.to_der().as_bytes().to_vec()),
        SignatureProfile::EcdsaP384Sha384 => p384::ecdsa::Signature::from_slice(raw)
            .ok()
            .map(|signature| signature.to_der().as_bytes().to_vec()),
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512
        | SignatureProfile::RsaPssSha256
        | SignatureProfile::RsaPssSha384
        | SignatureProfile::RsaPssSha512 => Some(raw.to_vec()),
    }
}

/// The `AlgorithmIdentifier` of a profile: no parameters for ECDSA, NULL for PKCS#1 v1.5, spelt out for PSS.
pub fn signature_algorithm(profile: SignatureProfile) -> der::Result<AlgorithmIdentifierOwned> {
    let parameters = match profile {
        SignatureProfile::EcdsaP256Sha256 | SignatureProfile::EcdsaP384Sha384 => None,
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512 => Some(Any::null()),
        SignatureProfile::RsaPssSha256 | SignatureProfile::RsaPssSha384 | SignatureProfile::RsaPssSha512 => {
            Some(pss(profile)?)
        }
    };
    Ok(AlgorithmIdentifierOwned {
        oid: ObjectIdentifier::new(profile.oid())?,
        parameters,
    })
}

/// `RSASSA-PSS-params`, RFC 4055 §3.1: digest, MGF1 with the same, salt as long as the digest, default trailer.
fn pss(profile: SignatureProfile) -> der::Result<Any> {
    const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
    let hash = digest_algorithm(profile)?;
    let mask = AlgorithmIdentifierOwned {
        oid: MGF1,
        parameters: Some(Any::encode_from(&hash)?),
    };
    let salt = u8::try_from(profile.hash().length()).unwrap_or(u8::MAX);
    let content = tlv::sequence(&[
        &tlv::wrap(0xA0, &[&hash.to_der()?]),
        &tlv::wrap(0xA1, &[&mask.to_der()?]),
        &tlv::wrap(0xA2, &[&salt.to_der()?]),
    ]);
    der::Decode::from_der(&content)
}

/// The `AlgorithmIdentifier` of a profile's digest.
pub fn digest_algorithm(profile: SignatureProfile) -> der::Result<AlgorithmIdentifierOwned> {
    Ok(AlgorithmIdentifierOwned {
        oid: ObjectIdentifier::new(profile.hash().oid())?,
        // RFC 5754 §2: absent in CMS; RFC 4055 §2.1 wants NULL inside PSS, and readers accept both.
        parameters: matches!(
            profile,
            SignatureProfile::RsaPssSha256 | SignatureProfile::RsaPssSha384 | SignatureProfile::RsaPssSha512
        )
        .then(Any::null),
    })
}
