//! Later changes of fields that let a page say something else, each named after its attack; beside each what looks alike
//! and is honest.

use std::fmt::Write as _;

use domain::SignatureProfile;
use signer::{
    Coverage, Name,
    pdf::{Options, claims},
};

use crate::{
    attacks::{Entry::Body, append, body},
    honest::{harm, listed, marked, paper},
    house::House,
    making::Making,
    signing::{options, sign},
};

/// What is white and says another sum.
const COVER: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 300 40]/Resources<</Font<</F1 5 0 R>>>>/Length 69>>\nstream\n1 1 1 rg 0 0 600 900 re f 0 g BT /F1 24 Tf 5 8 Td (Loan 9 KZT) Tj ET \nendstream";
const BLANK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Length 9>>\nstream\n% DSBlank\nendstream";
const TEXT: &str = "[60 710 260 745]";
const FREE: &str = "[300 300 400 400]";

/// Signs papers, and lets a stranger sign them too.
pub(crate) struct Desk(House);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(House::new())
    }

    pub(crate) fn sign(&self, paper: &Making, wish: &Options<'_>) -> Vec<u8> {
        let hand = self.0.hand("signer", SignatureProfile::EcdsaP256Sha256);
        sign(&paper.table(), &hand, wish)
    }

    fn join(&self, document: &[u8], wish: &Options<'_>) -> Vec<u8> {
        let hand = self.0.hand("stranger", SignatureProfile::EcdsaP256Sha256);
        sign(&document, &hand, wish)
    }

    /// Into a field without a look of the signature's own.
    fn fill(&self, document: &[u8], field: &str) -> Vec<u8> {
        let field = Some(field.to_owned());
        self.join(document, &Options { field, ..options() })
    }
}

/// Notes an attack of which nothing harmful is told, or not this; and honest work of which something is.
pub(crate) fn note(wrong: &mut String, name: &str, told: &[String], wanted: Option<&str>) {
    let is_right = match wanted {
        Some(wanted) => told.iter().any(|told| told.contains(wanted)),
        None => told.is_empty(),
    };
    if !is_right {
        writeln!(wrong, "{name}: {wanted:?} {told:?}").unwrap();
    }
}

#[test]
fn a_new_field_paints_nothing_by_its_ground_or_border_and_stands_over_nothing() {
    let desk = Desk::new();
    let plain = desk.sign(&paper(), &options());
    let mut wrong = String::new();
    let over = Some("covers what page 1 shows");
    let paints = Some("more than a signature needs");
    for (name, place, what, wanted) in [
        ("mk-nosig", TEXT, "/MK<</BG[1 1 1]/BC[1 0 0]>>", over),
        ("mk-nosig-free", FREE, "/MK<</BG[1 1 1]>>", paints),
        ("mk-border", TEXT, "/MK<</BC[0 0 0]>>/BS<</W 40>>", over),
        ("mk-border-free", FREE, "/BS<</W 40>>", paints),
        ("mk-zero-ap", TEXT, "/MK<</BG[1 1 1]>>/AP null", over),
        ("mk-look-null", FREE, "/MK<</BG[1 1 1]>>/AP<</N null>>", paints),
        ("mk-caption", FREE, "/MK<</CA(Loan 9)>>", paints),
        ("border-free", FREE, "/Border[0 0 40]", paints),
        ("colour-free", FREE, "/C[1 0 0]", paints),
        ("bare-over", TEXT, "", over),
        (
            "zero-ornament",
            "[60 710 60 710]",
            "/MK<</BC[0 0 0]>>/BS<</W 40>>",
            Some("cannot be measured"),
        ),
        ("honest", FREE, "", None),
        (
            "honest-ornament",
            FREE,
            "/MK<</R 90>>/Border[0 0 0]/BS<</W 0>>/C[]",
            None,
        ),
        ("honest-unseen", "[0 0 0 0]", "/MK<<>>", None),
        ("honest-blank", "[0 0 0 0]", "", None),
    ] {
        let what = format!("/FT/Sig/F 132/Rect{place}{what}");
        let empty = listed(&plain, &what, &[(51, BLANK)]);
        note(&mut wrong, name, &harm(&empty), wanted);
        // Also where a sound signature is put into it.
        note(
            &mut wrong,
            &format!("{name} signed"),
            &harm(&desk.fill(&empty, "More")),
            wanted,
        );
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn an_empty_field_that_was_there_gets_no_ground_when_it_is_signed() {
    let desk = Desk::new();
    let mut wrong = String::new();
    for (name, was, is, wanted) in [
        ("mk-existing", "", "/MK<</BG[1 1 1]>>", Some("was changed: MK")),
        (
            "mk-exchanged",
            "/MK<</BG[1 0 0]>>",
            "/MK<</BG[1 1 1]>>",
            Some("was changed: MK"),
        ),
        ("honest-plain", "", "/MK<<>>", None),
        ("honest-same", "/MK<</BG[1 0 0]>>", "/MK<</BG[1 0 0]>>", None),
    ] {
        let signed = desk.sign(&with_field("/F 132", FREE, was), &options());
        let later = body(&signed, 10).replace(&format!("{was}/P "), &format!("{is}/P "));
        let later = append(&signed, &[(10, Body(&later))], "/Info 9 0 R");
        note(&mut wrong, name, &harm(&desk.fill(&later, "Here")), wanted);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_look_whose_rectangle_cannot_be_read_is_seen() {
    let desk = Desk::new();
    let plain = desk.sign(&paper(), &options());
    let mut wrong = String::new();
    let objects = [(51, COVER), (52, BLANK)];
    let look = "/AP<</N 51 0 R>>";
    let unmeasured = Some("cannot be measured");
    for (name, place, look, wanted) in [
        ("rect5", "[60 710 360 750 0]", look, unmeasured),
        ("rect-zero", "[60 710 60 710]", look, unmeasured),
        ("rect-flat", "[60 710 360 710]", look, unmeasured),
        ("rect-big", "[-4294967296 710 360 750]", look, unmeasured),
        ("rect-far", "[-99999999.5 710 360 750]", look, unmeasured),
        ("rect-null", "[60 710 360 null]", look, unmeasured),
        ("rect-text", "[60 710 360 (750)]", look, unmeasured),
        ("rect5-bare", "[60 710 360 750 0]", "", unmeasured),
        ("honest-corners", "[400 400 300 300]", look, None),
        ("honest-unseen", "[0 0 0 0]", "", None),
        ("honest-blank", "[0 0 0 0]", "/AP<</N 52 0 R>>", None),
    ] {
        let empty = listed(&plain, &format!("/FT/Sig/F 132/Rect{place}{look}"), &objects);
        note(&mut wrong, name, &harm(&desk.fill(&empty, "More")), wanted);
    }
    // Over an annotation whose place cannot be read.
    let stamp = "<</Type/Annot/Subtype/Stamp/F 4/AP<</N 8 0 R>>/Rect";
    for (name, place, wanted) in [
        ("annot-rect5", "[300 300 400 400 0]", Some("page 1")),
        ("honest-beside", "[300 500 400 600]", None),
    ] {
        let paper = paper()
            .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 10 0 R]>>")
            .with(10, &format!("{stamp}{place}>>"));
        let signed = desk.sign(&paper, &options());
        let joined = desk.join(&signed, &marked(1, [300.0, 300.0, 400.0, 400.0]));
        note(&mut wrong, name, &harm(&joined), wanted);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn flags_that_are_no_whole_number_move_a_mark() {
    let desk = Desk::new();
    let plain = desk.sign(&paper(), &options());
    let mut wrong = String::new();
    let elsewhere = Some("elsewhere than its place says");
    for (flags, wanted) in [
        ("16", elsewhere),
        ("16.0", elsewhere),
        ("(16)", elsewhere),
        ("8.0", elsewhere),
        ("4294967312", elsewhere),
        ("132", None),
        ("4", None),
    ] {
        let what = format!("/FT/Sig/F {flags}/Rect{FREE}/AP<</N 51 0 R>>");
        let empty = listed(&plain, &what, &[(51, COVER)]);
        note(&mut wrong, flags, &harm(&desk.fill(&empty, "More")), wanted);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// With an empty signature field that its author drew.
fn with_field(flags: &str, place: &str, what: &str) -> Making {
    paper()
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]>>>>")
        .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[10 0 R]>>")
        .with(10, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Here)/Rect{place}{flags}{what}/P 3 0 R>>"))
}

/// A look, or a page, that says this.
fn drawn(head: &str, content: &str) -> String {
    format!(
        "<<{head}/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// Signed, and then by a stranger in the field that was there, with other flags.
fn filled(desk: &Desk, paper: &Making, flags: [&str; 2]) -> Vec<u8> {
    let signed = desk.sign(paper, &options());
    let later = body(&signed, 10).replace(flags[0], flags[1]);
    let later = append(&signed, &[(10, Body(&later))], "/Info 9 0 R");
    let field = Some("Here".to_owned());
    let wish = Options {
        field,
        ..marked(1, [0.0, 0.0, 100.0, 100.0])
    };
    desk.join(&later, &wish)
}

#[test]
fn a_field_that_was_there_takes_a_mark_and_does_not_change_what_the_page_says() {
    let desk = Desk::new();
    let mut wrong = String::new();
    let page = "[0 0 595 842]";
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 5 0 R>>>>";
    let words = drawn(form, "BT /F1 24 Tf 5 8 Td (Penalty: 1 percent) Tj ET");
    let frame = drawn(form, "q .9 g 0 0 100 100 re f 0 G 0 0 100 100 re S Q");
    let look = "/AP<</N 11 0 R>>";
    let over = Some("covers what page 1 shows");
    let hidden = Some("was hidden when it was signed");
    for (name, flags, place, own, wanted) in [
        ("field-there", ["/F 4", "/F 132"], page, "", over),
        ("field-over", ["/F 132", "/F 132"], TEXT, "", over),
        ("field-hidden", ["/F 2", "/F 132"], FREE, "", hidden),
        ("field-hidden-page", ["/F 2", "/F 132"], page, "", hidden),
        ("field-noview", ["/F 32", "/F 132"], FREE, "", hidden),
        ("field-hidden-real", ["/F 2.0", "/F 132"], FREE, "", hidden),
        (
            "field-elsewhere",
            ["/F 132", "/F 148"],
            FREE,
            "",
            Some("elsewhere"),
        ),
        (
            "field-elsewhere-real",
            ["/F 132", "/F 16.0"],
            FREE,
            "",
            Some("elsewhere"),
        ),
        (
            "field-look",
            ["/F 132", "/F 132"],
            FREE,
            words.as_str(),
            Some("was exchanged for something else"),
        ),
        ("honest", ["/F 132", "/F 132"], FREE, "", None),
        ("honest-turned", ["/F 148", "/F 148"], FREE, "", None),
        ("honest-printed", ["/F 0", "/F 132"], FREE, "", None),
        ("honest-frame", ["/F 132", "/F 132"], FREE, frame.as_str(), None),
        ("honest-blank", ["/F 132", "/F 132"], FREE, BLANK, None),
    ] {
        let paper = if own.is_empty() {
            with_field(flags[0], place, "")
        } else {
            with_field(flags[0], place, look).with(11, own)
        };
        let filled = filled(&desk, &paper, flags);
        note(&mut wrong, name, &harm(&filled), wanted);
        assert!(tells_of_mark(&filled), "{name}");
    }
    // What is ruled for a mark may be under it; drawings and pictures not.
    let line = "320 310 m 380 310 l S .9 g 290 290 120 120 re f";
    for (name, more, wanted) in [
        ("honest-ruled", "", None),
        ("field-over-curve", "310 310 m 320 390 330 390 390 310 c S", over),
        (
            "field-over-image",
            "q 9 0 0 9 350 350 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q",
            over,
        ),
        (
            "field-over-pattern",
            "/Pattern cs /P1 scn 310 310 50 50 re f",
            over,
        ),
    ] {
        let content = format!("{line} {more}");
        let paper = with_field("/F 132", FREE, "").with(4, &drawn("", &content));
        note(
            &mut wrong,
            name,
            &harm(&filled(&desk, &paper, ["/F 132"; 2])),
            wanted,
        );
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn tells_of_mark(document: &[u8]) -> bool {
    let field = "Signature1".to_owned();
    let name = Name::Field { field };
    let told = claims(&document).unwrap();
    told.iter()
        .filter(|claim| claim.name == name)
        .any(|claim| match &claim.coverage {
            Coverage::Revision { changes, .. } => changes
                .iter()
                .any(|change| change.harmless && change.what.to_string().contains("is seen on page 1")),
            _ => false,
        })
}

#[test]
fn a_field_that_no_page_listed_is_measured_when_one_does() {
    let desk = Desk::new();
    let unlisted = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[]>>";
    for (place, harms) in [(TEXT, true), (FREE, false)] {
        let paper = with_field("/F 132", place, "/AP<</N 11 0 R>>")
            .with(11, COVER)
            .with(3, unlisted);
        let signed = desk.sign(&paper, &options());
        let page = body(&signed, 3).replace("/Annots [", "/Annots [10 0 R ");
        let later = append(&signed, &[(3, Body(&page))], "/Info 9 0 R");
        let told = harm(&later);
        assert_eq!(
            told.iter().any(|told| told.contains("covers what page 1")),
            harms,
            "{told:?}"
        );
    }
}
