//! What PostgreSQL calls things, and how a transaction that writes begins there.

pub(crate) use sqlx::{
    PgConnection as Connection, PgPool as Pool, Postgres as Db,
    postgres::{PgArguments as Arguments, PgRow as Columns},
};

/// Waits for whoever writes, other processes included, before anything is read: the lock is let go of with the
/// commit. So leaves are numbered without a gap, and in the order of the commits. READ COMMITTED, whatever the server's
/// default is, so that what is read after the wait is what the one before committed.
pub(crate) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
     SELECT pg_advisory_xact_lock(8386104271917023233)";

/// Rows in one INSERT: with some 600 bytes each it fits one record of TLS. What needs a second one waits 40 ms for an
/// acknowledgement that the server delays, because the driver leaves Nagle's algorithm on.
pub(crate) const ROWS: usize = 20;
