//! Bytes come in pieces of any size and leave in chunks of one.

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream::Fuse};

/// A stream of pieces with what is left of the last.
pub(super) struct Chunks<S> {
    stream: Fuse<S>,
    left: Bytes,
}

impl<S: Stream> Chunks<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream: stream.fuse(),
            left: Bytes::new(),
        }
    }
}

impl<S: Stream<Item = Result<Bytes, E>> + Unpin, E> Chunks<S> {
    /// Adds to `chunk` until it has `full` bytes or there are no more. Whoever stops waiting loses nothing.
    pub(super) async fn fill(&mut self, chunk: &mut Vec<u8>, full: usize) -> Result<(), E> {
        while chunk.len() < full {
            if self.left.is_empty() {
                match self.stream.next().await {
                    Some(piece) => self.left = piece?,
                    None => break,
                }
            }
            let take = self.left.len().min(full - chunk.len());
            chunk.extend_from_slice(&self.left.split_to(take));
        }
        Ok(())
    }
}
