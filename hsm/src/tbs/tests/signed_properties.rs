//! `SignedProperties`: what our own writer writes passes, and every attack on them is refused.

use super::{
    signed_info::{TRANSFORMS, base64, info, properties, reference},
    *,
};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Properties of this Id that name the Credential's certificate.
pub(super) fn octets(id: &str) -> String {
    let certificate = base64(&Digest::Sha256(CERTIFICATE));
    format!(
        "<xades:SignedProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Id=\"{id}\">\
         <xades:SignedSignatureProperties><xades:SigningTime>2026-11-20T08:00:00Z</xades:SigningTime>\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod xmlns:ds=\"{DSIG}\" \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue \
         xmlns:ds=\"{DSIG}\">{certificate}</ds:DigestValue></xades:CertDigest></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>"
    )
}

fn described(ids: &[&str]) -> String {
    let formats = ids.iter().fold(String::new(), |text, id| {
        let media_type = "<xades:MimeType>text/xml</xades:MimeType>";
        text + &format!(
            "<xades:DataObjectFormat ObjectReference=\"#{id}\">{media_type}</xades:DataObjectFormat>"
        )
    });
    let all = format!(
        "<xades:SignedDataObjectProperties>{formats}</xades:SignedDataObjectProperties></xades:SignedProperties>"
    );
    octets("p").replace("</xades:SignedProperties>", &all)
}

/// A `SignedInfo` over the shown document and exactly these properties.
fn with(octets: &str) -> Result<Digest, TbsError> {
    let kind = " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#p\"";
    let document = reference(" Id=\"r\" URI=\"\"", TRANSFORMS, "shown");
    given(&info(&(document + &reference(kind, "", octets))), Some(octets))
}

fn given(info: &str, octets: Option<&str>) -> Result<Digest, TbsError> {
    let structure = ToBeSigned::XmlSignedInfo {
        info: info.as_bytes().to_vec(),
        properties: octets.map(|octets| octets.as_bytes().to_vec()),
    };
    check(&structure, &[digest("shown")])
}

#[test]
fn properties_that_name_the_certificate_pass() {
    let good = octets("p");
    assert!(with(&good).is_ok());
    assert!(with(&described(&["r"])).is_ok());
    let default = good
        .replace("<xades:", "<")
        .replace("</xades:", "</")
        .replace("xmlns:xades", "xmlns");
    assert!(with(&default).is_ok());
    let time = "<xades:SigningTime>2026-11-20T08:00:00Z</xades:SigningTime>";
    assert!(with(&good.replace(time, "")).is_ok());
}

#[test]
fn referenced_and_given_properties_are_the_same() {
    let document = reference(" URI=\"\"", TRANSFORMS, "shown");
    let both = info(&(document.clone() + &properties("#p")));
    assert!(given(&both, Some(&octets("p"))).is_ok());
    assert_eq!(given(&both, None), Err(TbsError::PropertiesMissing));
    assert_eq!(
        given(&info(&document), Some(&octets("p"))),
        Err(TbsError::PropertiesUnreferenced)
    );
    assert_eq!(given(&both, Some(&octets("q"))), Err(TbsError::PropertiesDigest));
    let kind = " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#p\"";
    let other = info(&(document + &reference(kind, "", &octets("q"))));
    assert_eq!(
        given(&other, Some(&octets("q"))),
        Err(TbsError::PropertiesUnreferenced)
    );
}

#[test]
fn properties_describe_what_is_signed_and_each_once() {
    assert_eq!(with(&described(&["other"])), Err(TbsError::PropertiesDescribe));
    assert_eq!(with(&described(&["r", "r"])), Err(TbsError::PropertiesDescribe));
    assert_eq!(with(&described(&["p"])), Err(TbsError::PropertiesDescribe));
}

#[test]
fn every_attack_on_properties_is_refused() {
    let good = octets("p");
    let swap = |from: &str, to: &str| {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        text
    };
    let other = base64(&Digest::Sha256([0xAB; 32]));
    let certificate = base64(&Digest::Sha256(CERTIFICATE));
    assert_eq!(with(&swap(&certificate, &other)), Err(TbsError::Certificate));
    assert_eq!(with(&swap(&certificate, "AAAA")), Err(TbsError::Certificate));
    assert!(matches!(
        with(&swap("xmlenc#sha256", "xmlenc#sha512")),
        Err(TbsError::DigestMethod { .. })
    ));
    let cert = good
        .split_once("<xades:Cert>")
        .unwrap()
        .1
        .split_once("</xades:Cert>")
        .unwrap()
        .0;
    let second = format!(
        "</xades:Cert><xades:Cert>{}</xades:Cert></xades:SigningCertificateV2>",
        cert.replace(&certificate, &other)
    );
    for (what, text) in [
        (
            "a second certificate",
            swap("</xades:Cert></xades:SigningCertificateV2>", &second),
        ),
        ("no certificate", {
            let (before, rest) = good.split_once("<xades:SigningCertificateV2>").unwrap();
            format!(
                "{before}{}",
                rest.split_once("</xades:SigningCertificateV2>").unwrap().1
            )
        }),
        (
            "a policy",
            swap(
                "</xades:SignedSignatureProperties>",
                "<xades:SignaturePolicyIdentifier></xades:SignaturePolicyIdentifier></xades:SignedSignatureProperties>",
            ),
        ),
        (
            "a role",
            swap(
                "</xades:SignedSignatureProperties>",
                "<xades:SignerRoleV2></xades:SignerRoleV2></xades:SignedSignatureProperties>",
            ),
        ),
        ("a comment", swap("<xades:Cert>", "<!-- --><xades:Cert>")),
        ("space", swap("<xades:Cert>", " <xades:Cert>")),
        ("text after", format!("{good} ")),
        ("no Id", swap(" Id=\"p\"", "")),
        ("another namespace", swap("01903/v1.3.2#", "01903/v1.1.1#")),
        (
            "another attribute",
            swap("<xades:Cert>", "<xades:Cert URI=\"x\">"),
        ),
        ("a declaration too many", swap(" Id=", " xmlns:y=\"urn:y\" Id=")),
        (
            "a prefix bound anew",
            swap(
                &format!("<ds:DigestValue xmlns:ds=\"{DSIG}\""),
                "<ds:DigestValue xmlns:ds=\"urn:x\"",
            ),
        ),
        (
            "no declaration",
            swap(&format!("<ds:DigestValue xmlns:ds=\"{DSIG}\""), "<ds:DigestValue"),
        ),
        ("a local time", swap("08:00:00Z", "08:00:00+05:00")),
        ("a fraction", swap("08:00:00Z", "08:00:00.1Z")),
        (
            "a nested format",
            swap(
                "</xades:SignedProperties>",
                "<xades:SignedDataObjectProperties></xades:SignedDataObjectProperties></xades:SignedProperties>",
            ),
        ),
        ("nothing", String::new()),
    ] {
        assert!(
            matches!(with(&text), Err(TbsError::Xml { .. })),
            "{what}: {:?}",
            with(&text)
        );
    }
    let long = swap("Id=\"p\"", &format!("Id=\"{}\"", "p".repeat(600_000)));
    assert!(matches!(with(&long), Err(TbsError::TooLarge { .. })));
}
