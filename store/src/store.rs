//! Opening a database on either engine: pools that read, one writer.

use std::{fs::File, sync::Arc};

use sqlx::{PgPool, SqlitePool};

use crate::{Database, database::Place, postgres, sqlite, writer::Writer};

/// A database that is open. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) readers: Pool,
    pub(crate) writer: Writer,
    writing: Pool,
    _lock: Option<Arc<File>>,
}

/// Connections to one engine.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

/// What an engine's module opens.
pub(crate) struct Opened {
    pub(crate) readers: Pool,
    pub(crate) writer: Pool,
    /// The lock of whoever works alone, where it is a file.
    pub(crate) lock: Option<File>,
}

/// Who else may work on the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    Alone,
    Others,
}

/// The database does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made or reached.
    #[error("the database file cannot be opened: {0}")]
    File(#[from] std::io::Error),
    /// Someone else works on it alone.
    #[error(
        "another tamga-hsm already works on {0}; stop it first, or set shared_database where several are meant to"
    )]
    Another(String),
    /// A server that loses what it said it had kept.
    #[error("the database server runs with {0} = off, so a commit is not durable; turn it on")]
    Careless(&'static str),
    /// The database refuses.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// It is of a newer release, or a migration fails.
    #[error("the database does not fit this release of tamga, perhaps it is of a newer one: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl Store {
    /// Opens a database that others may work on too, makes it if it is a file that is not there, and brings it to this
    /// release.
    pub async fn open(database: &Database) -> Result<Self, OpenError> {
        Self::open_in(database, Company::Others).await
    }

    /// The same for whoever must be the only one that [`open`](Self::open)s it this way, until the process ends or the
    /// last clone is dropped.
    pub async fn open_alone(database: &Database) -> Result<Self, OpenError> {
        Self::open_in(database, Company::Alone).await
    }

    /// Closes every connection, so that a file of SQLite is complete without its log. Nothing can be done with it then.
    pub async fn close(self) {
        for pool in [self.readers, self.writing] {
            match pool {
                Pool::Postgres(pool) => pool.close().await,
                Pool::Sqlite(pool) => pool.close().await,
            }
        }
    }

    async fn open_in(database: &Database, company: Company) -> Result<Self, OpenError> {
        let opened = match &database.0 {
            Place::Postgres(options) => postgres::open(options, company).await,
            Place::Sqlite(path) => sqlite::open(path, company).await,
        };
        let opened = opened.map_err(|error| match error {
            OpenError::Another(_) => OpenError::Another(database.to_string()),
            error => error,
        })?;
        Ok(Self {
            readers: opened.readers,
            writer: Writer::start(opened.writer.clone()),
            writing: opened.writer,
            _lock: opened.lock.map(Arc::new),
        })
    }
}
