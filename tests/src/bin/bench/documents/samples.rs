//! Documents of a size: what people sign, made here.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// So many files in a folder.
pub(crate) fn files(
    folder: &TempDir,
    extension: &str,
    count: usize,
    made: impl Fn(usize) -> Vec<u8>,
) -> Vec<PathBuf> {
    let write = |number| {
        let path = folder.path().join(format!("{number}.{extension}"));
        fs::write(&path, made(number)).unwrap();
        path
    };
    (0..count).map(write).collect()
}

/// A size as people say it.
pub(crate) fn told(size: usize) -> String {
    match size {
        0..0x10_0000 => format!("{} KB", size >> 10),
        0x10_0000..0x4000_0000 => format!("{} MB", size >> 20),
        _ => format!("{} GB", size >> 30),
    }
}

/// Bytes that no filter makes shorter.
pub(crate) fn blob(size: usize, seed: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size + 8);
    let mut state = seed as u64 + 1;
    while bytes.len() < size {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        bytes.extend((state ^ (state >> 29)).to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// A contract with its sums, as programs write them.
pub(crate) fn xml(size: usize, seed: usize) -> Vec<u8> {
    let mut text = format!("<contract xmlns=\"urn:bank\" number=\"{seed}\">");
    for row in 0.. {
        if text.len() + 128 > size {
            break;
        }
        write!(
            text,
            "\n  <payment id=\"p{row}\" currency=\"KZT\"><payee>Айгүл {row} &amp; Co</payee><sum>{row}.00</sum></payment>"
        )
        .unwrap();
    }
    text.push_str("\n</contract>\n");
    text.into_bytes()
}

/// Four pages of text with pictures that fill them.
pub(crate) fn pdf(size: usize, seed: usize) -> Vec<u8> {
    let mut file = Vec::new();
    write_pdf(&mut file, size, seed);
    file
}

/// The same in a file, however large.
pub(crate) fn pdf_file(path: &Path, size: usize) {
    write_pdf(&mut BufWriter::new(File::create(path).unwrap()), size, 0);
}

fn write_pdf(sink: &mut impl Write, size: usize, seed: usize) {
    const PAGES: usize = 4;
    const LINES: usize = 40;
    const PICTURE: usize = 1 << 20;
    let mut at = 0;
    let mut offsets = Vec::new();
    let mut say = |bytes: &[u8]| {
        sink.write_all(bytes).unwrap();
        at += bytes.len();
        at
    };
    let mut place = say(b"%PDF-1.7\n");
    let mut object = |body: &[&[u8]]| {
        offsets.push(place);
        say(format!("{} 0 obj\n", offsets.len()).as_bytes());
        for part in body {
            say(part);
        }
        place = say(b"\nendobj\n");
        place
    };
    object(&[b"<</Type/Catalog/Pages 2 0 R>>"]);
    let kids: Vec<_> = (0..PAGES).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let kids = kids.join(" ");
    object(&[format!("<</Type/Pages/Kids[{kids}]/Count {PAGES}>>").as_bytes()]);
    object(&[b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]);
    let mut end = 0;
    for page in 0..PAGES {
        let contents = 5 + 2 * page;
        object(&[format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {contents} 0 R>>"
        )
        .as_bytes()]);
        let mut text = "BT /F 11 Tf 14 TL 72 760 Td".to_owned();
        for line in 0..LINES {
            write!(text, " (Contract {seed}, page {page}, line {line}) Tj T*").unwrap();
        }
        text.push_str(" ET");
        end = object(&[format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()).as_bytes()]);
    }
    // What is left but for the tables.
    let mut left = size.saturating_sub(end + 1_024);
    while left > 256 {
        let length = left.min(PICTURE);
        let head = format!(
            "<</Type/XObject/Subtype/Image/Width {length}/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length {length}>>\nstream\n"
        );
        object(&[head.as_bytes(), &blob(length, seed + left), b"\nendstream"]);
        left -= length;
    }
    let count = offsets.len() + 1;
    let mut table = format!("xref\n0 {count}\n0000000000 65535 f\r\n");
    for offset in &offsets {
        write!(table, "{offset:010} 00000 n\r\n").unwrap();
    }
    write!(
        table,
        "trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{place}\n%%EOF\n"
    )
    .unwrap();
    sink.write_all(table.as_bytes()).unwrap();
    sink.flush().unwrap();
}
