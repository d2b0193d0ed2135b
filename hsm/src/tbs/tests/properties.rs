//! What holds for every structure: nothing panics, no byte changes unseen, and independent readers agree.

use der::{Decode, asn1::OctetString};
use proptest::prelude::*;

use super::{
    attributes::{
        CERTIFICATE_V2, DATA, SHA256, SIGNING_TIME, attribute, content_type, good, message_digest, set, tlv,
    },
    signed_info::{CLOSE, METHODS, OPEN, TRANSFORMS, base64, info, properties, reference},
    *,
};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The message digests that an independent reader of CMS finds.
fn digests_elsewhere(der: &[u8]) -> Vec<Vec<u8>> {
    let read = der::asn1::SetOfVec::<x509_cert::attr::Attribute>::from_der(der).unwrap();
    let found = read
        .iter()
        .filter(|attribute| attribute.oid.to_string() == "1.2.840.113549.1.9.4");
    found
        .flat_map(|attribute| attribute.values.iter())
        .map(|value| value.decode_as::<OctetString>().unwrap().as_bytes().to_vec())
        .collect()
}

/// URI and digest of every reference that an independent reader of XML finds anywhere.
fn references_elsewhere(octets: &[u8]) -> Vec<(String, String)> {
    let read = roxmltree::Document::parse(core::str::from_utf8(octets).unwrap()).unwrap();
    let named = |local| move |node: &roxmltree::Node<'_, '_>| node.has_tag_name((DSIG, local));
    assert!(named("SignedInfo")(&read.root_element()));
    assert!(read.descendants().all(|node| !node.is_comment() && !node.is_pi()));
    read.descendants()
        .filter(named("Reference"))
        .map(|node| {
            let values: Vec<_> = node.descendants().filter(named("DigestValue")).collect();
            assert_eq!(values.len(), 1);
            let text: String = values[0].text().unwrap().split_whitespace().collect();
            (node.attribute("URI").unwrap_or_default().to_owned(), text)
        })
        .collect()
}

fn admitted_beside() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let location = attribute(
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x11",
        &tlv(0x30, &tlv(0xA0, &tlv(0x0C, b"KZ"))),
    );
    let commitment = attribute(
        b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x10",
        &tlv(0x30, &tlv(6, DATA)),
    );
    let mime = attribute(b"\x04\x00\x8d\x45\x02\x01", &tlv(0x0C, b"application/pdf"));
    let time = attribute(SIGNING_TIME, &tlv(0x17, b"261120080000Z"));
    proptest::sample::subsequence(vec![location, commitment, mime, time], 0..=4)
}

fn certificate_ids() -> impl Strategy<Value = Vec<u8>> {
    (any::<bool>(), proptest::collection::vec(any::<[u8; 32]>(), 0..3)).prop_map(|(named, chain)| {
        let first = [
            if named {
                tlv(0x30, &tlv(6, SHA256))
            } else {
                Vec::new()
            },
            tlv(4, &CERTIFICATE),
        ]
        .concat();
        let ids = chain.iter().map(|hash| tlv(0x30, &tlv(4, hash)));
        let all: Vec<u8> = core::iter::once(tlv(0x30, &first)).chain(ids).flatten().collect();
        attribute(CERTIFICATE_V2, &tlv(0x30, &tlv(0x30, &all)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_of_attributes_changes_unseen(position in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let good = set(good());
        let mut altered = good.clone();
        let position = position.index(good.len());
        prop_assume!(altered[position] != byte);
        altered[position] = byte;
        if let Ok(signed) = cms(&altered) {
            prop_assert_ne!(signed, HashAlgorithm::Sha256.digest(&good));
            prop_assert_eq!(digests_elsewhere(&altered), vec![digest("shown").as_bytes().to_vec()]);
        }
    }

    #[test]
    fn no_byte_of_a_signed_info_changes_unseen(position in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let good = info(&(reference(" URI=\"\"", TRANSFORMS, "shown") + &properties("#p"))).into_bytes();
        let mut altered = good.clone();
        let position = position.index(good.len());
        prop_assume!(altered[position] != byte);
        altered[position] = byte;
        if let Ok(signed) = check(&signed_info(&altered), &[digest("shown")]) {
            prop_assert_ne!(signed, HashAlgorithm::Sha256.digest(&good));
            let read = references_elsewhere(&altered);
            prop_assert_eq!(read.len(), 2);
            prop_assert_eq!(&read[0].1, &base64(&digest("shown")));
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(cms(&bytes).is_err());
        prop_assert!(cms(&tlv(0x31, &bytes)).is_err());
        prop_assert!(check(&signed_info(&bytes), &[digest("shown")]).is_err());
    }

    #[test]
    fn arbitrary_text_after_the_apex_is_refused_quietly(text in "[ -~\n]{0,300}") {
        let refused = xml(&format!("{OPEN}{METHODS}{text}{CLOSE}")).is_err();
        prop_assert!(refused);
    }

    /// Every admitted shape passes, and crosses the protocol unchanged.
    #[test]
    fn valid_attributes_are_accepted_and_read_the_same_elsewhere(beside in admitted_beside(), certificate in certificate_ids()) {
        let der = set([vec![content_type(), message_digest("shown"), certificate], beside].concat());
        prop_assert_eq!(cms(&der), Ok(HashAlgorithm::Sha256.digest(&der)));
        prop_assert_eq!(digests_elsewhere(&der), vec![digest("shown").as_bytes().to_vec()]);
        let structure = ToBeSigned::CmsAttributes(der);
        let frame = postcard::to_stdvec(&structure).unwrap();
        prop_assert_eq!(postcard::from_bytes::<ToBeSigned>(&frame).unwrap(), structure);
    }

    #[test]
    fn valid_signed_infos_are_accepted_and_read_the_same_elsewhere(
        count in 1_usize..20,
        transforms in any::<bool>(),
        at in proptest::option::of(any::<prop::sample::Index>()),
        space in "[ \n\t]{0,3}",
    ) {
        let names: Vec<String> = (0..count).map(|number| format!("part {number}")).collect();
        let transforms = if transforms { TRANSFORMS } else { "" };
        let mut references: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(number, name)| reference(&format!(" URI=\"#p{number}\""), transforms, name))
            .collect();
        let at = at.map(|at| at.index(count + 1));
        if let Some(at) = at {
            references.insert(at, properties("#properties"));
        }
        let text = format!("{OPEN}{space}{METHODS}{space}{}{space}{CLOSE}", references.join(&space));
        let shown: Vec<Digest> = names.iter().map(|name| digest(name)).collect();
        let result = check(&signed_info(text.as_bytes()), &shown);
        prop_assert_eq!(result, Ok(digest(&text)));
        let mut expected: Vec<(String, String)> = shown
            .iter()
            .enumerate()
            .map(|(number, digest)| (format!("#p{number}"), base64(digest)))
            .collect();
        if let Some(at) = at {
            expected.insert(at, ("#properties".to_owned(), base64(&digest(&signed_properties::octets("properties")))));
        }
        prop_assert_eq!(references_elsewhere(text.as_bytes()), expected);
    }
}

#[test]
fn every_byte_of_good_attributes_matters() {
    let good = set(good());
    for at in 0..good.len() {
        for byte in 0..=u8::MAX {
            let mut altered = good.clone();
            altered[at] = byte;
            assert!(
                altered == good || cms(&altered).is_err(),
                "byte {at} as {byte:#x}"
            );
        }
    }
}
