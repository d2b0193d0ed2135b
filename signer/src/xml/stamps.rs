//! Time stamps on a signature, and the octets that each must be over (EN 319 132-1, 5.2.8, 5.3 and 5.5.2).

use std::collections::BTreeSet;

use super::{
    canonical::Canonicalisation,
    document::{Document, Unresolved},
    material,
    names::{DSIG, XADES, XADES141},
    signature::{Signature, base64_of, canonicalisation},
    tree::{Element, NodeId},
};
use crate::{Fault, Integrity, Material, StampClaim, StampKind, cms::TimeStamp};

/// More time stamps than that are examined on no signature: each makes the document be read. Those beyond prove nothing,
/// which is no fault of the signature.
const MOST: usize = 64;

/// All time stamps of a signature: on the content, on its value, archives in their order.
pub(super) fn claims<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    properties: Option<Element<'t, 'a>>,
    faults: &mut Vec<Fault>,
) -> Vec<StampClaim> {
    let content = properties.into_iter().flat_map(Element::descendants);
    let content = content.filter(|element| element.is(XADES, "AllDataObjectsTimeStamp"));
    let content = content.map(|element| (StampKind::Content, element));
    let unsigned = signature.unsigned().filter_map(|element| {
        if element.is(XADES, "SignatureTimeStamp") {
            Some((StampKind::Signature, element))
        } else if element.local() == "ArchiveTimeStamp" && [XADES, XADES141].contains(&element.namespace()) {
            Some((StampKind::Archive, element))
        } else {
            None
        }
    });
    let mut found: Vec<StampClaim> = Vec::new();
    for (kind, element) in content.chain(unsigned) {
        // An archive is over the properties before its own; the tokens in one property are not over each other.
        let before: BTreeSet<_> = found.iter().map(StampClaim::digest).collect();
        let tokens = element
            .children()
            .filter(|child| child.is(XADES, "EncapsulatedTimeStamp"));
        for token in tokens {
            match base64_of(token) {
                Ok(token) if found.len() >= MOST => found.push(StampClaim {
                    kind,
                    token,
                    imprint: Integrity::Unprovable,
                    index: None,
                    covers: Material::default(),
                    seals: BTreeSet::new(),
                }),
                Ok(token) => found.push(claim(document, signature, (kind, element), (token, &before))),
                Err(fault) => faults.push(fault.into()),
            }
        }
    }
    found
}

fn claim<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    (kind, element): (StampKind, Element<'t, 'a>),
    (token, before): (Vec<u8>, &BTreeSet<[u8; 32]>),
) -> StampClaim {
    let imprint = match TimeStamp::read(&token) {
        Ok(stamp) => imprint(document, signature, (kind, element), &stamp),
        Err(_) => Integrity::Altered,
    };
    let (covers, seals) = match (kind, imprint) {
        (StampKind::Archive, Integrity::Intact) => (covered(signature, element.id()), before.clone()),
        _ => (Material::default(), BTreeSet::new()),
    };
    StampClaim {
        kind,
        token,
        imprint,
        index: None,
        covers,
        seals,
    }
}

fn imprint<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    (kind, element): (StampKind, Element<'t, 'a>),
    stamp: &TimeStamp,
) -> Integrity {
    let Some(stated) = stamp.info.digest() else {
        return Integrity::Unprovable;
    };
    let method = match element.only(DSIG, "CanonicalizationMethod").map(canonicalisation) {
        None => Canonicalisation::INCLUSIVE,
        Some(Ok(method)) => method,
        Some(Err(_)) => return Integrity::Unprovable,
    };
    let hash = stated.algorithm();
    let octets = match kind {
        StampKind::Content => content(document, signature, &method),
        StampKind::Signature => document.of_element(signature.value, &method),
        // Archives of the older version are over something else.
        StampKind::Archive if element.namespace() == XADES => return Integrity::Unprovable,
        StampKind::Archive => archive(document, signature, &method, Some(element.id())),
    };
    match octets {
        Ok(octets) if hash.digest(&octets) == stated => Integrity::Intact,
        Ok(_) => Integrity::Altered,
        Err(_) => Integrity::Missing,
    }
}

/// What all references but that to the signed properties are over.
fn content<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    method: &Canonicalisation,
) -> Result<Vec<u8>, Unresolved> {
    let documents = signature
        .references
        .iter()
        .filter(|reference| !reference.is_to_properties());
    let mut octets = Vec::new();
    for reference in documents {
        octets.extend(referenced(document, signature, reference, method)?);
    }
    Ok(octets)
}

/// One reference as a time stamp takes it: what selects nodes and makes no octets is canonicalised as the stamp says.
fn referenced<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    reference: &super::signature::Reference<'t>,
    method: &Canonicalisation,
) -> Result<Vec<u8>, Unresolved> {
    let (target, own) = (document.target(reference)?, signature.element.id());
    let transforms = &reference.transforms;
    match document.selection(&target, reference, own) {
        Some(selection) if transforms.canonical.is_none() && !transforms.base64 => {
            document.canonical(&selection, method)
        }
        _ => document
            .octets(&target, reference, own)
            .map(std::borrow::Cow::into_owned),
    }
}

/// What an archive time stamp is over: all that is signed, the signature, and every unsigned property before it; all of
/// them if it is not there yet.
pub(super) fn archive<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    method: &Canonicalisation,
    stamp: Option<NodeId>,
) -> Result<Vec<u8>, Unresolved> {
    let mut octets = Vec::new();
    for reference in &signature.references {
        octets.extend(referenced(document, signature, reference, method)?);
    }
    let parts = [signature.info, signature.value]
        .into_iter()
        .chain(signature.key_info);
    let before = signature
        .unsigned()
        .take_while(|property| Some(property.id()) != stamp);
    let objects = signature.objects.iter().copied().filter(|object| {
        let is_referenced = signature.references.iter().any(|reference| {
            matches!(document.target(reference), Ok(super::document::Target::Element(target)) if target.id() == object.id())
        });
        !is_referenced && object.only(XADES, "QualifyingProperties").is_none()
    });
    for element in parts.chain(before).chain(objects) {
        octets.extend(document.of_element(element, method)?);
    }
    Ok(octets)
}

/// The validation material before an archive time stamp.
fn covered(signature: &Signature<'_, '_>, stamp: NodeId) -> Material {
    let mut material = Material::default();
    material
        .certificates
        .extend(signature.certificates.iter().cloned());
    for property in signature.unsigned().take_while(|property| property.id() != stamp) {
        material::add(property, &mut material);
    }
    material
}
