//! Compact JWS with ES256, the one signed form on our wire: assertions, challenges, receipts, key certificates.
//!
//! The private keys are in a token, so signing is `prepare → sign → finish`: [`SigningInput::new`], then the token
//! signs [`SigningInput::digest`], then [`SigningInput::finish`]. Parsing is strict: `alg` is ES256 and nothing
//! else, `typ` is the one expected, no `crit`, no unknown header, so that one kind of statement cannot pass for
//! another.

// p256 reads and writes keys; AWS-LC verifies, five times as fast, and each signature costs one verification.
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use p256::ecdsa::VerifyingKey;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Digest, HashAlgorithm, base64url, from_base64url, hpke::Point, json};

/// The values of the header `typ`.
pub mod typ {
    /// [`crate::Assertion`].
    pub const ASSERTION: &str = "tamga-assertion+jws";
    /// [`crate::Challenge`].
    pub const CHALLENGE: &str = "tamga-challenge+jws";
    /// [`crate::Receipt`].
    pub const RECEIPT: &str = "tamga-receipt+jws";
    /// [`crate::KeyCertificate`].
    pub const KEY_CERTIFICATE: &str = "tamga-key+jws";
    /// The proof of an officer who enters a component of a PIN.
    pub const PIN_ENTRY: &str = "tamga-pin-entry+jws";
}

/// A text is not the signed statement that is expected here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum JwsError {
    /// Not three parts of base64url, or longer than any of ours.
    #[error("not a compact JWS")]
    Form,
    /// Another algorithm, type or an unknown header.
    #[error("the header of the JWS is not the one expected here")]
    Header,
    /// The payload is not of the expected form.
    #[error("the payload of the JWS is not the one expected here")]
    Payload,
    /// Signed by another key, or altered.
    #[error("the signature of the JWS does not verify")]
    Signature,
    /// Genuine, but not in force now: too old, or the reader's clock is wrong.
    #[error("the signed statement is not in force at this time; ask for a new one, or correct the clock")]
    OutOfTime,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// What is to be signed: header and payload, encoded.
#[derive(Debug)]
pub struct SigningInput(String);

impl SigningInput {
    /// Encodes `payload` under the key named `kid`.
    pub fn new(typ: &str, kid: &str, payload: &impl Serialize) -> Result<Self, JwsError> {
        let header = Header {
            alg: "ES256".to_owned(),
            typ: typ.to_owned(),
            kid: kid.to_owned(),
        };
        let header = serde_json::to_vec(&header).map_err(|_| JwsError::Header)?;
        let payload = serde_json::to_vec(payload).map_err(|_| JwsError::Payload)?;
        Ok(Self(format!("{}.{}", base64url(&header), base64url(&payload))))
    }

    /// What the token signs with raw ECDSA.
    pub fn digest(&self) -> Digest {
        HashAlgorithm::Sha256.digest(self.0.as_bytes())
    }

    /// Joins the token's `r ‖ s`.
    pub fn finish(self, signature: &[u8; 64]) -> String {
        format!("{}.{}", self.0, base64url(signature))
    }
}

/// A JWS that was read but whose signature nobody has checked yet.
#[derive(Debug)]
pub struct Unverified<T> {
    kid: String,
    payload: T,
    signed: String,
    signature: Vec<u8>,
}

impl<T: DeserializeOwned> Unverified<T> {
    /// Longest text of any of our statements.
    pub const MAX_TEXT: usize = 16 * 1024;

    /// Reads a compact JWS of the type `typ`.
    pub fn parse(text: &str, typ: &str) -> Result<Self, JwsError> {
        if text.len() > Self::MAX_TEXT {
            return Err(JwsError::Form);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Form)?;
        let decode = |part: &str| from_base64url(part).map_err(|_| JwsError::Form);
        let header: Header = json::object(&decode(header)?).ok_or(JwsError::Header)?;
        if header.alg != "ES256" || header.typ != typ {
            return Err(JwsError::Header);
        }
        Ok(Self {
            kid: header.kid,
            payload: json::object(&decode(payload)?).ok_or(JwsError::Payload)?,
            signed: signed.to_owned(),
            signature: decode(signature)
                .ok()
                .filter(|bytes| bytes.len() == 64)
                .ok_or(JwsError::Form)?,
        })
    }

    /// The name of the key that claims to have signed.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The payload, if `key` signed it.
    pub fn verify(self, key: &EcPublicKey) -> Result<T, JwsError> {
        key.parsed
            .verify_sig(self.signed.as_bytes(), &self.signature)
            .map(|()| self.payload)
            .map_err(|_| JwsError::Signature)
    }
}

/// A P-256 key that signs statements.
#[derive(Clone, Debug)]
pub struct EcPublicKey {
    key: VerifyingKey,
    parsed: ParsedPublicKey,
}

impl PartialEq for EcPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for EcPublicKey {}

impl EcPublicKey {
    /// From an uncompressed point; `None` when it is not on the curve.
    pub fn from_point(point: &Point) -> Option<Self> {
        Self::new(VerifyingKey::from_sec1_bytes(point).ok()?)
    }

    /// From a PEM `PUBLIC KEY`.
    pub fn from_pem(pem: &str) -> Option<Self> {
        Self::new(<VerifyingKey as p256::pkcs8::DecodePublicKey>::from_public_key_pem(pem).ok()?)
    }

    fn new(key: VerifyingKey) -> Option<Self> {
        let parsed =
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.to_sec1_point(false).as_bytes()).ok()?;
        Some(Self { key, parsed })
    }

    /// As a PEM `PUBLIC KEY`; `None` never happens for a key of this curve.
    pub fn to_pem(&self) -> Option<String> {
        p256::pkcs8::EncodePublicKey::to_public_key_pem(&self.key, p256::pkcs8::LineEnding::LF).ok()
    }

    /// The uncompressed point.
    pub fn point(&self) -> Point {
        let mut point = [0; crate::hpke::POINT_LENGTH];
        point.copy_from_slice(self.key.to_sec1_point(false).as_bytes());
        point
    }

    /// Whether `signature` (`r ‖ s`) over the SHA-256 digest of `message` is this key's.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests;
