//! Our elements as text. What is written here is read back before it is signed, so that the canonical octets are those
//! of what will stand in the document.

use base64ct::{Base64, Encoding};
use domain::{Digest, HashAlgorithm, Time};
use serde::{Deserialize, Serialize};

use super::{
    canonical::Canonicalisation,
    names::{BASE64, COUNTERSIGNED, DSIG, ENVELOPED, SIGNED_PROPERTIES, XADES, XPATH},
};
use crate::SigningCertificate;

/// What a reference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum About {
    Document,
    Countersigned,
    Properties,
}

impl About {
    const fn uri(self) -> Option<&'static str> {
        match self {
            Self::Document => None,
            Self::Countersigned => Some(COUNTERSIGNED),
            Self::Properties => Some(SIGNED_PROPERTIES),
        }
    }
}

/// A step between what a reference points to and what is hashed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Step {
    Enveloped,
    OtherSignatures,
    Base64,
    Canonical(Canonicalisation),
}

/// A reference as it will be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reference {
    pub(super) id: Option<String>,
    pub(super) uri: String,
    pub(super) about: About,
    pub(super) steps: Vec<Step>,
    pub(super) digest: Digest,
    /// Of what kind the thing is; said in the signed properties.
    pub(super) media_type: String,
}

impl Reference {
    /// The one to the signed properties of this Id.
    pub(super) fn to_properties(id: &str, digest: Digest) -> Self {
        Self {
            id: None,
            uri: format!("#{id}"),
            about: About::Properties,
            steps: vec![Step::Canonical(Canonicalisation::EXCLUSIVE)],
            digest,
            media_type: String::new(),
        }
    }

    fn write(&self, text: &mut String) {
        text.push_str("<ds:Reference");
        if let Some(id) = &self.id {
            text.extend([" Id=\"", id, "\""]);
        }
        if let Some(uri) = self.about.uri() {
            text.extend([" Type=\"", uri, "\""]);
        }
        text.extend([" URI=\"", &escaped(&self.uri), "\">"]);
        if !self.steps.is_empty() {
            text.push_str("<ds:Transforms>");
            for step in &self.steps {
                step.write(text);
            }
            text.push_str("</ds:Transforms>");
        }
        write_digest(&self.digest, text);
        text.push_str("</ds:Reference>");
    }
}

impl Step {
    fn write(&self, text: &mut String) {
        let (uri, inside) = match self {
            Self::Enveloped => (ENVELOPED, ""),
            Self::OtherSignatures => (XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>"),
            Self::Base64 => (BASE64, ""),
            Self::Canonical(method) => (method.uri(), ""),
        };
        text.extend([
            "<ds:Transform Algorithm=\"",
            uri,
            "\">",
            inside,
            "</ds:Transform>",
        ]);
    }
}

fn write_digest(digest: &Digest, text: &mut String) {
    let (method, value) = (digest.algorithm().xml_uri(), base64(digest.as_bytes()));
    text.extend([
        "<ds:DigestMethod Algorithm=\"",
        method,
        "\"></ds:DigestMethod><ds:DigestValue>",
    ]);
    text.extend([&value, "</ds:DigestValue>"]);
}

/// `ds:SignedInfo`.
pub(super) fn signed_info(method: &Canonicalisation, signature: &str, references: &[Reference]) -> String {
    let mut text = String::with_capacity(512 * (references.len() + 1));
    text.extend([
        "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"",
        method.uri(),
    ]);
    text.extend([
        "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"",
        signature,
    ]);
    text.push_str("\"></ds:SignatureMethod>");
    for reference in references {
        reference.write(&mut text);
    }
    text.push_str("</ds:SignedInfo>");
    text
}

/// `xades:QualifyingProperties` (EN 319 132-1, 4.3) with what a signer says: when, with which certificate, and of what
/// kind each document is.
pub(super) fn qualifying_properties(
    signature: &str,
    time: Time,
    signer: &SigningCertificate,
    references: &[Reference],
) -> String {
    let mut text = format!(
        "<xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#{signature}\"><xades:SignedProperties \
         Id=\"{signature}-properties\"><xades:SignedSignatureProperties><xades:SigningTime>{}</xades:SigningTime>\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>",
        time.whole_second()
    );
    write_digest(&HashAlgorithm::Sha256.digest(signer.der()), &mut text);
    text.push_str(
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
         <xades:SignedDataObjectProperties>",
    );
    for reference in references {
        let id = reference.id.as_deref().unwrap_or_default();
        text.extend([
            "<xades:DataObjectFormat ObjectReference=\"#",
            id,
            "\"><xades:MimeType>",
        ]);
        text.extend([
            &escaped(&reference.media_type),
            "</xades:MimeType></xades:DataObjectFormat>",
        ]);
    }
    text.push_str(
        "</xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>",
    );
    text
}

/// `ds:KeyInfo` with these certificates, the signer's first.
pub(super) fn key_info<'c>(certificates: impl Iterator<Item = &'c [u8]>) -> String {
    let mut text = "<ds:KeyInfo><ds:X509Data>".to_owned();
    for der in certificates {
        text.extend(["<ds:X509Certificate>", &base64(der), "</ds:X509Certificate>"]);
    }
    text.push_str("</ds:X509Data></ds:KeyInfo>");
    text
}

/// `ds:Signature` with its parts, but without its end tag; an Id if properties or others point to it.
pub(super) fn signature(id: Option<&str>, parts: &[&str]) -> String {
    let id = id.map_or_else(String::new, |id| format!(" Id=\"{id}\""));
    format!("<ds:Signature xmlns:ds=\"{DSIG}\"{id}>{}", parts.concat())
}

/// `ds:SignatureValue`.
pub(super) fn signature_value(id: Option<&str>, raw: &[u8]) -> String {
    let id = id.map_or_else(String::new, |id| format!(" Id=\"{id}-value\""));
    format!("<ds:SignatureValue{id}>{}</ds:SignatureValue>", base64(raw))
}

/// Compact base64: readers that drop white space must not change what is signed.
pub(super) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Text and values of attributes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
