//! An answer as somebody received it, believed not yet.

use der::asn1::ObjectIdentifier;
use domain::Time;

use super::{CertId, CertStatus};
use crate::{
    NotIssued, Presented, VerificationKey,
    crl::Reason,
    distinguished,
    elements::{
        BIT_STRING, BOOLEAN, ENUMERATED, Element, Elements, FormError, GENERALIZED_TIME, INTEGER,
        OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE,
    },
    oid,
    presented::Signed,
    scheme::{Scheme, SchemeError},
};

const WHAT: &str = "an OCSP response";
/// Longer answers are none.
const LONGEST: usize = 256 * 1024;
/// The most certificates that one answer is about.
const MOST_SINGLES: usize = 64;
/// The most certificates that it brings.
const MOST_CERTIFICATES: usize = 16;

/// Whose key signed an answer, as the answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Responder {
    /// By the name, DER.
    Name(Vec<u8>),
    /// By SHA-1 of the key's bits.
    Key(Vec<u8>),
}

impl Responder {
    /// Whether it means this certificate.
    pub fn is(&self, certificate: &Presented) -> bool {
        use sha1::{Digest as _, Sha1};
        match self {
            Self::Name(name) => distinguished::same(name, certificate.subject()),
            Self::Key(key) => Sha1::digest(certificate.key().bits()).as_slice() == key.as_slice(),
        }
    }
}

/// What is said of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Of which.
    pub id: CertId,
    /// What.
    pub status: CertStatus,
    /// Known to be so at this time.
    pub this_update: Time,
    /// Something newer is known from this time on.
    pub next_update: Option<Time>,
    /// Expired certificates are remembered since then.
    pub archive_cutoff: Option<Time>,
}

/// A signed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    responder: Responder,
    produced_at: Time,
    statuses: Vec<Status>,
    certificates: Vec<Vec<u8>>,
    nonce: Option<Vec<u8>>,
    signed: Signed,
}

impl Received {
    /// Reads an `OCSPResponse` that succeeded.
    pub fn parse(der: &[u8]) -> Result<Self, FormError> {
        if der.len() > LONGEST {
            return Err(FormError(WHAT));
        }
        let mut outer = Elements::sequence(der, WHAT)?;
        let wrong = outer.wrong();
        if outer.take(ENUMERATED)?.content != [0] {
            return Err(FormError("a successful OCSP response"));
        }
        let bytes = outer.take(0xA0)?.single(SEQUENCE)?;
        outer.end()?;
        let mut bytes = bytes.elements();
        if bytes.take(OBJECT_IDENTIFIER)?.oid()? != oid::OCSP_BASIC {
            return Err(wrong);
        }
        let basic = bytes.take(OCTET_STRING)?.content;
        bytes.end()?;
        Self::basic(basic)
    }

    /// Reads a `BasicOCSPResponse`.
    pub fn basic(der: &[u8]) -> Result<Self, FormError> {
        let mut basic = Elements::sequence(der, WHAT)?;
        let wrong = basic.wrong();
        let content = basic.take(SEQUENCE)?;
        let algorithm = basic.take(SEQUENCE)?.whole.to_vec();
        let value = basic.take(BIT_STRING)?.bits()?.to_vec();
        let mut certificates = Vec::new();
        if let Some(all) = basic.optional(0xA0)? {
            let mut all = all.single(SEQUENCE)?.elements();
            while !all.is_empty() && certificates.len() < MOST_CERTIFICATES {
                certificates.push(all.take(SEQUENCE)?.whole.to_vec());
            }
            all.end()?;
        }
        basic.end()?;

        let mut fields = content.elements();
        if let Some(version) = fields.optional(0xA0)?
            && version.single(INTEGER)?.number()? != 0
        {
            return Err(wrong);
        }
        let responder = fields.any()?;
        let responder = match responder.tag {
            0xA1 => Responder::Name(responder.single(SEQUENCE)?.whole.to_vec()),
            0xA2 => Responder::Key(responder.single(OCTET_STRING)?.content.to_vec()),
            _ => return Err(wrong),
        };
        let produced_at = fields.take(GENERALIZED_TIME)?.time()?;
        let mut singles = fields.take(SEQUENCE)?.elements();
        let mut statuses = Vec::new();
        while !singles.is_empty() && statuses.len() < MOST_SINGLES {
            statuses.push(status(&singles.take(SEQUENCE)?)?);
        }
        singles.end()?;
        let extensions = extensions(fields.optional(0xA1)?)?;
        fields.end()?;
        if extensions
            .iter()
            .any(|extension| extension.critical && extension.id != oid::OCSP_NONCE)
        {
            return Err(wrong);
        }
        let nonce = extensions
            .into_iter()
            .find(|extension| extension.id == oid::OCSP_NONCE);
        Ok(Self {
            responder,
            produced_at,
            statuses,
            certificates,
            nonce: nonce.map(|extension| extension.value.to_vec()),
            signed: Signed {
                content: content.whole.to_vec(),
                algorithm,
                value,
            },
        })
    }

    /// Whose key signed it, as it says.
    pub const fn responder(&self) -> &Responder {
        &self.responder
    }

    /// When it was signed.
    pub const fn produced_at(&self) -> Time {
        self.produced_at
    }

    /// What it says.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// What it says of a certificate of this issuer.
    pub fn status_of(&self, serial: &[u8], issuer: &Presented) -> Option<&Status> {
        self.statuses.iter().find(|status| {
            without_zeros(status.id.serial().as_bytes()) == without_zeros(serial)
                && status.id.names(issuer.subject(), issuer.key().bits())
        })
    }

    /// The certificates that it brings, DER.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// The nonce's extension value.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// How it is signed.
    pub fn scheme(&self) -> Result<Scheme, SchemeError> {
        Scheme::parse(&self.signed.algorithm, None)
    }

    /// Whether this key signed it.
    pub fn verify(&self, responder: &VerificationKey) -> Result<(), NotIssued> {
        self.signed.verify(responder)
    }
}

fn status(single: &Element<'_>) -> Result<Status, FormError> {
    let mut fields = single.elements();
    let wrong = fields.wrong();
    let id = fields.take(SEQUENCE)?.decode()?;
    let status = fields.any()?;
    let status = match status.tag {
        0x80 if status.content.is_empty() => CertStatus::Good,
        0x82 if status.content.is_empty() => CertStatus::Unknown,
        0xA1 => {
            let mut revoked = status.elements();
            let at = revoked.take(GENERALIZED_TIME)?.time()?;
            let reason = match revoked.optional(0xA0)? {
                None => Reason::Unspecified,
                Some(reason) => Reason::of_code(reason.single(ENUMERATED)?.content),
            };
            revoked.end()?;
            CertStatus::Revoked { at, reason }
        }
        _ => return Err(wrong),
    };
    let this_update = fields.take(GENERALIZED_TIME)?.time()?;
    let next_update = match fields.optional(0xA0)? {
        None => None,
        Some(next) => Some(next.single(GENERALIZED_TIME)?.time()?),
    };
    let extensions = extensions(fields.optional(0xA1)?)?;
    fields.end()?;
    let mut archive_cutoff = None;
    for Extension { id, critical, value } in extensions {
        if id == oid::OCSP_ARCHIVE_CUTOFF {
            archive_cutoff = Some(Elements::new(value, WHAT).take(GENERALIZED_TIME)?.time()?);
        } else if critical {
            return Err(wrong);
        }
    }
    Ok(Status {
        id,
        status,
        this_update,
        next_update,
        archive_cutoff,
    })
}

struct Extension<'a> {
    id: ObjectIdentifier,
    critical: bool,
    value: &'a [u8],
}

fn extensions(explicit: Option<Element<'_>>) -> Result<Vec<Extension<'_>>, FormError> {
    let mut all = Vec::new();
    let Some(explicit) = explicit else { return Ok(all) };
    let mut extensions = explicit.single(SEQUENCE)?.elements();
    while !extensions.is_empty() {
        let mut fields = extensions.take(SEQUENCE)?.elements();
        let id = fields.take(OBJECT_IDENTIFIER)?.oid()?;
        let critical = fields
            .optional(BOOLEAN)?
            .map_or(Ok(false), |flag| flag.boolean())?;
        let value = fields.take(OCTET_STRING)?.content;
        all.push(Extension { id, critical, value });
        fields.end()?;
    }
    Ok(all)
}

/// The digits of a number, however its reader keeps the sign.
fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
