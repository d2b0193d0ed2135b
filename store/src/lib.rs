//! What Tamga remembers. Nobody else writes SQL.
//!
//! [`Store`] is one database: a pool that only reads, and one writer that commits what is queued in groups, so that
//! the price of a durable commit is shared. One module per aggregate, one statement per function.

mod activation;
mod challenge;
mod credential;
mod enrolment;
mod fault;
mod job;
mod journal;
mod leaf;
mod read;
mod sqlite;
mod token_key;
mod writer;

pub use sqlite::{OpenError, Store};

#[cfg(test)]
mod tests;
