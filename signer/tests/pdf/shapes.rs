//! Files of odd shapes: each is signed twice, opens, and validates elsewhere.

use std::{fs, path::Path};

use domain::SignatureProfile;
use signer::pdf::{Sheet, claims, hazards};

use crate::{
    claims::is_accepted,
    house::{Hand, House},
    judges,
    making::Making,
    signing::{options, sign},
};

/// Signs a file of the house's folder by two signers and has the result judged.
fn signed_twice_and_judged(house: &House, hands: &[Hand<'_>; 2], name: &str) {
    let mut document = fs::read(house.path().join(name)).unwrap();
    for hand in hands {
        document = sign(&document, hand, &options());
    }
    let out = format!(
        "signed-{}",
        Path::new(name).file_name().unwrap().to_str().unwrap()
    );
    fs::write(house.path().join(&out), &document).unwrap();
    judges::all(house.path(), &out, 2, 0);
    let found = claims(&document).unwrap();
    assert!(
        found.len() == 2 && found.iter().all(is_accepted),
        "{name}: {:?}",
        found
            .iter()
            .map(|claim| (&claim.faults, &claim.coverage))
            .collect::<Vec<_>>()
    );
    assert!(
        Sheet::count(&document).unwrap() > 0 && hazards(&document).is_ok(),
        "{name}"
    );
}

fn hands(house: &House) -> [Hand<'_>; 2] {
    [
        house.hand("first", SignatureProfile::EcdsaP256Sha256),
        house.hand("second", SignatureProfile::RsaPkcs1Sha256),
    ]
}

#[test]
fn odd_but_lawful_shapes_take_signatures() {
    let house = House::new();
    let hands = hands(&house);
    let plain = Making::page();
    let lines = |line, row| Making {
        line,
        row,
        ..Making::page()
    };
    let shapes: Vec<(&str, Vec<u8>)> = vec![
        ("crlf.pdf", lines("\r\n", "\r\n").table()),
        ("space-lf.pdf", lines("\n", " \n").table()),
        ("space-cr.pdf", lines("\n", " \r").table()),
        ("short-rows.pdf", lines("\n", "\n").table()),
        ("form-as-object.pdf", plain.clone().with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>").with(6, "<</Fields 7 0 R/SigFlags 0>>").with(7, "[]").table()),
        ("form-inside.pdf", plain.clone().with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]>>>>").table()),
        ("annotations-as-object.pdf", plain.clone().with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots 6 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>").with(6, "[7 0 R]").with(7, "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.kz)>>>>").table()),
        ("identified.pdf", Making { trailer: "/Root 1 0 R/ID[<61><62>]/Info 6 0 R".into(), ..plain.clone() }.with(6, "<</Title(a\\)b\\\\c)>>").table()),
        ("free-entries.pdf", plain.table_with_gaps()),
        ("hybrid.pdf", plain.hybrid()),
    ];
    for (name, bytes) in shapes {
        fs::write(house.path().join(name), bytes).unwrap();
        signed_twice_and_judged(&house, &hands, name);
    }
}
