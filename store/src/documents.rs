//! Documents: any size, encrypted each under its own key, never whole in memory.
//!
//! The bytes stand in a folder or in an object store, what finds and opens them in the database. Before the first byte is
//! written, the object's name is listed as loose; the row that makes it a Document is committed last, and strikes it from
//! that list in the same transaction. So what a crash leaves is listed, and [`Documents::sweep`] removes it.
//!
//! Two invariants. Nothing that did not authenticate is given out, and the last chunk is held back until length and digest
//! of the whole are what the row says. Whoever shreds a Document overwrites its key first, so an object that is forgotten
//! somewhere, in a backup for example, is noise.

mod chunks;
mod error;
mod keys;
mod objects;
mod pages;
mod place;
mod put;
mod reader;
mod row;
mod seal;
mod upkeep;

pub use error::{GetError, ObjectsError, PutError, ShredError, SweepError};
pub use keys::DocumentKeys;
pub use pages::DocumentPages;
pub use place::{DocumentPlace, DocumentPlaceError};
pub use put::NewDocument;
pub use reader::DocumentReader;
pub(crate) use row::DocumentChange;
pub use row::{DocumentRow, DocumentState, ObjectName, WrappedKey};
pub(crate) use upkeep::UpkeepChange;
pub use upkeep::{
    Due, Succession, UpkeepFailure, UpkeepFault, UpkeepReason, UpkeepRow, UpkeepStanding, UpkeepState,
    UpkeepTurn,
};

use domain::{Id, Time, word};
use hsm::JournalError;

use self::objects::Objects;
use crate::Store;

/// A place of objects with the database that knows about them. Clones share both.
#[derive(Clone, Debug)]
pub struct Documents {
    store: Store,
    objects: Objects,
}

impl Documents {
    /// Opens a place; a folder that is not there is made, for its owner alone.
    pub fn open(store: Store, place: &DocumentPlace) -> Result<Self, ObjectsError> {
        Ok(Self {
            store,
            objects: Objects::open(place)?,
        })
    }

    /// Opens a Document. Its bytes come from [`DocumentReader::next`], each chunk after it authenticated.
    pub async fn get(
        &self,
        id: Id<word::Document>,
        keys: &impl DocumentKeys,
    ) -> Result<DocumentReader, GetError> {
        let (row, wrapped) = self.kept(id).await?;
        let source = self.objects.read(row.object).await?;
        let source = source.ok_or_else(|| GetError::Missing {
            id,
            object: row.object.to_string(),
        })?;
        let key = keys.unwrap(wrapped).await?;
        DocumentReader::begin(row, source, &key).await
    }

    /// Opens a Document to be read by offset, as signing and judging do.
    pub async fn open_pages(
        &self,
        id: Id<word::Document>,
        keys: &impl DocumentKeys,
    ) -> Result<DocumentPages, GetError> {
        let (row, wrapped) = self.kept(id).await?;
        let key = keys.unwrap(wrapped).await?;
        DocumentPages::begin(row, self.objects.clone(), &key).await
    }

    async fn kept(&self, id: Id<word::Document>) -> Result<(DocumentRow, WrappedKey), GetError> {
        let row = self.store.document(id).await?.ok_or(GetError::Unknown(id))?;
        match &row.state {
            DocumentState::Kept(wrapped) => {
                let wrapped = wrapped.clone();
                Ok((row, wrapped))
            }
            DocumentState::Shredded { at } => Err(GetError::Shredded { id, at: *at }),
        }
    }

    /// Makes a Document unreadable for ever: overwrites its key, then removes its object. A second time changes nothing.
    pub async fn shred(&self, id: Id<word::Document>, now: Time) -> Result<(), ShredError> {
        match self.store.change_document(DocumentChange::Shred(id, now)).await {
            // A conflict: it was shredded before, or was never there.
            Ok(()) | Err(JournalError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        let row = self.store.document(id).await?.ok_or(ShredError::Unknown(id))?;
        self.discard(row.object)
            .await
            .map(drop)
            .map_err(ShredError::Object)
    }

    /// Removes objects of shredded Documents, and those whose put began before a time and did not end: a hundred at most,
    /// and says how many there were. A put that is still under way then ends with [`PutError::Swept`].
    pub async fn sweep(&self, before: Time) -> Result<u64, SweepError> {
        let mut removed = 0;
        for object in self.store.loose_objects(before).await? {
            removed += u64::from(self.discard(object).await?);
        }
        Ok(removed)
    }

    /// Removes an object that is loose; one that is not is a Document's and stays.
    async fn discard(&self, object: ObjectName) -> Result<bool, SweepError> {
        // First, so that a put which still writes it cannot keep it after it was removed.
        match self.store.change_document(DocumentChange::Condemn(object)).await {
            Ok(()) => {}
            Err(JournalError::Conflict) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        self.objects.remove(object).await?;
        match self.store.change_document(DocumentChange::Gone(object)).await {
            Ok(()) => Ok(true),
            // Somebody else was faster.
            Err(JournalError::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
