//! The signature dictionary with the place that its value is written into later, and the ranges around it.

use core::ops::Range;

use domain::{Digest, HashAlgorithm};

use super::{
    PdfError,
    object::{Dictionary, hex},
};
use crate::{Output, Source, SourceError, digest_of};

/// A signature dictionary whose value is missing.
pub(crate) struct Blank {
    pub(crate) body: Vec<u8>,
    /// Where in the body the four numbers stand, brackets included.
    ranges: Range<usize>,
    /// Where in the body the hexadecimal string stands, brackets included.
    value: Range<usize>,
}

/// Four numbers of 19 digits and what is between them.
const RANGES: usize = 2 + 4 * 20;

impl Blank {
    /// Leaves so many bytes for the value.
    pub(crate) fn new(dictionary: &Dictionary, bytes: usize) -> Self {
        let mut body = Vec::new();
        dictionary.write(&mut body);
        body.truncate(body.len().saturating_sub(2));
        body.extend(b"/ByteRange ");
        let ranges = body.len()..body.len() + RANGES;
        body.resize(ranges.end, b' ');
        body.extend(b"/Contents ");
        let value = body.len()..body.len() + 2 * bytes + 2;
        body.push(b'<');
        body.resize(value.end - 1, b'0');
        body.extend(b">>>");
        Self { body, ranges, value }
    }
}

/// A PDF with an update whose signature value is missing.
#[derive(Clone, Debug)]
pub(crate) struct Hollow {
    base: u64,
    tail: Vec<u8>,
    /// In the tail.
    value: Range<usize>,
}

impl Hollow {
    /// Joins a source of this length with its update, in which the body of the blank stands at this offset of the file.
    pub(crate) fn new(base: u64, mut tail: Vec<u8>, blank: &Blank, at: u64) -> Result<Self, PdfError> {
        let lost = PdfError::damaged(at, "the place of the signature was lost");
        let place = at.checked_sub(base).and_then(|place| usize::try_from(place).ok());
        let Some(place) = place else { return Err(lost) };
        let value = place + blank.value.start..place + blank.value.end;
        let (start, end) = (base + value.start as u64, base + value.end as u64);
        let rest = (base + tail.len() as u64).saturating_sub(end);
        let numbers = format!("[0 {start} {end} {rest}]");
        let ranges = tail.get_mut(place + blank.ranges.start..place + blank.ranges.end);
        match ranges.and_then(|ranges| ranges.get_mut(..numbers.len())) {
            Some(ranges) => ranges.copy_from_slice(numbers.as_bytes()),
            None => return Err(lost),
        }
        Ok(Self { base, tail, value })
    }

    /// What is signed: all but the hexadecimal string.
    pub(crate) fn ranges(&self) -> [Range<u64>; 2] {
        let (start, end) = (self.value.start as u64, self.value.end as u64);
        [
            0..self.base + start,
            self.base + end..self.base + self.tail.len() as u64,
        ]
    }

    /// The digest of what is signed.
    pub(crate) fn digest(
        &self,
        source: &dyn Source,
        algorithm: HashAlgorithm,
    ) -> Result<Digest, SourceError> {
        let whole = Joined {
            source,
            tail: &self.tail,
        };
        digest_of(&whole, &self.ranges(), algorithm)
    }

    /// How many bytes the value may have.
    pub(crate) fn reserved(&self) -> usize {
        self.value.len().saturating_sub(2) / 2
    }

    /// The file as it is signed.
    pub(crate) fn output(&self) -> Output {
        Output::new().source(0, 0..self.base).bytes(self.tail.clone())
    }

    /// The file with its value.
    pub(crate) fn fill(mut self, value: &[u8]) -> Result<Output, PdfError> {
        let reserved = self.reserved();
        let digits = hex(value);
        let place = self.tail.get_mut(self.value.start + 1..self.value.end - 1);
        match place.and_then(|place| place.get_mut(..digits.len())) {
            Some(place) => place.copy_from_slice(&digits),
            None => {
                return Err(PdfError::Reserved {
                    needed: value.len(),
                    reserved,
                });
            }
        }
        Ok(Output::new().source(0, 0..self.base).bytes(self.tail))
    }
}

/// A source and what comes after it.
pub(crate) struct Joined<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) tail: &'a [u8],
}

impl Source for Joined<'_> {
    fn length(&self) -> u64 {
        self.source.length().saturating_add(self.tail.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let base = self.source.length();
        let inside = base.saturating_sub(offset).min(buffer.len() as u64);
        let (first, second) =
            buffer.split_at_mut(usize::try_from(inside).unwrap_or(usize::MAX).min(buffer.len()));
        if !first.is_empty() {
            self.source.read_at(offset, first)?;
        }
        if second.is_empty() {
            return Ok(());
        }
        self.tail.read_at(offset.saturating_sub(base), second)
    }
}
