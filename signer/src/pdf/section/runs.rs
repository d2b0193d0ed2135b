//! Consecutive objects of a section, and the rows that say where each is.

use super::Entry;
use crate::{Source, pdf::PdfError};

/// How long a row of a table is (7.5.4).
pub(super) const ROW: u64 = 20;

/// Consecutive objects, in ascending order and without overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(Vec<Run>);

/// Consecutive objects.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) rows: Rows,
}

/// Their rows.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Rows of 20 bytes in the file, from this offset on.
    InFile(u64),
    Kept {
        bytes: Vec<u8>,
        widths: [usize; 3],
    },
}

impl Runs {
    /// The numbers of all.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        let runs = self.0.iter();
        runs.flat_map(|run| run.first..run.first.saturating_add(run.count))
    }

    /// Whether all rows stay in the file.
    pub(super) fn are_in_file(&self) -> bool {
        self.0.iter().all(|run| matches!(run.rows, Rows::InFile(_)))
    }

    /// One more than the highest number.
    pub(super) fn end(&self) -> u32 {
        self.0.last().map_or(0, |run| run.first.saturating_add(run.count))
    }

    /// Sorts the runs, and refuses what is listed twice.
    pub(super) fn new(at: u64, mut runs: Vec<Run>) -> Result<Self, PdfError> {
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

    /// What is said of an object.
    pub(super) fn entry(&self, source: &dyn Source, number: u32) -> Result<Option<Entry>, PdfError> {
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
pub(super) fn text_row(row: &[u8]) -> Option<Entry> {
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

/// An object at an offset.
pub(super) fn in_use(offset: u64, generation: u64) -> Option<Entry> {
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
