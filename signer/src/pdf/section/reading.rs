//! Reading the two forms of a section: rows of text, and a packed stream.

use core::ops::Range;

use super::{
    Allowance, Entry, MOST_KEPT,
    runs::{ROW, Rows, Run, Runs, in_use, text_row},
};
use crate::{
    Source,
    pdf::{
        PdfError,
        filter::unpack,
        indirect::Indirect,
        lexer::{Fault, Lexer},
        object::{Dictionary, Object},
        parser::object,
        window::read_at,
    },
};

const MOST_RUNS: usize = 200_000;

/// A value that is an offset.
pub(super) fn offset(value: &Object) -> Option<u64> {
    u64::try_from(value.as_integer()?).ok()
}

/// Reads a table from what follows the word `xref`, and its trailer.
pub(super) fn read_table(
    source: &dyn Source,
    mut at: u64,
    allowance: &mut Allowance,
) -> Result<(Dictionary, Runs, Range<u64>), PdfError> {
    let start = at;
    let mut runs = Vec::new();
    loop {
        let (head, after) = read_at(source, at, |lexer| {
            Ok(if lexer.keyword(b"trailer")? {
                None
            } else {
                let head = lexer.integer()?.zip(lexer.integer()?);
                lexer.skip_white()?;
                Some(head)
            })
        })?;
        let Some(head) = head else {
            let (trailer, end) = read_at(source, after, object)?;
            let Object::Dictionary(trailer) = trailer else {
                return Err(PdfError::damaged(after, "the trailer is no dictionary"));
            };
            return Ok((trailer, Runs::new(start, runs)?, after..end));
        };
        let (first, count) = head
            .and_then(|(first, count)| u32::try_from(first).ok().zip(u32::try_from(count).ok()))
            .ok_or(PdfError::damaged(at, "the cross-reference table"))?;
        if runs.len() >= MOST_RUNS {
            return Err(PdfError::TooMuch {
                what: "parts of a cross-reference table",
                most: MOST_RUNS as u64,
            });
        }
        let end = after.saturating_add(u64::from(count) * ROW);
        let rows = if count == 0 || is_grid(source, after..end)? {
            at = end;
            Rows::InFile(after)
        } else {
            let (bytes, next) = read_odd_rows(source, after, count, allowance)?;
            at = next;
            Rows::Kept {
                bytes,
                widths: ODD_WIDTHS,
            }
        };
        runs.push(Run { first, count, rows });
    }
}

/// Whether rows of 20 bytes fill this range, as far as its two ends show; each row is checked when it is read.
fn is_grid(source: &dyn Source, range: core::ops::Range<u64>) -> Result<bool, PdfError> {
    if range.end > source.length() {
        return Ok(false);
    }
    let first = source.bytes(range.start..range.start + ROW)?;
    let last = source.bytes(range.end - ROW..range.end)?;
    Ok(text_row(&first).is_some() && text_row(&last).is_some())
}

const ODD_WIDTHS: [usize; 3] = [1, 8, 2];

/// Rows of another length than 20.
fn read_odd_rows(
    source: &dyn Source,
    mut at: u64,
    count: u32,
    allowance: &mut Allowance,
) -> Result<(Vec<u8>, u64), PdfError> {
    let mut bytes = Vec::new();
    for _ in 0..count {
        let (entry, next) = read_at(source, at, odd_row)?;
        let (kind, offset, generation) = match entry {
            Entry::At { offset, generation } => (1, offset, generation),
            Entry::Free | Entry::In { .. } => (0, 0, 0),
        };
        allowance.spend(11)?;
        bytes.push(kind);
        bytes.extend(offset.to_be_bytes());
        bytes.extend(generation.to_be_bytes());
        at = next;
    }
    Ok((bytes, at))
}

fn odd_row(lexer: &mut Lexer<'_>) -> Result<Entry, Fault> {
    let wrong = Fault::Form {
        at: lexer.at(),
        what: "a row of the cross-reference table",
    };
    let numbers = lexer.integer()?.zip(lexer.integer()?);
    let (offset, generation) = numbers
        .and_then(|(offset, generation)| u64::try_from(offset).ok().zip(u64::try_from(generation).ok()))
        .ok_or(wrong)?;
    if lexer.keyword(b"n")? {
        in_use(offset, generation).ok_or(wrong)
    } else if lexer.keyword(b"f")? {
        Ok(Entry::Free)
    } else {
        Err(wrong)
    }
}

/// Reads a packed stream.
pub(super) fn read_stream(
    source: &dyn Source,
    at: u64,
    allowance: &mut Allowance,
) -> Result<(Dictionary, Runs, u64), PdfError> {
    let wrong = || PdfError::damaged(at, "neither a cross-reference table nor stream is here");
    let indirect = Indirect::read(source, at)?;
    let length = indirect
        .object
        .as_dictionary()
        .filter(|dictionary| dictionary.says("Type", "XRef"))
        .and_then(|dictionary| dictionary.get("Length").and_then(offset))
        .ok_or_else(wrong)?;
    let (dictionary, data) = indirect.stream(source, Some(length))?.ok_or_else(wrong)?;
    if length > MOST_KEPT {
        return Err(PdfError::TooMuch {
            what: "bytes of cross-references",
            most: MOST_KEPT,
        });
    }
    let bytes = unpack(dictionary, source.bytes(data)?, MOST_KEPT)?;
    allowance.spend(bytes.len())?;
    let widths = widths(dictionary).ok_or_else(wrong)?;
    let width = widths.iter().sum::<usize>();
    let size = dictionary.get("Size").and_then(Object::as_integer);
    let index = match dictionary.get("Index") {
        Some(Object::Array(numbers)) => numbers.iter().map(Object::as_integer).collect::<Option<Vec<_>>>(),
        Some(_) => None,
        None => size.map(|size| vec![0, size]),
    };
    let mut runs = Vec::new();
    let mut rest = bytes.as_slice();
    for pair in index.ok_or_else(wrong)?.chunks(2) {
        let [first, count] = pair else { return Err(wrong()) };
        let (first, count) = u32::try_from(*first)
            .ok()
            .zip(u32::try_from(*count).ok())
            .ok_or_else(wrong)?;
        let (rows, after) = rest
            .split_at_checked(width.saturating_mul(count as usize))
            .ok_or_else(wrong)?;
        rest = after;
        let bytes = rows.to_vec();
        runs.push(Run {
            first,
            count,
            rows: Rows::Kept { bytes, widths },
        });
    }
    let end = indirect.end(source, Some(length))?;
    Ok((dictionary.clone(), Runs::new(at, runs)?, end))
}

fn widths(dictionary: &Dictionary) -> Option<[usize; 3]> {
    let widths = dictionary.get("W")?.as_array()?;
    let widths = widths.iter().map(|width| {
        let width = width.as_integer().and_then(|width| usize::try_from(width).ok());
        width.filter(|width| *width <= 8)
    });
    let widths: [usize; 3] = widths.collect::<Option<Vec<_>>>()?.try_into().ok()?;
    (widths.iter().sum::<usize>() > 0).then_some(widths)
}
