//! A database out into a file of a backup, and back from it. SQLite does it itself; PostgreSQL with its own programs.
//!
//! What comes back is made ready beside its place and put there in one step, so that nobody finds half of it. Only a
//! database of PostgreSQL is filled where it is: there `pg_restore` works in one transaction, but what follows does not.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use tokio::{
    io::AsyncWriteExt as _,
    process::{ChildStdin, Command},
};

use crate::{Database, OpenError, database::Place, sqlite};

/// A database was not saved or not filled.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Somebody works on it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refuses.
    #[error("the database refuses: {0}")]
    Database(#[from] sqlx::Error),
    /// A program of PostgreSQL is not there.
    #[error("{program} cannot be started: {reason}; install the client programs of PostgreSQL")]
    NoProgram {
        /// Which.
        program: &'static str,
        /// Why.
        reason: io::Error,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it said.
        said: String,
    },
}

/// A database that is being filled: work on it, close it, and then [`finish`](Self::finish).
#[derive(Debug)]
pub struct Filling {
    work: Database,
    /// File and its place, with the lock that keeps others out.
    place: Option<(PathBuf, PathBuf, File)>,
}

impl Database {
    /// What its file in a backup is called; the ending tells the engine.
    pub const fn archive_name(&self) -> &'static str {
        match &self.0 {
            Place::Postgres(_) => "database.dump",
            Place::Sqlite(_) => "database.sqlite",
        }
    }

    /// Where it lies, if it is a file.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::Postgres(_) => None,
            Place::Sqlite(path) => Some(path),
        }
    }

    /// Saves all that is committed at one instant into a new file, while others go on working.
    pub async fn save(&self, to: &Path) -> Result<(), ArchiveError> {
        sqlite::file(to).map_err(|reason| failed(to, reason))?;
        match &self.0 {
            Place::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .busy_timeout(core::time::Duration::from_secs(30));
                let mut connection = SqliteConnection::connect_with(&options).await?;
                sqlx::query("VACUUM INTO $1")
                    .bind(to.to_string_lossy().as_ref())
                    .execute(&mut connection)
                    .await?;
                connection.close().await?;
            }
            Place::Postgres(options) => {
                let file = to.as_os_str().to_owned();
                let arguments = ["--format=custom".into(), "--file".into(), file];
                run("pg_dump", options, &arguments, None).await?;
            }
        }
        File::open(to)
            .and_then(|file| file.sync_all())
            .map_err(|reason| failed(to, reason))
    }

    /// Whether nothing is in it.
    pub async fn is_blank(&self) -> Result<bool, ArchiveError> {
        match &self.0 {
            Place::Sqlite(path) => {
                let log = PathBuf::from(format!("{}-wal", path.display()));
                Ok(!path.exists() && !log.exists())
            }
            Place::Postgres(options) => {
                let mut connection = PgConnection::connect_with(options).await?;
                let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut connection).await?;
                connection.close().await?;
                Ok(tables == 0)
            }
        }
    }

    /// Fills a blank database from what [`save`](Self::save) made.
    pub async fn fill(&self, from: &Path) -> Result<Filling, ArchiveError> {
        match &self.0 {
            Place::Sqlite(path) => {
                let lock = sqlite::lock(path).map_err(|error| match error {
                    OpenError::Another(_) => OpenError::Another(self.to_string()),
                    error => error,
                })?;
                let new = PathBuf::from(format!("{}.restoring", path.display()));
                // Left by a restore that was cut off.
                for end in ["", "-wal", "-shm"] {
                    let left = PathBuf::from(format!("{}{end}", new.display()));
                    if left.exists() {
                        std::fs::remove_file(&left).map_err(|reason| failed(&left, reason))?;
                    }
                }
                let copy = || -> io::Result<()> {
                    let mut to = sqlite::file(&new)?;
                    io::copy(&mut File::open(from)?, &mut to)?;
                    to.sync_all()
                };
                copy().map_err(|reason| failed(&new, reason))?;
                Ok(Filling {
                    work: Self::of_file(&new),
                    place: Some((new, path.clone(), lock)),
                })
            }
            Place::Postgres(options) => {
                let arguments = [
                    "--single-transaction".into(),
                    "--exit-on-error".into(),
                    "--no-owner".into(),
                    "--no-privileges".into(),
                    "--dbname".into(),
                    options.get_database().unwrap_or_default().into(),
                ];
                let source = File::open(from).map_err(|reason| failed(from, reason))?;
                run("pg_restore", options, &arguments, Some(source)).await?;
                Ok(Filling {
                    work: self.clone(),
                    place: None,
                })
            }
        }
    }
}

impl Filling {
    /// What is filled, to be opened and worked on.
    pub const fn database(&self) -> &Database {
        &self.work
    }

    /// Puts it in its place; nobody may have it open any more.
    pub fn finish(self) -> Result<(), ArchiveError> {
        let Some((new, place, _lock)) = self.place else {
            return Ok(());
        };
        let put = || -> io::Result<()> {
            File::open(&new)?.sync_all()?;
            std::fs::rename(&new, &place)?;
            let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        put().map_err(|reason| failed(&place, reason))
    }
}

const TABLES: &str = "SELECT COUNT(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n \
     ON n.oid = c.relnamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

/// Runs a program of PostgreSQL. What it has to know goes into its environment, which other users cannot read; what it
/// reads is fed to it, so that it ends when we do, and its transaction with it.
async fn run(
    program: &'static str,
    options: &PgConnectOptions,
    arguments: &[OsString],
    source: Option<File>,
) -> Result<(), ArchiveError> {
    let url = options.to_url_lossy();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg("--no-password")
        .env(
            "PGHOST",
            options
                .get_socket()
                .map_or_else(|| options.get_host().into(), |path| path.clone().into_os_string()),
        )
        .env("PGPORT", options.get_port().to_string())
        .env("PGUSER", options.get_username())
        .env("PGDATABASE", options.get_database().unwrap_or_default());
    for (name, value) in url.query_pairs() {
        let variable = match name.as_ref() {
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            _ => continue,
        };
        command.env(variable, value.as_ref());
    }
    if let Some(password) = password(options) {
        command.env("PGPASSWORD", password);
    }
    let mut running = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|reason| ArchiveError::NoProgram { program, reason })?;
    if let (Some(source), Some(mut sink)) = (source, running.stdin.take()) {
        // A program that stops reading has something to say, which is told below.
        let _ = feed(source, &mut sink).await;
    }
    let output = running
        .wait_with_output()
        .await
        .map_err(|reason| ArchiveError::NoProgram { program, reason })?;
    if output.status.success() {
        return Ok(());
    }
    Err(ArchiveError::Program {
        program,
        said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

async fn feed(mut source: File, sink: &mut ChildStdin) -> io::Result<()> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = source.read(&mut piece)?;
        match piece.get(..length) {
            None | Some([]) => return sink.shutdown().await,
            Some(read) => sink.write_all(read).await?,
        }
    }
}

/// The password of the line, if it has one: the driver tells it as part of a URL only, with `%XX`.
fn password(options: &PgConnectOptions) -> Option<String> {
    let url = options.to_url_lossy();
    let mut bytes = url.password()?.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            plain.push(u8::from_str_radix(core::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            plain.push(byte);
        }
    }
    String::from_utf8(plain).ok()
}

fn failed(path: &Path, reason: io::Error) -> ArchiveError {
    ArchiveError::File {
        path: path.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_reaches_the_programs_as_it_is() {
        let options = |text: &str| text.parse::<PgConnectOptions>().unwrap();
        let hush = options("postgres://u:h%25u%2Fsh%20%D0%B0@db.example/tamga");
        assert_eq!(password(&hush).as_deref(), Some("h%u/sh а"));
    }
}
