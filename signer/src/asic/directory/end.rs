//! [`End`]: where the directory is, by the records after it (APPNOTE 4.3.14 to 4.3.16).
//!
//! The end record ends the file. Where its numbers are too small, ZIP64 has a second one before it; what both say must
//! be the same, so that readers with and without ZIP64 find one directory or none.

use core::ops::Range;

use super::{form, record::Record};
use crate::{
    Source,
    asic::{
        ContainerError,
        limits::{LONGEST_COMMENT, MOST_DIRECTORY, MOST_ENTRIES},
    },
};

const END: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: u64 = 22;
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LOCATOR_LENGTH: u64 = 20;
const WIDE: [u8; 4] = *b"PK\x06\x06";
const WIDE_LENGTH: u64 = 56;

/// How many entries the directory has, and where it is.
pub(super) struct End {
    pub(super) entries: u64,
    pub(super) directory: Range<u64>,
}

/// The numbers of an end record: files here and in all, and the directory's size and place.
type Numbers = [u64; 4];

impl End {
    pub(super) fn find(source: &dyn Source) -> Result<Self, ContainerError> {
        let length = source.length();
        let from = length.saturating_sub(END_LENGTH + LONGEST_COMMENT);
        let tail = source.bytes(from..length)?;
        let found = tail.windows(END.len()).rposition(|window| window == END);
        let at = found.ok_or(form("no end record", length))?;
        let begin = from + at as u64;
        let mut record = Record {
            bytes: tail.get(at..).unwrap_or_default(),
            at: begin,
        };
        record.signature(END)?;
        one_disk(&[record.u16()?.into(), record.u16()?.into()])?;
        let here = [record.u16()?, record.u16()?];
        let place = [record.u32()?, record.u32()?];
        let comment = record.u16()?;
        let comment = record.take(usize::from(comment))?;
        record.end()?;
        if !comment.is_empty() && !comment.starts_with(b"mimetype=") {
            return Err(form("a comment that is no media type", begin));
        }
        let masked = here.contains(&u16::MAX) || place.contains(&u32::MAX);
        let (numbers, begin) = match wide(source, begin)? {
            Some((numbers, at)) => {
                let [first, second, third, fourth] = numbers;
                let short = |(stated, number): (u16, u64)| stated == u16::MAX || u64::from(stated) == number;
                let long = |(stated, number): (u32, u64)| stated == u32::MAX || u64::from(stated) == number;
                let agrees = here.into_iter().zip([first, second]).all(short)
                    && place.into_iter().zip([third, fourth]).all(long);
                if !agrees {
                    return Err(form("two end records that contradict each other", begin));
                }
                (numbers, at)
            }
            None if masked => return Err(form("an end record without the numbers of ZIP64", begin)),
            None => {
                let ([first, second], [third, fourth]) = (here, place);
                ([first.into(), second.into(), third.into(), fourth.into()], begin)
            }
        };
        Self::new(numbers, begin)
    }

    fn new([here, entries, size, offset]: Numbers, begin: u64) -> Result<Self, ContainerError> {
        if here != entries {
            return Err(ContainerError::Unsupported {
                what: "several disks",
            });
        }
        let end = offset.checked_add(size).filter(|end| *end == begin);
        let end = end.ok_or(form("something between directory and end record", offset))?;
        for (found, most, what) in [
            (entries, MOST_ENTRIES, "files"),
            (size, MOST_DIRECTORY, "bytes of directory"),
        ] {
            if found > most {
                return Err(ContainerError::TooMuch { what, most });
            }
        }
        Ok(Self {
            entries,
            directory: offset..end,
        })
    }
}

/// The numbers of ZIP64, and where its end record begins, if there is one right before the other.
fn wide(source: &dyn Source, begin: u64) -> Result<Option<(Numbers, u64)>, ContainerError> {
    let Some(at) = begin.checked_sub(LOCATOR_LENGTH) else {
        return Ok(None);
    };
    let bytes = source.bytes(at..begin)?;
    if !bytes.starts_with(&LOCATOR) {
        return Ok(None);
    }
    let mut record = Record { bytes: &bytes, at };
    record.signature(LOCATOR)?;
    let disk = record.u32()?;
    let place = record.u64()?;
    one_disk(&[disk, record.u32()?.saturating_sub(1)])?;
    if at.checked_sub(WIDE_LENGTH) != Some(place) {
        return Err(form("something between the end records", at));
    }
    let bytes = source.bytes(place..at)?;
    let mut record = Record {
        bytes: &bytes,
        at: place,
    };
    record.signature(WIDE)?;
    if record.u64()? != WIDE_LENGTH - 12 {
        return Err(form("an end record of unusual length", place));
    }
    record.u32()?; // made by, needed
    one_disk(&[record.u32()?, record.u32()?])?;
    let numbers = [record.u64()?, record.u64()?, record.u64()?, record.u64()?];
    record.end()?;
    Ok(Some((numbers, place)))
}

fn one_disk(disks: &[u32]) -> Result<(), ContainerError> {
    if disks.iter().all(|disk| *disk == 0) {
        Ok(())
    } else {
        Err(ContainerError::Unsupported {
            what: "several disks",
        })
    }
}
