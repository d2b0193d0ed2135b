//! Signing: what comes out is read by others, and what the device hashed is what they find signed.

use std::fs;

use domain::{SignatureProfile, Time};
use signer::{
    Output, Source, digest_of,
    pdf::{Options, Prepared},
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
        judges::all(house.path(), &name, number + 1);
    }
}
