//! Signing: what comes out is read by others, and what the device hashed is what they find signed.

use std::fs;

use domain::{HashAlgorithm, SignatureProfile, Time};
use signer::{
    Material, Output, Source, digest_of,
    pdf::{Kept, Options, PdfError, Prepared, Stamped, Unstamped},
};

use crate::{
    house::{Hand, House},
    judges,
    making::Making,
};

pub(crate) fn written(output: &Output, source: &dyn Source) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(&[source], &mut bytes).unwrap();
    bytes
}

pub(crate) fn options<'a>() -> Options<'a> {
    Options {
        name: Some("Айгүл Сәрсенова".into()),
        reason: Some("I agree".into()),
        time: Some(Time::parse_rfc3339("2026-11-21T10:00:00Z").unwrap()),
        chance: [7; 16],
        ..Options::default()
    }
}

/// Prepares, checks as a device would, and signs.
pub(crate) fn sign(source: &dyn Source, hand: &Hand<'_>, options: &Options<'_>) -> Vec<u8> {
    let prepared = Prepared::new(source, &hand.certificate, options).unwrap();
    let shown = written(&prepared.output(), source);
    let [before, after] = prepared.ranges();
    assert_eq!((before.start, after.end), (0, shown.len() as u64));
    let hole = &shown[usize::try_from(before.end).unwrap()..usize::try_from(after.start).unwrap()];
    assert!(
        hole.starts_with(b"<0")
            && hole.ends_with(b"0>")
            && hole[1..hole.len() - 1].iter().all(|byte| *byte == b'0')
    );
    let hashed = digest_of(&shown, &[before, after], hand.certificate.profile().hash()).unwrap();
    assert_eq!(hashed, prepared.shown());
    let raw = hand.sign(&prepared.to_be_signed(), &hashed);
    let signed = written(&prepared.finish(&raw).unwrap(), source);
    assert_eq!(signed.len(), shown.len());
    signed
}

#[test]
fn one_two_and_three_signers_are_all_accepted_elsewhere() {
    let house = House::new();
    let profiles = [
        SignatureProfile::RsaPkcs1Sha256,
        SignatureProfile::EcdsaP256Sha256,
        SignatureProfile::EcdsaP384Sha384,
    ];
    let mut document = Making::page().table();
    for (number, profile) in profiles.into_iter().enumerate() {
        let hand = house.hand(profile.name(), profile);
        document = sign(&document, &hand, &options());
        let name = format!("{}.pdf", number + 1);
        fs::write(house.path().join(&name), &document).unwrap();
        judges::all(house.path(), &name, number + 1, 0);
    }
}

/// What the signer and the unit are judged with today.
fn material(house: &House) -> Material {
    Material {
        certificates: [house.der("root"), house.der("unit")].into(),
        lists: [house.list()].into(),
        ..Material::default()
    }
}

#[test]
fn a_signature_is_extended_step_by_step_and_renewed_and_accepted_at_every_level() {
    let house = House::new();
    for profile in [
        SignatureProfile::RsaPkcs1Sha256,
        SignatureProfile::EcdsaP256Sha256,
    ] {
        let hand = house.hand(profile.name(), profile);
        let write = |level: &str, document: &[u8]| {
            let name = format!("{}-{level}.pdf", profile.name());
            fs::write(house.path().join(&name), document).unwrap();
            name
        };
        let mut document = sign(&Making::page().table(), &hand, &options());

        let unstamped = Unstamped::new(&document, "Signature1").unwrap();
        let token = house.token(unstamped.value());
        let stamped = written(&unstamped.stamp(&token).unwrap(), &document);
        assert_eq!(stamped.len(), document.len());
        document = stamped;
        judges::all(house.path(), &write("t", &document), 1, 0);

        for number in 1..=3_u8 {
            let stamped = Stamped::new(&document).unwrap();
            let kept = stamped.keep(&document, material(&house), &[number; 16]).unwrap();
            document = written(&kept, &document);
            let (before, after) = (usize::from(number) - 1, usize::from(number));
            judges::kept(house.path(), &write("lt", &document), before, false);

            let kept = Kept::new(&document, HashAlgorithm::Sha256, [number + 100; 16]).unwrap();
            let token = crate::token_on(&house, kept.digest());
            document = written(&kept.archive(&token).unwrap(), &document);
            judges::kept(house.path(), &write("lta", &document), after, true);
        }
        assert!(matches!(
            Unstamped::new(&document, "Signature1"),
            Err(PdfError::Level { .. })
        ));
    }
}
