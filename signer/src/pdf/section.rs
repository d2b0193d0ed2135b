//! One cross-reference section (ISO 32000-2, 7.5.4 and 7.5.8): a table in text, a packed stream, or both (hybrid).
//!
//! A table with rows of 20 bytes stays in the file and is read row by row; only what is packed or odd is kept, and how
//! much that may be is limited over all sections.

mod reading;
mod runs;

use self::{
    reading::{offset, read_stream, read_table},
    runs::Runs,
};
use super::{PdfError, object::Dictionary, window::read_at};
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
    /// Where its trailer begins, and the first byte after that; of a stream, after the object.
    pub(crate) close: core::ops::Range<u64>,
    runs: Runs,
    /// The stream beside a table, for readers that know both.
    hidden: Option<Runs>,
}

/// How much may still be kept.
#[derive(Debug)]
pub(super) struct Allowance {
    bytes: u64,
}

/// What is kept of all sections together.
const MOST_KEPT: u64 = 32 * 1024 * 1024;

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
            let (trailer, runs, end) = read_stream(source, at, allowance)?;
            return Ok(Self {
                at,
                kind: Kind::Stream,
                trailer,
                close: at..end,
                runs,
                hidden: None,
            });
        }
        let (trailer, runs, close) = read_table(source, after, allowance)?;
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
            close,
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
        let hidden = self.hidden.iter().flat_map(Runs::numbers);
        self.runs.numbers().chain(hidden)
    }

    /// Whether all rows of its table have 20 bytes.
    pub(super) fn is_regular(&self) -> bool {
        self.kind == Kind::Stream || self.runs.are_in_file()
    }

    /// One more than the highest number.
    pub(super) fn end(&self) -> u32 {
        let hidden = self.hidden.as_ref().map_or(0, Runs::end);
        self.runs.end().max(hidden)
    }
}
