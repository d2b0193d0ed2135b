//! Documents to be shown and structures to be signed, made without any of the code under test.

use domain::{Digest, HashAlgorithm, Id, ShownDocument, SignatureProfile, word};
use hsm::ToBeSigned;

use crate::rng;

/// So many documents with digests of the profile's algorithm.
pub fn documents(count: usize, hash: HashAlgorithm) -> Vec<ShownDocument> {
    (0..count)
        .map(|number| ShownDocument {
            id: Id::<word::Document>::from_random(domain::Time::from_micros(0), rng()),
            digest: hash.digest(format!("document {number}").as_bytes()),
        })
        .collect()
}

/// The signed attributes of a document, DER as it is hashed: content type, message digest, signing certificate.
pub fn cms_attributes(digest: &Digest, certificate_sha256: &[u8]) -> Vec<u8> {
    const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    const CONTENT_TYPE: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
    const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
    const SIGNING_CERTIFICATE_V2: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
    let attribute = |oid: &[u8], value: Vec<u8>| tlv(0x30, &[oid.to_vec(), tlv(0x31, &value)].concat());
    let certificate = tlv(0x30, &tlv(0x30, &tlv(0x30, &tlv(0x04, certificate_sha256))));
    let mut attributes = [
        attribute(CONTENT_TYPE, DATA.to_vec()),
        attribute(MESSAGE_DIGEST, tlv(0x04, digest.as_bytes())),
        attribute(SIGNING_CERTIFICATE_V2, certificate),
    ];
    attributes.sort();
    tlv(0x31, &attributes.concat())
}

/// DER: tag, length, content.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ ..128 => vec![u8::try_from(short).unwrap()],
        long @ 128..256 => vec![0x81, u8::try_from(long).unwrap()],
        longer => [vec![0x82], u16::try_from(longer).unwrap().to_be_bytes().to_vec()].concat(),
    };
    [vec![tag], length, content.to_vec()].concat()
}

/// A canonical `SignedInfo` over these documents, with signed properties that name this certificate.
pub fn signed_info(digests: &[Digest], profile: SignatureProfile, certificate: &[u8; 32]) -> ToBeSigned {
    let mut references = String::new();
    for (number, digest) in digests.iter().enumerate() {
        let uri = if number == 0 {
            String::new()
        } else {
            format!("#part-{number}")
        };
        references.push_str(&reference(
            &format!(" URI=\"{uri}\""),
            "enveloped-signature",
            digest,
        ));
    }
    let octets = signed_properties(certificate);
    let properties = profile.hash().digest(octets.as_bytes());
    let kind = " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#properties\"";
    references.push_str(&reference(kind, "", &properties));
    let method = profile.xml_uri();
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:CanonicalizationMethod \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"{method}\"></ds:SignatureMethod>{references}</ds:SignedInfo>"
    );
    ToBeSigned::XmlSignedInfo {
        info: info.into_bytes(),
        properties: Some(octets.into_bytes()),
    }
}

/// Canonical signed properties that name this certificate.
fn signed_properties(certificate: &[u8; 32]) -> String {
    let dsig = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    let value = base64(certificate);
    format!(
        "<xades:SignedProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Id=\"properties\">\
         <xades:SignedSignatureProperties><xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod {dsig} \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue {dsig}>{value}\
         </ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
         </xades:SignedProperties>"
    )
}

fn reference(attributes: &str, transform: &str, digest: &Digest) -> String {
    let enveloped =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>";
    let transform = if transform.is_empty() { "" } else { enveloped };
    let method = digest.algorithm().xml_uri();
    let value = base64(digest.as_bytes());
    format!(
        "<ds:Reference{attributes}><ds:Transforms>{transform}<ds:Transform \
         Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod \
         Algorithm=\"{method}\"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"
    )
}

/// Base64 with padding, from our base64url.
fn base64(bytes: &[u8]) -> String {
    let mut text = domain::base64url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
