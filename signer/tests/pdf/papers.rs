//! Papers of our own: Evidence that is sealed, stamped and kept with validation data, its mark where room was left for it.

use std::fs;

use domain::{HashAlgorithm, SignatureProfile, Time};
use forms::{Languages, MatchEvidence, Organisation, Paper, Picture, Product, Reference, Source, Subject};
use signer::{
    Material,
    mark::{Accent, Address, Design, Language, Layout, Mark, Moment, Phrase, Place, Serial, Size},
    pdf::{Hazard, Kept, Sheet, Stamped, Standing, Unstamped, claims, hazards},
};

use crate::{
    claims::is_accepted,
    house::House,
    judges::{self, run},
    signing::{options, sign, written},
};

fn organisation(name: &str) -> Organisation {
    Organisation {
        name: name.parse().unwrap(),
        bin: "161140016747".parse().unwrap(),
        address: "Алматы, Абылай хан даңғылы, 1".parse().unwrap(),
        contact: "help@bank.example".parse().unwrap(),
    }
}

fn evidence() -> Paper<MatchEvidence> {
    let at = Time::parse_rfc3339("2026-11-21T09:59:00Z").unwrap();
    let face = concat!(env!("CARGO_MANIFEST_DIR"), "/../forms/tests/vectors/straight.jpg");
    let current = Picture::new(fs::read(face).unwrap()).unwrap();
    Paper {
        number: "019aa5c1-7d0e-7c3a-9b1e-5f2f6b0c4d11".parse().unwrap(),
        made_at: at,
        form: MatchEvidence {
            subject: Subject {
                iin: "900101300017".parse().unwrap(),
                name: None,
                acts_for: None,
            },
            liveness: "019aa5c1-7d0e-7c3a-9b1e-5f2f6b0c4d10".parse().unwrap(),
            reference: Reference {
                source: Source::National,
                name: "ҰБАЖ".parse().unwrap(),
                picture: Some(current.clone()),
            },
            current,
            similarity: "97.25".parse().unwrap(),
            threshold: "85".parse().unwrap(),
            customer: organisation("«Дала Банк» АҚ"),
            application: "mobile.bank.example".parse().unwrap(),
            session: "019aa5c1-7d0e-7c3a-9b1e-000000000001".parse().unwrap(),
            compared_at: at,
            provider: organisation("«Тамға» АҚ"),
            product: Product {
                supplier: "Көру".parse().unwrap(),
                name: "Көру Match".parse().unwrap(),
                version: "4.2".parse().unwrap(),
            },
        },
    }
}

/// R074: what was sealed is read, believed and taken apart by programs that are not ours, years later too.
#[test]
fn evidence_is_sealed_and_believed_elsewhere() {
    let house = House::new();
    let hand = house.hand("provider", SignatureProfile::EcdsaP256Sha256);
    let paper = evidence();
    let rendered = paper.to_pdf(Languages::Official).unwrap();
    // Nothing about its look can change; the data are attached, and are named as such.
    let found = hazards(&rendered.bytes).unwrap();
    assert!(
        found.iter().all(|finding| finding.hazard == Hazard::Attachment),
        "{found:?}"
    );

    let [place] = rendered.places.as_slice() else {
        panic!("one seal: {:?}", rendered.places);
    };
    let [width, height] = [place.width, place.height].map(|side| f64::from(side) - 6.0);
    let mark = Mark {
        language: Language::Kazakh,
        signer: Phrase::new("«Тамға» АҚ").unwrap(),
        iin: None,
        time: Moment::new(Time::parse_rfc3339("2026-11-21T10:00:00Z").unwrap()).unwrap(),
        certificate: Serial::new(&[0x3A; 16]).unwrap(),
        bank: None,
        purpose: None,
        page: Address::new("https://tamga.example/v/7Q2F-9KXM").unwrap(),
    };
    let design = Design {
        layout: Layout::Compact,
        size: Some(Size::new(width, height).unwrap()),
        accent: Accent::TAMGA,
    };
    let mark = mark.compose(&design).unwrap();
    let page = u32::try_from(place.page).unwrap() + 1;
    let sheet = Sheet::read(&rendered.bytes, page).unwrap();
    let [left, top] = [place.left, place.top].map(|side| f64::from(side) + 3.0);
    let stand = sheet
        .page
        .stand(Place::At { left, top }, mark.size(), &sheet.taken)
        .unwrap();
    let standing = Standing::new(&mark, stand);
    let mut options = options();
    options.place = Some(standing.on(page));

    let mut document = sign(&rendered.bytes, &hand, &options);
    let unstamped = Unstamped::new(&document, "Signature1").unwrap();
    let token = house.token(unstamped.value());
    document = written(&unstamped.stamp(&token).unwrap(), &document);
    let material = Material {
        certificates: [house.der("root"), house.der("unit")].into(),
        ..Material::default()
    };
    let stamped = Stamped::new(&document).unwrap();
    document = written(&stamped.keep(&document, material, &[1; 16]).unwrap(), &document);

    fs::write(house.path().join("evidence.pdf"), &document).unwrap();
    judges::qpdf(house.path(), "evidence.pdf");
    let judged = run("pdfsig", house.path(), &["-nocert", "evidence.pdf"]);
    assert!(String::from_utf8_lossy(&judged.stdout).contains("Signature is Valid"));
    judges::pyhanko(house.path(), "evidence.pdf", 1);
    let found = claims(&document).unwrap();
    assert!(found.len() == 1 && found.iter().all(is_accepted), "{found:?}");

    // An archive's time stamp covers what was kept, and the seal stays what it was.
    let kept = Kept::new(&document, HashAlgorithm::Sha256, [101; 16]).unwrap();
    let token = crate::token_on(&house, kept.digest());
    document = written(&kept.archive(&token).unwrap(), &document);
    fs::write(house.path().join("archived.pdf"), &document).unwrap();
    judges::all(house.path(), "archived.pdf", 1, 1);
    if let Some(folder) = std::env::var_os("TAMGA_FORMS_DIR") {
        fs::write(std::path::Path::new(&folder).join("sealed.pdf"), &document).unwrap();
    }

    run(
        "pdfdetach",
        house.path(),
        &["-save", "1", "-o", "data.json", "archived.pdf"],
    );
    let data = fs::read(house.path().join("data.json")).unwrap();
    assert_eq!(Paper::<MatchEvidence>::from_json(&data).unwrap(), paper);
}
