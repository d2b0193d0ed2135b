//! [`Output`]: a signed document as a list of pieces. What was signed is not copied; it is named.

use core::ops::Range;
use std::io::Write;

use crate::{Source, SourceError, source::in_pieces};

/// A piece of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Bytes of our own.
    Bytes(Vec<u8>),
    /// Bytes of one of the sources that the output was made from.
    Source {
        /// Which, in the order in which they were given.
        number: usize,
        /// Which of its bytes.
        range: Range<u64>,
    },
}

/// A document made of pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    segments: Vec<Segment>,
}

impl Output {
    /// An output of nothing.
    pub const fn new() -> Self {
        Self { segments: Vec::new() }
    }

    /// Adds bytes of our own.
    #[must_use]
    pub fn bytes(mut self, bytes: Vec<u8>) -> Self {
        if !bytes.is_empty() {
            self.segments.push(Segment::Bytes(bytes));
        }
        self
    }

    /// Adds bytes of a source.
    #[must_use]
    pub fn source(mut self, number: usize, range: Range<u64>) -> Self {
        if !range.is_empty() {
            self.segments.push(Segment::Source { number, range });
        }
        self
    }

    /// The pieces in their order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// How long the document is.
    pub fn length(&self) -> u64 {
        self.segments.iter().map(Segment::length).sum()
    }

    /// Writes the document, piece by piece.
    pub fn write_to(&self, sources: &[&dyn Source], sink: &mut impl Write) -> Result<(), SourceError> {
        for segment in &self.segments {
            match segment {
                Segment::Bytes(bytes) => sink.write_all(bytes)?,
                Segment::Source { number, range } => {
                    let source = sources.get(*number).ok_or(SourceError::Beyond {
                        length: sources.len() as u64,
                        asked: *number as u64,
                    })?;
                    in_pieces(*source, range.clone(), |piece| Ok(sink.write_all(piece)?))?;
                }
            }
        }
        Ok(())
    }
}

impl Segment {
    /// How long the piece is.
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Source { range, .. } => range.end.saturating_sub(range.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_sources_and_our_own_are_written_in_their_order() {
        let (first, second) = (b"0123456789".to_vec(), b"abc".to_vec());
        let output = Output::new()
            .source(0, 2..4)
            .bytes(b"-".to_vec())
            .source(1, 0..3)
            .source(0, 4..4);
        let mut written = Vec::new();
        output.write_to(&[&first, &second], &mut written).unwrap();
        assert_eq!((written.as_slice(), output.length()), (b"23-abc".as_slice(), 6));
        assert!(output.write_to(&[&first], &mut Vec::new()).is_err());
    }
}
