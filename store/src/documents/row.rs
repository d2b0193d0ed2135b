//! What the database knows about a Document: how to find it, how to open it, and whether that is still possible.

use domain::{Id, Time, hexadecimal, word};
use hsm::JournalError;
use rand_core::CryptoRng;

use crate::{Store, reading::read, writer::Change};

/// A Document's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Which.
    pub id: Id<word::Document>,
    /// SHA-256 of the plain bytes.
    pub digest: [u8; 32],
    /// How many plain bytes.
    pub size: u64,
    /// Where they are.
    pub object: ObjectName,
    /// Whether they can be read.
    pub state: DocumentState,
    /// When they were kept.
    pub created_at: Time,
}

/// The life of a Document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentState {
    /// It can be read by whoever may unwrap its key.
    Kept(WrappedKey),
    /// Its key was overwritten, so nobody can read it.
    Shredded {
        /// Since when.
        at: Time,
    },
}

/// A Document's key, wrapped by the boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// The version of the key that wraps.
    pub version: u32,
    /// The wrapped key.
    pub blob: Vec<u8>,
}

/// The name of an object: drawn by chance for each put, so that no two ever write to one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectName([u8; 16]);

impl ObjectName {
    /// A new name.
    pub(crate) fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut name = [0; 16];
        rng.fill_bytes(&mut name);
        Self(name)
    }

    /// The name with these raw bytes.
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl core::fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(&hexadecimal(&self.0))
    }
}

/// A change of Documents' rows.
#[derive(Debug)]
pub(crate) enum DocumentChange {
    /// An object begins to arrive.
    Arrive(ObjectName, Time),
    /// It arrived: it is the Document's from now on.
    Keep(Box<DocumentRow>),
    /// The Document's key is overwritten, its object shall go.
    Shred(Id<word::Document>, Time),
    /// An object shall go, whoever still writes it.
    Condemn(ObjectName),
    /// An object that should go is gone.
    Gone(ObjectName),
}

impl Store {
    /// A Document's row.
    pub async fn document(&self, id: Id<word::Document>) -> Result<Option<DocumentRow>, JournalError> {
        read!(self, document::find(id))
    }

    /// Objects that shall go, and those that began to arrive before a time and never did; a hundred at most.
    pub(crate) async fn loose_objects(&self, before: Time) -> Result<Vec<ObjectName>, JournalError> {
        read!(self, document::loose(before))
    }

    /// Changes Documents' rows; a row that is not as the change expects it is a conflict.
    pub(crate) async fn change_document(&self, change: DocumentChange) -> Result<(), JournalError> {
        self.writer.write(Change::Document(change)).await.map(drop)
    }
}
