//! CMS signed attributes (RFC 5652, 5.4; EN 319 122-1, 5): strict DER, closed list, each exactly once.
//!
//! First the whole is proven to be DER, then every attribute is told apart by its OID, then the values are
//! believed. Nothing is skipped: a reader who interprets more than we do still finds what we found.

mod algorithm;
mod cursor;

use der::asn1::ObjectIdentifier;
use domain::{Digest, HashAlgorithm};

use self::cursor::{Cursor, Fault, Value, strict, tag};
use super::{Expected, TbsError, only};

const MOST: u32 = 64 * 1024;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const REQUIRED: [ObjectIdentifier; 3] = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2];

/// Attributes that say something beside the signature and change nothing about what is signed: signature policy,
/// commitment type, signer location, MIME type; each with its value's identifier.
const BESIDE: [(ObjectIdentifier, u8); 4] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.15"),
        tag::SEQUENCE,
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.16"),
        tag::SEQUENCE,
    ),
    (
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.17"),
        tag::SEQUENCE,
    ),
    (ObjectIdentifier::new_unwrap("0.4.0.1733.2.1"), tag::UTF8_STRING),
];

/// The digest to sign, if these are the signed attributes of what was shown.
pub(super) fn check(der: &[u8], expected: &Expected<'_>) -> Result<Digest, TbsError> {
    if u32::try_from(der.len()).is_ok_and(|length| length <= MOST) {
        let shown = only(expected)?;
        let attributes = attributes(der)?;
        for attribute in &attributes {
            attribute.check(shown, expected)?;
        }
        Ok(expected.profile.hash().digest(der))
    } else {
        Err(TbsError::TooLarge { most: MOST })
    }
}

/// An attribute with its one value.
struct Attribute<'a> {
    oid: ObjectIdentifier,
    value: Value<'a>,
}

/// The attributes in their order, none twice, none of the required missing.
fn attributes(der: &[u8]) -> Result<Vec<Attribute<'_>>, TbsError> {
    strict(der).map_err(not_der)?;
    let mut set = Cursor::new(der).enter(tag::SET).map_err(not_der)?;
    let mut attributes = Vec::<Attribute<'_>>::new();
    let mut before: &[u8] = &[];
    while !set.is_done() {
        let next = set.next().map_err(not_der)?;
        let attribute = Attribute::read(next)?;
        if attributes.iter().any(|known| known.oid == attribute.oid) {
            return Err(TbsError::Twice {
                oid: attribute.oid.to_string(),
            });
        }
        // X.690, 11.6. No encoding is another's beginning, so comparing slices is comparing padded ones.
        if next.encoded <= before {
            return Err(TbsError::Order { at: place(next.at) });
        }
        before = next.encoded;
        attributes.push(attribute);
    }
    match REQUIRED
        .iter()
        .find(|oid| !attributes.iter().any(|known| known.oid == **oid))
    {
        Some(oid) => Err(TbsError::Missing { oid: oid.to_string() }),
        None => Ok(attributes),
    }
}

impl<'a> Attribute<'a> {
    fn read(encoded: Value<'a>) -> Result<Self, TbsError> {
        let mut fields = encoded.enter(tag::SEQUENCE).map_err(not_der)?;
        let oid = fields.next().and_then(Value::oid).map_err(not_der)?;
        let value = sole(fields).map_err(|fault| not_its_form(oid, fault))?;
        Ok(Self { oid, value })
    }

    fn check(&self, shown: &Digest, expected: &Expected<'_>) -> Result<(), TbsError> {
        let verdict = match self.oid {
            CONTENT_TYPE => content_type(self.value),
            MESSAGE_DIGEST => message_digest(self.value, shown),
            SIGNING_CERTIFICATE_V2 => signing_certificate(self.value, expected.certificate),
            SIGNING_TIME => signing_time(self.value).map(Ok),
            ALGORITHM_PROTECTION => algorithm_protection(self.value, expected),
            other => match BESIDE.iter().find(|(known, _)| *known == other) {
                Some((_, form)) => self.value.content_of(*form).map(|_| Ok(())),
                None => Ok(Err(TbsError::Attribute {
                    oid: other.to_string(),
                })),
            },
        };
        verdict.map_err(|fault| not_its_form(self.oid, fault))?
    }
}

/// The one value of an attribute, and nothing after it.
fn sole(mut fields: Cursor<'_>) -> Result<Value<'_>, Fault> {
    let mut values = fields.enter(tag::SET)?;
    fields.end()?;
    let value = values.next()?;
    values.end()?;
    Ok(value)
}

/// The outer failure is one of form, the inner one of what the well-formed value says.
type Verdict = Result<Result<(), TbsError>, Fault>;

/// Every signature of ours is over `id-data`. Another type would let the bytes that the Client saw be taken for a
/// time stamp or a nested message.
fn content_type(value: Value<'_>) -> Verdict {
    let oid = value.oid()?;
    Ok(if oid == DATA {
        Ok(())
    } else {
        Err(TbsError::ContentType { oid: oid.to_string() })
    })
}

fn message_digest(value: Value<'_>, shown: &Digest) -> Verdict {
    let digest = value.content_of(tag::OCTET_STRING)?;
    Ok(if digest == shown.as_bytes() {
        Ok(())
    } else {
        Err(TbsError::AnotherDigest)
    })
}

/// RFC 5652, 11.3: `UTCTime` until 2049, `GeneralizedTime` after; that both are times is proven already.
fn signing_time(value: Value<'_>) -> Result<(), Fault> {
    let late = value.content >= b"2050".as_slice();
    match value.tag {
        tag::UTC_TIME => Ok(()),
        tag::GENERALIZED_TIME if late => Ok(()),
        _ => Err(Fault(value.at)),
    }
}

/// `SigningCertificateV2` (RFC 5035, 3): the first `ESSCertIDv2` names the signer, others its chain.
fn signing_certificate(value: Value<'_>, certificate: &[u8; 32]) -> Verdict {
    let mut fields = value.enter(tag::SEQUENCE)?;
    let mut certificates = fields.enter(tag::SEQUENCE)?;
    fields.optional(tag::SEQUENCE); // policies
    fields.end()?;
    let (oid, hash) = certificate_id(certificates.next()?)?;
    while !certificates.is_done() {
        certificate_id(certificates.next()?)?;
    }
    Ok(match oid {
        Some(oid) if !algorithm::is_hash(oid, HashAlgorithm::Sha256) => {
            Err(TbsError::CertificateHash { oid: oid.to_string() })
        }
        _ if hash == certificate => Ok(()),
        _ => Err(TbsError::Certificate),
    })
}

/// `ESSCertIDv2`: the hash algorithm if it is named, and the hash.
///
/// SHA-256 is the default, and DER does not write a default. Yet naming it is widespread, every reader of RFC 5035
/// knows both forms, and both say the same; so it may be named.
fn certificate_id(value: Value<'_>) -> Result<(Option<ObjectIdentifier>, &[u8]), Fault> {
    let mut fields = value.enter(tag::SEQUENCE)?;
    let named = fields.optional(tag::SEQUENCE);
    let oid = match named {
        Some(identifier) => Some(algorithm::hash(&mut identifier.enter(tag::SEQUENCE)?)?),
        None => None,
    };
    let hash = fields.next()?.content_of(tag::OCTET_STRING)?;
    if let Some(issuer_serial) = fields.optional(tag::SEQUENCE) {
        let mut parts = issuer_serial.enter(tag::SEQUENCE)?;
        parts.enter(tag::SEQUENCE)?;
        parts.enter(tag::INTEGER)?;
        parts.end()?;
    }
    fields.end()?;
    Ok((oid, hash))
}

/// `CMSAlgorithmProtection` (RFC 6211): digest algorithm, then `[1]` signature algorithm; `[2]` is for MACs.
fn algorithm_protection(value: Value<'_>, expected: &Expected<'_>) -> Verdict {
    let mut fields = value.enter(tag::SEQUENCE)?;
    let digest = algorithm::hash(&mut fields.enter(tag::SEQUENCE)?)?;
    let signature = fields.enter(tag::context(1))?;
    fields.end()?;
    let same = algorithm::is_hash(digest, expected.profile.hash())
        && algorithm::is_signature(signature, expected.profile)?;
    Ok(if same { Ok(()) } else { Err(TbsError::Algorithms) })
}

fn not_der(Fault(at): Fault) -> TbsError {
    TbsError::Der { at: place(at) }
}

fn not_its_form(oid: ObjectIdentifier, Fault(at): Fault) -> TbsError {
    TbsError::Value {
        oid: oid.to_string(),
        at: place(at),
    }
}

/// Places are below [`MOST`].
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(MOST)
}
