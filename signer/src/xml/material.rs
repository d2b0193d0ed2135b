//! Certificates, lists and answers inside a signature.

use super::{
    names::XADES,
    signature::{Signature, base64_of},
    tree::Element,
};
use crate::Material;

/// All that travels in a signature.
pub(super) fn inside(signature: &Signature<'_, '_>) -> Material {
    let mut material = Material::default();
    material
        .certificates
        .extend(signature.certificates.iter().cloned());
    for property in signature.unsigned() {
        add(property, &mut material);
    }
    material
}

/// What an unsigned property holds. Counter-signatures are signatures of their own, with their own material.
pub(super) fn add(property: Element<'_, '_>, material: &mut Material) {
    if property.local() == "CounterSignature" {
        return;
    }
    for element in property
        .descendants()
        .filter(|element| element.namespace() == XADES)
    {
        let place = match element.local() {
            "EncapsulatedX509Certificate" => &mut material.certificates,
            "EncapsulatedCRLValue" => &mut material.lists,
            "EncapsulatedOCSPValue" => &mut material.answers,
            _ => continue,
        };
        place.extend(base64_of(element));
    }
}
