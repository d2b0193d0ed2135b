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

    /// The document, to be read by offset.
    pub const fn over<'a>(&'a self, sources: &'a [&'a dyn Source]) -> Assembled<'a> {
        Assembled {
            output: self,
            sources,
        }
    }

    /// Writes the document, piece by piece.
    pub fn write_to(&self, sources: &[&dyn Source], sink: &mut impl Write) -> Result<(), SourceError> {
        for segment in &self.segments {
            match segment {
                Segment::Bytes(bytes) => sink.write_all(bytes)?,
                Segment::Source { number, range } => {
                    let source = source_of(sources, *number)?;
                    in_pieces(source, range.clone(), |piece| Ok(sink.write_all(piece)?))?;
                }
            }
        }
        Ok(())
    }
}

/// An output with the sources that it is made of, to be read by offset.
#[derive(Clone, Copy)]
pub struct Assembled<'a> {
    output: &'a Output,
    sources: &'a [&'a dyn Source],
}

impl Source for Assembled<'_> {
    fn length(&self) -> u64 {
        self.output.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let mut rest = buffer;
        let (mut skipped, mut segments) = (0_u64, self.output.segments.iter());
        while !rest.is_empty() {
            let beyond = SourceError::Beyond {
                length: self.length(),
                asked: offset.saturating_add(rest.len() as u64),
            };
            let segment = segments.next().ok_or(beyond)?;
            let inside = offset.saturating_sub(skipped);
            let length = segment.length();
            skipped = skipped.saturating_add(length);
            let Some(left) = length.checked_sub(inside).filter(|left| *left > 0) else {
                continue;
            };
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
            let (now, later) = rest.split_at_mut(part);
            match segment {
                Segment::Bytes(bytes) => bytes.read_at(inside, now)?,
                Segment::Source { number, range } => {
                    source_of(self.sources, *number)?.read_at(range.start.saturating_add(inside), now)?;
                }
            }
            rest = later;
        }
        Ok(())
    }
}

fn source_of<'a>(sources: &[&'a dyn Source], number: usize) -> Result<&'a dyn Source, SourceError> {
    sources.get(number).copied().ok_or(SourceError::Beyond {
        length: sources.len() as u64,
        asked: number as u64,
    })
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
        let sources: [&dyn Source; 2] = [&first, &second];
        let whole = output.over(&sources);
        for (from, to) in (0..=6).flat_map(|from| (from..=6).map(move |to| (from, to))) {
            let (start, end) = (from as u64, to as u64);
            assert_eq!(
                whole.bytes(start..end).unwrap(),
                written[from..to],
                "{from}..{to}"
            );
        }
        assert!(whole.read_at(6, &mut [0]).is_err());
    }
}
