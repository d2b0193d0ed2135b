//! [`Attributes`]: what a signer's key signs in CMS, RFC 5652 §5.4 and EN 319 122-1 §6.
//!
//! They are made from the certificate and the document's digest alone, so that they can be made again after a restart,
//! and the value that the key gave is believed only after it was checked over exactly these bytes.

use der::Encode;
use domain::{Digest, Time};
use hsm::{RawSignature, ToBeSigned};
use pki::{
    SignatureError, ToSign, digest_algorithm,
    signed_data::attribute,
    tlv::{self, wrap},
};

use super::{Content, SignedData, SignerInfo, oid};
use crate::SigningCertificate;

/// Longer than any name of a media type (RFC 6838 §4.2).
const LONGEST_MIME_TYPE: usize = 255;

/// Around an unsigned attribute: the set of them, attribute, identifier and set, and five lengths that may grow.
const FRAMES: usize = 64;

/// A signature in CMS cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AttributesError {
    /// The document was hashed otherwise than its signature will be made.
    #[error("the document's digest is by {found}; this certificate signs with {wanted}")]
    HashAlgorithm {
        /// By what it is.
        found: domain::HashAlgorithm,
        /// By what it must be.
        wanted: domain::HashAlgorithm,
    },
    /// No name of a media type.
    #[error("a MIME type has 1 to {LONGEST_MIME_TYPE} printable ASCII characters")]
    MimeType,
    /// Something has no DER.
    #[error("the signed attributes cannot be written: {0}")]
    Der(#[from] der::Error),
    /// The value was made by another profile.
    #[error("the value was made by {found}, but {wanted} was asked for")]
    Profile {
        /// By what it was made.
        found: domain::SignatureProfile,
        /// By what it should have been.
        wanted: domain::SignatureProfile,
    },
    /// The value is not this certificate's over these attributes.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Signed attributes in the making, with the certificate that they name.
#[derive(Clone, Debug)]
pub struct Attributes {
    attributes: Vec<Vec<u8>>,
    certificate: SigningCertificate,
}

impl Attributes {
    /// `contentType`, `messageDigest` and `signingCertificateV2`: all that PAdES wants.
    pub fn new(certificate: &SigningCertificate, document: &Digest) -> Result<Self, AttributesError> {
        let wanted = certificate.profile().hash();
        if document.algorithm() != wanted {
            return Err(AttributesError::HashAlgorithm {
                found: document.algorithm(),
                wanted,
            });
        }
        let attributes = vec![
            attribute(pki::oid::CONTENT_TYPE, &oid::DATA.to_der()?)?,
            attribute(pki::oid::MESSAGE_DIGEST, &wrap(0x04, &[document.as_bytes()]))?,
            attribute(pki::oid::SIGNING_CERTIFICATE_V2, certificate.reference())?,
        ];
        Ok(Self {
            attributes,
            certificate: certificate.clone(),
        })
    }

    /// Also says when, by the signer's own clock. CAdES wants it; PAdES says it in the PDF and forbids it here
    /// (EN 319 142-1 §6.3).
    pub fn at(mut self, time: Time) -> Result<Self, AttributesError> {
        self.attributes
            .push(attribute(oid::SIGNING_TIME, &tlv::time(time)?)?);
        Ok(self)
    }

    /// Also says what kind of file the detached content is.
    pub fn of_type(mut self, mime: &str) -> Result<Self, AttributesError> {
        if mime.is_empty()
            || mime.len() > LONGEST_MIME_TYPE
            || !mime.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(AttributesError::MimeType);
        }
        self.attributes
            .push(attribute(oid::MIME_TYPE, &wrap(0x0C, &[mime.as_bytes()]))?);
        Ok(self)
    }

    /// What the boundary checks and the key signs.
    pub fn to_be_signed(&self) -> ToBeSigned {
        ToBeSigned::CmsAttributes(self.to_der())
    }

    /// DER of the `SET OF Attribute`.
    pub fn to_der(&self) -> Vec<u8> {
        let mut sorted: Vec<&[u8]> = self.attributes.iter().map(Vec::as_slice).collect();
        sorted.sort_unstable();
        wrap(0x31, &sorted)
    }

    /// The signature, after the value was checked with the certificate's key; detached, with the certificates inside.
    pub fn finish(&self, raw: &RawSignature) -> Result<SignedData, AttributesError> {
        let wanted = self.certificate.profile();
        if raw.profile() != wanted {
            return Err(AttributesError::Profile {
                found: raw.profile(),
                wanted,
            });
        }
        let finished = ToSign::new(self.to_der(), wanted).finish(raw.as_bytes(), self.certificate.key())?;
        self.joined(finished.algorithm(), finished.value())
    }

    /// At most how many bytes [`Attributes::finish`] gives, with `unsigned` bytes of unsigned attributes (time stamps) to
    /// be added: the hole that a PDF must leave.
    pub fn space(&self, unsigned: usize) -> Result<usize, AttributesError> {
        let algorithm = pki::signature_algorithm(self.certificate.profile())?.to_der()?;
        let longest = vec![0; longest_signature(self.certificate.key().algorithm())];
        let signed = self.joined(&algorithm, &longest)?;
        Ok(signed.length() + unsigned + FRAMES)
    }

    fn joined(&self, algorithm: &[u8], value: &[u8]) -> Result<SignedData, AttributesError> {
        let digest = digest_algorithm(self.certificate.profile())?.to_der()?;
        let signer = SignerInfo {
            version: 1,
            id: self.certificate.named().to_vec(),
            digest_algorithm: digest.clone(),
            signed: Some(self.to_der()),
            signature_algorithm: algorithm.to_vec(),
            signature: value.to_vec(),
            unsigned: Vec::new(),
        };
        let mut certificates = vec![self.certificate.der().to_vec()];
        certificates.extend(self.certificate.chain().iter().cloned());
        Ok(SignedData {
            digest_algorithms: vec![digest],
            content_type: oid::DATA,
            content: Content::Detached,
            certificates,
            revocations: Vec::new(),
            signers: vec![signer],
        })
    }
}

/// The longest value of a key, as CMS carries it.
const fn longest_signature(key: domain::KeyAlgorithm) -> usize {
    match key {
        domain::KeyAlgorithm::P256 => 72,
        domain::KeyAlgorithm::P384 => 104,
        domain::KeyAlgorithm::Rsa2048 => 256,
        domain::KeyAlgorithm::Rsa3072 => 384,
        domain::KeyAlgorithm::Rsa4096 => 512,
    }
}
