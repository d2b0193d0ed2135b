//! [`KeptFile`]: a kept Document as signing and judging read it, by offset.

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use domain::{Id, word};
use signer::{Source, SourceError};
use store::{DocumentKeys, DocumentPages, Documents, GetError};
use tokio::runtime::Handle;

/// A Document that is read by offset, from threads that may wait.
pub(super) struct KeptFile {
    pages: DocumentPages,
    runtime: Handle,
    /// Why the last read failed: who reads through [`Source`] only hears that it did.
    failed: Mutex<Option<GetError>>,
}

impl KeptFile {
    /// Opens a Document.
    pub(super) async fn open(
        documents: &Documents,
        id: Id<word::Document>,
        keys: &impl DocumentKeys,
    ) -> Result<Arc<Self>, GetError> {
        Ok(Arc::new(Self {
            pages: documents.open_pages(id, keys).await?,
            runtime: Handle::current(),
            failed: Mutex::default(),
        }))
    }

    /// Which Document.
    pub(super) fn id(&self) -> Id<word::Document> {
        self.pages.row().id
    }

    /// SHA-256 of the whole, as its row has it.
    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.pages.row().digest
    }

    /// The bytes from an offset on, as many as come at once.
    pub(super) async fn read_from(&self, offset: u64) -> Result<Bytes, GetError> {
        self.pages.read_from(offset).await
    }

    /// Why the last read failed, if one did.
    pub(super) fn trouble(&self) -> Option<GetError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn fill(&self, mut offset: u64, mut buffer: &mut [u8]) -> Result<(), GetError> {
        while !buffer.is_empty() {
            let bytes = self.pages.read_from(offset).await?;
            let length = bytes.len().min(buffer.len());
            let (now, later) = buffer.split_at_mut(length);
            match bytes.get(..length) {
                Some(read) if !read.is_empty() => now.copy_from_slice(read),
                // The caller stays within the length, so the end is not met.
                Some(_) | None => return Err(GetError::Failed(self.pages.row().id)),
            }
            offset = offset.saturating_add(length as u64);
            buffer = later;
        }
        Ok(())
    }
}

impl Source for KeptFile {
    fn length(&self) -> u64 {
        self.pages.row().size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let asked = offset.saturating_add(buffer.len() as u64);
        if asked > self.length() {
            return Err(SourceError::Beyond {
                length: self.length(),
                asked,
            });
        }
        self.runtime.block_on(self.fill(offset, buffer)).map_err(|error| {
            let told = std::io::Error::other(error.to_string());
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            SourceError::Io(told)
        })
    }
}

impl fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeptFile").field(&self.pages.row().id).finish()
    }
}
