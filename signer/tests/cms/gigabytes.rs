//! Documents that no memory holds: signed, packed and examined by reading them piece by piece.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    process::Command,
};

use domain::SignatureProfile;
use signer::{
    Integrity, Output, Segment, Source, SourceError,
    asic::{self, Container, Kind, Payload, examine},
    cades::{Packaging, Prepared},
    cms::{Body, Content, SignedData},
};

use crate::{house::House, levels::said};

const GIGABYTE: u64 = 1 << 30;
/// More than anything here should need, and far less than the document.
const MOST_MEMORY: u64 = 64 << 20;

/// A document whose bytes follow from their place.
struct Pattern;

/// A document of zeros, which nothing holds.
struct Hole(u64);

impl Source for Hole {
    fn length(&self) -> u64 {
        self.0
    }

    fn read_at(&self, _: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        buffer.fill(0);
        Ok(())
    }
}

impl Source for Pattern {
    fn length(&self) -> u64 {
        GIGABYTE
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        buffer.fill(u8::try_from(offset >> 16 & 0xFF).unwrap());
        Ok(())
    }
}

/// An output that is read without being written.
struct Laid<'a>(&'a Output, &'a [&'a dyn Source]);

impl Source for Laid<'_> {
    fn length(&self) -> u64 {
        self.0.length()
    }

    fn read_at(&self, offset: u64, mut buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut skip = offset;
        for segment in self.0.segments() {
            let length = segment.length();
            if skip >= length {
                skip -= length;
                continue;
            }
            let count = usize::try_from(length - skip).unwrap().min(buffer.len());
            let (part, rest) = buffer.split_at_mut(count);
            match segment {
                Segment::Bytes(bytes) => bytes.read_at(skip, part)?,
                Segment::Source { number, range } => self.1[*number].read_at(range.start + skip, part)?,
            }
            buffer = rest;
            skip = 0;
        }
        assert!(buffer.is_empty());
        Ok(())
    }
}

/// The most memory that this process ever had.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn a_gigabyte_is_signed_and_examined_in_little_memory() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let before = peak();

    let prepared = Prepared::new(&Pattern, Packaging::Attached, &hand.certificate, &said()).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    let output = prepared.finish(&raw).unwrap();
    let file = Laid(&output, &[&Pattern]);
    let data = SignedData::read(&file).unwrap();
    let Content::Attached(pieces) = &data.content else {
        panic!("not attached");
    };
    let body = Body {
        ranges: pieces.clone(),
        ..Body::whole("document", &file)
    };
    assert_eq!(
        data.claims(Some(&body)).unwrap()[0].covered[0].integrity,
        Integrity::Intact
    );

    let payload = Payload {
        name: "large.bin".to_owned(),
        mime: "application/octet-stream".to_owned(),
        source: &Pattern,
    };
    let prepared = asic::Prepared::new(Kind::Extended, &[payload], &hand.certificate, &said()).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    let output = prepared.finish(&raw).unwrap();
    let file = Laid(&output, &[&Pattern]);
    let found = examine(&Container::open(&file).unwrap()).unwrap();
    assert_eq!(found.claims[0].covered[1].integrity, Integrity::Intact);

    let grown = peak() - before;
    eprintln!("grown by {grown} bytes");
    assert!(grown < MOST_MEMORY);
}

/// Writes an output whose sources are holes: its bytes to their places, and nothing between.
fn write_sparse(output: &Output, file: &mut fs::File) {
    for segment in output.segments() {
        match segment {
            Segment::Bytes(bytes) => file.write_all(bytes).unwrap(),
            Segment::Source { range, .. } => {
                let length = i64::try_from(range.end - range.start).unwrap();
                file.seek(SeekFrom::Current(length)).unwrap();
            }
        }
    }
}

#[test]
fn files_and_containers_beyond_four_gigabytes_are_signed_and_read() {
    let house = House::new();
    let hand = house.hand("signer", SignatureProfile::EcdsaP256Sha256);
    let before = peak();
    let (large, small) = (Hole(4 * GIGABYTE + 5), Hole(7));
    let payload = [("large.bin", &large), ("small.bin", &small)].map(|(name, source)| Payload {
        name: name.to_owned(),
        mime: "application/octet-stream".to_owned(),
        source,
    });
    let prepared = asic::Prepared::new(Kind::Extended, &payload, &hand.certificate, &said()).unwrap();
    let raw = hand.sign(&prepared.to_be_signed(), prepared.shown());
    let output = prepared.finish(&raw).unwrap();
    // On a disk that keeps holes as such.
    let path = house.path().join("large.asice");
    write_sparse(&output, &mut fs::File::create(&path).unwrap());

    let file = fs::File::open(&path).unwrap();
    let container = Container::open(&file).unwrap();
    let names: Vec<_> = container
        .files()
        .map(|entry| (entry.name(), entry.length()))
        .collect();
    assert_eq!(names[1..3], [("large.bin", large.0), ("small.bin", small.0)]);
    let found = examine(&container).unwrap();
    assert!(found.uncovered.is_empty() && found.faults.is_empty());
    let intact = |covered: &signer::Covered| covered.integrity == Integrity::Intact;
    assert!(found.claims[0].covered.len() == 3 && found.claims[0].covered.iter().all(intact));

    // A container that is put together again keeps its large file, and has one reading still.
    let meta = [("META-INF/other.xml".to_owned(), b"<a/>".to_vec())];
    let again = container.with(&meta).unwrap();
    let again = Laid(&again, &[&file]);
    assert_eq!(Container::open(&again).unwrap().files().count(), names.len() + 1);

    // Python's reader of ZIP files finds the same.
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n\
                  print([(i.filename, i.file_size) for i in z.infolist()][:3], z.read('small.bin'), z.read('mimetype'))";
    let judged = Command::new("python3")
        .args(["-c", script])
        .arg(&path)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&judged.stdout);
    assert!(
        words.contains("('large.bin', 4294967301), ('small.bin', 7)") && words.contains("asic-e+zip"),
        "{judged:?}"
    );
    let grown = peak() - before;
    assert!(grown < MOST_MEMORY, "{grown}");
}
