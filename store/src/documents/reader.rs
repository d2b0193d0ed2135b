//! Reading a Document: chunk by chunk, each after it authenticated.

use bytes::Bytes;
use futures_util::{
    Stream,
    stream::{self, BoxStream},
};
use sha2::{Digest as _, Sha256};

use super::{
    DocumentRow, GetError, ObjectsError,
    chunks::Chunks,
    objects::Source,
    seal::{self, CHUNK, DocumentKey, HEADER, Opener, TAG},
};

/// A Document that is being read.
pub struct DocumentReader {
    row: DocumentRow,
    sealed: Chunks<BoxStream<'static, object_store::Result<Bytes>>>,
    /// What was read of the next chunk, still sealed.
    next: Vec<u8>,
    state: State,
    hash: Sha256,
    /// How many plain bytes were given out.
    given: u64,
}

enum State {
    Open(Box<Opener>),
    Done,
    Failed,
}

impl DocumentReader {
    /// Reads the header, so that whoever has a reader has the right object and key, as far as can be known before the
    /// first chunk.
    pub(super) async fn begin(row: DocumentRow, source: Source, key: &DocumentKey) -> Result<Self, GetError> {
        let expected = seal::sealed_size(row.size);
        if source.size != expected {
            return Err(GetError::Length {
                id: row.id,
                expected,
                found: source.size,
            });
        }
        let mut sealed = Chunks::new(source.bytes);
        let mut header = Vec::with_capacity(HEADER);
        sealed
            .fill(&mut header, HEADER)
            .await
            .map_err(ObjectsError::from)?;
        let opener = Opener::new(key, row.id, &header).ok_or(GetError::Format(row.id))?;
        Ok(Self {
            row,
            sealed,
            next: Vec::new(),
            state: State::Open(Box::new(opener)),
            hash: Sha256::new(),
            given: 0,
        })
    }

    /// What is known about the Document.
    pub const fn row(&self) -> &DocumentRow {
        &self.row
    }

    /// The next bytes; nothing at the end, which comes only when the whole is what was kept. After an error nothing more
    /// is given out.
    pub async fn next(&mut self) -> Result<Option<Bytes>, GetError> {
        match self.state {
            State::Open(_) => {}
            State::Done => return Ok(None),
            State::Failed => return Err(GetError::Failed(self.row.id)),
        }
        // The size is the row's, and an object of another length was refused, so the last chunk is known by its place.
        let left = self.row.size - self.given;
        let plain = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
        self.next
            .reserve_exact((plain + TAG).saturating_sub(self.next.len()));
        let filled = self.sealed.fill(&mut self.next, plain + TAG).await;
        // From here on nothing waits: whoever stops waiting does so between chunks.
        let opened = filled
            .map_err(|error| ObjectsError::from(error).into())
            .and_then(|()| self.open(left == plain as u64));
        if opened.is_err() {
            self.state = State::Failed;
        }
        opened
    }

    /// The same as a stream, which ends after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, GetError>> + Send {
        stream::try_unfold(self, |mut reader| async {
            Ok(reader.next().await?.map(|bytes| (bytes, reader)))
        })
    }

    fn open(&mut self, is_last: bool) -> Result<Option<Bytes>, GetError> {
        let mut chunk = core::mem::take(&mut self.next);
        let result = match core::mem::replace(&mut self.state, State::Done) {
            State::Open(opener) if is_last => opener.last(&mut chunk),
            State::Open(mut opener) => {
                let result = opener.next(&mut chunk);
                self.state = State::Open(opener);
                result
            }
            State::Done | State::Failed => return Err(GetError::Failed(self.row.id)),
        };
        result.map_err(|_| GetError::Altered {
            id: self.row.id,
            chunk: self.given / CHUNK as u64,
        })?;
        self.hash.update(&chunk);
        self.given += chunk.len() as u64;
        if is_last && self.hash.clone().finalize().as_slice() != self.row.digest.as_slice() {
            return Err(GetError::Digest(self.row.id));
        }
        Ok((!chunk.is_empty()).then(|| chunk.into()))
    }
}

impl core::fmt::Debug for DocumentReader {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            formatter,
            "DocumentReader({}, {} of {})",
            self.row.id, self.given, self.row.size
        )
    }
}
