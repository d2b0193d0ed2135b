//! Beside each rule by which a later change is told as harmful: what honest programs do that looks alike, and is not told
//! so. A rule that says no to everything would pass all attacks.

use std::fmt::Write as _;

use domain::SignatureProfile;
use signer::{
    Claim, Coverage, Name,
    pdf::{Intent, Options, Permission, Place, claims},
};

use crate::{
    attacks::{
        Entry::{self, Body},
        accepted, append, body, closed, find, number_after, patched,
    },
    house::House,
    large::Frame,
    making::Making,
    signing::{options, sign},
};

pub(crate) fn certified(permission: Permission) -> Options<'static> {
    Options {
        intent: Intent::Certification(permission),
        ..options()
    }
}

pub(crate) fn marked(page: u32, rectangle: [f64; 4]) -> Options<'static> {
    Options {
        place: Some(Place {
            page,
            rectangle,
            appearance: &Frame,
        }),
        ..options()
    }
}

fn is_first(claim: &Claim) -> bool {
    let field = "Signature1".to_owned();
    claim.name == Name::Field { field }
}

/// What is told of the first signature as harmful.
pub(crate) fn harm(document: &[u8]) -> Vec<String> {
    let claims = claims(&document).unwrap();
    let mut claims = claims.iter();
    let first: &Claim = claims.find(|claim| is_first(claim)).unwrap();
    assert!(first.faults.is_empty(), "{:?}", first.faults);
    match &first.coverage {
        Coverage::Revision { changes, .. } => {
            let harm = changes.iter().filter(|change| !change.harmless);
            harm.map(|change| change.what.to_string()).collect()
        }
        coverage => panic!("{coverage:?}"),
    }
}

/// A page with a text field, information, and a list of annotations, whose text has widths.
pub(crate) fn paper() -> Making {
    let widths = "556 ".repeat(95);
    Making {
        trailer: "/Root 1 0 R/Info 9 0 R".into(),
        ..Making::page()
    }
    .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
    .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R]>>")
    .with(5, &format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/LastChar 126/Widths[{widths}]>>"))
    .with(6, "(nothing)")
    .with(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(sum)/V(1)/Rect[10 10 90 30]/P 3 0 R/AP<</N 8 0 R>>>>")
    .with(8, "<</Type/XObject/Subtype/Form/BBox[0 0 80 20]/Length 0>>\nstream\n\nendstream")
    .with(9, "<</Title(A)>>")
}

type Change = fn(&[u8]) -> Vec<u8>;

/// An object with some of its words exchanged.
fn changed(document: &[u8], number: usize, old: &str, new: &str, more: &[(usize, Entry<'_>)]) -> Vec<u8> {
    let was = body(document, number);
    assert!(was.contains(old), "{was}");
    let is = was.replace(old, new);
    let mut objects = vec![(number, Body(is.as_str()))];
    objects.extend(more.iter().map(|(number, entry)| match entry {
        Body(body) => (*number, Body(body)),
        Entry::At(at) => (*number, Entry::At(*at)),
    }));
    append(document, &objects, "/Info 9 0 R")
}

const CATALOG: &str = "/Type /Catalog";
const STORE: &str = "<</Type/DSS/Certs[51 0 R]/VRI<</0123456789ABCDEF0123456789ABCDEF01234567 52 0 R>>>>";
const ENTRY: &str = "<</Type/VRI/Cert[51 0 R]/TU(D:20261121000000Z)>>";
const DATA: &str = "<</Length 3>>\nstream\nabc\nendstream";

/// Rule, permission of the signature, what harms, what does not.
#[expect(clippy::too_many_lines, reason = "one row for each rule")]
fn rules() -> Vec<(&'static str, Option<Permission>, Change, Change)> {
    vec![
        (
            "entries of the catalog",
            None,
            |document| changed(document, 1, CATALOG, "/Type /Catalog /OpenAction 3 0 R", &[]),
            |document| {
                let more = "/Version/1.7 /Extensions <</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>";
                changed(document, 1, "/Extensions <<", more, &[])
            },
        ),
        (
            "rights",
            None,
            |document| {
                changed(
                    document,
                    1,
                    CATALOG,
                    "/Type /Catalog /Perms<</DocMDP 6 0 R>>",
                    &[],
                )
            },
            |document| changed(document, 1, CATALOG, "/Type /Catalog ", &[]),
        ),
        (
            "the description",
            Some(Permission::Nothing),
            |document| changed(document, 9, "(A)", "(B)", &[]),
            // Written again, as it was.
            |document| changed(document, 9, "(A)", "(A)", &[]),
        ),
        (
            "the description of what is not certified",
            None,
            |document| changed(document, 9, "/Title", "/Contents 4 0 R/Title", &[(4, Body(DATA))]),
            |document| changed(document, 9, "(A)", "(B)", &[]),
        ),
        (
            "entries of the form",
            None,
            |document| changed(document, 1, "/Fields", "/XFA 6 0 R/Fields", &[]),
            |document| changed(document, 1, "/Fields", "/DA(/Helv 0 Tf)/DR<<>>/Fields", &[]),
        ),
        (
            "validation data",
            None,
            |document| {
                let store = STORE.replace("/Certs", "/JavaScript 6 0 R/Certs");
                let catalog = format!("{CATALOG}/DSS 50 0 R");
                let more = [(50, Body(store.as_str())), (51, Body(DATA)), (52, Body(ENTRY))];
                changed(document, 1, CATALOG, &catalog, &more)
            },
            |document| {
                let catalog = format!("{CATALOG}/DSS 50 0 R");
                let more = [(50, Body(STORE)), (51, Body(DATA)), (52, Body(ENTRY))];
                changed(document, 1, CATALOG, &catalog, &more)
            },
        ),
        (
            "values of fields",
            None,
            |document| changed(document, 7, "(1)", "(1000)", &[]),
            |document| changed(document, 7, "(1)", "(1)", &[]),
        ),
        (
            "filling in where it is permitted",
            Some(Permission::Forms),
            |document| changed(document, 7, "/Rect[10 10 90 30]", "/Rect[10 10 590 830]", &[]),
            |document| changed(document, 7, "/V(1)", "/V(1000)/M(D:20261121)", &[]),
        ),
        (
            "new fields",
            None,
            |document| field(document, "/FT/Tx/Rect[0 0 0 0]"),
            |document| field(document, "/FT/Sig/Rect[0 0 0 0]"),
        ),
        (
            "new fields that look signed",
            None,
            |document| field(document, "/FT/Sig/Rect[300 300 400 400]/AP<</N 8 0 R>>"),
            |document| field(document, "/FT/Sig/Rect[300 300 400 400]"),
        ),
        (
            "new fields that act",
            None,
            |document| field(document, "/FT/Sig/Rect[0 0 0 0]/AA<</E<</S/JavaScript/JS(x)>>>>"),
            |document| {
                field(
                    document,
                    "/FT/Sig/Rect[0 0 0 0]/TU(for you)/Lock<</Type/SigFieldLock/Action/All>>",
                )
            },
        ),
        (
            "pages",
            None,
            |document| changed(document, 3, "[0 0 595 842]", "[0 0 595 700]", &[]),
            |document| changed(document, 3, "[0 0 595 842]", "[0 0 595 842]", &[]),
        ),
        (
            "annotations",
            Some(Permission::Annotations),
            |document| changed(document, 3, "7 0 R ", "", &[]),
            |document| {
                let note = "<</Type/Annot/Subtype/Text/Rect[0 0 20 20]/Contents(x)>>";
                changed(document, 3, "7 0 R ", "7 0 R 50 0 R ", &[(50, Body(note))])
            },
        ),
        (
            "objects that the signed part misses",
            None,
            |document| append(document, &[(4, Body(DATA))], "/Info 9 0 R"),
            |document| append(document, &[(70, Body(DATA))], "/Info 9 0 R"),
        ),
        (
            "the number of objects",
            None,
            |document| closed(document, b"", "0 0\n", ("/Size 4", "")),
            |document| closed(document, b"", "0 0\n", ("/Size 4096", "")),
        ),
        (
            "bytes between objects",
            None,
            |document| {
                closed(
                    document,
                    b"4 0 obj\n(x)\nendobj\n",
                    "0 0\n",
                    (&size(document), ""),
                )
            },
            |document| {
                closed(
                    document,
                    b"\n% Made by Producer 1.0\n\n",
                    "0 0\n",
                    (&size(document), ""),
                )
            },
        ),
        (
            "bytes after the end",
            None,
            |document| [document, b"\nmore"].concat(),
            |document| [document, b"\r\n"].concat(),
        ),
    ]
}

fn size(document: &[u8]) -> String {
    format!("/Size {}", number_after(document, "/Size"))
}

/// With one more field in the form and on the page.
fn field(document: &[u8], what: &str) -> Vec<u8> {
    listed(document, &format!("/F 132{what}"), &[])
}

/// That, with flags of its own and with other objects.
pub(crate) fn listed(document: &[u8], what: &str, more: &[(usize, &str)]) -> Vec<u8> {
    let widget = format!("<</Type/Annot/Subtype/Widget/T(More)/P 3 0 R{what}>>");
    let page = body(document, 3).replace("/Annots [", "/Annots [50 0 R ");
    let page = if page.contains("50 0 R") {
        page
    } else {
        page.replace("/Annots[", "/Annots[50 0 R ")
    };
    let catalog = body(document, 1).replace("/Fields [", "/Fields [50 0 R ");
    // Those that come later stand behind.
    let order = |text: String| {
        let moved = text.replacen("50 0 R ", "", 1);
        let at = ["/Annots", "/Fields"]
            .iter()
            .find_map(|key| moved.find(key))
            .unwrap();
        let end = at + moved[at..].find(']').unwrap();
        format!("{} 50 0 R{}", &moved[..end], &moved[end..])
    };
    let (page, catalog) = (order(page), order(catalog));
    let mut objects = vec![(3, Body(&page)), (1, Body(&catalog)), (50, Body(&widget))];
    objects.extend(more.iter().map(|(number, object)| (*number, Body(object))));
    append(document, &objects, "/Info 9 0 R")
}

#[test]
fn every_rule_tells_what_harms_and_nothing_that_looks_alike() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let mut wrong = String::new();
    for (rule, permission, harmful, honest) in rules() {
        let wish = permission.map_or_else(options, certified);
        let signed = sign(&paper().table(), &hand, &wish);
        if accepted(&harmful(&signed)) {
            writeln!(wrong, "{rule}: not told").unwrap();
        }
        let document = honest(&signed);
        if !accepted(&document) {
            let told = claims(&document.as_slice()).map(|found| found[0].coverage.clone());
            writeln!(wrong, "{rule}: told, although honest: {told:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Signed by one, then by a stranger with a mark there.
pub(crate) fn joined(house: &House, paper: &Making, places: &[[f64; 4]]) -> Vec<u8> {
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let stranger = house.hand("stranger", SignatureProfile::EcdsaP256Sha256);
    let mut document = sign(&paper.table(), &hand, &options());
    for place in places {
        document = sign(&document, &stranger, &marked(1, *place));
    }
    document
}

#[test]
fn a_strangers_mark_over_what_was_signed_is_told_and_one_on_free_paper_is_not() {
    let house = House::new();
    let text = [60.0, 710.0, 260.0, 745.0];
    let told = harm(&joined(&house, &paper(), &[text]));
    assert!(
        told.len() == 1 && told[0].contains("page 1") && told[0].contains("60, 710 to 260, 745"),
        "{told:?}"
    );
    // Over the field of the form, and over an earlier mark.
    assert_eq!(
        harm(&joined(&house, &paper(), &[[5.0, 5.0, 60.0, 40.0]])).len(),
        1
    );
    // Close to the text, as its widths tell; and on most of the page below it.
    for free in [[260.0, 700.0, 400.0, 760.0], [20.0, 60.0, 575.0, 690.0]] {
        assert_eq!(harm(&joined(&house, &paper(), &[free])), [""; 0], "{free:?}");
    }
    // Whoever cannot tell where letters end says so.
    let blind = paper().with(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    assert_eq!(
        harm(&joined(&house, &blind, &[[260.0, 700.0, 400.0, 760.0]])).len(),
        1
    );
    // What a page shows that cannot be followed may be anywhere.
    let lost = paper().with(4, "<</Length 9/Filter/JPXDecode>>\nstream\nnothing..\nendstream");
    let told = harm(&joined(&house, &lost, &[[300.0, 100.0, 400.0, 150.0]]));
    assert!(told.len() == 1 && told[0].contains("cannot be told"), "{told:?}");
}

#[test]
fn marks_may_cover_most_of_a_small_receipt() {
    let house = House::new();
    let content = "BT /F1 8 Tf 10 185 Td (Receipt 7) Tj ET";
    let receipt = paper()
        .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 220 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>")
        .with(4, &format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()))
        .with(1, "<</Type/Catalog/Pages 2 0 R>>");
    let places = [[10.0, 10.0, 210.0, 80.0], [10.0, 90.0, 210.0, 160.0]];
    let document = joined(&house, &receipt, &places);
    assert_eq!(harm(&document), [""; 0]);
    assert!(accepted(&document));
    // The third stands on the second.
    let third = joined(&house, &receipt, &[places[0], places[1], places[1]]);
    let found = claims(&third).unwrap();
    assert!(!accepted(&third) && is_first(&found[0]) && harm(&third).is_empty());
}

#[test]
fn a_date_without_zone_is_told_as_one() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let signed = sign(&Making::page().table(), &hand, &options());
    let said = |document: &[u8]| claims(&document).unwrap().remove(0).properties;
    assert_eq!(
        (said(&signed).time, said(&signed).unzoned),
        (options().time, None)
    );
    let without = patched(&signed, "(D:20261121100000Z)", "(D:20261121100000) ");
    let found = said(&without);
    assert_eq!(
        (found.time, found.unzoned.as_deref()),
        (None, Some("2026-11-21 10:00:00"))
    );
    let none = patched(&signed, "(D:20261121100000Z)", "(D:20261321100000) ");
    assert_eq!((said(&none).time, said(&none).unzoned), (None, None));
}

#[test]
fn the_extension_is_declared_once_and_where_the_version_takes_it() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let words = |document: &[u8]| String::from_utf8_lossy(document).matches("/ESIC").count();
    let plain = Making::page().table();
    let once = sign(&plain, &hand, &options());
    let twice = sign(&once, &hand, &options());
    assert_eq!((words(&once), words(&twice)), (1, 1));
    assert!(accepted(&twice) && find(&twice, "/ExtensionLevel 2") > 0);
    for version in ["1.4", "2.0"] {
        let other = patched(&plain, "%PDF-1.7", &format!("%PDF-{version}"));
        assert_eq!(words(&sign(&other, &hand, &options())), 0, "{version}");
    }
}
