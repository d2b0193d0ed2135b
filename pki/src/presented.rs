//! [`Presented`]: a certificate as somebody presents it, read strictly and believed not yet.
//!
//! Its signed bytes are kept as they came. Every extension that path validation looks at is read here, once; one that
//! is critical and not known is remembered, because it makes any path with this certificate invalid.

mod extensions;

use domain::Time;
use sha1::{Digest as _, Sha1};

pub use self::extensions::{Authority, Extensions, KeyUsage, Policies};
use crate::{
    distinguished,
    elements::{BIT_STRING, Elements, FormError, INTEGER, SEQUENCE},
    holder::Holder,
    scheme::{Scheme, SchemeError},
    verification_key::{VerificationKey, VerifyError},
};

const WHAT: &str = "a certificate";
/// A certificate that is longer is none that anybody issued in earnest.
const LONGEST: usize = 64 * 1024;

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    der: Vec<u8>,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    not_before: Time,
    not_after: Time,
    key: VerificationKey,
    extensions: Extensions,
    signed: Signed,
}

/// What was signed, how, and the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The signed bytes as they came.
    pub(crate) content: Vec<u8>,
    /// The `AlgorithmIdentifier`.
    pub(crate) algorithm: Vec<u8>,
    /// The value.
    pub(crate) value: Vec<u8>,
}

/// A certificate, a list or an answer is not believed to be of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// It is signed by a scheme that is not known here.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// The value does not verify.
    #[error(transparent)]
    Value(#[from] VerifyError),
}

impl Signed {
    pub(crate) fn verify(&self, key: &VerificationKey) -> Result<(), NotIssued> {
        let scheme = Scheme::parse(&self.algorithm, None)?;
        Ok(key.verify(scheme, &self.content, &self.value)?)
    }
}

impl Presented {
    /// Reads a certificate, DER.
    pub fn parse(der: &[u8]) -> Result<Self, FormError> {
        if der.len() > LONGEST {
            return Err(FormError(WHAT));
        }
        let mut outer = Elements::sequence(der, WHAT)?;
        let wrong = outer.wrong();
        let content = outer.take(SEQUENCE)?;
        let algorithm = outer.take(SEQUENCE)?.whole;
        let value = outer.take(BIT_STRING)?.bits()?;
        outer.end()?;

        let mut fields = content.elements();
        let version = match fields.optional(0xA0)? {
            None => 0,
            Some(version) => version.single(INTEGER)?.number()?,
        };
        let serial = fields.take(INTEGER)?.content.to_vec();
        // RFC 5280 §4.1.1.2: the same algorithm inside and outside, or the outside could be exchanged.
        if fields.take(SEQUENCE)?.whole != algorithm || serial.is_empty() {
            return Err(wrong);
        }
        let issuer = fields.take(SEQUENCE)?.whole;
        let validity = fields.take(SEQUENCE)?;
        let subject = fields.take(SEQUENCE)?.whole;
        let key = VerificationKey::parse(fields.take(SEQUENCE)?.whole)?;
        // Unique identifiers: read over.
        fields.optional(0x81)?;
        fields.optional(0x82)?;
        let extensions = match fields.optional(0xA3)? {
            None => Extensions::default(),
            Some(extensions) if version == 2 => Extensions::parse(&extensions.single(SEQUENCE)?)?,
            Some(_) => return Err(wrong),
        };
        fields.end()?;
        let mut times = validity.elements();
        let (not_before, not_after) = (times.any()?.time()?, times.any()?.time()?);
        times.end()?;
        distinguished::attributes(issuer)?;
        distinguished::attributes(subject)?;
        Ok(Self {
            der: der.to_vec(),
            serial,
            issuer: issuer.to_vec(),
            subject: subject.to_vec(),
            not_before,
            not_after,
            key,
            extensions,
            signed: Signed {
                content: content.whole.to_vec(),
                algorithm: algorithm.to_vec(),
                value: value.to_vec(),
            },
        })
    }

    /// The whole certificate, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bytes of its serial number, as they stand.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Who issued it, a DER `Name`.
    pub fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// Whose it is, a DER `Name`.
    pub fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// Valid from.
    pub const fn not_before(&self) -> Time {
        self.not_before
    }

    /// Valid until.
    pub const fn not_after(&self) -> Time {
        self.not_after
    }

    /// The key that it certifies.
    pub const fn key(&self) -> &VerificationKey {
        &self.key
    }

    /// What its extensions say.
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// How its issuer signed it.
    pub fn scheme(&self) -> Result<Scheme, SchemeError> {
        Scheme::parse(&self.signed.algorithm, None)
    }

    /// Whether its subject signed it, by its names.
    pub fn is_self_issued(&self) -> bool {
        distinguished::same(&self.issuer, &self.subject)
    }

    /// Whether this key signed it.
    pub fn verify(&self, issuer: &VerificationKey) -> Result<(), NotIssued> {
        self.signed.verify(issuer)
    }

    /// The identifier of its key: as it says itself, else SHA-1 over its bits.
    pub fn key_identifier(&self) -> Vec<u8> {
        self.extensions
            .subject_key
            .clone()
            .unwrap_or_else(|| Sha1::digest(self.key.bits()).to_vec())
    }

    /// Its subject, as people read it.
    pub fn subject_text(&self) -> String {
        distinguished::text(&self.subject)
    }

    /// Whom it names.
    pub fn holder(&self) -> Holder {
        Holder::of(&self.subject)
    }

    /// Who issued it.
    pub fn authority(&self) -> Holder {
        Holder::of(&self.issuer)
    }

    /// Its issuer, as people read it.
    pub fn issuer_text(&self) -> String {
        distinguished::text(&self.issuer)
    }
}
