//! The form of a signature: a form that two readers could take differently is a fault.

use pki::tlv::Cursor;

use super::{Attribute, SignerInfo, algorithm, oid};
use crate::Algorithm;

/// Attributes each once, in DER's order, and of one value where one is meant.
pub(super) fn examine(signer: &SignerInfo, attributes: &[Attribute], faults: &mut Vec<String>) {
    if !matches!(
        (signer.version, signer.id.first()),
        (1, Some(0x30)) | (3, Some(0x80))
    ) {
        faults.push(format!(
            "version {} does not go with how the signer is named",
            signer.version
        ));
    }
    let Some(set) = &signer.signed else { return };
    let mut cursor = match Cursor::only(set).and_then(|set| set.enter(0x31)) {
        Ok(cursor) => cursor,
        Err(misread) => return faults.push(misread.to_string()),
    };
    let mut before: &[u8] = &[];
    while let Ok(next) = cursor.read() {
        if next.encoded < before {
            faults.push("the signed attributes are not in DER's order".to_owned());
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
            faults.push(format!("the signed attribute {} is there twice", attribute.oid));
        }
        if attribute.values.len() != 1 && attribute.oid != oid::COMMITMENT {
            let count = attribute.values.len();
            faults.push(format!(
                "the signed attribute {} has {count} values",
                attribute.oid
            ));
        }
    }
    if only(attributes, pki::oid::MESSAGE_DIGEST)
        .and_then(octets)
        .is_none()
    {
        faults.push("the signed attributes have no message digest".to_owned());
    }
}

/// How it is signed; every place that names an algorithm must name the same.
pub(super) fn algorithms(
    signer: &SignerInfo,
    attributes: &[Attribute],
    faults: &mut Vec<String>,
) -> Algorithm {
    let stated = algorithm::identifier(&signer.digest_algorithm).map(|found| found.0);
    let named = algorithm::hash_of_signature(&signer.signature_algorithm);
    let digest = match (stated, named) {
        (Ok(stated), Ok(Some(named))) => {
            if stated != named {
                faults.push(format!(
                    "the digest is by {stated}, but the signature is by {named}"
                ));
            }
            named
        }
        (Ok(stated), Ok(None)) => stated,
        (Err(misread), _) | (_, Err(misread)) => {
            faults.push(format!("an algorithm's identifier: {misread}"));
            String::new()
        }
    };
    if let Some(protection) = only(attributes, oid::ALGORITHM_PROTECTION) {
        let protected = wrapped(&signer.digest_algorithm, 0x30)
            .zip(wrapped(&signer.signature_algorithm, 0xA1))
            .map(|(digest, signature)| pki::tlv::sequence(&[&digest, &signature]));
        if protected.as_deref() != Some(protection) {
            faults.push("the protected algorithms are not those of the signature".to_owned());
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
