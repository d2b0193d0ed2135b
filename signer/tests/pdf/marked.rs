//! The visible mark in its place: signed, and accepted elsewhere, on straight, turned and cropped pages.

use std::fs;

use domain::{SignatureProfile, Time};
use signer::{
    mark::{Accent, Address, Corner, Design, Language, Layout, Mark, Moment, Phrase, Place, Serial},
    pdf::{Options, Sheet, Standing, claims},
};

use crate::{
    claims::is_accepted,
    house::House,
    judges,
    making::Making,
    signing::{options, sign},
};

fn mark(language: Language) -> Mark {
    Mark {
        language,
        signer: Phrase::new("Айгүл Сәрсенова").unwrap(),
        iin: None,
        time: Moment::new(Time::parse_rfc3339("2026-11-21T10:00:00Z").unwrap()).unwrap(),
        certificate: Serial::new(&[0x3A, 0x4F, 0x21, 0xC0]).unwrap(),
        bank: None,
        purpose: None,
        page: Address::new("https://sign.example.kz/v/K7QmX2d9TfWc").unwrap(),
    }
}

#[test]
fn marks_stand_beside_each_other_and_every_signature_is_accepted() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    for (name, entries) in [
        ("straight.pdf", ""),
        ("turned.pdf", "/Rotate 90"),
        ("cropped.pdf", "/CropBox[30 30 500 700]/Rotate 180"),
    ] {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{entries}/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>"
        );
        let mut document = Making::page().with(3, &page).table();
        for language in Language::ALL.into_iter().take(2) {
            let design = Design {
                layout: Layout::ALL[0],
                size: None,
                accent: Accent::TAMGA,
            };
            let composed = mark(language).compose(&design).unwrap();
            let sheet = Sheet::read(&document, 1).unwrap();
            let stand = sheet
                .page
                .stand(Place::In(Corner::LowerRight), composed.size(), &sheet.taken)
                .unwrap();
            let standing = Standing::new(&composed, stand);
            let options = Options {
                place: Some(standing.on(1)),
                ..options()
            };
            document = sign(&document, &hand, &options);
        }
        fs::write(house.path().join(name), &document).unwrap();
        judges::all(house.path(), name, 2, 0);
        let found = claims(&document).unwrap();
        assert!(found.len() == 2 && found.iter().all(is_accepted));
    }
}
