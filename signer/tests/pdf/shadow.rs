//! Shadow attacks: the author of a document puts into it, before it is signed, what is to be seen afterwards. The signer sees
//! one content; a later revision hides, replaces, or hides and replaces it, without a byte of the signed part changed.

use domain::SignatureProfile;

use crate::{
    attacks::{
        Entry::{At, Body},
        accepted, append, find,
    },
    house::House,
    making::Making,
    signing::{options, sign},
};

const PAGES: &str =
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</X 7 0 R>>>>";
const SHADOW: &str = "<</Length 39>>\nstream\nBT /F1 24 Tf 72 720 Td (1000000) Tj ET   \nendstream";
/// Paints a white field over the page, and something harmless on it.
const COVER: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length 31>>\nstream\n1 1 1 rg 0 0 595 842 re f      \nendstream";
const NOTHING: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length 0>>\nstream\n\nendstream";

fn signed(document: &Making) -> Vec<u8> {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let signed = sign(&document.table(), &hand, &options());
    assert!(accepted(&signed));
    signed
}

#[track_caller]
fn is_refused(what: &str, attack: &[u8]) {
    assert!(!accepted(attack), "{what}");
}

/// The signer sees the cover; what is under it comes out when the cover is gone.
#[test]
fn shadow_hide() {
    let by_content = Making::page()
        .with(3, &format!("{PAGES}/Contents[4 0 R 6 0 R]>>"))
        .with(6, "<</Length 20>>\nstream\nq /X Do Q           \nendstream")
        .with(7, COVER);
    let file = signed(&by_content);
    for (what, number, entry) in [
        ("the cover freed", 7, At(0)),
        ("the cover emptied", 7, Body(NOTHING)),
        ("the cover made something else", 7, Body("null")),
        ("the painting of the cover freed", 6, At(0)),
        (
            "the cover's place named as another object",
            7,
            At(find(&file, "5 0 obj")),
        ),
    ] {
        is_refused(what, &append(&file, &[(number, entry)], ""));
    }
    let by_annotation = Making::page()
        .with(3, &format!("{PAGES}/Contents 4 0 R/Annots[6 0 R]>>"))
        .with(
            6,
            "<</Type/Annot/Subtype/Stamp/Rect[0 0 595 842]/F 4/AP<</N 7 0 R>>>>",
        )
        .with(7, COVER);
    let file = signed(&by_annotation);
    for (what, number, entry) in [
        ("the annotation freed", 6, At(0)),
        ("its look freed", 7, At(0)),
        ("its look emptied", 7, Body(NOTHING)),
        (
            "the annotation hidden",
            6,
            Body("<</Type/Annot/Subtype/Stamp/Rect[0 0 595 842]/F 2/AP<</N 7 0 R>>>>"),
        ),
    ] {
        is_refused(what, &append(&file, &[(number, entry)], ""));
    }
}

/// What readers take for harmless is replaced: a font, the value that stands over a field's content.
#[test]
fn shadow_replace() {
    let document = Making::page()
        .with(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DR<</Font<</F1 5 0 R>>>>/DA(/F1 9 Tf)>>>>",
        )
        .with(3, &format!("{PAGES}/Contents 4 0 R/Annots[6 0 R]>>"))
        .with(
            6,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[10 10 90 30]/P 3 0 R/AP<</N 7 0 R>>>>",
        )
        .with(7, NOTHING);
    let file = signed(&document);
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[49/nine]>>>>";
    let widget = |more: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[10 10 90 30]/P 3 0 R/AP<</N 7 0 R>>{more}>>"
        )
    };
    let look = SHADOW.replace("<<", "<</Type/XObject/Subtype/Form/BBox[0 0 80 20]");
    for (what, number, body) in [
        ("digits of the font exchanged", 5, font.to_owned()),
        ("a caption put over the field", 6, widget("/MK<</CA(1000)>>")),
        ("a default value put under it", 6, widget("/DV(1000)")),
        ("the field's look exchanged", 7, look),
    ] {
        is_refused(what, &append(&file, &[(number, Body(&body))], ""));
    }
}

/// A second document lies hidden in the signed bytes; a new table shows it instead of the first.
#[test]
fn shadow_hide_and_replace() {
    let document = Making::page()
        .with(3, &format!("{PAGES}/Contents 4 0 R>>"))
        .with(6, "<</Type/Catalog/Pages 8 0 R>>")
        .with(7, SHADOW)
        .with(8, "<</Type/Pages/Kids[9 0 R]/Count 1>>")
        .with(9, "<</Type/Page/Parent 8 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 7 0 R>>");
    let file = signed(&document);
    let place = |number: usize| find(&file, &format!("{number} 0 obj"));
    is_refused(
        "the hidden catalog made the root",
        &append(&file, &[(6, At(place(6)))], "/Root 6 0 R"),
    );
    is_refused(
        "the hidden pages named as the pages",
        &append(&file, &[(2, At(place(8)))], ""),
    );
    is_refused(
        "the hidden page named as the page",
        &append(&file, &[(3, At(place(9)))], ""),
    );
    is_refused(
        "the hidden content named as the content",
        &append(&file, &[(4, At(place(7)))], ""),
    );
    // Objects with the numbers of the first document, inside a stream of the signed part.
    let inside =
        "4 0 obj\n<</Length 39>>\nstream\nBT /F1 24 Tf 72 720 Td (1000000) Tj ET   \nendstream\nendobj";
    let carried = Making::page().with(
        6,
        &format!(
            "<</Length {}>>\nstream\n{}\nendstream",
            inside.len() - 18,
            &inside[..inside.len() - 18]
        ),
    );
    let file = signed(&carried);
    let hidden = find(&file, "4 0 obj\n<</Length 39>>");
    is_refused(
        "an object inside a stream",
        &append(&file, &[(4, At(hidden))], ""),
    );
}
