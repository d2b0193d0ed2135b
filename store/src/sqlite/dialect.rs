//! What SQLite calls things, and how a transaction that writes begins there.

pub(crate) use sqlx::{
    Sqlite as Db, SqliteConnection as Connection, SqlitePool as Pool,
    sqlite::{SqliteArguments as Arguments, SqliteRow as Columns},
};

/// Waits for whoever writes, other processes included, before anything is read.
pub(crate) const BEGIN: &str = "BEGIN IMMEDIATE";

/// Rows in one INSERT: eight values each stay far below what a statement may bind.
pub(crate) const ROWS: usize = 200;
