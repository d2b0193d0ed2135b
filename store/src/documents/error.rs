//! What goes wrong with Documents, one variant per thing that a caller does differently.

use std::io;

use domain::{Id, Time, word};
use hsm::{JournalError, Kind, Unavailable};

/// The place of objects refuses or does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// A folder cannot be made or read.
    #[error("the folder of documents cannot be used; look whether it is there and belongs to this user: {0}")]
    Folder(#[source] io::Error),
    /// Anything else.
    #[error("the place of documents does not do what it is asked; look at its disk or at its server: {0}")]
    Store(#[from] object_store::Error),
}

/// A Document was not put.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// The id has its Document.
    #[error("document {0} is there already; put these bytes under a new id")]
    Taken(Id<word::Document>),
    /// It is larger than it may be.
    #[error("the document has more than {most} bytes; send a smaller one")]
    TooLarge {
        /// What it may have.
        most: u64,
    },
    /// Its bytes stopped before their end.
    #[error("the document broke off on its way and was not kept; send it again: {0}")]
    BrokenOff(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The sweep took it for one that was given up.
    #[error("the document took so long to arrive that it was swept away; send it again, and faster")]
    Swept,
    /// See [`ObjectsError`].
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// Its key cannot be wrapped.
    #[error("the document's key cannot be wrapped: {0}")]
    Keys(#[from] Unavailable),
    /// Nobody knows whether it is kept.
    #[error("whether the document was kept is not known; ask for it by its id: {0}")]
    Database(#[from] JournalError),
}

/// A Document was not read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// There is none with this id.
    #[error("there is no document {0}")]
    Unknown(Id<word::Document>),
    /// Its key was overwritten.
    #[error("document {id} was shredded at {at}; nobody can read it any more")]
    Shredded {
        /// Which.
        id: Id<word::Document>,
        /// When.
        at: Time,
    },
    /// Its object is not in the place.
    #[error("the object {object} of document {id} is gone; restore it from a backup of the place")]
    Missing {
        /// Which.
        id: Id<word::Document>,
        /// The object's name.
        object: String,
    },
    /// Its object was cut or made longer.
    #[error(
        "the object of document {id} has {found} bytes instead of {expected}; restore it from a backup of the place"
    )]
    Length {
        /// Which.
        id: Id<word::Document>,
        /// What it should have.
        expected: u64,
        /// What it has.
        found: u64,
    },
    /// Its object does not begin as one of a format that is known here.
    #[error("the object of document {0} is of no format that this release knows; read it with a newer one")]
    Format(Id<word::Document>),
    /// Its object, or the row that opens it, is not what was kept: changed, moved, repeated, of another Document.
    #[error(
        "document {id} was altered at chunk {chunk}; nothing from there on is given out; restore it from a backup"
    )]
    Altered {
        /// Which.
        id: Id<word::Document>,
        /// Its first chunk that does not open, from 0.
        chunk: u64,
    },
    /// What was opened is not what the row speaks of.
    #[error("document {0} is not the one whose digest its row holds; restore the row from a backup")]
    Digest(Id<word::Document>),
    /// Nothing is read after an error.
    #[error("reading document {0} has failed before; begin again")]
    Failed(Id<word::Document>),
    /// See [`ObjectsError`].
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// Its key cannot be unwrapped.
    #[error("the document's key cannot be unwrapped: {0}")]
    Keys(#[from] Unavailable),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] JournalError),
}

/// Objects were not removed; the next sweep tries again.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// See [`ObjectsError`].
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] JournalError),
}

/// A Document was not shredded, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ShredError {
    /// There is none with this id.
    #[error("there is no document {0}")]
    Unknown(Id<word::Document>),
    /// Its key may still be there.
    #[error("whether the document's key was overwritten is not known; shred it again: {0}")]
    Key(#[from] JournalError),
    /// Nobody can read it, but its bytes are still there.
    #[error(
        "the document can no longer be read, but its object is still there; the next sweep tries again: {0}"
    )]
    Object(#[source] SweepError),
}

impl PutError {
    /// Whose doing.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Taken(_) | Self::TooLarge { .. } | Self::BrokenOff(_) | Self::Swept => Kind::Refusal,
            Self::Objects(_) => Kind::Retry,
            Self::Keys(unavailable) => unavailable.kind(),
            Self::Database(error) => journal(error),
        }
    }
}

impl GetError {
    /// Whose doing.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unknown(_) | Self::Shredded { .. } => Kind::Refusal,
            Self::Missing { .. }
            | Self::Length { .. }
            | Self::Format(_)
            | Self::Altered { .. }
            | Self::Digest(_) => Kind::Fault,
            Self::Failed(_) | Self::Objects(_) => Kind::Retry,
            Self::Keys(unavailable) => unavailable.kind(),
            Self::Database(error) => journal(error),
        }
    }
}

impl SweepError {
    /// Whose doing.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Objects(_) => Kind::Retry,
            Self::Database(error) => journal(error),
        }
    }
}

impl ShredError {
    /// Whose doing.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unknown(_) => Kind::Refusal,
            Self::Key(error) => journal(error),
            Self::Object(error) => error.kind(),
        }
    }
}

fn journal(error: &JournalError) -> Kind {
    match error {
        JournalError::Database(_) => Kind::Retry,
        JournalError::Conflict
        | JournalError::NonceSpent
        | JournalError::AssertionSpent
        | JournalError::AlreadySigned
        | JournalError::Ended
        | JournalError::Unreadable { .. } => Kind::Fault,
    }
}
