//! Validation material inside a signature, RFC 5652 §10.2 and EN 319 122-1 §5.5 and §A.1: where foreign signers put
//! it, and where we do.

use der::Encode;
use pki::tlv::{Cursor, Misread, sequence, wrap};

use super::{Attribute, SignedData, oid};
use crate::Material;

/// `[1]` of a `RevocationInfoChoice`: another format than a list.
const OTHER: u8 = 0xA1;

impl SignedData {
    /// The certificates, lists and answers that all signatures share.
    pub fn material(&self) -> Material {
        let mut material = Material::default();
        for choice in &self.certificates {
            add_certificate(choice, &mut material);
        }
        for choice in &self.revocations {
            add_revocation(choice, &mut material);
        }
        material
    }

    /// Keeps material beside the signatures; what is there already is not added again.
    pub fn keep(&mut self, material: Material) -> der::Result<()> {
        let material = material.without(&self.material());
        let ocsp = oid::OCSP_RESPONSE.to_der()?;
        self.certificates.extend(material.certificates);
        self.revocations.extend(material.lists);
        let answers = material.answers.iter();
        self.revocations
            .extend(answers.map(|answer| wrap(OTHER, &[&ocsp, answer])));
        Ok(())
    }
}

pub(super) fn add_certificate(choice: &[u8], material: &mut Material) {
    if choice.first() == Some(&0x30) {
        material.certificates.insert(choice.to_vec());
    }
}

pub(super) fn add_revocation(choice: &[u8], material: &mut Material) {
    match choice.first() {
        Some(0x30) => {
            material.lists.insert(choice.to_vec());
        }
        Some(&OTHER) => {
            material.answers.extend(answer(choice).ok().flatten());
        }
        _ => {}
    }
}

/// The `OCSPResponse` in another format of revocation information.
fn answer(choice: &[u8]) -> Result<Option<Vec<u8>>, Misread> {
    let mut fields = Cursor::only(choice)?.enter(OTHER)?;
    let format = fields.read()?.oid()?;
    let value = fields.read()?.encoded;
    fields.end()?;
    Ok(match format {
        oid::OCSP_RESPONSE => Some(value.to_vec()),
        pki::oid::OCSP_BASIC => whole(value),
        _ => None,
    })
}

/// A `BasicOCSPResponse` as a whole, successful `OCSPResponse`.
fn whole(basic: &[u8]) -> Option<Vec<u8>> {
    let oid = pki::oid::OCSP_BASIC.to_der().ok()?;
    let bytes = sequence(&[&oid, &wrap(0x04, &[basic])]);
    Some(sequence(&[&wrap(0x0A, &[&[0]]), &wrap(0xA0, &[&bytes])]))
}

/// What an attribute brings along, as far as it can be read.
pub(super) fn add_attribute(attribute: &Attribute, material: &mut Material) {
    for value in &attribute.values {
        // Nothing is proven by what is left out.
        let _unread = match attribute.oid {
            oid::CERTIFICATE_VALUES => certificate_values(value, material),
            oid::REVOCATION_VALUES => revocation_values(value, material, whole),
            oid::PDF_REVOCATION => revocation_values(value, material, |answer| Some(answer.to_vec())),
            _ => Ok(()),
        };
    }
}

/// `CertificateValues ::= SEQUENCE OF Certificate`.
fn certificate_values(value: &[u8], material: &mut Material) -> Result<(), Misread> {
    let mut values = Cursor::only(value)?.enter(0x30)?;
    while !values.is_done() {
        add_certificate(values.read()?.encoded, material);
    }
    Ok(())
}

/// `SEQUENCE { [0] SEQUENCE OF CertificateList, [1] SEQUENCE OF an answer, … }`, each optional. The answers are basic
/// ones in CAdES and whole ones in PDF.
fn revocation_values(
    value: &[u8],
    material: &mut Material,
    answer: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<(), Misread> {
    let mut fields = Cursor::only(value)?.enter(0x30)?;
    if let Some(lists) = fields.optional(0xA0)? {
        let mut lists = lists.enter(0xA0)?.enter(0x30)?;
        while !lists.is_done() {
            add_revocation(lists.expect(0x30)?.encoded, material);
        }
    }
    if let Some(answers) = fields.optional(0xA1)? {
        let mut answers = answers.enter(0xA1)?.enter(0x30)?;
        while !answers.is_done() {
            material.answers.extend(answer(answers.expect(0x30)?.encoded));
        }
    }
    Ok(())
}
