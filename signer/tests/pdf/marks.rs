//! The visible mark in signed documents: on free space, beside other marks, in the structure, read and judged by others.

use std::{fs, path::Path};

use domain::{SignatureProfile, Time};
use signer::{
    mark::{Accent, Address, Composed, Design, Language, Layout, Mark, Moment, Phrase, PlaceError, Serial},
    pdf::{PdfError, Sheet, Standing, claims},
};

use crate::{
    claims::is_accepted,
    house::{Hand, House},
    judges::{self, python, run},
    making::Making,
    picture::{Judge, Picture},
    signing::{options, sign},
};

const ADDRESS: &str = "https://qol.bank.kz/v/7Q2F-9KXM-31AA";
const NAME: &str = "ҚҰЛМҰХАМБЕТОВА-ӘБДІРАХМАНҚЫЗЫ ГҮЛНӘЗІК ӨМІРҒАЛИҚЫЗЫ";
const DPI: u32 = 100;

fn said(language: Language) -> Mark {
    Mark {
        language,
        signer: Phrase::new(NAME).unwrap(),
        iin: None,
        time: Moment::new(Time::parse_rfc3339("2026-11-21T11:25:04Z").unwrap()).unwrap(),
        certificate: Serial::new(&[0x3A; 16]).unwrap(),
        bank: Some(Phrase::new("«Дала Банк» АҚ").unwrap()),
        purpose: None,
        page: Address::new(ADDRESS).unwrap(),
    }
}

pub(crate) fn composed(language: Language, layout: Layout) -> Composed {
    let design = Design {
        layout,
        size: None,
        accent: Accent::TAMGA,
    };
    said(language).compose(&design).unwrap()
}

/// A mark as a bank would choose it.
pub(crate) fn plain() -> Composed {
    composed(Language::Kazakh, Layout::Wide)
}

/// Signs with a mark on free space of the last page. Returns the page and where the mark stands in its own units.
pub(crate) fn marked(document: &[u8], hand: &Hand<'_>, mark: &Composed) -> (Vec<u8>, u32, [f64; 4]) {
    let (page, stand) = Sheet::free(&document, None, mark.size()).unwrap();
    let standing = Standing::new(mark, stand);
    let mut options = options();
    options.place = Some(standing.on(page));
    (sign(&document, hand, &options), page, stand.rect())
}

/// The last page, with its crop box, as poppler draws it.
fn drawn(document: &[u8]) -> (Judge, Picture) {
    let judge = Judge::new(document);
    judge.resolve(DPI, Sheet::count(&document).unwrap());
    let picture = judge.drawn();
    (judge, picture)
}

/// Signs by several with marks, each where the picture of the page before was of one colour.
fn signed_on_blank_space(house: &House, hands: &[Hand<'_>], name: &str, layout: Layout) -> Vec<u8> {
    let mut document = fs::read(house.path().join(name)).unwrap();
    let mut stands: Vec<[f64; 4]> = Vec::new();
    let earlier = drawn(&document).1;
    for (hand, language) in hands.iter().zip(Language::ALL) {
        let mark = composed(language, layout);
        let (before, (signed, page, own)) = (drawn(&document).1, marked(&document, hand, &mark));
        let after = drawn(&signed).1;
        let [left, top, right, bottom] = before.differing(&after);
        let sheet = Sheet::read(&document, page).unwrap();
        let size = [mark.size().width(), mark.size().height()].map(|side| side * f64::from(DPI) / 72.0);
        for (found, wanted) in [right - left, bottom - top].into_iter().zip(size) {
            let found = f64::from(u32::try_from(found).unwrap());
            assert!((found - wanted).abs() < 4.0, "{name}: {found} {wanted} {sheet:?}");
        }
        assert!(
            before.is_of_one_colour([left, top, right, bottom]),
            "{name}: something was at {left} {top} {right} {bottom}"
        );
        for [a, b, c, d] in &stands {
            let [left, bottom, right, top] = own;
            assert!(*c <= left || *a >= right || *d <= bottom || *b >= top, "{name}");
        }
        stands.push(own);
        document = signed;
    }
    let (judge, last) = drawn(&document);
    assert!(earlier.differing(&last)[2] > 0);
    judge.resolve(200, Sheet::count(&document).unwrap());
    let read: Vec<String> = judge
        .scanned()
        .into_iter()
        .filter(|read| read == ADDRESS)
        .collect();
    assert_eq!(read.len(), hands.len(), "{name}");
    document
}

fn judged(house: &House, name: &str, document: &[u8], signatures: usize) {
    let out = format!("marked-{name}");
    fs::write(house.path().join(&out), document).unwrap();
    judges::all(house.path(), &out, signatures, 0);
    let found = claims(&document).unwrap();
    assert!(found.iter().all(is_accepted), "{name}: {found:?}");
}

fn hands(house: &House) -> [Hand<'_>; 3] {
    [
        house.hand("first", SignatureProfile::EcdsaP256Sha256),
        house.hand("second", SignatureProfile::RsaPkcs1Sha256),
        house.hand("third", SignatureProfile::EcdsaP384Sha384),
    ]
}

#[test]
fn marks_of_three_signers_stand_beside_each_other_and_are_read_and_believed_elsewhere() {
    let house = House::new();
    let hands = hands(&house);
    for rotate in [0, 90, 180, 270] {
        let name = format!("turned-{rotate}.pdf");
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/CropBox[20 30 580 800]/Rotate {rotate}/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>"
        );
        fs::write(house.path().join(&name), Making::page().with(3, &page).table()).unwrap();
        let document = signed_on_blank_space(&house, &hands, &name, Layout::Wide);
        judged(&house, &name, &document, 3);
        let judge = Judge::new(&document);
        let text: String = judge
            .says("pdftotext", &["page.pdf", "-"])
            .split_whitespace()
            .collect();
        let name = NAME.replace(' ', "");
        assert_eq!(
            (text.matches(&name).count(), text.matches("qol.bank.kz").count()),
            (3, 3),
            "{text}"
        );
        let fonts = judge.says("pdffonts", &["page.pdf"]);
        let ours: Vec<&str> = fonts.lines().filter(|line| line.contains("NotoSans")).collect();
        assert!(
            !ours.is_empty() && ours.iter().all(|font| font.contains("yes yes yes")),
            "{fonts}"
        );
    }
}

#[test]
fn free_space_is_found_in_files_of_several_producers() {
    let house = House::new();
    let hands = hands(&house);
    let folder = house.path();
    for (name, script) in PRODUCED {
        fs::write(folder.join("make.py"), script).unwrap();
        let output = run(python(), folder, &["make.py"]);
        assert!(output.status.success(), "{name}: {output:?}");
        let document = signed_on_blank_space(&house, &hands, name, Layout::Compact);
        judged(&house, name, &document, 3);
    }
    let lines: String = (0..40)
        .map(|line| {
            format!(
                "72 {} moveto (Clause {line} of the agreement, which goes on to here) show\n",
                760 - 14 * line
            )
        })
        .collect::<Vec<_>>()
        .concat();
    fs::write(
        folder.join("in.ps"),
        format!("%!PS\n<</PageSize[595 842]>> setpagedevice /Helvetica findfont 11 scalefont setfont {lines} 60 60 moveto 535 60 lineto stroke showpage\n"),
    )
    .unwrap();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='595' height='842'><rect width='100%' height='100%' fill='#1c2027'/><circle cx='480' cy='760' r='60' fill='gold'/><path d='M20 600 Q300 500 560 700' stroke='white' fill='none' stroke-width='6'/><text x='20' y='50' fill='white'>Келісім</text></svg>";
    fs::write(folder.join("in.svg"), svg).unwrap();
    for (program, arguments, name) in [
        ("ps2pdf", "in.ps ghostscript.pdf", "ghostscript.pdf"),
        ("rsvg-convert", "-f pdf -o cairo.pdf in.svg", "cairo.pdf"),
    ] {
        let output = run(program, folder, &arguments.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{program}: {output:?}");
        let document = signed_on_blank_space(&house, &hands, name, Layout::Compact);
        judged(&house, name, &document, 3);
    }
}

/// `ReportLab`: text at the foot of the page, an image, a turned form that is used twice, letters one by one.
const PRODUCED: [(&str, &str); 2] = [
    (
        "reportlab.pdf",
        "from reportlab.pdfgen import canvas
from reportlab.lib.pagesizes import A4
from PIL import Image
Image.new('RGB', (40, 20), 'navy').save('in.png')
c = canvas.Canvas('reportlab.pdf', pagesize=A4)
c.drawString(72, 720, 'first page'); c.showPage()
c.drawCentredString(297, 30, 'page 2 of 2')
c.drawImage('in.png', 430, 40, 120, 60)
c.drawInlineImage('in.png', 40, 150, 120, 60)
c.beginForm('stamp'); c.rect(0, 0, 90, 40); c.drawString(5, 5, 'paid'); c.endForm()
for x in (60, 330):
    c.saveState(); c.translate(x, 250); c.rotate(20); c.doForm('stamp'); c.restoreState()
t = c.beginText(72, 420); t.setFont('Times-Roman', 14)
for line in range(12): t.textLine('A line of the contract that reaches over most of the page.')
c.drawText(t); c.showPage(); c.save()
",
    ),
    (
        "plain.pdf",
        "from reportlab.pdfgen import canvas
c = canvas.Canvas('plain.pdf', pageCompression=0, pagesize=(842, 595))
c.setPageRotation(90)
c.rect(10, 10, 822, 575)
c.setDash(3, 2); c.line(10, 90, 832, 200)
c.circle(700, 100, 40, stroke=1, fill=1); c.showPage(); c.save()
",
    ),
];

/// For files of producers that are too large to install for every test run: put them into the folder that
/// `TAMGA_PDFS` names.
#[test]
#[ignore = "wants a folder of PDFs"]
fn free_space_is_found_in_a_folder_of_files() {
    let house = House::new();
    let hands = hands(&house);
    for entry in fs::read_dir(std::env::var("TAMGA_PDFS").unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        fs::copy(&path, house.path().join(name)).unwrap();
        let document = fs::read(&path).unwrap();
        match Sheet::free(
            &document,
            None,
            composed(Language::Kazakh, Layout::Compact).size(),
        ) {
            Ok(_) => {
                let document = signed_on_blank_space(&house, &hands, name, Layout::Compact);
                judged(&house, name, &document, 3);
                eprintln!("{name}: signed");
            }
            Err(error) => eprintln!("{name}: {error}"),
        }
    }
}

#[test]
fn pages_without_room_or_that_cannot_be_read_say_what_to_do() {
    let size = composed(Language::English, Layout::Compact).size();
    let with = |content: &str| {
        let body = format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
        Sheet::free(&Making::page().with(4, &body).table(), None, size)
    };
    let page = "0 0 595 842 re";
    for full in [
        "595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI",
        &format!(
            "BT /F1 40 Tf 45 TL 10 850 Td {} ET",
            "(words that fill the line) ' ".repeat(20)
        ),
        &format!("/Pattern cs /P1 scn {page} f"),
        "/S1 sh",
        "900 w 0 0 m 9 9 l S",
    ] {
        let error = with(full).expect_err(full);
        assert!(
            matches!(error, PdfError::Place(PlaceError::Full)),
            "{full}: {error}"
        );
        assert!(error.to_string().contains("choose an exact place, another page"));
    }
    for odd in [
        "1 0 0 1 0 0 cm >> f",
        "w 0 0 m 9 9 l S",
        "BI /W 1 ID \x01\x02",
        &"q ".repeat(600),
        &"1 1 9 9 re f ".repeat(300_000),
    ] {
        let error = with(odd).unwrap_err();
        assert!(
            matches!(error, PdfError::Painted { page: 1, .. }),
            "{odd}: {error}"
        );
        assert!(error.to_string().contains("choose a page and a place"));
    }
    // Paper, clipped-away painting and a rest of the page are no obstacle.
    for free in [
        &format!("1 g {page} f"),
        &format!("q 0 400 595 442 re W n {page} f* /S1 sh Q"),
        "",
    ] {
        assert!(with(free).is_ok(), "{free}");
    }
}

#[test]
fn the_first_mark_of_a_tagged_document_is_in_its_structure_and_later_ones_disturb_nothing() {
    let house = House::new();
    let hands = hands(&house);
    let tagged = |tree: &str, kids: &str| {
        Making::page()
            .with(
                1,
                "<</Type/Catalog/Pages 2 0 R/Lang(kk)/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R>>",
            )
            .with(
                6,
                &format!("<</Type/StructTreeRoot/K {kids}/ParentTree {tree}/ParentTreeNextKey 1>>"),
            )
            .with(7, "<</Type/StructElem/S/Document/P 6 0 R/K 8 0 R>>")
            .with(8, "<</Type/StructElem/S/P/P 7 0 R/Pg 3 0 R/K 0>>")
            .with(9, "<</Limits[0 0]/Nums[0 [8 0 R]]>>")
            .with(10, "[7 0 R]")
            .with(11, "<</Kids[9 0 R]>>")
            .table()
    };
    for (number, (tree, kids)) in [
        ("<</Nums[0 [8 0 R]]>>", "7 0 R"),
        ("<</Kids[9 0 R]>>", "[7 0 R]"),
        ("11 0 R", "10 0 R"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("tagged-{number}.pdf");
        fs::write(house.path().join(&name), tagged(tree, kids)).unwrap();
        let document = signed_on_blank_space(&house, &hands, &name, Layout::Compact);
        judged(&house, &name, &document, 3);
        let said = Judge::new(&document).says("pdfinfo", &["-struct", "page.pdf"]);
        assert!(said.contains("Form") && said.contains("Document"), "{said}");
        let said = element(house.path(), &name);
        assert!(
            said.contains("/Form kk-KZ 1 Signature1") && said.contains(NAME) && said.contains(ADDRESS),
            "{said}"
        );
    }
}

#[test]
fn a_mark_fills_the_field_that_an_author_drew_however_its_page_is_turned() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    for rotate in [0, 90] {
        let document = Making::page()
            .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>")
            .with(3, &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R]>>"))
            .with(6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Client)/F 4/P 3 0 R/Rect[100 100 340 340]>>")
            .table();
        let (page, stand, size) = Sheet::field(&document, "Client").unwrap().unwrap();
        let design = Design {
            layout: Layout::Wide,
            size: Some(size),
            accent: Accent::TAMGA,
        };
        let mark = said(Language::Russian).compose(&design).unwrap();
        let standing = Standing::new(&mark, stand);
        let mut options = options();
        options.field = Some("Client".into());
        options.place = Some(standing.on(page));
        let signed = sign(&document, &hand, &options);
        judged(&house, &format!("field-{rotate}.pdf"), &signed, 1);
        let (judge, picture) = drawn(&signed);
        let [left, top, right, bottom] = drawn(&document).1.differing(&picture);
        assert!((right - left).abs_diff(333) < 4 && (bottom - top).abs_diff(333) < 4);
        judge.resolve(200, 1);
        assert_eq!(judge.scanned(), [ADDRESS]);
    }
    assert!(matches!(
        Sheet::field(&Making::page().table(), "Client"),
        Err(PdfError::Field { .. })
    ));
}

/// The last child of the document's element, as pyHanko reads it: kind, language, its key, field, words.
fn element(folder: &Path, name: &str) -> String {
    let script = "
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
root = PdfFileReader(open(sys.argv[1], 'rb')).root['/StructTreeRoot']
kid = root['/K']
kid = kid[0] if isinstance(kid, list) else kid
form = kid['/K'][-1]
field = form['/K']['/Obj']
tree = root['/ParentTree']
numbers = tree['/Nums'] if '/Nums' in tree else tree['/Kids'][-1]['/Nums']
assert numbers[-2] == field['/StructParent'] and numbers[-1] == form, numbers
assert field['/Contents'] == form['/Alt'] and field['/Lang'] == form['/Lang']
print(form['/S'], form['/Lang'], numbers[-2], field['/T'], form['/Alt'])
";
    let output = run(python(), folder, &["-c", script, &format!("marked-{name}")]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a page of chance says: text, lines, curves, areas, images, forms, clipped and turned.
fn of_chance(seed: u32) -> String {
    let mut chance = seed.wrapping_mul(2_654_435_761);
    let mut below = |most: u32| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (chance >> 8) % most
    };
    let mut content = String::new();
    for _ in 0..3 + below(12) {
        let (x, y) = (below(560), below(800));
        let (width, height) = (below(90), below(60));
        let piece = match below(11) {
            0 => format!(
                "BT /F1 {} Tf {x} {y} Td (Wide WWW words) Tj 12 TL T* (and) Tj ET",
                4 + below(20)
            ),
            1 => format!("BT /F1 9 Tf 0 1 -1 0 {x} {y} Tm [(up) -900 (and) 400 (on)] TJ ET"),
            2 => format!("BT /F1 -12 Tf 2 Tc 150 Tz {x} {y} Td (turned round) Tj 5 Ts (high) ' ET"),
            3 => format!("{} w {x} {y} m {} {} l S", below(9), x + width, y + height),
            4 => format!(
                "{x} {y} m {} {} {} {} {} {y} c s",
                x + width,
                y + 2 * height,
                x + 9,
                y + height,
                x + width
            ),
            5 => format!("{x} {y} {width} {height} re B"),
            6 => format!("q {x} {y} 40 40 re W n 0 0 595 842 re f Q"),
            7 => format!(
                "q .7 .7 -.7 .7 {x} {y} cm {width} 0 0 {height} 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x01 EI Q"
            ),
            8 => format!("q .5 0 .2 .5 {x} {y} cm /X1 Do Q"),
            9 => format!(
                "{x} {y} m {} {} l {x} {} l f* {} w",
                x + width,
                y + height,
                y + 20,
                below(5)
            ),
            _ => format!("BT /F2 {} Tf {x} {y} Td <004100420043> Tj ET", 4 + below(20)),
        };
        content.push_str(&piece);
        content.push('\n');
    }
    content
}

#[test]
fn a_free_place_is_blank_whatever_a_page_shows() {
    let size = composed(Language::Kazakh, Layout::Compact).size();
    let mut found = 0;
    for seed in 0..60 {
        let content = of_chance(seed);
        let form = "BT /F1 14 Tf 5 5 Td (form) Tj ET 0 0 80 30 re S 10 10 500 9 re f";
        let document = Making::page()
            .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R/F2 7 0 R>>/XObject<</X1 6 0 R>>>>/Contents 4 0 R>>")
            .with(4, &format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()))
            .with(6, &format!("<</Type/XObject/Subtype/Form/BBox[0 0 100 40]/Matrix[1 .3 0 1 3 4]/Length {}>>\nstream\n{form}\nendstream", form.len()))
            .with(7, "<</Type/Font/Subtype/Type1/BaseFont/Times-Bold>>")
            .table();
        let Ok((1, stand)) = Sheet::free(&document, None, size) else {
            continue;
        };
        found += 1;
        let pixel = |side: f64| -> usize { format!("{:.0}", side * f64::from(DPI) / 72.0).parse().unwrap() };
        let [left, bottom, right, top] = stand.rect();
        let place = [
            pixel(left),
            pixel(842.0 - top),
            pixel(right),
            pixel(842.0 - bottom),
        ];
        let picture = drawn(&document).1;
        assert!(picture.is_of_one_colour(place), "{seed}: {content}");
    }
    assert!(found > 30, "{found}");
}

#[test]
fn content_that_is_damaged_anywhere_is_looked_through_or_refused() {
    let size = composed(Language::Kazakh, Layout::Code).size();
    for seed in 0..400_u32 {
        let mut content = of_chance(seed).into_bytes();
        let mut chance = seed.wrapping_mul(2_246_822_519);
        for _ in 0..=seed % 5 {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let place = (chance >> 8) as usize % content.len();
            content[place] = b"09-.<>[]()/% \nqTmlcwEID"[(chance >> 3) as usize % 23];
        }
        let content = String::from_utf8(content).unwrap();
        let body = format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
        match Sheet::free(&Making::page().with(4, &body).table(), None, size) {
            Ok((1, _)) | Err(PdfError::Place(PlaceError::Full) | PdfError::Painted { page: 1, .. }) => {}
            other => panic!("{content}: {other:?}"),
        }
    }
}
