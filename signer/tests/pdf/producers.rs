//! Files of real producers and of odd shapes: each is signed twice, opens, and validates elsewhere.

use std::{fs, path::Path};

use domain::SignatureProfile;
use signer::pdf::{Sheet, claims, hazards};

use crate::{
    claims::is_accepted,
    house::{Hand, House},
    judges::{self, python, run},
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

fn made(program: &str, folder: &Path, arguments: &[&str]) {
    let output = run(program, folder, arguments);
    assert!(
        output.status.code().is_some_and(|code| code == 0 || code == 3),
        "{program} {arguments:?}: {output:?}"
    );
}

#[test]
fn files_as_qpdf_rewrites_them_take_signatures() {
    let house = House::new();
    let hands = hands(&house);
    fs::write(house.path().join("plain.pdf"), Making::page().table()).unwrap();
    for (name, switches) in [
        ("packed.pdf", "--object-streams=generate"),
        ("linear.pdf", "--linearize --object-streams=disable"),
        ("linear-packed.pdf", "--linearize --object-streams=generate"),
        ("qdf.pdf", "--qdf"),
        ("newline.pdf", "--newline-before-endstream"),
        ("two.pdf", "--force-version=2.0 --object-streams=generate"),
    ] {
        let mut arguments = vec!["plain.pdf"];
        arguments.extend(switches.split(' '));
        arguments.push(name);
        made("qpdf", house.path(), &arguments);
        signed_twice_and_judged(&house, &hands, name);
    }
}

#[test]
fn files_of_other_producers_take_signatures() {
    let house = House::new();
    let hands = hands(&house);
    let folder = house.path();
    fs::write(
        folder.join("in.ps"),
        "%!PS\n/Helvetica findfont 24 scalefont setfont 72 720 moveto (Agreement) show showpage\n",
    )
    .unwrap();
    made("ps2pdf", folder, &["in.ps", "ghostscript.pdf"]);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><text x='20' y='50'>Келісім</text></svg>";
    fs::write(folder.join("in.svg"), svg).unwrap();
    made(
        "rsvg-convert",
        folder,
        &["-f", "pdf", "-o", "cairo.pdf", "in.svg"],
    );
    let script = "from reportlab.pdfgen import canvas; c = canvas.Canvas('reportlab.pdf'); c.drawString(72, 720, 'x'); c.acroForm.textfield(name='sum', x=72, y=600); c.showPage(); c.save()";
    made(python().to_str().unwrap(), folder, &["-c", script]);
    made("mutool", folder, &["clean", "-z", "ghostscript.pdf", "mupdf.pdf"]);
    for name in ["ghostscript.pdf", "cairo.pdf", "reportlab.pdf", "mupdf.pdf"] {
        signed_twice_and_judged(&house, &hands, name);
    }
}

/// For files of producers that are too large to install for every test run: put them into the folder that
/// `TAMGA_PDFS` names.
#[test]
#[ignore = "wants a folder of PDFs"]
fn a_folder_of_files_takes_signatures() {
    let house = House::new();
    let hands = hands(&house);
    let folder = std::env::var("TAMGA_PDFS").unwrap();
    let mut files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>();
    files.sort();
    for file in files {
        eprintln!("{}", file.display());
        let name = file.file_name().unwrap().to_str().unwrap();
        fs::copy(&file, house.path().join(name)).unwrap();
        signed_twice_and_judged(&house, &hands, name);
    }
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
