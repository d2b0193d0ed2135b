//! XML `SignedInfo` (XMLDSig 1.1, 4.4): its canonical octets, read by a grammar that admits nothing else.
//!
//! No library parses "exactly the octets that canonicalisation writes", so this is written by hand: a cursor over
//! text, no recursion, no entities but those that C14N writes. What is accepted has one reading only.
//!
//! `cursor` knows characters, `element` tags and namespaces, `canonicalisation` and `reference` the grammar.

mod canonicalisation;
mod cursor;
mod element;
mod properties;
mod reference;

use domain::Digest;

use self::{element::Elements, properties::Properties, reference::Reference};
use super::{Expected, TbsError};

/// As many references as documents can be, each with room for its transforms, and nothing like a document.
const MOST: u32 = 512 * 1024;
/// A thousand documents and the signed properties.
const MOST_REFERENCES: u32 = 1_001;
/// Of what names an algorithm, as many characters are told.
const TOLD: usize = 128;

/// The digest to sign, if this `SignedInfo` references exactly what was shown, and these signed properties.
pub(super) fn check(
    octets: &[u8],
    properties: Option<&[u8]>,
    expected: &Expected<'_>,
) -> Result<Digest, TbsError> {
    let length = octets.len().max(properties.map_or(0, <[u8]>::len));
    if u32::try_from(length).is_ok_and(|length| length <= MOST) {
        let references = read(octets, expected)?;
        at_most_one_properties(&references)?;
        no_uri_twice(&references)?;
        documents_are_shown(&references, expected.shown)?;
        properties_belong(&references, properties, expected)?;
        Ok(expected.profile.hash().digest(octets))
    } else {
        Err(TbsError::TooLarge { most: MOST })
    }
}

fn read(octets: &[u8], expected: &Expected<'_>) -> Result<Vec<Reference>, TbsError> {
    let mut elements = Elements::root(octets, "SignedInfo")?;
    elements.cursor.space();
    canonicalisation::method(&mut elements)?;
    elements.cursor.space();
    signature_method(&mut elements, expected)?;
    elements.cursor.space();
    let mut references = Vec::new();
    while elements.opens("Reference") {
        let next = number(references.len());
        if next == MOST_REFERENCES {
            return Err(TbsError::TooManyReferences {
                most: MOST_REFERENCES,
            });
        }
        references.push(Reference::read(&mut elements, next)?);
        elements.cursor.space();
    }
    elements.close("SignedInfo")?;
    elements.cursor.end()?;
    Ok(references)
}

fn signature_method(elements: &mut Elements<'_>, expected: &Expected<'_>) -> Result<(), TbsError> {
    let uri = elements.open_algorithm("SignatureMethod")?;
    if uri != expected.profile.xml_uri() {
        return Err(TbsError::SignatureMethod { uri: named(&uri) });
    }
    elements.cursor.space();
    elements.close("SignatureMethod")
}

fn at_most_one_properties(references: &[Reference]) -> Result<(), TbsError> {
    let mut numbers = (0..)
        .zip(references)
        .filter(|(_, reference)| reference.is_properties)
        .map(|(number, _)| number);
    match (numbers.next(), numbers.next()) {
        (Some(first), Some(second)) => Err(TbsError::TwoProperties { first, second }),
        _ => Ok(()),
    }
}

/// Also refuses two references without URI: only the application would know which is which.
fn no_uri_twice(references: &[Reference]) -> Result<(), TbsError> {
    let mut uris: Vec<(Option<&str>, u32)> = references
        .iter()
        .map(|reference| reference.uri.as_deref())
        .zip(0..)
        .collect();
    uris.sort_unstable();
    match uris.array_windows().find(|[(one, _), (other, _)]| one == other) {
        Some(&[(_, first), (_, second)]) => Err(TbsError::DuplicateReference { first, second }),
        None => Ok(()),
    }
}

/// One to one and in order; a `SignedInfo` about nothing is refused too.
fn documents_are_shown(references: &[Reference], shown: &[Digest]) -> Result<(), TbsError> {
    let documents: Vec<Digest> = references
        .iter()
        .filter(|reference| !reference.is_properties)
        .map(|reference| reference.digest)
        .collect();
    if documents.is_empty() || documents.len() != shown.len() {
        return Err(TbsError::References {
            references: number(documents.len()),
            shown: number(shown.len()),
        });
    }
    if documents == shown {
        Ok(())
    } else {
        Err(TbsError::AnotherDigest)
    }
}

/// The properties are those that are referenced, and name the Credential's certificate. A `SignedInfo` without them
/// names no certificate at all (the national form); one that references properties nobody can read is refused.
fn properties_belong(
    references: &[Reference],
    octets: Option<&[u8]>,
    expected: &Expected<'_>,
) -> Result<(), TbsError> {
    let reference = references.iter().find(|reference| reference.is_properties);
    let (reference, octets) = match (reference, octets) {
        (None, None) => return Ok(()),
        (Some(_), None) => return Err(TbsError::PropertiesMissing),
        (None, Some(_)) => return Err(TbsError::PropertiesUnreferenced),
        (Some(reference), Some(octets)) => (reference, octets),
    };
    if reference.digest.algorithm().digest(octets) != reference.digest {
        return Err(TbsError::PropertiesDigest);
    }
    let properties = Properties::read(octets)?;
    if reference.uri.as_deref().and_then(|uri| uri.strip_prefix('#')) != Some(&properties.id) {
        return Err(TbsError::PropertiesUnreferenced);
    }
    if properties.certificate != expected.certificate {
        return Err(TbsError::Certificate);
    }
    let mut ids: Vec<&str> = references
        .iter()
        .filter(|reference| !reference.is_properties)
        .filter_map(|reference| reference.id.as_deref())
        .collect();
    ids.sort_unstable();
    let mut described: Vec<&str> = properties.described.iter().map(String::as_str).collect();
    described.sort_unstable();
    let once = |names: &[&str]| names.array_windows().all(|[one, other]| one != other);
    if once(&ids) && once(&described) && described.iter().all(|id| ids.binary_search(id).is_ok()) {
        Ok(())
    } else {
        Err(TbsError::PropertiesDescribe)
    }
}

/// Counts here are below [`MOST`].
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What names an algorithm, cut.
fn named(uri: &str) -> String {
    uri.chars().take(TOLD).collect()
}
