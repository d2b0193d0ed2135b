//! Documents that no memory holds: signed, packed and examined by reading them piece by piece.

use std::fs;

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
struct Laid<'a>(&'a Output, &'a dyn Source);

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
                Segment::Source { range, .. } => self.1.read_at(range.start + skip, part)?,
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
    let file = Laid(&output, &Pattern);
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
    let file = Laid(&output, &Pattern);
    let found = examine(&Container::open(&file).unwrap()).unwrap();
    assert_eq!(found.claims[0].covered[1].integrity, Integrity::Intact);

    let grown = peak() - before;
    eprintln!("grown by {grown} bytes");
    assert!(grown < MOST_MEMORY);
}
