//! One cross-reference section (ISO 32000-2, 7.5.4 and 7.5.8): a table in text, a packed stream, or both (hybrid).
//!
//! A table with rows of 20 bytes stays in the file and is read row by row; only what is packed or odd is kept, and how
//! much that may be is limited over all sections.

use super::{
    PdfError,
    filter::unpack,
    indirect::Indirect,
    lexer::{Fault, Lexer},
    object::{Dictionary, Object},
    parser::object,
    window::read_at,
};
use crate::Source;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    At { offset: u64, generation: u16 },
    In { stream: u32, index: u32 },
}

/// How a section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    Stream,
}

/// A section.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) at: u64,
    pub(crate) kind: Kind,
    pub(crate) trailer: Dictionary,
    runs: Runs,
    /// The stream beside a table, for readers that know both.
    hidden: Option<Runs>,
}

/// Consecutive objects, in ascending order and without overlap.
#[derive(Clone, Debug, Default)]
struct Runs(Vec<Run>);

#[derive(Clone, Debug)]
struct Run {
    first: u32,
    count: u32,
    rows: Rows,
}

#[derive(Clone, Debug)]
enum Rows {
    /// Rows of 20 bytes in the file, from this offset on.
    InFile(u64),
    Kept {
        bytes: Vec<u8>,
        widths: [usize; 3],
    },
}

/// How much may still be kept.
#[derive(Debug)]
pub(super) struct Allowance {
    bytes: u64,
}

const MOST_KEPT: u64 = 32 * 1024 * 1024;
const MOST_RUNS: usize = 200_000;
const ROW: u64 = 20;

impl Allowance {
    pub(super) const fn new() -> Self {
        Self { bytes: MOST_KEPT }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), PdfError> {
        self.bytes = self.bytes.checked_sub(bytes as u64).ok_or(PdfError::TooMuch {
            what: "bytes of cross-references",
            most: MOST_KEPT,
        })?;
        Ok(())
    }
}

impl Section {
    /// Reads the section at an offset.
    pub(super) fn read(source: &dyn Source, at: u64, allowance: &mut Allowance) -> Result<Self, PdfError> {
        let (is_table, after) = read_at(source, at, |lexer| lexer.keyword(b"xref"))?;
        if !is_table {
            let (trailer, runs) = read_stream(source, at, allowance)?;
            return Ok(Self {
                at,
                kind: Kind::Stream,
                trailer,
                runs,
                hidden: None,
            });
        }
        let (trailer, runs) = read_table(source, after, allowance)?;
        let hidden = match trailer.get("XRefStm") {
            Some(value) => {
                let at = offset(value).ok_or(PdfError::damaged(at, "an XRefStm that is no offset"))?;
                Some(read_stream(source, at, allowance)?.1)
            }
            None => None,
        };
        Ok(Self {
            at,
            kind: Kind::Table,
            trailer,
            runs,
            hidden,
        })
    }

    /// Where the section before this one is.
    pub(super) fn previous(&self) -> Result<Option<u64>, PdfError> {
        match self.trailer.get("Prev") {
            None => Ok(None),
            Some(value) => offset(value)
                .map(Some)
                .ok_or(PdfError::damaged(self.at, "a Prev that is no offset")),
        }
    }

    /// Whether the section is both.
    pub(crate) const fn is_hybrid(&self) -> bool {
        self.hidden.is_some()
    }

    /// What the section says of an object. In a hybrid one, what the table has hidden as free is in the stream
    /// (7.5.8.4).
    pub(crate) fn entry(&self, source: &dyn Source, number: u32) -> Result<Option<Entry>, PdfError> {
        let entry = self.runs.entry(source, number)?;
        match (entry, &self.hidden) {
            (None | Some(Entry::Free), Some(hidden)) => Ok(hidden.entry(source, number)?.or(entry)),
            _ => Ok(entry),
        }
    }

    /// The numbers that the section says something of.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        let hidden = self.hidden.iter().flat_map(|runs| &runs.0);
        self.runs
            .0
            .iter()
            .chain(hidden)
            .flat_map(|run| run.first..run.first.saturating_add(run.count))
    }

    /// One more than the highest number.
    pub(super) fn end(&self) -> u32 {
        let hidden = self.hidden.iter().flat_map(|runs| &runs.0);
        let ends = self.runs.0.iter().chain(hidden);
        ends.map(|run| run.first.saturating_add(run.count))
            .max()
            .unwrap_or(0)
    }
}

fn offset(value: &Object) -> Option<u64> {
    u64::try_from(value.as_integer()?).ok()
}

impl Runs {
    fn new(at: u64, mut runs: Vec<Run>) -> Result<Self, PdfError> {
        runs.retain(|run| run.count > 0);
        runs.sort_by_key(|run| run.first);
        let mut end = 0;
        for run in &runs {
            if run.first < end {
                return Err(PdfError::two_readings(
                    at,
                    "a cross-reference section lists one object twice",
                ));
            }
            end = run
                .first
                .checked_add(run.count)
                .ok_or(PdfError::damaged(at, "an object number that is too large"))?;
        }
        Ok(Self(runs))
    }

    fn entry(&self, source: &dyn Source, number: u32) -> Result<Option<Entry>, PdfError> {
        let after = self.0.partition_point(|run| run.first <= number);
        let run = after.checked_sub(1).and_then(|place| self.0.get(place));
        let Some((run, index)) = run
            .map(|run| (run, number - run.first))
            .filter(|(run, index)| *index < run.count)
        else {
            return Ok(None);
        };
        match &run.rows {
            Rows::InFile(start) => {
                let at = start + u64::from(index) * ROW;
                text_row(&source.bytes(at..at + ROW)?)
                    .map(Some)
                    .ok_or(PdfError::damaged(at, "a row of the cross-reference table"))
            }
            Rows::Kept { bytes, widths } => {
                let width = widths.iter().sum::<usize>();
                let start = width.saturating_mul(index as usize);
                Ok(bytes
                    .get(start..start + width)
                    .map(|row| packed_row(row, *widths)))
            }
        }
    }
}

/// `nnnnnnnnnn ggggg n` with two bytes of line end.
fn text_row(row: &[u8]) -> Option<Entry> {
    let digits = |range| {
        let digits = core::str::from_utf8(row.get(range)?).ok()?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse::<u64>().ok())?
    };
    let (offset, generation) = (digits(0..10)?, digits(11..16)?);
    let spaces = row.get(10) == Some(&b' ') && row.get(16) == Some(&b' ');
    let ends = row
        .get(18..20)?
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\r' | b'\n'));
    match row.get(17)? {
        b'f' if spaces && ends => Some(Entry::Free),
        b'n' if spaces && ends => in_use(offset, generation),
        _ => None,
    }
}

fn in_use(offset: u64, generation: u64) -> Option<Entry> {
    let generation = u16::try_from(generation).ok()?;
    // Some producers write objects that they never use as being at byte 0.
    Some(if offset == 0 {
        Entry::Free
    } else {
        Entry::At { offset, generation }
    })
}

fn packed_row(row: &[u8], [kind, second, third]: [usize; 3]) -> Entry {
    let field = |start: usize, width: usize| {
        let bytes = row.get(start..start + width).unwrap_or_default();
        bytes
            .iter()
            .fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let (first, rest) = (field(0, kind), field(kind + second, third));
    let middle = field(kind, second);
    match if kind == 0 { 1 } else { first } {
        1 => in_use(middle, rest).unwrap_or(Entry::Free),
        2 => match (u32::try_from(middle), u32::try_from(rest)) {
            (Ok(stream), Ok(index)) => Entry::In { stream, index },
            _ => Entry::Free,
        },
        _ => Entry::Free,
    }
}

fn read_table(
    source: &dyn Source,
    mut at: u64,
    allowance: &mut Allowance,
) -> Result<(Dictionary, Runs), PdfError> {
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
            let (trailer, _) = read_at(source, after, object)?;
            let Object::Dictionary(trailer) = trailer else {
                return Err(PdfError::damaged(after, "the trailer is no dictionary"));
            };
            return Ok((trailer, Runs::new(start, runs)?));
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

fn read_stream(
    source: &dyn Source,
    at: u64,
    allowance: &mut Allowance,
) -> Result<(Dictionary, Runs), PdfError> {
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
    Ok((dictionary.clone(), Runs::new(at, runs)?))
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
