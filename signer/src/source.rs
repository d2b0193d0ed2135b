//! [`Source`]: a document that is read by offset. Whoever keeps documents says how; nothing here holds one whole.

use core::ops::Range;

use aws_lc_rs::digest::{Context, SHA256, SHA384, SHA512};
use domain::{Digest, HashAlgorithm};

/// A document could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The place where it is kept fails.
    #[error("the document cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Somebody asked for bytes that it does not have.
    #[error("the document has {length} bytes, and bytes up to {asked} were asked for")]
    Beyond {
        /// How many there are.
        length: u64,
        /// The end of what was asked for.
        asked: u64,
    },
}

/// Bytes that do not change while they are read.
pub trait Source {
    /// How many there are.
    fn length(&self) -> u64;

    /// Fills the buffer with the bytes from `offset` on.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError>;

    /// The bytes of a range, for small ones.
    fn bytes(&self, range: Range<u64>) -> Result<Vec<u8>, SourceError> {
        let beyond = SourceError::Beyond {
            length: self.length(),
            asked: range.end,
        };
        if range.end > self.length() || range.start > range.end {
            return Err(beyond);
        }
        let length = usize::try_from(range.end - range.start).map_err(|_| beyond)?;
        let mut buffer = vec![0; length];
        self.read_at(range.start, &mut buffer)?;
        Ok(buffer)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }
}

impl<S: Source + ?Sized> Source for std::sync::Arc<S> {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        (**self).read_at(offset, buffer)
    }
}

impl Source for [u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let asked = offset.saturating_add(buffer.len() as u64);
        let beyond = SourceError::Beyond {
            length: self.length(),
            asked,
        };
        let range = usize::try_from(offset)
            .ok()
            .zip(usize::try_from(asked).ok())
            .and_then(|(start, end)| self.get(start..end))
            .ok_or(beyond)?;
        buffer.copy_from_slice(range);
        Ok(())
    }
}

impl Source for Vec<u8> {
    fn length(&self) -> u64 {
        self.as_slice().length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.as_slice().read_at(offset, buffer)
    }
}

#[cfg(unix)]
impl Source for std::fs::File {
    fn length(&self) -> u64 {
        self.metadata().map_or(0, |metadata| metadata.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        Ok(std::os::unix::fs::FileExt::read_exact_at(self, buffer, offset)?)
    }
}

/// The digest of some ranges of a source, one after the other.
pub fn digest_of(
    source: &(impl Source + ?Sized),
    ranges: &[Range<u64>],
    algorithm: HashAlgorithm,
) -> Result<Digest, SourceError> {
    let mut context = Context::new(match algorithm {
        HashAlgorithm::Sha256 => &SHA256,
        HashAlgorithm::Sha384 => &SHA384,
        HashAlgorithm::Sha512 => &SHA512,
    });
    for range in ranges {
        in_pieces(source, range.clone(), |piece| {
            context.update(piece);
            Ok(())
        })?;
    }
    let value = context.finish();
    algorithm
        .parse(value.as_ref())
        .map_err(|error| SourceError::Io(std::io::Error::other(error)))
}

/// Hands on the bytes of a range, however many, piece by piece.
pub(crate) fn in_pieces(
    source: &(impl Source + ?Sized),
    range: Range<u64>,
    mut take: impl FnMut(&[u8]) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    const PIECE: usize = 64 * 1024;
    let all = range.end.saturating_sub(range.start);
    let mut buffer = vec![0; usize::try_from(all).unwrap_or(PIECE).min(PIECE)];
    let mut at = range.start;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(PIECE);
        let length = left.min(buffer.len());
        let piece = buffer.get_mut(..length).unwrap_or_default();
        source.read_at(at, piece)?;
        take(piece)?;
        at += length as u64;
    }
    Ok(())
}
