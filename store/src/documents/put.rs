//! Putting a Document: sealed while it arrives, kept when it is whole.

use bytes::Bytes;
use domain::{Id, Time, word};
use futures_util::Stream;
use hsm::JournalError;
use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};

use super::{
    DocumentKeys, DocumentRow, DocumentState, Documents, ObjectName, PutError,
    chunks::Chunks,
    objects::Upload,
    row::DocumentChange,
    seal::{self, CHUNK, Header, Sealer, TAG},
};

/// A Document that shall be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewDocument {
    /// Its id; each is used once.
    pub id: Id<word::Document>,
    /// The most plain bytes that it may have.
    pub most: u64,
    /// Now.
    pub now: Time,
}

/// What is known of bytes that were read to their end.
struct Content {
    digest: [u8; 32],
    size: u64,
}

impl Documents {
    /// Keeps a Document. When this returns, it is durable; when this fails or is no longer waited for, there is none, and
    /// what arrived is removed at once or by [`sweep`](Self::sweep).
    ///
    /// After [`PutError::Database`] nobody knows whether it is kept: ask
    /// [`Store::document`](crate::Store::document).
    pub async fn put<E>(
        &self,
        new: NewDocument,
        content: impl Stream<Item = Result<Bytes, E>> + Send,
        keys: &impl DocumentKeys,
        rng: &mut (impl CryptoRng + Send),
    ) -> Result<DocumentRow, PutError>
    where
        E: Into<Box<dyn core::error::Error + Send + Sync>> + Send,
    {
        let row = self.bring(new, content, keys, rng).await?;
        let object = row.object;
        let keep = DocumentChange::Keep(Box::new(row.clone()));
        match self.store.change_document(keep).await {
            Ok(()) => Ok(row),
            Err(JournalError::Conflict) => {
                // Whoever swept it did so before it was there, and took it off the list.
                let loose = DocumentChange::Arrive(object, new.now);
                let _ = self.store.change_document(loose).await;
                let _ = self.discard(object).await;
                Err(match self.store.document(new.id).await? {
                    Some(_) => PutError::Taken(new.id),
                    None => PutError::Swept,
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a Document's bytes to their place, where they are loose until its row is kept.
    pub(super) async fn bring<E>(
        &self,
        new: NewDocument,
        content: impl Stream<Item = Result<Bytes, E>> + Send,
        keys: &impl DocumentKeys,
        rng: &mut (impl CryptoRng + Send),
    ) -> Result<DocumentRow, PutError>
    where
        E: Into<Box<dyn core::error::Error + Send + Sync>> + Send,
    {
        if self.store.document(new.id).await?.is_some() {
            return Err(PutError::Taken(new.id));
        }
        let key = seal::draw_key(rng);
        let wrapped = keys.wrap(key.clone()).await?;
        let object = ObjectName::draw(rng);
        let (sealer, header) = Sealer::new(&key, new.id, rng);
        drop(key);
        let arriving = DocumentChange::Arrive(object, new.now);
        self.store.change_document(arriving).await?;
        let content = match self.upload(object, content, sealer, header, new.most).await {
            Ok(content) => content,
            Err(error) => {
                return Err(match self.discard(object).await {
                    Ok(false) => PutError::Swept,
                    // Should it have failed, the sweep tries again.
                    Ok(true) | Err(_) => error,
                });
            }
        };
        Ok(DocumentRow {
            id: new.id,
            digest: content.digest,
            size: content.size,
            object,
            state: DocumentState::Kept(wrapped),
            created_at: new.now,
        })
    }

    /// Writes an object, or nothing that anybody sees.
    async fn upload<E>(
        &self,
        object: ObjectName,
        content: impl Stream<Item = Result<Bytes, E>> + Send,
        sealer: Sealer,
        header: Header,
        most: u64,
    ) -> Result<Content, PutError>
    where
        E: Into<Box<dyn core::error::Error + Send + Sync>>,
    {
        let mut upload = self.objects.begin(object).await?;
        let content = async {
            upload.push(Bytes::copy_from_slice(&header)).await?;
            seal_all(content, sealer, &mut upload, most).await
        };
        match content.await {
            Ok(content) => {
                upload.finish().await?;
                Ok(content)
            }
            Err(error) => {
                upload.abort().await;
                Err(error)
            }
        }
    }
}

/// Seals what arrives. Two chunks are held: whether one is the last is known only when the next has been asked for.
async fn seal_all<E>(
    content: impl Stream<Item = Result<Bytes, E>> + Send,
    mut sealer: Sealer,
    upload: &mut Upload,
    most: u64,
) -> Result<Content, PutError>
where
    E: Into<Box<dyn core::error::Error + Send + Sync>>,
{
    let mut content = Chunks::new(Box::pin(content));
    let (mut hash, mut size) = (Sha256::new(), 0_u64);
    let mut current = Vec::new();
    loop {
        let mut ahead = Vec::with_capacity(CHUNK + TAG);
        let filled = content.fill(&mut ahead, CHUNK).await;
        filled.map_err(|error| PutError::BrokenOff(error.into()))?;
        hash.update(&ahead);
        size = size.saturating_add(ahead.len() as u64);
        if size > most {
            return Err(PutError::TooLarge { most });
        }
        if ahead.is_empty() {
            break;
        }
        if !current.is_empty() {
            // The construction numbers 2^32 chunks, 256 TiB.
            sealer
                .next(&mut current)
                .map_err(|_| PutError::TooLarge { most })?;
            upload.push(current.into()).await?;
        }
        current = ahead;
    }
    sealer
        .last(&mut current)
        .map_err(|_| PutError::TooLarge { most })?;
    upload.push(current.into()).await?;
    Ok(Content {
        digest: hash.finalize().into(),
        size,
    })
}
