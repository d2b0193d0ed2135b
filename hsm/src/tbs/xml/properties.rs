//! `xades:SignedProperties` (EN 319 132-1, 5.2): their canonical octets, read by a grammar that admits nothing else.
//!
//! Here the signature says whose it is. What else they may say is a closed list too: when, and of what kind each
//! document is. Only exclusive canonicalisation is read, which declares each namespace where it is first needed.

use base64ct::{Base64, Encoding};
use domain::HashAlgorithm;

use super::{super::TbsError, element::Elements, named};

const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
/// Characters of a media type or a description.
const MOST_TEXT: usize = 256;

/// What the properties say that something else must agree with.
pub(super) struct Properties {
    /// By what they are referenced.
    pub(super) id: String,
    /// SHA-256 of the signer's certificate.
    pub(super) certificate: Vec<u8>,
    /// Ids of the references whose kind they tell.
    pub(super) described: Vec<String>,
}

impl Properties {
    /// Reads them, and nothing besides.
    pub(super) fn read(octets: &[u8]) -> Result<Self, TbsError> {
        let mut elements = Elements::root_of(octets, "SignedProperties", XADES)?;
        if !elements.suits_exclusive(&[]) {
            return Err(elements.cursor.fault("properties in exclusive canonical form"));
        }
        let id = elements.id().filter(|id| !id.is_empty()).map(str::to_owned);
        let id = id.ok_or_else(|| elements.cursor.fault("the attribute Id"))?;
        elements.open("SignedSignatureProperties", &["Id"])?;
        if elements.opens("SigningTime") {
            signing_time(&mut elements)?;
        }
        let certificate = signing_certificate(&mut elements)?;
        elements.close("SignedSignatureProperties")?;
        let mut described = Vec::new();
        if elements.opens("SignedDataObjectProperties") {
            elements.open("SignedDataObjectProperties", &["Id"])?;
            while described.is_empty() || elements.opens("DataObjectFormat") {
                described.push(format(&mut elements)?);
            }
            elements.close("SignedDataObjectProperties")?;
        }
        elements.close("SignedProperties")?;
        elements.cursor.end()?;
        Ok(Self {
            id,
            certificate,
            described,
        })
    }
}

/// `2026-11-20T08:00:00Z`: one way to write an instant.
fn signing_time(elements: &mut Elements<'_>) -> Result<(), TbsError> {
    const PATTERN: &[u8] = b"0000-00-00T00:00:00Z";
    elements.open("SigningTime", &[])?;
    let text = elements.cursor.text();
    let fits = |(found, pattern): (u8, &u8)| match pattern {
        b'0' => found.is_ascii_digit(),
        other => found == *other,
    };
    if text.len() != PATTERN.len() || !text.bytes().zip(PATTERN).all(fits) {
        return Err(elements.cursor.fault("a time in whole seconds UTC"));
    }
    elements.close("SigningTime")
}

/// One certificate, named by its SHA-256.
fn signing_certificate(elements: &mut Elements<'_>) -> Result<Vec<u8>, TbsError> {
    elements.open("SigningCertificateV2", &[])?;
    elements.open("Cert", &[])?;
    elements.open("CertDigest", &[])?;
    let (name, mut attributes) = elements.open_signature_element("DigestMethod")?;
    let method = attributes.take("Algorithm").unwrap_or_default();
    if method != HashAlgorithm::Sha256.xml_uri() {
        return Err(TbsError::DigestMethod { uri: named(&method) });
    }
    attributes.none_left(&elements.cursor)?;
    elements.cursor.expect(&format!("</{name}>"))?;
    let (name, attributes) = elements.open_signature_element("DigestValue")?;
    attributes.none_left(&elements.cursor)?;
    let value = Base64::decode_vec(elements.cursor.text());
    let value = value.map_err(|_| elements.cursor.fault("a digest in base64"))?;
    elements.cursor.expect(&format!("</{name}>"))?;
    for local in ["CertDigest", "Cert", "SigningCertificateV2"] {
        elements.close(local)?;
    }
    Ok(value)
}

/// Of what kind a document is; the id of its reference.
fn format(elements: &mut Elements<'_>) -> Result<String, TbsError> {
    let mut attributes = elements.open("DataObjectFormat", &["ObjectReference"])?;
    let reference = attributes.take("ObjectReference");
    let id = reference.as_deref().and_then(|uri| uri.strip_prefix('#'));
    let id = id.filter(|id| !id.is_empty()).map(str::to_owned);
    let id = id.ok_or_else(|| elements.cursor.fault("a reference by id"))?;
    for local in ["Description", "MimeType"] {
        if local == "MimeType" || elements.opens(local) {
            elements.open(local, &[])?;
            let text = elements.cursor.text();
            if text.is_empty() || text.chars().count() > MOST_TEXT {
                return Err(elements.cursor.fault("1 to 256 characters"));
            }
            elements.close(local)?;
        }
    }
    elements.close("DataObjectFormat")?;
    Ok(id)
}
