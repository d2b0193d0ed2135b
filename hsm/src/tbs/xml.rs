//! XML `SignedInfo` (XMLDSig 1.1, 4.4): its canonical octets, read by a grammar that admits nothing else.
//!
//! No library parses "exactly the octets that canonicalisation writes", so this is written by hand: a cursor over
//! text, no recursion, no entities but those that C14N writes. What is accepted has one reading only.

mod cursor;

use base64ct::{Base64, Encoding};
use domain::{Digest, HashAlgorithm};

use self::cursor::{Cursor, Tag};
use super::{Expected, TbsError};

const MOST: usize = 512 * 1024;
const MOST_REFERENCES: usize = 1_001;
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const OBJECT: &str = "http://www.w3.org/2000/09/xmldsig#Object";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: [&str; 2] = [
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];
const INCLUSIVE: [&str; 4] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
];

/// The digest to sign, if this `SignedInfo` references exactly what was shown.
pub(super) fn check(octets: &[u8], expected: &Expected<'_>) -> Result<Digest, TbsError> {
    if octets.len() > MOST {
        return Err(TbsError::TooLarge {
            most: u32::try_from(MOST).unwrap_or(u32::MAX),
        });
    }
    let references = read(octets, expected)?;
    let properties = references
        .iter()
        .filter(|reference| reference.is_properties())
        .count();
    if properties > 1 {
        return Err(TbsError::DuplicateReference {
            uri: SIGNED_PROPERTIES.to_owned(),
        });
    }
    unique(&references)?;
    let documents: Vec<_> = references
        .iter()
        .filter(|reference| !reference.is_properties())
        .collect();
    if documents.len() != expected.shown.len() || documents.is_empty() {
        return Err(TbsError::References {
            references: u32::try_from(documents.len()).unwrap_or(u32::MAX),
            shown: u32::try_from(expected.shown.len()).unwrap_or(u32::MAX),
        });
    }
    if documents
        .iter()
        .zip(expected.shown)
        .any(|(reference, shown)| reference.digest != *shown)
    {
        return Err(TbsError::AnotherDigest);
    }
    Ok(expected.profile.hash().digest(octets))
}

struct Reference {
    uri: Option<String>,
    kind: Option<String>,
    digest: Digest,
}

impl Reference {
    fn is_properties(&self) -> bool {
        self.kind.as_deref() == Some(SIGNED_PROPERTIES)
    }
}

fn unique(references: &[Reference]) -> Result<(), TbsError> {
    let mut uris: Vec<_> = references
        .iter()
        .map(|reference| reference.uri.as_deref())
        .collect();
    uris.sort_unstable();
    match uris.array_windows().find(|[one, other]| one == other) {
        Some([uri, _]) => Err(TbsError::DuplicateReference {
            uri: uri.unwrap_or_default().to_owned(),
        }),
        None => Ok(()),
    }
}

fn read(octets: &[u8], expected: &Expected<'_>) -> Result<Vec<Reference>, TbsError> {
    let mut cursor = Cursor::new(octets)?;
    cursor.root("SignedInfo")?;
    cursor.space();
    method(&mut cursor)?;
    cursor.space();
    signature_method(&mut cursor, expected)?;
    cursor.space();
    let mut references = Vec::new();
    while cursor.opens("Reference") {
        if references.len() == MOST_REFERENCES {
            return Err(cursor.fault("no more references than documents can be"));
        }
        references.push(reference(&mut cursor)?);
        cursor.space();
    }
    cursor.close("SignedInfo")?;
    cursor.end()?;
    Ok(references)
}

/// `CanonicalizationMethod`, with the prefix list that exclusive canonicalisation may have.
fn method(cursor: &mut Cursor<'_>) -> Result<(), TbsError> {
    let tag = cursor.open("CanonicalizationMethod", &["Algorithm"])?;
    let uri = algorithm(cursor, &tag)?;
    canonicalisation(cursor, &uri)?;
    cursor.close("CanonicalizationMethod")
}

/// What may stand inside an element that names a canonicalisation.
fn canonicalisation(cursor: &mut Cursor<'_>, uri: &str) -> Result<(), TbsError> {
    cursor.space();
    if EXCLUSIVE.contains(&uri) {
        cursor.inclusive_namespaces()?;
        cursor.space();
        Ok(())
    } else if INCLUSIVE.contains(&uri) {
        Ok(())
    } else {
        Err(TbsError::Uri {
            what: "canonicalisation".to_owned(),
            uri: uri.to_owned(),
        })
    }
}

fn signature_method(cursor: &mut Cursor<'_>, expected: &Expected<'_>) -> Result<(), TbsError> {
    let tag = cursor.open("SignatureMethod", &["Algorithm"])?;
    let uri = algorithm(cursor, &tag)?;
    if uri != expected.profile.xml_uri() {
        return Err(TbsError::Uri {
            what: "signature method".to_owned(),
            uri,
        });
    }
    cursor.space();
    cursor.close("SignatureMethod")
}

fn reference(cursor: &mut Cursor<'_>) -> Result<Reference, TbsError> {
    let mut tag = cursor.open("Reference", &["Id", "Type", "URI"])?;
    let (uri, kind) = (tag.take("URI"), tag.take("Type"));
    cursor.space();
    let mut transforms = Vec::new();
    if cursor.opens("Transforms") {
        transforms = read_transforms(cursor)?;
        cursor.space();
    }
    let method = cursor.open("DigestMethod", &["Algorithm"])?;
    let hash = algorithm(cursor, &method)?;
    let found = HashAlgorithm::ALL
        .into_iter()
        .find(|known| known.xml_uri() == hash);
    let hash = found.ok_or(TbsError::Uri {
        what: "digest method".to_owned(),
        uri: hash,
    })?;
    cursor.space();
    cursor.close("DigestMethod")?;
    cursor.space();
    cursor.open("DigestValue", &[])?;
    let text = cursor.packed();
    let bytes = Base64::decode_vec(&text).map_err(|_| cursor.fault("a digest in base64"))?;
    let digest = hash
        .parse(&bytes)
        .map_err(|_| cursor.fault("a digest of the length of its method"))?;
    cursor.close("DigestValue")?;
    cursor.space();
    cursor.close("Reference")?;
    admit(uri, kind, &transforms, digest)
}

/// `Type` is on the closed list, and signed properties are a part of this same document, canonicalised only.
fn admit(
    uri: Option<String>,
    kind: Option<String>,
    transforms: &[String],
    digest: Digest,
) -> Result<Reference, TbsError> {
    match kind.as_deref() {
        None | Some(OBJECT) => {}
        Some(SIGNED_PROPERTIES) => {
            let here = uri
                .as_deref()
                .is_some_and(|uri| uri.len() > 1 && uri.starts_with('#') && !uri.contains('('));
            let plain = transforms.len() <= 1 && transforms.iter().all(|uri| uri != ENVELOPED);
            if !here || !plain {
                return Err(TbsError::Uri {
                    what: "reference to signed properties".to_owned(),
                    uri: uri.unwrap_or_default(),
                });
            }
        }
        Some(other) => {
            return Err(TbsError::Uri {
                what: "reference type".to_owned(),
                uri: other.to_owned(),
            });
        }
    }
    Ok(Reference { uri, kind, digest })
}

fn read_transforms(cursor: &mut Cursor<'_>) -> Result<Vec<String>, TbsError> {
    cursor.open("Transforms", &[])?;
    cursor.space();
    let mut transforms = Vec::new();
    while cursor.opens("Transform") {
        let tag = cursor.open("Transform", &["Algorithm"])?;
        let uri = algorithm(cursor, &tag)?;
        if uri == ENVELOPED {
            cursor.space();
        } else if EXCLUSIVE.contains(&uri.as_str()) || INCLUSIVE.contains(&uri.as_str()) {
            canonicalisation(cursor, &uri)?;
        } else {
            return Err(TbsError::Uri {
                what: "transform".to_owned(),
                uri,
            });
        }
        cursor.close("Transform")?;
        cursor.space();
        transforms.push(uri);
        if transforms.len() > 4 {
            return Err(cursor.fault("at most four transforms"));
        }
    }
    if transforms.is_empty() {
        return Err(cursor.fault("a Transform"));
    }
    cursor.close("Transforms")?;
    Ok(transforms)
}

fn algorithm(cursor: &Cursor<'_>, tag: &Tag) -> Result<String, TbsError> {
    tag.get("Algorithm")
        .map(str::to_owned)
        .ok_or_else(|| cursor.fault("the attribute Algorithm"))
}
