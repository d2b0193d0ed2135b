//! The signature dictionary with the place that its value is written into later, and the ranges around it.

use core::ops::Range;

use domain::{Digest, HashAlgorithm};
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Hollow {
    base: u64,
    /// The update up to the string, and what follows it.
    before: Vec<u8>,
    after: Vec<u8>,
    /// How many bytes the value may have.
    reserved: usize,
}

impl Hollow {
    /// Joins a source of this length with its update, in which the body of the blank stands at this offset of the file.
    pub(crate) fn new(base: u64, mut tail: Vec<u8>, blank: &Blank, at: u64) -> Result<Self, PdfError> {
        let lost = || PdfError::damaged(at, "the place of the signature was lost");
        let place = at.checked_sub(base).and_then(|place| usize::try_from(place).ok());
        let place = place.ok_or_else(lost)?;
        let (start, end) = (place + blank.value.start, place + blank.value.end);
        let numbers = numbers(base, (start, end, tail.len()));
        let ranges = tail.get_mut(place + blank.ranges.start..place + blank.ranges.end);
        let ranges = ranges.and_then(|ranges| ranges.get_mut(..numbers.len()));
        ranges.ok_or_else(lost)?.copy_from_slice(numbers.as_bytes());
        let after = tail.get(end..).ok_or_else(lost)?.to_vec();
        tail.truncate(start);
        Ok(Self {
            base,
            before: tail,
            after,
            reserved: blank.value.len().saturating_sub(2) / 2,
        })
    }

    /// What is signed: all but the hexadecimal string.
    pub(crate) fn ranges(&self) -> [Range<u64>; 2] {
        let start = self.base.saturating_add(self.before.len() as u64);
        let end = start.saturating_add(2 * self.reserved as u64 + 2);
        [0..start, end..end.saturating_add(self.after.len() as u64)]
    }

    /// The digest of what is signed.
    pub(crate) fn digest(
        &self,
        source: &dyn Source,
        algorithm: HashAlgorithm,
    ) -> Result<Digest, SourceError> {
        let sources = [source];
        let file = self.output();
        digest_of(&file.over(&sources), &self.ranges(), algorithm)
    }

    /// How many bytes it holds of its own.
    pub(crate) fn length(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// The file as it is signed.
    pub(crate) fn output(&self) -> Output {
        let zeros = vec![b'0'; 2 * self.reserved];
        self.clone().with(zeros)
    }

    /// The file with its value.
    pub(crate) fn fill(self, value: &[u8]) -> Result<Output, PdfError> {
        let mut digits = hex(value);
        let room = 2 * self.reserved;
        if digits.len() > room {
            return Err(PdfError::Reserved {
                needed: value.len(),
                reserved: self.reserved,
            });
        }
        digits.resize(room, b'0');
        Ok(self.with(digits))
    }

    fn with(self, digits: Vec<u8>) -> Output {
        let tail = [self.before, b"<".to_vec(), digits, b">".to_vec(), self.after].concat();
        Output::new().source(0, 0..self.base).bytes(tail)
    }
}

/// A hollow as it was written down, by whomever.
#[derive(Deserialize)]
struct Written {
    base: u64,
    before: Vec<u8>,
    after: Vec<u8>,
    reserved: usize,
}

/// What was written down is no PDF that waits for its value.
#[derive(Debug, thiserror::Error)]
#[error("the ranges that are signed are not those around the place of the signature")]
struct HollowError;

impl TryFrom<Written> for Hollow {
    type Error = HollowError;

    fn try_from(written: Written) -> Result<Self, HollowError> {
        let Written {
            base,
            before,
            after,
            reserved,
        } = written;
        let hole = reserved.checked_mul(2).and_then(|digits| digits.checked_add(2));
        let start = before.len();
        let end = hole.and_then(|hole| start.checked_add(hole)).ok_or(HollowError)?;
        let length = end.checked_add(after.len()).ok_or(HollowError)?;
        if reserved > MOST_RESERVED || base.checked_add(length as u64).is_none() {
            return Err(HollowError);
        }
        let numbers = numbers(base, (start, end, length));
        let said = before.strip_suffix(b"/Contents ").map(<[u8]>::trim_ascii_end);
        if !said.is_some_and(|said| said.ends_with(format!("/ByteRange {numbers}").as_bytes())) {
            return Err(HollowError);
        }
        Ok(Self {
            base,
            before,
            after,
            reserved,
        })
    }
}

/// The four numbers, for a place and an end in an update after so many bytes.
fn numbers(base: u64, (start, end, length): (usize, usize, usize)) -> String {
    let rest = length.saturating_sub(end);
    format!("[0 {} {} {rest}]", base + start as u64, base + end as u64)
}

/// More than any certificate chain with the most time stamps that are left room for.
const MOST_RESERVED: usize = 16 * 1024 * 1024;
