//! The boundary's Shelf: a database of its own, on either engine.

use core::time::Duration;

use domain::{Id, word};
use hsm::{Part, Shelf, ShelfError, Shelved};

use crate::{Database, OpenError, database::Place, postgres, sqlite, store::Pool};

/// How long a question may take; beyond the engine's own limits, so that only a dead network meets it.
const LIMIT: Duration = Duration::from_secs(12);
/// Parts that are copied in one step.
const STEP: u32 = 1_000;

/// A Shelf that is open. Clones share it.
#[derive(Clone, Debug)]
pub struct Parts(Pool);

/// Calls a function on a connection that is not used again if it fails or does not answer: no transaction stays open.
macro_rules! ask {
    ($parts:expr, $function:ident($($argument:expr),*)) => {
        match &$parts.0 {
            Pool::Sqlite(pool) => ask!(pool, sqlite::$function($($argument),*)),
            Pool::Postgres(pool) => ask!(pool, postgres::$function($($argument),*)),
        }
    };
    ($pool:ident, $engine:ident::$function:ident($($argument:expr),*)) => {{
        let mut connection = $pool.acquire().await.map_err(|error| fault(&error))?;
        let asked = $engine::part::$function(&mut connection, $($argument),*);
        let answer = tokio::time::timeout(LIMIT, asked).await.unwrap_or_else(|_| Err(silent()));
        if answer.is_err() {
            connection.close_on_drop();
        }
        answer
    }};
}

impl Parts {
    /// Opens a Shelf, makes it if it is a file that is not there, and brings it to this release.
    pub async fn open(database: &Database) -> Result<Self, OpenError> {
        Ok(Self(match &database.0 {
            Place::Postgres(options) => Pool::Postgres(postgres::open_shelf(options).await?),
            Place::Sqlite(path) => Pool::Sqlite(sqlite::open_shelf(path).await?),
        }))
    }

    /// Copies every part to an empty Shelf; how many. A part that is removed meanwhile may be in the copy, and is swept
    /// when the copy is taken into use.
    pub async fn copy_to(&self, other: &Self) -> Result<u64, ShelfError> {
        let mut after = None;
        let mut copied = 0;
        loop {
            let parts = ask!(self, after(after, STEP))?;
            let Some((last, _)) = parts.last() else {
                return Ok(copied);
            };
            after = Some(*last);
            let pairs: Vec<_> = parts.iter().map(|(id, part)| (*id, part)).collect();
            ask!(other, put(&pairs))?;
            copied += pairs.len() as u64;
        }
    }

    /// Whether there is no part.
    pub async fn is_empty(&self) -> Result<bool, ShelfError> {
        Ok(ask!(self, after(None, 1))?.is_empty())
    }

    /// Closes every connection, so that a file of SQLite is complete without its log.
    pub async fn close(self) {
        match self.0 {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

impl Shelf for Parts {
    fn put<'a>(&'a self, credential: Id<word::Credential>, part: &'a Part) -> Shelved<'a, ()> {
        Box::pin(async move {
            let one = [(credential, part)];
            ask!(self, put(&one))
        })
    }

    fn get(&self, credential: Id<word::Credential>) -> Shelved<'_, Option<Part>> {
        Box::pin(async move { ask!(self, find(credential)) })
    }

    fn remove<'a>(&'a self, credentials: &'a [Id<word::Credential>]) -> Shelved<'a, ()> {
        Box::pin(async move {
            if credentials.is_empty() {
                return Ok(());
            }
            ask!(self, remove(credentials))?;
            // PostgreSQL has no such step: its log is recycled in its own time, and must not be archived.
            if let Pool::Sqlite(pool) = &self.0 {
                let mut connection = pool.acquire().await.map_err(|error| fault(&error))?;
                let emptied = sqlite::empty_log(&mut connection).await;
                emptied.map_err(|error| fault(&error))?;
            }
            Ok(())
        })
    }

    fn after(
        &self,
        after: Option<Id<word::Credential>>,
        most: u32,
    ) -> Shelved<'_, Vec<Id<word::Credential>>> {
        Box::pin(async move {
            let parts = ask!(self, after(after, most))?;
            Ok(parts.into_iter().map(|(id, _)| id).collect())
        })
    }
}

fn fault(error: &sqlx::Error) -> ShelfError {
    ShelfError::Database(error.to_string())
}

fn silent() -> ShelfError {
    ShelfError::Database("the database does not answer".to_owned())
}
