//! The database of a world on either engine, past the store: as its keeper, or who stole it, sees and changes it.

use std::{fs, path::PathBuf};

use sqlx::{PgPool, Row as _, SqlitePool};
use tempfile::TempDir;

use crate::postgres::Postgres;

/// A database: a file of SQLite, or on PostgreSQL with `TAMGA_DATABASE=postgres`.
#[derive(Debug)]
pub enum Engine {
    /// A database of the tests' server.
    Postgres(Postgres),
    /// The folder that `tamga.db` is in.
    Sqlite(PathBuf),
}

/// A copy of a database.
#[derive(Debug)]
pub enum Backup {
    /// Another database.
    Postgres(Postgres),
    /// A folder with the files.
    Sqlite(TempDir),
}

/// Runs a statement with the pool of whichever engine it is.
macro_rules! on {
    ($engine:expr, $pool:ident => $work:expr) => {
        match $engine {
            Engine::Postgres(postgres) => {
                let $pool = PgPool::connect(&postgres.url()).await.unwrap();
                let done = $work.await.unwrap();
                $pool.close().await;
                done
            }
            Engine::Sqlite(folder) => {
                let url = format!("sqlite://{}", folder.join("tamga.db").display());
                let $pool = SqlitePool::connect(&url).await.unwrap();
                $work.await.unwrap()
            }
        }
    };
}

impl Engine {
    /// A new database; in this folder if it is a file.
    pub(crate) fn fresh(folder: PathBuf) -> Self {
        if std::env::var("TAMGA_DATABASE").is_ok_and(|engine| engine == "postgres") {
            Self::Postgres(Postgres::fresh())
        } else {
            Self::Sqlite(folder)
        }
    }

    /// As a configuration names it.
    pub fn line(&self) -> String {
        match self {
            Self::Postgres(postgres) => postgres.url(),
            Self::Sqlite(folder) => format!("sqlite:{}", folder.join("tamga.db").display()),
        }
    }

    /// Changes rows.
    pub async fn execute(&self, statement: &'static str) {
        on!(self, pool => async { sqlx::query(statement).execute(&pool).await.map(drop) });
    }

    /// The first column of the one row, a BIGINT.
    pub async fn number(&self, query: &'static str) -> i64 {
        on!(self, pool => sqlx::query_scalar(query).fetch_one(&pool))
    }

    /// The first column of each row, a BIGINT.
    pub async fn numbers(&self, query: &'static str) -> Vec<i64> {
        on!(self, pool => async {
            let rows = sqlx::query(query).fetch_all(&pool).await?;
            rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()
        })
    }

    /// A copy, while nobody works on it.
    pub fn back_up(&self) -> Backup {
        match self {
            Self::Postgres(postgres) => Backup::Postgres(postgres.copy()),
            Self::Sqlite(folder) => {
                let copy = tempfile::tempdir().unwrap();
                copy_files(folder, copy.path());
                Backup::Sqlite(copy)
            }
        }
    }

    /// Loses everything: as after a fire, with a new place that is empty.
    pub fn lose(&self) {
        match self {
            Self::Postgres(postgres) => postgres.lose(),
            Self::Sqlite(folder) => {
                for name in ["tamga.db", "tamga.db-wal", "tamga.db-shm"] {
                    // Not every part exists at every moment.
                    let _ = fs::remove_file(folder.join(name));
                }
            }
        }
    }

    /// Puts a copy back in its place, while nobody works on it.
    pub fn restore(&self, backup: &Backup) {
        match (self, backup) {
            (Self::Postgres(postgres), Backup::Postgres(copy)) => postgres.become_copy_of(copy),
            (Self::Sqlite(folder), Backup::Sqlite(copy)) => copy_files(copy.path(), folder),
            (Self::Postgres(_), Backup::Sqlite(_)) | (Self::Sqlite(_), Backup::Postgres(_)) => {
                panic!("a backup of the other engine")
            }
        }
    }
}

/// The database with its log; what the other side has beyond that is removed.
fn copy_files(from: &std::path::Path, to: &std::path::Path) {
    for name in ["tamga.db", "tamga.db-wal", "tamga.db-shm"] {
        // Not every part exists at every moment.
        let _ = fs::remove_file(to.join(name));
        if from.join(name).exists() && name != "tamga.db-shm" {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}
