//! CAdES from B to LTA, detached and attached, by one signer and two.

use domain::{HashAlgorithm, SignatureProfile, Time};
use signer::{
    Claim, Format, Integrity, Material, Named, Output, Source, StampKind,
    cades::{CadesError, Packaging, Prepared, Reached, Said, open},
    cms::{Body, Content, SignedData, TimeStamp},
};

use crate::{
    house::{Hand, House},
    openssl::{must, openssl},
};

const DOCUMENT: &[u8] = b"the document\nof two lines\n";

pub(crate) fn said() -> Said {
    Said {
        time: Some(Time::parse_rfc3339("2026-11-21T10:00:00Z").unwrap()),
        mime: None,
    }
}

pub(crate) fn written(output: &Output, source: &dyn Source) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(&[source], &mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, output.length());
    bytes
}

/// A signature of level B over [`DOCUMENT`].
pub(crate) fn signed(hand: &Hand<'_>, packaging: Packaging) -> Vec<u8> {
    let prepared = Prepared::new(&DOCUMENT, packaging, &hand.certificate, &said()).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    written(&prepared.finish(&raw).unwrap(), &DOCUMENT)
}

/// What a file claims, with its document.
pub(crate) fn claims(file: &[u8]) -> Vec<Claim> {
    let data = SignedData::read(&file).unwrap();
    let body = match &data.content {
        Content::Detached => Body::whole("document", &DOCUMENT),
        Content::Attached(pieces) => Body {
            ranges: pieces.clone(),
            ..Body::whole("document", &file)
        },
    };
    let claims = data.claims(Some(&body)).unwrap();
    drop(body);
    claims
}

fn judged(house: &House, file: &[u8], packaging: Packaging) {
    house.write("signature", file);
    house.write("document", DOCUMENT);
    let mut arguments = vec![
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        "signature",
        "-CAfile",
        "root.pem",
        "-purpose",
        "any",
    ];
    if packaging == Packaging::Detached {
        arguments.extend(["-content", "document"]);
    }
    assert_eq!(must(house.path(), &arguments), DOCUMENT);
    must(house.path(), &["asn1parse", "-inform", "DER", "-in", "signature"]);
    house.write("document", b"another document\n");
    if packaging == Packaging::Detached {
        assert!(!openssl(house.path(), &arguments).status.success());
    }
}

/// openssl accepts the token for the digest that it says, index and all.
fn stamp_judged(house: &House, token: &[u8]) {
    let hashed = TimeStamp::read(token).unwrap().info.hashed;
    let digest = domain::hexadecimal(&hashed);
    house.write("token", token);
    must(
        house.path(),
        &[
            "ts",
            "-verify",
            "-digest",
            &digest,
            "-in",
            "token",
            "-token_in",
            "-CAfile",
            "root.pem",
        ],
    );
}

fn document(packaging: Packaging) -> Option<&'static dyn Source> {
    (packaging == Packaging::Detached).then_some(&DOCUMENT as &dyn Source)
}

#[test]
fn every_profile_signs_detached_and_attached() {
    let house = House::new();
    for profile in SignatureProfile::ALL {
        let hand = house.hand(profile.name(), profile);
        for packaging in [Packaging::Detached, Packaging::Attached] {
            let file = signed(&hand, packaging);
            judged(&house, &file, packaging);
            let claims = claims(&file);
            let [claim] = claims.as_slice() else {
                panic!("{claims:?}")
            };
            assert_eq!((claim.faults.as_slice(), claim.format), (&[][..], Format::Cades));
            assert_eq!(claim.signer, Named::Bound(hand.certificate.der().to_vec()));
            assert_eq!(claim.covered[0].integrity, Integrity::Intact);
            assert_eq!(claim.covered[0].digest, Some(profile.hash().digest(DOCUMENT)));
            assert_eq!(claim.properties.time, said().time);
            assert!(
                hand.certificate
                    .key()
                    .verifies(profile, &claim.signed, &claim.value)
            );
        }
    }
}

#[test]
fn a_signature_is_led_to_lta_and_renewed_step_by_step_from_its_file() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let list = house.list();
    for packaging in [Packaging::Detached, Packaging::Attached] {
        let document = document(packaging);
        let base = signed(&hand, packaging);

        let Reached::Unstamped(unstamped) = open(&base, document, 0).unwrap() else {
            panic!("not at B");
        };
        let foreign = house.stamp(HashAlgorithm::Sha256.digest(b"another signature"));
        assert!(matches!(
            unstamped.clone().stamp(&foreign),
            Err(CadesError::Imprint)
        ));
        let token = house.stamp(unstamped.to_stamp(HashAlgorithm::Sha384).unwrap());
        let stamped_file = written(&unstamped.stamp(&token).unwrap(), &base);
        judged(&house, &stamped_file, packaging);

        let Reached::Stamped(stamped) = open(&stamped_file, document, 0).unwrap() else {
            panic!("not at T");
        };
        let mut material = Material::default();
        material
            .certificates
            .extend([house.der("root"), house.der("unit")]);
        material.lists.insert(list.clone());
        material.answers.insert(vec![0x30, 3, 0x0A, 1, 6]);
        let kept_file = written(&stamped.keep(material.clone()).unwrap(), &stamped_file);
        judged(&house, &kept_file, packaging);

        let mut sealed_file = kept_file;
        for round in 1..=2 {
            let Reached::Stamped(kept) = open(&sealed_file, document, 0).unwrap() else {
                panic!("not at LT");
            };
            let more = Material {
                answers: [vec![0x30, 3, 0x0A, 1, round]].into(),
                ..Material::default()
            };
            let with_more = written(&kept.keep(more).unwrap(), &sealed_file);
            let Reached::Stamped(kept) = open(&with_more, document, 0).unwrap() else {
                panic!("not at LT");
            };
            let token = house.stamp(kept.to_stamp(HashAlgorithm::Sha512).unwrap());
            assert!(matches!(kept.clone().archive(&foreign), Err(CadesError::Imprint)));
            sealed_file = written(&kept.archive(&token).unwrap(), &with_more);
            judged(&house, &sealed_file, packaging);
            material.answers.insert(vec![0x30, 3, 0x0A, 1, round]);

            let claims = claims(&sealed_file);
            let stamps = &claims[0].stamps;
            assert_eq!(
                (claims[0].faults.len(), stamps.len()),
                (0, 1 + usize::from(round))
            );
            assert!(stamps.iter().all(|stamp| stamp.imprint == Integrity::Intact));
            assert_eq!(stamps[0].kind, StampKind::Signature);
            let newest = stamps.last().unwrap();
            assert!(material.clone().without(&newest.covers) == Material::default());
            for stamp in stamps {
                let claim = TimeStamp::read(&stamp.token).unwrap().claim().unwrap();
                assert_eq!(
                    (claim.faults.len(), claim.covered[0].integrity),
                    (0, Integrity::Intact)
                );
                assert!(matches!(claim.signer, Named::Bound(_)));
                stamp_judged(&house, &stamp.token);
            }
        }
        // The first archive does not seal what came after it.
        let first = &claims(&sealed_file)[0].stamps[1];
        assert!(!first.covers.answers.contains(&[0x30, 3, 0x0A, 1, 2][..]));
    }
}

#[test]
fn a_second_signer_joins_and_the_first_stays_as_it_was() {
    let house = House::new();
    let first = house.hand("first", SignatureProfile::RsaPssSha256);
    let second = house.hand("second", SignatureProfile::EcdsaP384Sha384);
    for packaging in [Packaging::Detached, Packaging::Attached] {
        let file = signed(&first, packaging);
        let prepared = Prepared::beside(&file, document(packaging), &second.certificate, &said()).unwrap();
        let raw = second.sign(&prepared.to_be_signed(), prepared.shown());
        let both = written(&prepared.finish(&raw).unwrap(), &file);
        judged(&house, &both, packaging);
        let claims = claims(&both);
        assert_eq!(claims.len(), 2);
        for claim in &claims {
            assert_eq!(
                (claim.faults.len(), claim.covered[0].integrity),
                (0, Integrity::Intact)
            );
        }
        let who = [&first, &second].map(|hand| Named::Bound(hand.certificate.der().to_vec()));
        assert!(
            who.iter()
                .all(|named| claims.iter().any(|claim| claim.signer == *named))
        );

        // Each is stamped by itself.
        let Reached::Unstamped(unstamped) = open(&both, document(packaging), 1).unwrap() else {
            panic!("not at B");
        };
        let token = house.stamp(unstamped.to_stamp(HashAlgorithm::Sha256).unwrap());
        let stamped = written(&unstamped.stamp(&token).unwrap(), &both);
        judged(&house, &stamped, packaging);
        assert!(matches!(
            open(&stamped, document(packaging), 0),
            Ok(Reached::Unstamped(_))
        ));
        assert!(matches!(
            open(&stamped, document(packaging), 1),
            Ok(Reached::Stamped(_))
        ));
        assert!(open(&stamped, document(packaging), 2).is_err());
    }
}

#[test]
fn nobody_joins_a_signature_over_another_document() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let file = signed(&hand, Packaging::Detached);
    let other: &dyn Source = &b"another document".as_slice();
    let join = |document| Prepared::beside(&file, document, &hand.certificate, &said());
    assert!(matches!(join(Some(other)), Err(CadesError::Broken { .. })));
    assert!(matches!(join(None), Err(CadesError::Detached)));
    let file = signed(&hand, Packaging::Attached);
    let join = |document| Prepared::beside(&file, document, &hand.certificate, &said());
    assert!(matches!(join(Some(other)), Err(CadesError::Attached)));
}
