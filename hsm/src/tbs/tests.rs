//! The strict parsers: what other programs made passes, every attack is refused by name, no byte can change unseen.

use domain::{Digest, HashAlgorithm, SignatureProfile};
use proptest::prelude::*;

use super::*;

const CERTIFICATE: [u8; 32] = [0xCE; 32];
const ECDSA: SignatureProfile = SignatureProfile::EcdsaP256Sha256;

fn digest(text: &str) -> Digest {
    HashAlgorithm::Sha256.digest(text.as_bytes())
}

fn check(structure: &ToBeSigned, shown: &[Digest]) -> Result<Digest, TbsError> {
    structure.check(&Expected {
        shown,
        profile: ECDSA,
        certificate: &CERTIFICATE,
    })
}

fn cms(der: &[u8]) -> Result<Digest, TbsError> {
    check(&ToBeSigned::CmsAttributes(der.to_vec()), &[digest("shown")])
}

fn xml(text: &str) -> Result<Digest, TbsError> {
    check(
        &ToBeSigned::XmlSignedInfo(text.as_bytes().to_vec()),
        &[digest("shown")],
    )
}

/// Structures that other programs made, with what they are about.
#[test]
fn what_other_programs_make_is_accepted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/tbs/");
    let text = std::fs::read_to_string(format!("{folder}vectors.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let hex = |value: &serde_json::Value| -> Vec<u8> {
        let text = value.as_str().unwrap();
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let mut seen = 0;
    for (name, vector) in vectors.as_object().unwrap() {
        let bytes = std::fs::read(format!("{folder}{name}")).unwrap();
        let profile = SignatureProfile::parse(vector["profile"].as_str().unwrap()).unwrap();
        let shown = vector["shown"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| profile.hash().parse(&hex(value)).unwrap());
        let shown: Vec<_> = shown.collect();
        let certificate = hex(&vector["certificate"]).try_into().unwrap();
        let structure = match vector["kind"].as_str().unwrap() {
            "cms" => ToBeSigned::CmsAttributes(bytes.clone()),
            _ => ToBeSigned::XmlSignedInfo(bytes.clone()),
        };
        let expected = Expected {
            shown: &shown,
            profile,
            certificate: &certificate,
        };
        assert_eq!(
            structure.check(&expected),
            Ok(profile.hash().digest(&bytes)),
            "{name}"
        );
        seen += 1;
    }
    assert_eq!(seen, 6);
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ ..128 => vec![u8::try_from(short).unwrap()],
        long @ 128..256 => vec![0x81, u8::try_from(long).unwrap()],
        longer => [vec![0x82], u16::try_from(longer).unwrap().to_be_bytes().to_vec()].concat(),
    };
    [vec![tag], length, content.to_vec()].concat()
}

fn attribute(oid: &[u8], values: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(6, oid), tlv(0x31, values)].concat())
}

const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
const SIGNING_TIME: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05";
const PROTECTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x34";
const CERTIFICATE_V1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0c";
const CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const SHA512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";

fn content_type() -> Vec<u8> {
    attribute(CONTENT_TYPE, &tlv(6, DATA))
}

fn message_digest(text: &str) -> Vec<u8> {
    attribute(MESSAGE_DIGEST, &tlv(4, digest(text).as_bytes()))
}

fn signing_certificate(certificate: &[u8], algorithm: Option<&[u8]>) -> Vec<u8> {
    let algorithm = algorithm.map_or_else(Vec::new, |oid| tlv(0x30, &tlv(6, oid)));
    let id = tlv(0x30, &[algorithm, tlv(4, certificate)].concat());
    attribute(CERTIFICATE_V2, &tlv(0x30, &tlv(0x30, &id)))
}

fn good() -> Vec<Vec<u8>> {
    vec![
        content_type(),
        message_digest("shown"),
        signing_certificate(&CERTIFICATE, None),
    ]
}

fn set(mut attributes: Vec<Vec<u8>>) -> Vec<u8> {
    attributes.sort();
    tlv(0x31, &attributes.concat())
}

fn with(more: Vec<u8>) -> Vec<u8> {
    set([good(), vec![more]].concat())
}

#[test]
fn good_attributes_pass_alone_and_with_what_is_admitted() {
    let time = attribute(SIGNING_TIME, &tlv(0x17, b"261120080000Z"));
    let protection = |hash, signature| {
        attribute(
            PROTECTION,
            &tlv(
                0x30,
                &[tlv(0x30, &tlv(6, hash)), tlv(0xA1, &tlv(6, signature))].concat(),
            ),
        )
    };
    for der in [
        set(good()),
        with(time),
        with(protection(SHA256, ECDSA_SHA256)),
        set(vec![
            content_type(),
            message_digest("shown"),
            signing_certificate(&CERTIFICATE, Some(SHA256)),
        ]),
    ] {
        assert_eq!(cms(&der), Ok(HashAlgorithm::Sha256.digest(&der)));
    }
    assert_eq!(
        cms(&with(protection(SHA512, ECDSA_SHA256))),
        Err(TbsError::Algorithms)
    );
    assert_eq!(cms(&with(protection(SHA256, SHA256))), Err(TbsError::Algorithms));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table, one row per attack")]
fn every_attack_on_signed_attributes_is_refused_by_name() {
    let two_values = attribute(
        MESSAGE_DIGEST,
        &[tlv(4, digest("shown").as_bytes()), tlv(4, digest("x").as_bytes())].concat(),
    );
    let oid = |name: &str| name.to_owned();
    let der = |error: TbsError| matches!(error, TbsError::Der { .. });
    let strange = attribute(b"\x2a\x03\x04", &tlv(4, digest("shown").as_bytes()));
    let cases: Vec<(&str, Vec<u8>, TbsError)> = vec![
        ("two digests", with(message_digest("other")), TbsError::Order),
        (
            "the digest of another thing",
            set(vec![
                content_type(),
                message_digest("other"),
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::AnotherDigest,
        ),
        (
            "two values",
            set(vec![
                content_type(),
                two_values,
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::Value {
                oid: oid("1.2.840.113549.1.9.4"),
            },
        ),
        (
            "no digest",
            set(vec![content_type(), signing_certificate(&CERTIFICATE, None)]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.4"),
            },
        ),
        (
            "no content type",
            set(vec![
                message_digest("shown"),
                signing_certificate(&CERTIFICATE, None),
            ]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.3"),
            },
        ),
        (
            "no certificate",
            set(vec![content_type(), message_digest("shown")]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.16.2.47"),
            },
        ),
        (
            "another certificate",
            set(vec![
                content_type(),
                message_digest("shown"),
                signing_certificate(&[1; 32], None),
            ]),
            TbsError::Certificate,
        ),
        (
            "another hash of it",
            set(vec![
                content_type(),
                message_digest("shown"),
                signing_certificate(&CERTIFICATE, Some(SHA512)),
            ]),
            TbsError::Certificate,
        ),
        (
            "the first version of it",
            with(attribute(CERTIFICATE_V1, &tlv(0x30, &[]))),
            TbsError::Attribute {
                oid: oid("1.2.840.113549.1.9.16.2.12"),
            },
        ),
        (
            "the digest in a strange attribute",
            with(strange),
            TbsError::Attribute { oid: oid("1.2.3.4") },
        ),
        (
            "nothing",
            tlv(0x31, &[]),
            TbsError::Missing {
                oid: oid("1.2.840.113549.1.9.3"),
            },
        ),
        (
            "a time that is none",
            with(attribute(SIGNING_TIME, &tlv(4, b"now"))),
            TbsError::Value {
                oid: oid("1.2.840.113549.1.9.5"),
            },
        ),
    ];
    for (name, structure, error) in cases {
        let found = cms(&structure).unwrap_err();
        let twice = name == "two digests" && found == TbsError::AnotherDigest;
        assert!(found == error || twice, "{name}: {found:?}");
    }
    let mut reversed = good();
    reversed.sort();
    reversed.reverse();
    assert_eq!(cms(&tlv(0x31, &reversed.concat())), Err(TbsError::Order));
    let body = set(good())[2..].to_vec();
    let long = [
        vec![0x31, 0x82, 0],
        u8::try_from(body.len()).unwrap().to_be_bytes().to_vec(),
        body.clone(),
    ]
    .concat();
    let indefinite = [vec![0x31, 0x80], body.clone(), vec![0, 0]].concat();
    let implicit = [vec![0xA0], set(good())[1..].to_vec()].concat();
    let mut trailing = set(good());
    trailing.push(0);
    for (name, structure) in [
        ("long length", long),
        ("indefinite length", indefinite),
        ("implicit tag", implicit),
        ("trailing byte", trailing),
    ] {
        assert!(der(cms(&structure).unwrap_err()), "{name}");
    }
    assert!(matches!(cms(&vec![0x31; 70_000]), Err(TbsError::TooLarge { .. })));
}

#[test]
fn a_structure_covers_one_document_of_the_right_algorithm() {
    let structure = ToBeSigned::CmsAttributes(set(good()));
    assert_eq!(check(&structure, &[]), Err(TbsError::OneDocument));
    assert_eq!(
        check(&structure, &[digest("shown"), digest("shown")]),
        Err(TbsError::OneDocument)
    );
    assert_eq!(
        check(&structure, &[HashAlgorithm::Sha512.digest(b"shown")]),
        Err(TbsError::HashAlgorithm)
    );
    let plain = ToBeSigned::Digest(digest("shown"));
    assert_eq!(check(&plain, &[digest("shown")]), Ok(digest("shown")));
    assert_eq!(check(&plain, &[digest("other")]), Err(TbsError::AnotherDigest));
    assert_eq!(check(&plain, &[]), Err(TbsError::OneDocument));
}

const OPEN: &str = "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
const METHODS: &str = "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></ds:SignatureMethod>";
const CLOSE: &str = "</ds:SignedInfo>";
const TRANSFORMS: &str = "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform></ds:Transforms>";

fn base64(digest: &Digest) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(digest.as_bytes())
}

fn reference(attributes: &str, transforms: &str, text: &str) -> String {
    let value = base64(&digest(text));
    format!(
        "<ds:Reference{attributes}>{transforms}<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference>"
    )
}

fn info(references: &str) -> String {
    format!("{OPEN}{METHODS}{references}{CLOSE}")
}

fn properties(id: &str) -> String {
    let attributes = format!(" Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"{id}\"");
    let transforms = "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms>";
    reference(&attributes, transforms, "properties")
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
    let duplicate = TbsError::DuplicateReference { uri: String::new() };
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
    assert!(matches!(xml(&two), Err(TbsError::DuplicateReference { .. })));
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
            "XPath",
            swap(
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/TR/1999/REC-xpath-19991116",
            ),
        ),
        (
            "base64",
            swap(
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/2000/09/xmldsig#base64",
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
            matches!(xml(&text), Err(TbsError::Uri { .. })),
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
    let bytes = ToBeSigned::XmlSignedInfo(vec![0xFF; 10]);
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
    let structure = |text: String| ToBeSigned::XmlSignedInfo(text.into_bytes());
    let both = [digest("one"), digest("two")];
    assert!(check(&structure(info(&format!("{one}{two}"))), &both).is_ok());
    assert_eq!(
        check(&structure(info(&format!("{two}{one}"))), &both),
        Err(TbsError::AnotherDigest)
    );
    assert!(check(&structure(info(&one)), &both).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever is accepted after a change of one byte signs another digest than before.
    #[test]
    fn no_byte_of_attributes_changes_unseen(position in 0_usize..400, byte in any::<u8>()) {
        let good = set(good());
        let mut altered = good.clone();
        let position = position % good.len();
        prop_assume!(altered[position] != byte);
        altered[position] = byte;
        prop_assert!(cms(&altered).is_ok_and(|signed| signed != HashAlgorithm::Sha256.digest(&good)) || cms(&altered).is_err());
    }

    #[test]
    fn no_byte_of_a_signed_info_changes_unseen(position in 0_usize..2_000, byte in any::<u8>()) {
        let good = info(&(reference(" URI=\"\"", TRANSFORMS, "shown") + &properties("#p"))).into_bytes();
        let mut altered = good.clone();
        let position = position % good.len();
        prop_assume!(altered[position] != byte);
        altered[position] = byte;
        let result = check(&ToBeSigned::XmlSignedInfo(altered.clone()), &[digest("shown")]);
        if result.is_ok() {
            let text = String::from_utf8(altered).unwrap();
            let read = roxmltree::Document::parse(&text).unwrap();
            let values: Vec<_> = read.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/09/xmldsig#", "DigestValue"))).collect();
            prop_assert_eq!(values.len(), 2);
            prop_assert_eq!(values[0].text().unwrap(), base64(&digest("shown")));
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(cms(&bytes).is_err());
        prop_assert!(check(&ToBeSigned::XmlSignedInfo(bytes), &[digest("shown")]).is_err());
    }

    /// Valid structures of every shape are accepted, and an independent reader finds the same references.
    #[test]
    fn valid_signed_infos_are_accepted(count in 1_usize..20, transforms in any::<bool>(), with_properties in any::<bool>(), space in "[ \n\t]{0,3}") {
        let names: Vec<String> = (0..count).map(|number| format!("part {number}")).collect();
        let mut references: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(number, name)| reference(&format!(" URI=\"#p{number}\""), if transforms { TRANSFORMS } else { "" }, name))
            .collect();
        if with_properties {
            references.push(properties("#properties"));
        }
        let text = format!("{OPEN}{space}{METHODS}{space}{}{space}{CLOSE}", references.join(&space));
        let shown: Vec<Digest> = names.iter().map(|name| digest(name)).collect();
        let result = check(&ToBeSigned::XmlSignedInfo(text.clone().into_bytes()), &shown);
        prop_assert_eq!(result, Ok(digest(&text)));
        let read = roxmltree::Document::parse(&text).unwrap();
        prop_assert_eq!(read.descendants().filter(|node| node.tag_name().name() == "Reference").count(), references.len());
    }

    #[test]
    fn valid_attributes_are_accepted_and_read_the_same_elsewhere(time in any::<bool>(), named in any::<bool>()) {
        let mut attributes = vec![content_type(), message_digest("shown"), signing_certificate(&CERTIFICATE, named.then_some(SHA256))];
        if time {
            attributes.push(attribute(SIGNING_TIME, &tlv(0x17, b"261120080000Z")));
        }
        let der = set(attributes);
        prop_assert!(cms(&der).is_ok());
        let read = <der::asn1::SetOfVec<x509_cert::attr::Attribute> as der::Decode>::from_der(&der).unwrap();
        let digests = read.iter().filter(|attribute| attribute.oid.to_string() == "1.2.840.113549.1.9.4").count();
        prop_assert_eq!(digests, 1);
    }
}
