//! SQLite: durable, one writer, readers that cannot write. Every aggregate's module compiled for it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use sqlx::{
    SqliteConnection, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::store::{Company, OpenError, Opened, Pool};

#[path = "activation.rs"]
pub(crate) mod activation;
#[path = "certificate.rs"]
pub(crate) mod certificate;
#[path = "challenge.rs"]
pub(crate) mod challenge;
#[path = "credential.rs"]
pub(crate) mod credential;
mod dialect;
#[cfg(feature = "documents")]
#[path = "document.rs"]
pub(crate) mod document;
#[path = "enrolment.rs"]
mod enrolment;
#[path = "group.rs"]
pub(crate) mod group;
#[path = "job.rs"]
pub(crate) mod job;
#[path = "leaf.rs"]
pub(crate) mod leaf;
#[path = "list.rs"]
pub(crate) mod list;
#[path = "operator.rs"]
pub(crate) mod operator;
#[path = "part.rs"]
pub(crate) mod part;
#[path = "read.rs"]
mod read;
#[path = "token_key.rs"]
pub(crate) mod token_key;
#[path = "tree.rs"]
pub(crate) mod tree;
#[cfg(feature = "documents")]
#[path = "upkeep.rs"]
pub(crate) mod upkeep;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");
static SHELF: Migrator = sqlx::migrate!("../migrations/shelf/sqlite");

/// Opens the database at `path`, makes it if there is none, and brings it to this release.
pub(crate) async fn open(path: &Path, company: Company) -> Result<Opened, OpenError> {
    let lock = match company {
        Company::Alone => Some(lock(path)?),
        Company::Others => None,
    };
    let options = options(path)?;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await?;
    MIGRATIONS.run(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.read_only(true))
        .await?;
    Ok(Opened {
        readers: Pool::Sqlite(readers),
        writer: Pool::Sqlite(writer),
        lock,
    })
}

/// Opens the Shelf at `path`, makes it if there is none, and brings it to this release.
pub(crate) async fn open_shelf(path: &Path) -> Result<SqlitePool, OpenError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options(path)?)
        .await?;
    SHELF.run(&pool).await?;
    Ok(pool)
}

/// Empties the write-ahead log, in which older pages stand until it is written over.
pub(crate) async fn empty_log(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(connection)
        .await
        .map(drop)
}

fn options(path: &Path) -> Result<SqliteConnectOptions, OpenError> {
    // Made by ourselves, so that nobody else can read it at any moment.
    file(path)?;
    Ok(SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is destroyed is overwritten, not only unlinked from its page.
        .pragma("secure_delete", "ON")
        .busy_timeout(Duration::from_secs(5)))
}

/// The lock beside the database; the kernel lets go of it when the process ends, however it ends.
pub(crate) fn lock(path: &Path) -> Result<File, OpenError> {
    let lock = file(&path.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::Another(String::new())),
        Err(TryLockError::Error(error)) => Err(OpenError::File(error)),
    }
}

/// A file that nobody else can read.
pub(crate) fn file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}
