//! A corpus of what real producers make, and of the edges of the format made here: each file is signed with a mark on
//! free space and signed once more without, opens, and is believed by pdfsig, qpdf, `MuPDF` and pyHanko.
//!
//! Producers that are small are set up for every run, and the test fails without one of them. Large ones take part where
//! they are installed, and the test says which; files of any others do through the folder that `TAMGA_PDFS` names.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use domain::SignatureProfile;
use signer::{
    Source,
    pdf::{Options, PdfError, Prepared, Sheet, Standing, claims},
};

use crate::{
    claims::is_accepted,
    house::{Hand, House},
    judges::{self, python, run},
    large::{deep_tree, many_pages, write_large},
    making::Making,
    marks,
    signing::options,
};

const HTML: &str = "<!DOCTYPE html><html lang='kk'><head><meta charset='utf-8'><title>Келісім</title></head><body>\
    <h1>Келісім</h1><p>Осы құжатқа қол қойылады: ә ғ қ ң ө ұ ү һ і.</p><table border='1'><tr><td>Сомасы</td><td>100</td>\
    </tr></table><p style='page-break-before: always'>Second page</p></body></html>";
const MARKDOWN: &str = "# Agreement\n\nThe parties agree. Sum: **100**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
const TEX: &str = "\\documentclass{article}\\begin{document}\\section{Agreement}The parties agree: $x^2=100$.\
    \\newpage Second page\\end{document}\n";
const POSTSCRIPT: &str = "%!PS\n/Helvetica findfont 24 scalefont setfont 72 720 moveto (Agreement) show\n\
    newpath 72 700 moveto 500 700 lineto stroke showpage /Times-Roman findfont 12 scalefont setfont 72 720 moveto \
    (Second page) show showpage\n";
const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='595' height='842'><text x='72' y='90' font-size='24'>\
    Келісім</text><rect x='72' y='120' width='300' height='40' fill='none' stroke='black'/></svg>";
const MUPDF: &str = "%%MediaBox 0 0 595 842\n%%Font F1 Helvetica\nBT /F1 24 Tf 72 720 Td (Agreement) Tj ET\n";
const REPORTLAB: &str = "from reportlab.pdfgen import canvas\nc = canvas.Canvas('reportlab.pdf')\n\
    c.drawString(72, 720, 'Agreement')\nc.acroForm.textfield(name='sum', x=72, y=600)\nc.showPage()\n\
    c.drawString(72, 720, 'Second page')\nc.showPage()\nc.save()\n";
const PYHANKO: &str = "from pyhanko.pdf_utils import generic, writer\nfrom pyhanko.pdf_utils.content import RawContent\n\
    w = writer.PdfFileWriter(stream_xrefs=True)\n\
    s = generic.StreamObject(stream_data=b'10 10 100 50 re S')\n\
    w.insert_page(writer.PageObject(contents=w.add_object(s), media_box=generic.ArrayObject(\
    [generic.NumberObject(n) for n in (0, 0, 595, 842)]), resources=generic.DictionaryObject()))\n\
    w.write(open('pyhanko.pdf', 'wb'))\n";

/// Who makes a file, with what, and whether every machine of the tests has it.
struct Producer {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    file: &'static str,
    is_here: bool,
}

fn producer(
    name: &'static str,
    program: impl Into<PathBuf>,
    words: &str,
    file: &'static str,
    is_here: bool,
) -> Producer {
    Producer {
        name,
        program: program.into(),
        arguments: words.split_whitespace().map(str::to_owned).collect(),
        file,
        is_here,
    }
}

fn producers(folder: &Path) -> Vec<Producer> {
    let office = format!(
        "-env:UserInstallation=file://{}/office --headless --convert-to pdf in.html",
        folder.display()
    );
    let always = |name, program: &str, words: &str, file| producer(name, program, words, file, true);
    let maybe = |name, program: &str, words: &str, file| producer(name, program, words, file, false);
    vec![
        always(
            "Ghostscript",
            "ps2pdf",
            "in.ps ghostscript.pdf",
            "ghostscript.pdf",
        ),
        always(
            "Ghostscript",
            "ps2pdf",
            "-dCompatibilityLevel=1.3 in.ps old.pdf",
            "old.pdf",
        ),
        always(
            "Ghostscript",
            "ps2pdf",
            "-dPDFA=2 in.ps archive.pdf",
            "archive.pdf",
        ),
        always("cairo", "rsvg-convert", "-f pdf -o cairo.pdf in.svg", "cairo.pdf"),
        always("MuPDF", "mutool", "create -o mupdf.pdf in.txt", "mupdf.pdf"),
        always(
            "MuPDF",
            "mutool",
            "clean -z ghostscript.pdf mupdf-clean.pdf",
            "mupdf-clean.pdf",
        ),
        producer("ReportLab", python(), "with-reportlab.py", "reportlab.pdf", true),
        producer("pyHanko", python(), "with-pyhanko.py", "pyhanko.pdf", true),
        always(
            "poppler",
            "pdfunite",
            "ghostscript.pdf cairo.pdf poppler.pdf",
            "poppler.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--object-streams=generate ghostscript.pdf packed.pdf",
            "packed.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--linearize reportlab.pdf linear.pdf",
            "linear.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--linearize --object-streams=generate cairo.pdf linear-packed.pdf",
            "linear-packed.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--qdf --object-streams=disable reportlab.pdf qdf.pdf",
            "qdf.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--force-version=2.0 --object-streams=generate poppler.pdf two.pdf",
            "two.pdf",
        ),
        always(
            "qpdf",
            "qpdf",
            "--empty --pages cairo.pdf reportlab.pdf -- joined.pdf",
            "joined.pdf",
        ),
        maybe("LibreOffice", "soffice", &office, "in.pdf"),
        maybe(
            "Chromium",
            "chromium",
            "--headless --no-sandbox --disable-gpu --print-to-pdf=chromium.pdf in.html",
            "chromium.pdf",
        ),
        maybe(
            "TeX",
            "pdflatex",
            "-interaction=batchmode -jobname=tex in.tex",
            "tex.pdf",
        ),
        maybe("pandoc", "pandoc", "in.md -o pandoc.pdf", "pandoc.pdf"),
        maybe("Typst", "typst", "compile in.typ typst.pdf", "typst.pdf"),
        maybe(
            "WeasyPrint",
            "weasyprint",
            "in.html weasyprint.pdf",
            "weasyprint.pdf",
        ),
    ]
}

fn is_installed(program: &Path) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok()
}

/// Signs a file with a mark on the free space of its last page, or without. Returns whether it has a mark.
fn sign_file(from: &Path, to: &Path, hand: &Hand<'_>, is_marked: bool) -> bool {
    let source = File::open(from).unwrap();
    let mark = marks::plain();
    let place = match Sheet::free(&source, None, mark.size()) {
        Ok(found) if is_marked => Some(found),
        Ok(_) | Err(PdfError::Place(_)) => None,
        Err(error) => panic!("{}: {error}", from.display()),
    };
    let standing = place.map(|(page, stand)| (page, Standing::new(&mark, stand)));
    let options = Options {
        place: standing.as_ref().map(|(page, standing)| standing.on(*page)),
        ..options()
    };
    let prepared = Prepared::new(&source, &hand.certificate, &options)
        .unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    let raw = hand.sign(&prepared.to_be_signed(), &prepared.shown());
    let output = prepared.finish(&raw).unwrap();
    output
        .write_to(&[&source], &mut File::create(to).unwrap())
        .unwrap();
    options.place.is_some()
}

/// Two signers, one after the other; then all judges, and ours. Returns whether the first has a mark.
fn signed_and_judged(house: &House, hands: &[Hand<'_>; 2], name: &str) -> bool {
    let folder = house.path();
    let (once, twice) = (format!("once-{name}"), format!("twice-{name}"));
    let is_marked = sign_file(&folder.join(name), &folder.join(&once), &hands[0], true);
    sign_file(&folder.join(&once), &folder.join(&twice), &hands[1], false);
    judges::all(folder, &twice, 2, 0);
    judges::mutool(folder, &twice);
    let signed = File::open(folder.join(&twice)).unwrap();
    let found = claims(&signed).unwrap();
    assert!(
        found.len() == 2 && found.iter().all(is_accepted),
        "{name}: {:?}",
        found.iter().map(|claim| &claim.coverage).collect::<Vec<_>>()
    );
    let length = |name: &str| File::open(folder.join(name)).unwrap().length();
    let (before, after) = (length(name), length(&twice));
    println!("{name}: {before} bytes, {} of two signatures", after - before);
    is_marked
}

fn hands(house: &House) -> [Hand<'_>; 2] {
    [
        house.hand("first", SignatureProfile::EcdsaP256Sha256),
        house.hand("second", SignatureProfile::RsaPkcs1Sha256),
    ]
}

/// What producers make files of.
fn write_sources(folder: &Path) {
    for (name, content) in [
        ("in.html", HTML),
        ("in.md", MARKDOWN),
        ("in.ps", POSTSCRIPT),
        ("in.svg", SVG),
        ("in.tex", TEX),
        ("in.txt", MUPDF),
        ("in.typ", "= Agreement\nThe parties agree."),
        ("with-pyhanko.py", PYHANKO),
        ("with-reportlab.py", REPORTLAB),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
}

/// Who is there wherever the tests run, through `tools/setup.sh test`.
const SMALL: [&str; 7] = [
    "Ghostscript",
    "MuPDF",
    "ReportLab",
    "cairo",
    "poppler",
    "pyHanko",
    "qpdf",
];
/// How these machines are set up.
const SETUP: &str = include_str!("../../../tools/setup.sh");

/// Whether a producer must be there: a small one, or one that the tests' machines are set up with.
fn is_wanted(producer: &Producer) -> bool {
    let program = producer.program.to_str().unwrap();
    producer.is_here || SETUP.split_whitespace().any(|word| word == program)
}

#[test]
fn files_of_every_producer_that_is_there_are_signed_open_and_are_believed_elsewhere() {
    let house = House::new();
    let hands = hands(&house);
    let folder = house.path();
    write_sources(folder);
    let (mut known, mut absent, mut marked) = (BTreeSet::new(), BTreeSet::new(), 0);
    for producer in producers(folder) {
        let (name, is_wanted) = (producer.name, is_wanted(&producer));
        if !is_wanted && !is_installed(&producer.program) {
            absent.insert(name);
            continue;
        }
        let arguments: Vec<&str> = producer.arguments.iter().map(String::as_str).collect();
        let output = run(&producer.program, folder, &arguments);
        if !folder.join(producer.file).exists() {
            assert!(!is_wanted, "{name} makes no {}: {output:?}", producer.file);
            println!("{name} makes nothing on this machine");
            absent.insert(name);
            continue;
        }
        let is_marked = signed_and_judged(&house, &hands, producer.file);
        assert!(is_marked || producer.is_here, "{name}");
        marked += usize::from(is_marked);
        known.insert(name);
    }
    println!("{marked} with a mark, of {known:?}; not there: {absent:?}");
    assert!(marked >= 12, "{marked}");
    for small in SMALL {
        assert!(known.contains(small), "{small}: {known:?}");
    }
}

#[test]
#[ignore = "wants a folder of PDFs in TAMGA_PDFS"]
fn a_folder_of_files_takes_signatures() {
    let house = House::new();
    let hands = hands(&house);
    let mut files: Vec<PathBuf> = fs::read_dir(std::env::var_os("TAMGA_PDFS").unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        fs::copy(&file, house.path().join(name)).unwrap();
        signed_and_judged(&house, &hands, name);
    }
}

/// With cross-references in a stream of unusual widths, which begins with an object of another number than nought.
fn odd_stream() -> Vec<u8> {
    let mut bytes = b"%PDF-1.6\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut rows = vec![0, 0, 0, 0, 0, 0, 0, 255];
    let objects = Making::page().objects;
    for (number, body) in (1..).zip(&objects) {
        let place = u32::try_from(bytes.len()).unwrap();
        rows.extend([&[1][..], &[0], &place.to_be_bytes(), &[0, 0]].concat());
        write!(bytes, "{number} 0 obj\n{body}\nendobj\n").unwrap();
    }
    let (number, start) = (objects.len() + 1, bytes.len());
    rows.extend([&[1, 0][..], &u32::try_from(start).unwrap().to_be_bytes(), &[0, 0]].concat());
    write!(
        bytes,
        "{number} 0 obj\n<</Type/XRef/Size {}/W[1 5 2]/Index[0 {}]/Root 1 0 R/Length {}>>\nstream\n",
        number + 1,
        number + 1,
        rows.len()
    )
    .unwrap();
    bytes.extend(rows);
    write!(bytes, "\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").unwrap();
    bytes
}

#[test]
fn the_edges_of_the_format_are_signed_open_and_are_believed_elsewhere() {
    let house = House::new();
    let hands = hands(&house);
    let folder = house.path();
    for (name, bytes) in [
        ("pages.pdf", many_pages(10_000)),
        ("deep.pdf", deep_tree(30)),
        ("odd-stream.pdf", odd_stream()),
        ("hybrid.pdf", Making::page().hybrid()),
        ("gaps.pdf", Making::page().table_with_gaps()),
        (
            "carriage-returns.pdf",
            Making {
                line: "\r",
                row: " \r",
                ..Making::page()
            }
            .table(),
        ),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
        assert!(signed_and_judged(&house, &hands, name), "{name}");
    }
    write_large(&folder.join("large.pdf"), 300 << 20);
    assert!(signed_and_judged(&house, &hands, "large.pdf"));
}
