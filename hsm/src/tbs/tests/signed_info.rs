//! Attacks on a `SignedInfo`, one row each.

use super::*;

pub(super) const OPEN: &str = "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
pub(super) const METHODS: &str = "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>";
pub(super) const CLOSE: &str = "</ds:SignedInfo>";
pub(super) const TRANSFORMS: &str = "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform></ds:Transforms>";

pub(super) fn base64(digest: &Digest) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(digest.as_bytes())
}

pub(super) fn reference(attributes: &str, transforms: &str, text: &str) -> String {
    let value = base64(&digest(text));
    format!(
        "<ds:Reference{attributes}>{transforms}<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"
    )
}

pub(super) fn info(references: &str) -> String {
    format!("{OPEN}{METHODS}{references}{CLOSE}")
}

pub(super) fn properties(id: &str) -> String {
    let attributes = format!(" Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"{id}\"");
    let transforms = "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms>";
    let octets = signed_properties::octets(id.strip_prefix('#').unwrap_or(id));
    reference(&attributes, transforms, &octets)
}

#[test]
fn a_canonical_signed_info_passes() {
    let document = reference(" URI=\"\"", TRANSFORMS, "shown");
    for text in [
        info(&document),
        info(&(document.clone() + &properties("#p"))),
        info(&(properties("#p") + &document)),
    ] {
        assert_eq!(xml(&text), Ok(digest(&text)));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row per attack")]
fn every_attack_on_a_signed_info_is_refused() {
    let document = reference(" URI=\"\"", TRANSFORMS, "shown");
    let other = reference(" URI=\"#x\"", TRANSFORMS, "other");
    let plain = info(&document);
    let swap = |from: &str, to: &str| plain.replacen(from, to, 1);
    let duplicate = TbsError::DuplicateReference { first: 0, second: 1 };
    assert_eq!(xml(&info(&(document.clone() + &document))), Err(duplicate));
    assert_eq!(xml(&info(&other)), Err(TbsError::AnotherDigest));
    assert_eq!(
        xml(&info(&(document.clone() + &other))),
        Err(TbsError::References {
            references: 2,
            shown: 1
        })
    );
    assert_eq!(
        xml(&info("")),
        Err(TbsError::References {
            references: 0,
            shown: 1
        })
    );
    assert_eq!(
        xml(&info(&properties("#p"))),
        Err(TbsError::References {
            references: 0,
            shown: 1
        })
    );
    let two = info(&(document.clone() + &properties("#p") + &properties("#q")));
    assert_eq!(xml(&two), Err(TbsError::TwoProperties { first: 1, second: 2 }));
    let shown_as_properties = document.replacen(
        " URI",
        " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI",
        1,
    );
    for (what, text) in [
        (
            "an outside reference to properties",
            info(&(document.clone() + &properties("http://x/#p"))),
        ),
        (
            "an xpointer",
            info(&(document.clone() + &properties("#xpointer(/)"))),
        ),
        ("the document posing as properties", info(&shown_as_properties)),
        (
            "a manifest",
            swap(
                " URI=\"\"",
                " Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\" URI=\"\"",
            ),
        ),
        (
            "XSLT",
            swap(
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/TR/1999/REC-xslt-19991116",
            ),
        ),
        (
            "another XPath filter",
            swap(
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/2002/06/xmldsig-filter2",
            ),
        ),
        (
            "another signature method",
            swap("xmldsig-more#ecdsa-sha256", "xmldsig-more#rsa-sha256"),
        ),
        (
            "HMAC",
            swap(
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            ),
        ),
        (
            "SHA-1",
            swap(
                "http://www.w3.org/2001/04/xmlenc#sha256",
                "http://www.w3.org/2000/09/xmldsig#sha1",
            ),
        ),
        ("another canonicalisation", swap("xml-exc-c14n#", "xml-minimal#")),
    ] {
        assert!(
            matches!(
                xml(&text),
                Err(TbsError::Canonicalisation { .. }
                    | TbsError::SignatureMethod { .. }
                    | TbsError::DigestMethod { .. }
                    | TbsError::Transform { .. }
                    | TbsError::ReferenceType { .. }
                    | TbsError::PropertiesReference { .. })
            ),
            "{what}: {:?}",
            xml(&text)
        );
    }
    let second = base64(&digest("shown"));
    for (what, text) in [
        ("a comment", swap(METHODS, &format!("<!-- -->{METHODS}"))),
        (
            "a processing instruction",
            swap(METHODS, &format!("<?x?>{METHODS}")),
        ),
        ("CDATA", swap(&second, &format!("<![CDATA[{second}]]>"))),
        ("a declaration", format!("<?xml version=\"1.0\"?>{plain}")),
        ("a document type", format!("<!DOCTYPE x>{plain}")),
        ("a byte order mark", format!("\u{FEFF}{plain}")),
        ("text before", format!(" {plain}")),
        ("text after", format!("{plain}\n")),
        ("an empty-element tag", swap("></ds:SignatureMethod>", "/>")),
        ("single quotes", swap("\"\"", "''")),
        ("two spaces", swap(" URI", "  URI")),
        ("a bare carriage return", swap(METHODS, &format!("\r\n{METHODS}"))),
        ("a bare entity", swap("\"\"", "\"&apos;\"")),
        ("a decimal reference", swap("\"\"", "\"&#10;\"")),
        ("a lower-case reference", swap("\"\"", "\"&#xa;\"")),
        ("a strange attribute", swap(" URI", " Bad=\"1\" URI")),
        ("attributes out of order", swap(" URI=\"\"", " URI=\"\" Id=\"r\"")),
        ("an attribute twice", swap(" URI=\"\"", " URI=\"\" URI=\"\"")),
        (
            "another namespace",
            swap("http://www.w3.org/2000/09/xmldsig#\"", "urn:other\""),
        ),
        (
            "the prefix bound anew",
            swap("<ds:Reference ", "<ds:Reference xmlns:ds=\"urn:other\" "),
        ),
        ("another prefix", swap("<ds:DigestValue>", "<dx:DigestValue>")),
        (
            "a second digest value",
            swap(
                "</ds:DigestValue>",
                &format!("</ds:DigestValue><ds:DigestValue>{second}</ds:DigestValue>"),
            ),
        ),
        (
            "a nested SignedInfo",
            swap(METHODS, &format!("{OPEN}{CLOSE}{METHODS}")),
        ),
        ("no methods", swap(METHODS, "")),
        ("text between", swap(METHODS, &format!("x{METHODS}"))),
        (
            "base64 without padding",
            swap("=</ds:DigestValue>", "</ds:DigestValue>"),
        ),
        ("a short digest", swap(&second, "AAAA")),
        (
            "five transforms",
            swap(
                "<ds:Transforms>",
                &format!(
                    "<ds:Transforms>{}",
                    "<ds:Transform Algorithm=\"http://www.w3.org/2006/12/xml-c14n11\"></ds:Transform>"
                        .repeat(4)
                ),
            ),
        ),
        ("nothing", String::new()),
    ] {
        assert!(
            matches!(xml(&text), Err(TbsError::Xml { .. })),
            "{what}: {:?}",
            xml(&text)
        );
    }
    assert!(matches!(
        xml(&" ".repeat(600_000)),
        Err(TbsError::TooLarge { .. })
    ));
    let bytes = signed_info(&[0xFF; 10]);
    assert!(matches!(
        check(&bytes, &[digest("shown")]),
        Err(TbsError::Xml { .. })
    ));
}

#[test]
fn several_documents_are_referenced_one_to_one_in_order() {
    let (one, two) = (
        reference(" URI=\"#a\"", "", "one"),
        reference(" URI=\"#b\"", "", "two"),
    );
    let structure = |text: String| signed_info(text.as_bytes());
    let both = [digest("one"), digest("two")];
    assert!(check(&structure(info(&format!("{one}{two}"))), &both).is_ok());
    assert_eq!(
        check(&structure(info(&format!("{two}{one}"))), &both),
        Err(TbsError::AnotherDigest)
    );
    assert!(check(&structure(info(&one)), &both).is_err());
}

#[test]
fn carriage_returns_stand_in_digests_only() {
    let good = info(&reference(" URI=\"\"", TRANSFORMS, "shown"));
    let value = base64(&digest("shown"));
    let broken = |with: &str| good.replacen(&value, &format!("{}{with}{}", &value[..20], &value[20..]), 1);
    assert!(xml(&broken("&#xD;\n")).is_ok());
    assert!(xml(&broken("\n\t ")).is_ok());
    for text in [
        broken("&#xD;"),
        broken("&#13;\n"),
        broken("&#xd;\n"),
        broken("\r\n"),
        good.replacen(METHODS, &format!("&#xD;\n{METHODS}"), 1),
    ] {
        assert!(matches!(xml(&text), Err(TbsError::Xml { .. })), "{text}");
    }
}

#[test]
fn signed_properties_are_here_and_only_canonicalised() {
    let document = reference(" URI=\"\"", TRANSFORMS, "shown");
    let with = |properties: &str| xml(&info(&(document.clone() + properties)));
    assert!(with(&properties("#p-1.x")).is_ok());
    for uri in ["", "#", "##p", "#a b", "#1", "#xpointer(/)", "p", "http://x/#p"] {
        let refused = with(&properties(uri)).unwrap_err();
        assert_eq!(refused, TbsError::PropertiesReference { reference: 1 }, "{uri}");
    }
    let kind = " Type=\"http://uri.etsi.org/01903#SignedProperties\"";
    assert!(with(&reference(kind, "", "properties")).is_err());
    assert!(
        with(&reference(
            &format!("{kind} URI=\"#p\""),
            TRANSFORMS,
            "properties"
        ))
        .is_err()
    );
    let octets = signed_properties::octets("p");
    assert!(with(&reference(&format!("{kind} URI=\"#p\""), "", &octets)).is_ok());
}

#[test]
fn there_are_at_most_a_thousand_and_one_references() {
    let references = |count: usize| -> String {
        (0..count)
            .map(|number| reference(&format!(" URI=\"#p{number}\""), "", "shown"))
            .collect()
    };
    let check_all = |count: usize| {
        check(
            &signed_info(info(&references(count)).as_bytes()),
            &vec![digest("shown"); count],
        )
    };
    assert!(check_all(1_001).is_ok());
    assert_eq!(check_all(1_002), Err(TbsError::TooManyReferences { most: 1_001 }));
}

/// What a hostile structure says of itself does not fill the Ledger, and no URI of a document is told.
#[test]
fn errors_are_short_and_silent_about_documents() {
    let document = reference(" URI=\"Iванов.pdf\"", "", "shown");
    let twice = xml(&info(&(document.clone() + &document))).unwrap_err();
    assert!(!twice.to_string().contains("pdf"));
    let long = info(&document).replacen("http://www.w3.org/2001/10/xml-exc-c14n#", &"x".repeat(100_000), 1);
    assert!(xml(&long).unwrap_err().to_string().len() < 300);
    let prefix = "p".repeat(100_000);
    let wide = info(&document)
        .replace("ds:", &format!("{prefix}:"))
        .replacen("SignatureMethod>", "x>", 1);
    let refused = xml(&wide.replace("xmlns:ds", &format!("xmlns:{prefix}"))).unwrap_err();
    assert!(refused.to_string().len() < 300);
}

/// What is not in a signature, by the one expression that says so with the apex's own prefix.
#[test]
fn other_signatures_are_left_out_by_one_expression_only() {
    let filter = |inside: &str| {
        let transform = format!(
            "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">{inside}</ds:Transform></ds:Transforms>"
        );
        xml(&info(&reference(" URI=\"\"", &transform, "shown")))
    };
    assert!(filter("<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>").is_ok());
    for refused in [
        "",
        "<ds:XPath></ds:XPath>",
        "<ds:XPath>true()</ds:XPath>",
        "<ds:XPath>not(ancestor-or-self::dx:Signature)</ds:XPath>",
        "<ds:XPath>not(ancestor-or-self::ds:Signature) or self::x</ds:XPath>",
        "<ds:XPath>not(ancestor-or-self::ds:Signature) </ds:XPath>",
        "<ds:XPath xmlns:dx=\"urn:x\">not(ancestor-or-self::ds:Signature)</ds:XPath>",
        "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath><ds:XPath></ds:XPath>",
    ] {
        assert!(matches!(filter(refused), Err(TbsError::Xml { .. })), "{refused}");
    }
}
