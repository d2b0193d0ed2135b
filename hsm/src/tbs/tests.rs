//! The strict parsers: what other programs made passes, every attack is refused by name, no byte can change unseen.

use domain::{Digest, HashAlgorithm, SignatureProfile};

use super::*;

mod apex;
mod attributes;
mod properties;
mod signed_info;
mod signed_properties;

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
    check(&signed_info(text.as_bytes()), &[digest("shown")])
}

/// With the properties that it references, if it does.
fn signed_info(octets: &[u8]) -> ToBeSigned {
    let text = String::from_utf8_lossy(octets);
    let id = text
        .split_once("01903#SignedProperties\" URI=\"#")
        .map(|(_, rest)| rest);
    let id = id.and_then(|rest| rest.split_once('"')).map(|(id, _)| id);
    ToBeSigned::XmlSignedInfo {
        info: octets.to_vec(),
        properties: id.map(|id| signed_properties::octets(id).into_bytes()),
    }
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
            _ => ToBeSigned::XmlSignedInfo {
                info: bytes.clone(),
                properties: None,
            },
        };
        let expected = Expected {
            shown: &shown,
            profile,
            certificate: &certificate,
        };
        // Of this one only the SignedInfo was kept; everything else about it is as it must be.
        let signed = match name.as_str() {
            "signxml-xades.xml" => Err(TbsError::PropertiesMissing),
            _ => Ok(profile.hash().digest(&bytes)),
        };
        assert_eq!(structure.check(&expected), signed, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 11);
}

#[test]
fn a_structure_covers_one_document_of_the_right_algorithm() {
    let structure = ToBeSigned::CmsAttributes(attributes::set(attributes::good()));
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
