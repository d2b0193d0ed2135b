//! Opening a SQLite database: durable, one writer, readers that cannot write.

use std::{os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/sqlite");

/// A database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) readers: SqlitePool,
    pub(crate) writer: Writer,
}

/// The database does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made or reached.
    #[error("the database file cannot be opened: {0}")]
    File(#[from] std::io::Error),
    /// The database refuses.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// It is of a newer release, or a migration fails.
    #[error("the database does not fit this release of tamga, perhaps it is of a newer one: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl Store {
    /// Opens the database at `path`, makes it if there is none, and brings it to this release.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        // Made by ourselves, so that nobody else can read it at any moment.
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What is destroyed is overwritten, not only unlinked from its page.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
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
        Ok(Self {
            readers,
            writer: Writer::start(writer),
        })
    }
}
