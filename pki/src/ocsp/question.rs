//! What somebody asks: about which certificates, with which nonce.

use der::{
    Any, Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, OctetString},
};
use domain::HashAlgorithm;
use sha1::{Digest as _, Sha1};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{ext::Extension, name::Name, serial_number::SerialNumber};

use crate::{
    Presented, PublicKey, oid,
    tlv::{sequence, wrap},
};

/// Certificates that one question may name.
pub const MOST_QUESTIONS: usize = 16;
/// RFC 9654 §2.1.
const LONGEST_NONCE: usize = 128;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

/// The bytes are no question; the answer is `malformedRequest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not DER of an `OCSPRequest`.
    #[error("not an OCSPRequest in DER")]
    Form,
    /// No certificate is named, or too many are.
    #[error("a request names 1 to {MOST_QUESTIONS} certificates")]
    Count,
    /// The nonce is empty or too long, or named twice.
    #[error("a nonce has 1 to {LONGEST_NONCE} bytes and stands once")]
    Nonce,
    /// A critical extension that is not known here.
    #[error("the critical extension {0} is not known")]
    Extension(ObjectIdentifier),
}

#[derive(Sequence)]
struct OcspRequest {
    tbs: TbsRequest,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    signature: Option<Any>,
}

#[derive(Sequence)]
struct TbsRequest {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", default = "Default::default")]
    version: u8,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    requestor: Option<Any>,
    requests: Vec<One>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct One {
    id: CertId,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

/// How a question names a certificate: by its issuer, hashed, and its serial number.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub struct CertId {
    hash: AlgorithmIdentifierOwned,
    issuer_name: OctetString,
    issuer_key: OctetString,
    serial: SerialNumber,
}

impl CertId {
    /// The name of a certificate of this issuer, as most clients write it: by SHA-1.
    pub fn by_sha1(issuer: &Name, key: &PublicKey, serial: SerialNumber) -> der::Result<Self> {
        Ok(Self {
            hash: AlgorithmIdentifierOwned {
                oid: SHA1,
                parameters: Some(Any::null()),
            },
            issuer_name: OctetString::new(Sha1::digest(issuer.to_der()?).as_slice())?,
            issuer_key: OctetString::new(key.identifier())?,
            serial,
        })
    }

    /// The serial number.
    pub const fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// Whether it names a certificate of this issuer.
    pub fn is_of(&self, issuer: &Name, key: &PublicKey) -> bool {
        issuer
            .to_der()
            .is_ok_and(|name| self.names(&name, key.spki().subject_public_key.raw_bytes()))
    }

    /// Whether it names a certificate of the issuer with this DER `Name` and these bits of its key.
    pub(crate) fn names(&self, issuer: &[u8], key: &[u8]) -> bool {
        let hash = |data: &[u8]| -> Option<Vec<u8>> {
            if self.hash.oid == SHA1 {
                return Some(Sha1::digest(data).to_vec());
            }
            let oid = self.hash.oid.to_string();
            let algorithm = HashAlgorithm::ALL.into_iter().find(|hash| hash.oid() == oid)?;
            Some(algorithm.digest(data).as_bytes().to_vec())
        };
        hash(issuer).is_some_and(|hash| hash == self.issuer_name.as_bytes())
            && hash(key).is_some_and(|hash| hash == self.issuer_key.as_bytes())
    }
}

/// A question that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    ids: Vec<CertId>,
    nonce: Option<Vec<u8>>,
}

impl Question {
    /// Reads a question. Its signature, if there is one, is not needed to answer what is public anyway.
    pub fn parse(der: &[u8]) -> Result<Self, Malformed> {
        let request = OcspRequest::from_der(der).map_err(|_| Malformed::Form)?;
        if request.tbs.version != 0 {
            return Err(Malformed::Form);
        }
        if request.tbs.requests.is_empty() || request.tbs.requests.len() > MOST_QUESTIONS {
            return Err(Malformed::Count);
        }
        let mut ids = Vec::with_capacity(request.tbs.requests.len());
        for one in request.tbs.requests {
            if let Some(unknown) = one.extensions.iter().flatten().find(|known| known.critical) {
                return Err(Malformed::Extension(unknown.extn_id));
            }
            // They are repeated in a signed answer: nothing of the asker's own choice belongs there.
            if one
                .id
                .hash
                .parameters
                .as_ref()
                .is_some_and(|parameters| !parameters.is_null())
            {
                return Err(Malformed::Form);
            }
            ids.push(one.id);
        }
        let nonce = nonce(&request.tbs.extensions.unwrap_or_default())?;
        Ok(Self { ids, nonce })
    }

    /// The certificates, in order.
    pub fn ids(&self) -> &[CertId] {
        &self.ids
    }

    /// The nonce's extension value, to be repeated as it came.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// The question about a certificate of an issuer: `OCSPRequest`, DER, named by SHA-1 as every responder understands it.
/// Without a nonce most responders answer with what they made before; with one, those that know it answer anew.
pub fn question_about(certificate: &Presented, issuer: &Presented, nonce: Option<[u8; 16]>) -> Vec<u8> {
    const SHA1_IDENTIFIER: &[u8] = &[0x30, 9, 6, 5, 0x2B, 0x0E, 3, 2, 0x1A, 5, 0];
    // id-pkix-ocsp-nonce, RFC 8954 §2.1.
    const NONCE: &[u8] = &[6, 9, 0x2B, 6, 1, 5, 5, 7, 0x30, 1, 2];
    let id = sequence(&[
        SHA1_IDENTIFIER,
        &wrap(0x04, &[&Sha1::digest(issuer.subject())]),
        &wrap(0x04, &[&Sha1::digest(issuer.key().bits())]),
        &wrap(0x02, &[certificate.serial()]),
    ]);
    let extensions = nonce.map(|nonce| {
        let nonce = wrap(0x04, &[&wrap(0x04, &[&nonce])]);
        wrap(0xA2, &[&sequence(&[&sequence(&[NONCE, &nonce])])])
    });
    let requests = sequence(&[&sequence(&[&id])]);
    sequence(&[&sequence(&[&requests, &extensions.unwrap_or_default()])])
}

fn nonce(extensions: &[Extension]) -> Result<Option<Vec<u8>>, Malformed> {
    let mut nonce = None;
    for extension in extensions {
        if extension.extn_id == oid::OCSP_NONCE {
            let value = extension.extn_value.as_bytes();
            // Old clients leave the inner OCTET STRING out; what came is repeated either way.
            let length = OctetString::from_der(value).map_or(value.len(), |inner| inner.as_bytes().len());
            if nonce.is_some() || length == 0 || length > LONGEST_NONCE {
                return Err(Malformed::Nonce);
            }
            nonce = Some(value.to_vec());
        } else if extension.critical {
            return Err(Malformed::Extension(extension.extn_id));
        }
    }
    Ok(nonce)
}
