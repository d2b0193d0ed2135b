//! What is found in signed files, before and after honest additions.

use domain::{HashAlgorithm, SignatureProfile};
use signer::{
    Claim, Coverage, Format, Integrity, Material, Named, StampKind,
    pdf::{Intent, Kept, Options, PdfError, Permission, Prepared, Stamped, Unstamped, claims},
};

use crate::{
    house::House,
    making::Making,
    signing::{options, sign, written},
};

/// The digest agrees and nothing is wrong with the form.
pub(crate) fn is_sound(claim: &Claim) -> bool {
    claim.faults.is_empty()
        && claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact)
}

/// Sound, and whatever came later is harmless.
pub(crate) fn is_accepted(claim: &Claim) -> bool {
    let harmless = match &claim.coverage {
        Coverage::Whole => true,
        Coverage::Revision { changes, .. } => changes.iter().all(|change| change.harmless),
        Coverage::Detached { .. } | Coverage::Parts | Coverage::Except { .. } => false,
    };
    harmless && is_sound(claim)
}

#[test]
fn what_the_device_hashed_is_what_is_found_signed() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::RsaPkcs1Sha256);
    let document = Making::page().table();
    let prepared = Prepared::new(&document, &hand.certificate, &options()).unwrap();
    let shown = prepared.shown();
    let signed = sign(&document, &hand, &options());
    let found = claims(&signed).unwrap();
    let [claim] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert!(is_sound(claim), "{claim:?}");
    assert_eq!(
        (claim.format, claim.coverage.clone()),
        (Format::Pades, Coverage::Whole)
    );
    assert_eq!(claim.covered[0].digest, Some(shown));
    assert_eq!(claim.signer, Named::Bound(hand.certificate.der().to_vec()));
    assert_eq!(claim.properties.name.as_deref(), Some("Айгүл Сәрсенова"));
    assert_eq!(claim.properties.reason.as_deref(), Some("I agree"));
    assert_eq!(claim.properties.time, options().time);
}

#[test]
fn further_signatures_stamps_and_validation_data_are_harmless_to_the_first() {
    let house = House::new();
    let first = house.hand("first", SignatureProfile::EcdsaP256Sha256);
    let second = house.hand("second", SignatureProfile::RsaPssSha256);
    let mut document = sign(&Making::page().table(), &first, &options());
    document = sign(&document, &second, &options());
    let unstamped = Unstamped::new(&document, "Signature2").unwrap();
    let token = house.token(unstamped.value());
    document = written(&unstamped.stamp(&token).unwrap(), &document);
    for number in 1..=2_u8 {
        let material = Material {
            certificates: [house.der("root"), vec![0x30, 1, number]].into(),
            ..Material::default()
        };
        let stamped = Stamped::new(&document).unwrap();
        document = written(
            &stamped.keep(&document, material, &[number; 16]).unwrap(),
            &document,
        );
        let kept = Kept::new(&document, HashAlgorithm::Sha256, [number + 100; 16]).unwrap();
        let token = crate::token_on(&house, kept.digest());
        document = written(&kept.archive(&token).unwrap(), &document);
    }
    let found = claims(&document).unwrap();
    assert_eq!(found.len(), 2);
    for (number, claim) in found.iter().enumerate() {
        assert!(is_accepted(claim), "{:?} {:?}", claim.faults, claim.coverage);
        let kinds = claim.stamps.iter().map(|stamp| stamp.kind).collect::<Vec<_>>();
        let archive = [StampKind::Archive; 2].as_slice();
        let wanted = if number == 0 {
            archive.to_vec()
        } else {
            [&[StampKind::Signature], archive].concat()
        };
        assert_eq!(kinds, wanted);
        assert!(
            claim
                .stamps
                .iter()
                .all(|stamp| stamp.imprint == Integrity::Intact)
        );
        assert_eq!(claim.stamps.last().unwrap().covers.certificates.len(), 3);
        assert!(claim.material.certificates.contains(&house.der("root")));
    }
}

#[test]
fn a_certification_is_obeyed() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let certify = |permission| Options {
        intent: Intent::Certification(permission),
        ..options()
    };
    let document = Making::page().table();
    for permission in [Permission::Forms, Permission::Annotations] {
        let certified = sign(&document, &hand, &certify(permission));
        let twice = sign(&certified, &hand, &options());
        assert!(claims(&twice).unwrap().iter().all(is_accepted));
        assert!(matches!(
            Prepared::new(&twice, &hand.certificate, &certify(permission)),
            Err(PdfError::Forbidden { .. })
        ));
    }
    let closed = sign(&document, &hand, &certify(Permission::Nothing));
    assert!(claims(&closed).unwrap().iter().all(is_accepted));
    assert!(matches!(
        Prepared::new(&closed, &hand.certificate, &options()),
        Err(PdfError::Forbidden { .. })
    ));
    let stamped = Stamped::new(&closed).unwrap();
    let material = Material {
        certificates: [house.der("root")].into(),
        ..Material::default()
    };
    let kept = written(&stamped.keep(&closed, material, &[1; 16]).unwrap(), &closed);
    assert!(claims(&kept).unwrap().iter().all(is_accepted));
}
