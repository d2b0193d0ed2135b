//! The form of a signature: a form that two readers could take differently is a fault.

use pki::tlv::Cursor;

use super::{Attribute, CmsFault, SignerInfo, algorithm, oid};
use crate::{Algorithm, Fault};

/// Attributes each once, in DER's order, and of one value where one is meant.
pub(super) fn examine(signer: &SignerInfo, attributes: &[Attribute], faults: &mut Vec<Fault>) {
    if !matches!(
        (signer.version, signer.id.first()),
        (1, Some(0x30)) | (3, Some(0x80))
    ) {
        faults.push(
            CmsFault::Version {
                version: u64::from(signer.version),
            }
            .into(),
        );
    }
    let Some(set) = &signer.signed else { return };
    let mut cursor = match Cursor::only(set).and_then(|set| set.enter(0x31)) {
        Ok(cursor) => cursor,
        Err(misread) => return faults.push(CmsFault::AttributesUnreadable { at: misread.at }.into()),
    };
    let mut before: &[u8] = &[];
    while let Ok(next) = cursor.read() {
        if next.encoded < before {
            faults.push(CmsFault::AttributesOrder.into());
            break;
        }
        before = next.encoded;
    }
    for (number, attribute) in attributes.iter().enumerate() {
        if attributes
            .iter()
            .take(number)
            .any(|other| other.oid == attribute.oid)
        {
            let attribute = attribute.oid.to_string();
            faults.push(CmsFault::AttributeTwice { attribute }.into());
        }
        if attribute.values.len() != 1 && attribute.oid != oid::COMMITMENT {
            let count = attribute.values.len();
            let attribute = attribute.oid.to_string();
            faults.push(CmsFault::AttributeValues { attribute, count }.into());
        }
    }
    if only(attributes, pki::oid::MESSAGE_DIGEST)
        .and_then(octets)
        .is_none()
    {
        faults.push(CmsFault::NoMessageDigest.into());
    }
}

/// How it is signed; every place that names an algorithm must name the same.
pub(super) fn algorithms(
    signer: &SignerInfo,
    attributes: &[Attribute],
    faults: &mut Vec<Fault>,
) -> Algorithm {
    let stated = algorithm::identifier(&signer.digest_algorithm).map(|found| found.0);
    let named = algorithm::hash_of_signature(&signer.signature_algorithm);
    let digest = match (stated, named) {
        (Ok(stated), Ok(Some(named))) => {
            if stated != named {
                let named = named.clone();
                faults.push(CmsFault::DigestsDiffer { stated, named }.into());
            }
            named
        }
        (Ok(stated), Ok(None)) => stated,
        (Err(_), _) | (_, Err(_)) => {
            faults.push(CmsFault::AlgorithmUnreadable.into());
            String::new()
        }
    };
    if let Some(protection) = only(attributes, oid::ALGORITHM_PROTECTION) {
        let protected = wrapped(&signer.digest_algorithm, 0x30)
            .zip(wrapped(&signer.signature_algorithm, 0xA1))
            .map(|(digest, signature)| pki::tlv::sequence(&[&digest, &signature]));
        if protected.as_deref() != Some(protection) {
            faults.push(CmsFault::ProtectionDiffers.into());
        }
    }
    Algorithm {
        signature: signer.signature_algorithm.clone(),
        digest,
    }
}

/// A SEQUENCE under another tag.
fn wrapped(sequence: &[u8], tag: u8) -> Option<Vec<u8>> {
    let value = Cursor::only(sequence).ok()?;
    Some(pki::tlv::wrap(tag, &[value.content]))
}

/// The one value of an attribute.
pub(super) fn only(attributes: &[Attribute], oid: der::asn1::ObjectIdentifier) -> Option<&[u8]> {
    attributes.iter().find(|attribute| attribute.oid == oid)?.only()
}

/// The octets of an OCTET STRING.
pub(super) fn octets(value: &[u8]) -> Option<&[u8]> {
    let value = Cursor::only(value).and_then(|value| value.of(0x04));
    value.ok().map(|value| value.content)
}
