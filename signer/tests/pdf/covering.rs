//! Marks over what a page shows in ways that are easily taken for less room than they are; and honest pages beside them.

use std::time::{Duration, Instant};

use domain::SignatureProfile;

use crate::{
    honest::{harm, joined, marked},
    house::House,
    making::Making,
    signing::{options, sign},
};

const TEXT: &str = "BT /F1 24 Tf 72 720 Td (Loan 1000000 KZT) Tj ET";
const PLACE: [f64; 4] = [60.0, 710.0, 360.0, 750.0];

fn stream(entries: &str, content: &str) -> String {
    format!(
        "<<{entries}/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

fn says(content: &str) -> Making {
    Making::page().with(4, &stream("", content))
}

fn uses(content: &str, resources: &str) -> Making {
    let page =
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{resources}>>/Contents 4 0 R>>");
    says(content).with(3, &page)
}

fn with_font(content: &str, font: &str) -> Making {
    uses(content, "/Font<</F1 5 0 R/F2 6 0 R>>")
        .with(5, font)
        .with(6, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
}

fn simple(entries: &str, missing: &str) -> String {
    format!(
        "<</Type/Font/Subtype/TrueType/BaseFont/Foo{entries}/FontDescriptor<</Type/FontDescriptor/FontName/Foo{missing}>>>>"
    )
}

fn composite(encoding: &str, below: &str) -> String {
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/Foo/Encoding {encoding}/DescendantFonts[<</Type/Font/Subtype/CIDFontType0{below}>>]>>"
    )
}

fn drawn(matrix: &str, letter: &str) -> Making {
    let font = format!(
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix{matrix}/CharProcs<</A 7 0 R>>/Encoding<</Differences[65/A]>>/FirstChar 65/LastChar 65/Widths[1000]/Resources<<>>>>"
    );
    with_font("BT /F1 24 Tf 20 20 Td (AAA) Tj ET", &font).with(7, &stream("", letter))
}

fn annotated(rotate: u32, annotation: &str, count: usize) -> Making {
    let list = "6 0 R ".repeat(count);
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Resources<<>>/Contents 4 0 R/Annots[{list}]>>"
    );
    says("").with(3, &page).with(6, annotation)
}

fn wide(text: &str) -> String {
    format!("BT /F1 24 Tf 20 720 Td {text} Tj /F2 24 Tf (Loan 1000000) Tj ET")
}

#[expect(clippy::too_many_lines, reason = "one row for each way")]
fn attacks() -> Vec<(&'static str, Making, [f64; 4])> {
    let far = [200.0, 710.0, 560.0, 750.0];
    let smask = "<</Type/ExtGState/SMask<</S/Alpha/G 8 0 R>>>>";
    let squares = (0..12).map(|number| format!("{} 715 12 30 re ", 72 + 20 * number));
    let squares = squares.collect::<String>();
    let map = "/WMode 1 def 1 begincodespacerange <0000> <ffff> endcodespacerange";
    vec![
        ("id-op", says(&format!("ID x {TEXT}\nEI Q")), PLACE),
        (
            "ei-bin",
            says(&format!(
                "q 1 0 0 1 500 10 cm BI /W 1 /H 1 /BPC 8 /CS /G ID a EI %\u{80}\u{80}\n Q {TEXT}\n EI Q"
            )),
            PLACE,
        ),
        (
            "tc-neg",
            says("BT /F1 24 Tf 550 20 Td -60 Tc 0 0 Td (LLL000001 ) Tj ET"),
            [100.0, 10.0, 540.0, 50.0],
        ),
        (
            "tw-neg",
            says("BT /F1 24 Tf 550 20 Td -60 Tw 0 0 Td (L L L 0 0 0 0 0) Tj ET"),
            [100.0, 10.0, 480.0, 50.0],
        ),
        (
            "tj-negsize",
            says("BT /F1 -24 Tf -1 0 0 -1 20 720 Tm [4000 (Loan 1000000)] TJ ET"),
            [80.0, 710.0, 400.0, 750.0],
        ),
        (
            "smask",
            uses("/GS gs 0 g 0 0 595 842 re f", "/ExtGState<</GS 7 0 R>>")
                .with(7, smask)
                .with(8, &stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", "")),
            PLACE,
        ),
        (
            "clip-hull",
            says(&format!(
                "q 0 0 .1 .1 re 594.9 841.9 .1 .1 re {squares} W n 0 g 0 0 595 842 re f Q"
            )),
            PLACE,
        ),
        (
            "miter",
            says("100000 M 2 w 10 735 m 20 735.05 l 10 735.1 l S 0 g"),
            [60.0, 725.0, 590.0, 745.0],
        ),
        (
            "type3-bbox",
            drawn("[.001 0 0 .001 0 0]", "1000 0 d0 3000 29200 9000 1000 re f"),
            PLACE,
        ),
        (
            "type3-turned",
            drawn("[0 .001 -.001 0 0 0]", "1000 0 d0 0 0 500 500 re f"),
            [10.0, 50.0, 40.0, 90.0],
        ),
        (
            "dw",
            with_font(&wide("<00410042>"), &composite("/Identity-H", "/DW 10000")),
            far,
        ),
        (
            "missingwidth",
            with_font(
                &wide("<01>"),
                &simple("/FirstChar 65/LastChar 65/Widths[500]", "/MissingWidth 15000"),
            ),
            far,
        ),
        (
            "negwidth",
            with_font(
                "BT /F1 24 Tf 580 720 Td <01> Tj /F2 24 Tf (Loan 1000000) Tj ET",
                &simple("/FirstChar 1/LastChar 1/Widths[-20000]", ""),
            ),
            [60.0, 710.0, 400.0, 750.0],
        ),
        (
            "enc-v",
            with_font(
                "BT /F1 24 Tf 300 830 Td <00410042004300440045> Tj ET",
                &composite("7 0 R", ""),
            )
            .with(7, &stream("/Type/CMap/CMapName/X", map)),
            [250.0, 600.0, 350.0, 790.0],
        ),
        (
            "operand-type",
            says("BT /F1 24 Tf 72 720 Td 0 -600 (x) Td (Loan 1000000 KZT) Tj ET"),
            PLACE,
        ),
        (
            "cm-type",
            says(&format!("q 1 0 0 1 0 -600 (x) cm {TEXT} Q")),
            PLACE,
        ),
        (
            "outline",
            says("BT 90 w 1 Tr /F1 24 Tf 72 600 Td (Loan) Tj ET"),
            [60.0, 630.0, 160.0, 640.0],
        ),
        (
            "norotate",
            annotated(90, "<</Type/Annot/Subtype/Stamp/F 20/Rect[400 380 500 400]>>", 1),
            [400.0, 410.0, 420.0, 460.0],
        ),
        (
            "annot-rect5",
            annotated(0, "<</Type/Annot/Subtype/Stamp/F 4/Rect[60 710 360 750 0]>>", 1),
            PLACE,
        ),
        (
            "annot-many",
            annotated(0, "<</Type/Annot/Subtype/Stamp/F 4/Rect[1 1 2 2]>>", 10_001),
            PLACE,
        ),
    ]
}

fn honest() -> Vec<(&'static str, Making, [f64; 4])> {
    let low = [300.0, 100.0, 500.0, 200.0];
    let widths = "556 ".repeat(95);
    let widths = simple(
        &format!("/FirstChar 32/LastChar 126/Widths[{widths}]"),
        "/MissingWidth 500",
    );
    let map = "/WMode 0 def 1 begincodespacerange <0000> <ffff> endcodespacerange";
    vec![
        ("text", says(TEXT), low),
        (
            "image",
            says(&format!(
                "q 9 0 0 9 5 5 cm BI /W 3 /H 1 /BPC 8 /CS /G ID EI EI\nQ {TEXT}"
            )),
            low,
        ),
        (
            "spaces",
            says("BT /F1 24 Tf -.2 Tc -1 Tw 72 720 Td [(Loan) -300 (of)] TJ ET"),
            low,
        ),
        (
            "ground",
            says(&format!("q 0 0 595 842 re W n 1 g 0 0 595 842 re f Q {TEXT}")),
            low,
        ),
        (
            "corners",
            says("4 M 1 w 10 735 m 90 740 l 10 745 l s 20 20 50 50 re S"),
            low,
        ),
        (
            "type3",
            drawn("[.001 0 0 .001 0 0]", "1000 0 0 0 500 500 d1 0 0 500 500 re f"),
            low,
        ),
        ("widths", with_font(TEXT, &widths), [350.0, 700.0, 450.0, 760.0]),
        (
            "composite",
            with_font(
                "BT /F1 24 Tf 72 720 Td <00410042> Tj ET",
                &composite("7 0 R", "/DW 500/W[65[600 700]]"),
            )
            .with(7, &stream("/Type/CMap/WMode 0", map)),
            low,
        ),
        (
            "annotation",
            annotated(90, "<</Type/Annot/Subtype/Text/F 28/Rect[20 20 40 40]>>", 1),
            low,
        ),
    ]
}

#[test]
fn what_is_painted_in_odd_ways_is_not_covered_unnoticed_and_honest_pages_take_marks() {
    let house = House::new();
    let mut wrong = Vec::new();
    for (name, paper, place) in attacks() {
        let told = harm(&joined(&house, &paper, &[place]));
        if told.len() != 1 || !told[0].contains("page 1") {
            wrong.push(format!("{name}: {told:?}"));
        }
    }
    for (name, paper, place) in honest() {
        let told = harm(&joined(&house, &paper, &[place]));
        if !told.is_empty() {
            wrong.push(format!("{name}, although honest: {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_that_share_large_content_are_looked_through_once_for_all_signatures() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let pages: [usize; 6] = [10, 11, 12, 13, 14, 15];
    let kids = pages.map(|page| format!("{page} 0 R ")).concat();
    let mut paper = says(&"0 0 m 595 842 l S ".repeat(240_000))
        .with(2, &format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()));
    for page in pages {
        let body = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>";
        paper = paper.with(page, body);
    }
    let mut document = sign(&paper.table(), &hand, &options());
    for number in 1..=6 {
        document = sign(&document, &hand, &marked(number, [60.0, 100.0, 360.0, 140.0]));
    }
    let start = Instant::now();
    let told = harm(&document);
    assert!(
        told.len() == 6 && told.iter().all(|told| told.contains("cannot be told")),
        "{told:?}"
    );
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
