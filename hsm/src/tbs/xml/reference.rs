//! `ds:Reference` (XMLDSig 1.1, 4.4.3): what is referenced, by which transforms, with which digest.

use base64ct::{Base64, Encoding};
use domain::{Digest, HashAlgorithm};

use super::{
    super::TbsError,
    canonicalisation::{is_canonicalisation, prefix_list},
    element::Elements,
    named,
};

const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const OBJECT: &str = "http://www.w3.org/2000/09/xmldsig#Object";
/// A closed list: a manifest would sign what it lists without anybody having looked.
const TYPES: [&str; 3] = [COUNTERSIGNED, OBJECT, SIGNED_PROPERTIES];
/// Another's signature value, which is then what was shown.
const COUNTERSIGNED: &str = "http://uri.etsi.org/01903#CountersignedSignature";
/// Beside the canonicalisations: all but the signature itself, and what base64 stands for.
const PLAIN: [&str; 2] = [
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
];
/// All but signatures, ours and others'; this one expression of the language, and no other.
const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";
const MOST_TRANSFORMS: usize = 4;

/// One reference.
pub(super) struct Reference {
    /// What properties name it by.
    pub(super) id: Option<String>,
    /// Where it points to; nothing where the application knows.
    pub(super) uri: Option<String>,
    /// The digest of what is there.
    pub(super) digest: Digest,
    /// Whether it is to `XAdES` signed properties, and not to a document.
    pub(super) is_properties: bool,
}

impl Reference {
    /// Reads the reference of this number.
    pub(super) fn read(elements: &mut Elements<'_>, number: u32) -> Result<Self, TbsError> {
        let mut attributes = elements.open("Reference", &["Id", "Type", "URI"])?;
        let (id, uri) = (attributes.take("Id"), attributes.take("URI"));
        let kind = attributes.take("Type");
        if let Some(kind) = kind.as_deref().filter(|kind| !TYPES.contains(kind)) {
            return Err(TbsError::ReferenceType { uri: named(kind) });
        }
        elements.cursor.space();
        let transforms = if elements.opens("Transforms") {
            transforms(elements)?
        } else {
            Vec::new()
        };
        let digest = digest(elements)?;
        elements.close("Reference")?;
        let is_properties = kind.as_deref() == Some(SIGNED_PROPERTIES);
        if is_properties && !(is_here(uri.as_deref()) && is_plain(&transforms)) {
            return Err(TbsError::PropertiesReference { reference: number });
        }
        Ok(Self {
            id,
            uri,
            digest,
            is_properties,
        })
    }
}

/// Whether this is `#id`: the same document, and no `XPointer`.
fn is_here(uri: Option<&str>) -> bool {
    let id = uri.and_then(|uri| uri.strip_prefix('#')).unwrap_or_default();
    let part = |character: char| character.is_alphanumeric() || "-_.".contains(character);
    id.starts_with(|first: char| first.is_alphabetic() || first == '_') && id.chars().all(part)
}

/// Whether there is only a canonicalisation; without any, XMLDSig applies C14N 1.0 (4.4.3.2).
fn is_plain(transforms: &[String]) -> bool {
    transforms.len() <= 1 && transforms.iter().all(|uri| is_canonicalisation(uri))
}

fn transforms(elements: &mut Elements<'_>) -> Result<Vec<String>, TbsError> {
    elements.open("Transforms", &[])?;
    elements.cursor.space();
    let mut found = Vec::new();
    while found.is_empty() || elements.opens("Transform") {
        if found.len() == MOST_TRANSFORMS {
            return Err(elements.cursor.fault("at most four transforms"));
        }
        let uri = elements.open_algorithm("Transform")?;
        if is_canonicalisation(&uri) {
            prefix_list(elements, &uri)?;
        } else if uri == XPATH {
            elements.expression()?;
        } else if !PLAIN.contains(&uri.as_str()) {
            return Err(TbsError::Transform { uri: named(&uri) });
        }
        elements.cursor.space();
        elements.close("Transform")?;
        elements.cursor.space();
        found.push(uri);
    }
    elements.close("Transforms")?;
    elements.cursor.space();
    Ok(found)
}

fn digest(elements: &mut Elements<'_>) -> Result<Digest, TbsError> {
    let uri = elements.open_algorithm("DigestMethod")?;
    let algorithm = HashAlgorithm::ALL
        .into_iter()
        .find(|known| known.xml_uri() == uri)
        .ok_or_else(|| TbsError::DigestMethod { uri: named(&uri) })?;
    elements.cursor.space();
    elements.close("DigestMethod")?;
    elements.cursor.space();
    elements.open("DigestValue", &[])?;
    let text = elements.cursor.base64();
    let digest = Base64::decode_vec(&text)
        .ok()
        .and_then(|bytes| algorithm.parse(&bytes).ok())
        .ok_or_else(|| elements.cursor.fault("a digest of its method in base64"))?;
    elements.close("DigestValue")?;
    elements.cursor.space();
    Ok(digest)
}
