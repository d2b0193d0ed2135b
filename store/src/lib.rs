//! What Tamga remembers. Nobody else writes SQL.
//!
//! [`Store`] is one [`Database`], a file of SQLite or a database of PostgreSQL: a pool that only reads, and one writer
//! that commits what is queued in groups, so that the price of a durable commit is shared. One module per aggregate,
//! one statement per function, one text for both engines: the aggregates' files are compiled twice, as modules of
//! `sqlite` and of `postgres`, where `dialect` says what the engine calls things.
//!
//! With the feature `documents` there are also `Documents`: bytes of any size, encrypted, in a folder or, with the feature
//! `s3`, in an object store. Who has no use for them, `tamga-hsm` above all, does not link what they need.

#![expect(
    clippy::duplicate_mod,
    reason = "one body of SQL, compiled against the types of each engine"
)]

mod archive;
mod database;
#[cfg(feature = "documents")]
mod documents;
mod fault;
mod journal;
mod log;
mod parts;
mod postgres;
mod reading;
mod registry;
mod sqlite;
mod store;
mod writer;

pub use archive::{ArchiveError, Filling};
pub use database::{Database, DatabaseError};
#[cfg(feature = "documents")]
pub use documents::{
    DocumentKeys, DocumentPages, DocumentPlace, DocumentPlaceError, DocumentReader, DocumentRow,
    DocumentState, Documents, Due, GetError, NewDocument, ObjectName, ObjectsError, PutError, ShredError,
    Succession, SweepError, UpkeepFailure, UpkeepFault, UpkeepReason, UpkeepRow, UpkeepStanding, UpkeepState,
    UpkeepTurn, WrappedKey,
};
pub use log::{Growth, KeptLeaf};
pub use parts::Parts;
pub use registry::{
    CertificateStep, Found, Intention, Issue, KeptOrder, ListHead, ListRow, OperatorRow, Removed, Search,
    Turn,
};
pub use store::{OpenError, Store};

#[cfg(test)]
mod tests;
