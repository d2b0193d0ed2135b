//! Reading a Document by offset: some chunks at a time, each after it authenticated, in any order.
//!
//! The last chunk is opened first, so that an object which ends early is noticed before anything is given out. The digest
//! of the whole is not checked here, since nobody reads it whole: every chunk is bound to its place, to the Document's id
//! and to its key, which opens nothing else.

use core::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use super::{
    DocumentRow, GetError,
    objects::Objects,
    seal::{self, CHUNK, DocumentKey, HEADER, Pages, TAG},
};

/// Chunks that are fetched at once: half a megabyte, so that reading from one end to the other does not ask for each.
const STRETCH: u64 = 8;
/// Stretches that are remembered.
const REMEMBERED: usize = 8;

/// A Document that is read by offset.
pub struct DocumentPages {
    row: DocumentRow,
    objects: Objects,
    pages: Pages,
    /// The newest last.
    lately: Mutex<Vec<(u64, Bytes)>>,
}

impl DocumentPages {
    /// Reads the header and the last chunk.
    pub(super) async fn begin(
        row: DocumentRow,
        objects: Objects,
        key: &DocumentKey,
    ) -> Result<Self, GetError> {
        let expected = seal::sealed_size(row.size);
        let found = objects.size(row.object).await?;
        let found = found.ok_or_else(|| missing(&row))?;
        if found != expected {
            return Err(GetError::Length {
                id: row.id,
                expected,
                found,
            });
        }
        let header = objects.range(row.object, 0..HEADER as u64).await?;
        let header = header.ok_or_else(|| missing(&row))?;
        let pages = Pages::new(key, row.id, &header).ok_or(GetError::Format(row.id))?;
        let opened = Self {
            row,
            objects,
            pages,
            lately: Mutex::default(),
        };
        let last = opened.row.size.saturating_sub(1) / CHUNK as u64;
        opened.stretch(last / STRETCH).await?;
        Ok(opened)
    }

    /// What is known about the Document.
    pub const fn row(&self) -> &DocumentRow {
        &self.row
    }

    /// The bytes from `offset` on, as many as are left up to the end of what is fetched at once; none at the end of the
    /// Document.
    pub async fn read_from(&self, offset: u64) -> Result<Bytes, GetError> {
        const LENGTH: u64 = STRETCH * CHUNK as u64;
        if offset >= self.row.size {
            return Ok(Bytes::new());
        }
        let stretch = self.stretch(offset / LENGTH).await?;
        // Smaller than a stretch, so it fits.
        let within = usize::try_from(offset % LENGTH).unwrap_or(usize::MAX);
        Ok(stretch.slice(within.min(stretch.len())..))
    }

    async fn stretch(&self, number: u64) -> Result<Bytes, GetError> {
        if let Some(known) = self.remembered(number) {
            return Ok(known);
        }
        let all = self.row.size.div_ceil(CHUNK as u64).max(1);
        let chunks = number * STRETCH..((number + 1) * STRETCH).min(all);
        let sealed = self.objects.range(self.row.object, self.place(&chunks)).await?;
        let sealed = sealed.ok_or_else(|| missing(&self.row))?;
        let mut plain = Vec::with_capacity(sealed.len());
        for (chunk, piece) in chunks.zip(sealed.chunks(CHUNK + TAG)) {
            let opened = self.pages.open(chunk, chunk + 1 == all, piece);
            plain.extend_from_slice(&opened.map_err(|_| GetError::Altered {
                id: self.row.id,
                chunk,
            })?);
        }
        let plain = Bytes::from(plain);
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.len() >= REMEMBERED {
            lately.remove(0);
        }
        lately.push((number, plain.clone()));
        Ok(plain)
    }

    fn remembered(&self, number: u64) -> Option<Bytes> {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let place = lately.iter().position(|(known, _)| *known == number)?;
        let found = lately.remove(place);
        let bytes = found.1.clone();
        lately.push(found);
        Some(bytes)
    }

    /// Where these chunks stand in the object.
    fn place(&self, chunks: &Range<u64>) -> Range<u64> {
        const SEALED: u64 = (CHUNK + TAG) as u64;
        let start = HEADER as u64 + chunks.start * SEALED;
        let end = HEADER as u64 + chunks.end * SEALED;
        start..end.min(seal::sealed_size(self.row.size))
    }
}

fn missing(row: &DocumentRow) -> GetError {
    GetError::Missing {
        id: row.id,
        object: row.object.to_string(),
    }
}

impl core::fmt::Debug for DocumentPages {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "DocumentPages({}, {} bytes)",
            self.row.id, self.row.size
        )
    }
}
