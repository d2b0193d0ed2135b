//! What Tamga remembers. Nobody else writes SQL.
//!
//! [`Store`] is one [`Database`], a file of SQLite or a database of PostgreSQL: a pool that only reads, and one writer
//! that commits what is queued in groups, so that the price of a durable commit is shared. One module per aggregate,
//! one statement per function, one text for both engines: the aggregates' files are compiled twice, as modules of
//! `sqlite` and of `postgres`, where `dialect` says what the engine calls things.

#![expect(
    clippy::duplicate_mod,
    reason = "one body of SQL, compiled against the types of each engine"
)]

mod database;
mod fault;
mod journal;
mod log;
mod postgres;
mod reading;
mod registry;
mod sqlite;
mod store;
mod writer;

pub use database::{Database, DatabaseError};
pub use log::{Growth, KeptLeaf};
pub use registry::{
    CertificateStep, Found, Intention, Issue, KeptOrder, ListHead, ListRow, OperatorRow, Removed, Search,
    Turn,
};
pub use store::{OpenError, Store};

#[cfg(test)]
mod tests;
