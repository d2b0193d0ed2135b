//! What a signer says beside, if the signature covers it.

use domain::Time;

use super::{
    super::{XmlFault, names::XADES, tree::Element},
    Document, Signature, Target,
};
use crate::{Fault, Properties};

/// `xades:SignedProperties` that the signature covers.
#[derive(Clone, Copy)]
pub(super) struct Signed<'t, 'a> {
    pub(super) element: Element<'t, 'a>,
}

/// The signed properties of this signature; every other kind of them is a fault, because somebody would believe them.
pub(super) fn signed<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    faults: &mut Vec<Fault>,
) -> Option<Signed<'t, 'a>> {
    let qualifying = match signature.qualifying() {
        Ok(found) => found,
        Err(fault) => {
            faults.push(fault.into());
            None
        }
    };
    let many = qualifying.is_some_and(|qualifying| {
        let all = qualifying
            .descendants()
            .filter(|element| element.is(XADES, "SignedProperties"));
        let own = |element: &Element<'t, 'a>| element.lineage().find(|around| around.local() == "Signature");
        all.filter(|element| own(element).map(Element::id) == Some(signature.element.id()))
            .count()
            > 1
    });
    if many {
        faults.push(XmlFault::PropertiesTwice.into());
        return None;
    }
    let properties = qualifying.and_then(|qualifying| qualifying.only(XADES, "SignedProperties"));
    let mut references = signature
        .references
        .iter()
        .filter(|reference| reference.is_to_properties());
    let reference = references.next();
    if references.next().is_some() {
        faults.push(XmlFault::PropertiesReferences.into());
        return None;
    }
    let target = reference.and_then(|reference| document.target(reference).ok());
    match (properties, reference, target) {
        (None, None, _) => None,
        (Some(element), Some(reference), Some(Target::Element(target))) if target.id() == element.id() => {
            let transforms = &reference.transforms;
            if transforms.enveloped || transforms.no_signatures || transforms.base64 {
                faults.push(XmlFault::PropertiesTransforms.into());
                return None;
            }
            Some(Signed { element })
        }
        (Some(_), None, _) => {
            faults.push(XmlFault::PropertiesUncovered.into());
            None
        }
        (_, Some(_), _) => {
            faults.push(XmlFault::PropertiesForeign.into());
            None
        }
    }
}

/// What they say.
pub(super) fn said(signed: Signed<'_, '_>) -> Properties {
    let text = |element: Element<'_, '_>| element.text().map(|text| text.trim().to_owned());
    let mut said = Properties::default();
    for element in signed
        .element
        .descendants()
        .filter(|element| element.namespace() == XADES)
    {
        match element.local() {
            "SigningTime" => said.time = text(element).and_then(|text| Time::parse_rfc3339(&text).ok()),
            "SigPolicyId" => {
                let identifier = element.only(XADES, "Identifier");
                said.policy = identifier.and_then(text);
            }
            "CommitmentTypeId" => {
                let identifier = element.only(XADES, "Identifier");
                said.commitments.extend(identifier.and_then(text));
            }
            "ClaimedRole" => said.roles.extend(text(element)),
            "SignatureProductionPlaceV2" | "SignatureProductionPlace" => {
                let parts: Vec<String> = element.children().filter_map(text).collect();
                said.place = Some(parts.join(", "));
            }
            _ => {}
        }
    }
    said
}
