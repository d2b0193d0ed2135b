//! CMS signed attributes (RFC 5652, 5.4; EN 319 122-1, 5): strict DER, closed list, each exactly once.

use der::{
    Decode, Header, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, OctetStringRef, UtcTime},
};
use domain::{Digest, HashAlgorithm};

use super::{Expected, TbsError, only};

const MOST: usize = 64 * 1024;

const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// Attributes that say something beside the signature and change nothing about what is signed.
const BESIDE: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.15"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.16"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.17"),
    ObjectIdentifier::new_unwrap("0.4.0.1733.2.1"),
];

/// The digest to sign, if these are the signed attributes of what was shown.
pub(super) fn check(der: &[u8], expected: &Expected<'_>) -> Result<Digest, TbsError> {
    if der.len() > MOST {
        return Err(TbsError::TooLarge {
            most: u32::try_from(MOST).unwrap_or(u32::MAX),
        });
    }
    let shown = only(expected)?;
    let mut seen = Vec::new();
    for (oid, value) in attributes(der)? {
        if seen.contains(&oid) {
            return Err(TbsError::Order);
        }
        seen.push(oid);
        attribute(oid, value, shown, expected)?;
    }
    for oid in [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2] {
        if !seen.contains(&oid) {
            return Err(TbsError::Missing { oid: oid.to_string() });
        }
    }
    Ok(expected.profile.hash().digest(der))
}

/// The attributes in order, each with its one value. `der` refuses what is not DER: long lengths, trailing bytes.
fn attributes(der: &[u8]) -> Result<Vec<(ObjectIdentifier, AnyRef<'_>)>, TbsError> {
    let mut set = SliceReader::new(der).map_err(|error| fault(&error))?;
    let mut content = body(&mut set, Tag::Set)?;
    set.finish().map_err(|error| fault(&error))?;
    let mut attributes = Vec::new();
    let mut before: Option<&[u8]> = None;
    while !content.is_finished() {
        let encoded = content.tlv_bytes().map_err(|error| fault(&error))?;
        if before.is_some_and(|before| before >= encoded) {
            return Err(TbsError::Order);
        }
        before = Some(encoded);
        attributes.push(read_attribute(encoded)?);
    }
    Ok(attributes)
}

fn read_attribute(encoded: &[u8]) -> Result<(ObjectIdentifier, AnyRef<'_>), TbsError> {
    let mut reader = SliceReader::new(encoded).map_err(|error| fault(&error))?;
    let mut content = body(&mut reader, Tag::Sequence)?;
    reader.finish().map_err(|error| fault(&error))?;
    let oid = ObjectIdentifier::decode(&mut content).map_err(|error| fault(&error))?;
    let one = |_| TbsError::Value { oid: oid.to_string() };
    let mut values = body(&mut content, Tag::Set).map_err(one)?;
    content.finish().map_err(|error| fault(&error))?;
    let value = AnyRef::decode(&mut values).map_err(|_| TbsError::Value { oid: oid.to_string() })?;
    values
        .finish()
        .map_err(|_| TbsError::Value { oid: oid.to_string() })?;
    Ok((oid, value))
}

/// The content of the next value, which must have this tag.
fn body<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> Result<SliceReader<'a>, TbsError> {
    let at = reader.position();
    let header = Header::decode(reader).map_err(|error| fault(&error))?;
    if header.tag() != tag {
        return Err(TbsError::Der { at: at.into() });
    }
    let bytes = reader
        .read_slice(header.length())
        .map_err(|error| fault(&error))?;
    SliceReader::new(bytes).map_err(|error| fault(&error))
}

fn attribute(
    oid: ObjectIdentifier,
    value: AnyRef<'_>,
    shown: &Digest,
    expected: &Expected<'_>,
) -> Result<(), TbsError> {
    let form = || TbsError::Value { oid: oid.to_string() };
    match oid {
        MESSAGE_DIGEST => {
            let digest = value.decode_as::<&OctetStringRef>().map_err(|_| form())?;
            if digest.as_bytes() == shown.as_bytes() {
                Ok(())
            } else {
                Err(TbsError::AnotherDigest)
            }
        }
        CONTENT_TYPE => value
            .decode_as::<ObjectIdentifier>()
            .map(drop)
            .map_err(|_| form()),
        SIGNING_TIME => {
            let utc = value.decode_as::<UtcTime>().is_ok();
            if utc || value.decode_as::<GeneralizedTime>().is_ok() {
                Ok(())
            } else {
                Err(form())
            }
        }
        SIGNING_CERTIFICATE_V2 => {
            if first_certificate(value).map_err(|_| form())?? == expected.certificate {
                Ok(())
            } else {
                Err(TbsError::Certificate)
            }
        }
        ALGORITHM_PROTECTION => protected(value, expected).map_err(|_| form())?,
        other if BESIDE.contains(&other) => Ok(()),
        other => Err(TbsError::Attribute {
            oid: other.to_string(),
        }),
    }
}

/// The hash in the first `ESSCertIDv2`. SHA-256 may be left out (it is the default) or, against DER but as widely
/// written, named; any other algorithm is refused.
fn first_certificate(value: AnyRef<'_>) -> der::Result<Result<&[u8], TbsError>> {
    let mut outer = SliceReader::new(sequence(value)?)?;
    let mut certificates = SliceReader::new(sequence(AnyRef::decode(&mut outer)?)?)?;
    let mut first = SliceReader::new(sequence(AnyRef::decode(&mut certificates)?)?)?;
    let mut next = AnyRef::decode(&mut first)?;
    if next.tag() == Tag::Sequence {
        let mut algorithm = SliceReader::new(next.value())?;
        if oid(&mut algorithm)?.to_string() != HashAlgorithm::Sha256.oid() {
            return Ok(Err(TbsError::Certificate));
        }
        next = AnyRef::decode(&mut first)?;
    }
    if next.tag() == Tag::OctetString {
        Ok(Ok(next.value()))
    } else {
        Err(Tag::OctetString.value_error().into())
    }
}

fn sequence(value: AnyRef<'_>) -> der::Result<&[u8]> {
    if value.tag() == Tag::Sequence {
        Ok(value.value())
    } else {
        Err(Tag::Sequence.value_error().into())
    }
}

/// RFC 6211: digest algorithm, then `[1]` signature algorithm.
fn protected(value: AnyRef<'_>, expected: &Expected<'_>) -> der::Result<Result<(), TbsError>> {
    let mut reader = SliceReader::new(sequence(value)?)?;
    let mut digest = SliceReader::new(sequence(AnyRef::decode(&mut reader)?)?)?;
    let digest = oid(&mut digest)?;
    let signature = AnyRef::decode(&mut reader)?;
    if signature.tag()
        != (Tag::ContextSpecific {
            constructed: true,
            number: TagNumber(1),
        })
    {
        return Ok(Err(TbsError::Algorithms));
    }
    reader.finish()?;
    let signature = oid(&mut SliceReader::new(signature.value())?)?;
    let same = digest.to_string() == expected.profile.hash().oid()
        && signature.to_string() == expected.profile.oid();
    Ok(if same { Ok(()) } else { Err(TbsError::Algorithms) })
}

fn fault(error: &der::Error) -> TbsError {
    TbsError::Der {
        at: error.position().map_or(0, u32::from),
    }
}

fn oid(reader: &mut SliceReader<'_>) -> der::Result<ObjectIdentifier> {
    ObjectIdentifier::decode(reader)
}
