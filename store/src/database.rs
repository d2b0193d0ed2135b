//! Which database: a file of SQLite or a database of a PostgreSQL server, parsed once from one line of a configuration.
//!
//! The line may hold a password, so it is never kept as text, and neither `Debug` nor an error repeats any of it.

use core::{fmt, str::FromStr};
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// A database: `sqlite:PATH` or `postgres://USER@HOST/NAME`.
#[derive(Clone)]
pub struct Database(pub(crate) Place);

/// Where a database is.
#[derive(Clone)]
pub(crate) enum Place {
    Postgres(Box<PgConnectOptions>),
    Sqlite(PathBuf),
}

/// The text names no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// Neither engine.
    #[error("a database is sqlite:PATH or postgres://USER@HOST/NAME")]
    Engine,
    /// SQLite, but no file.
    #[error("sqlite: wants the path of a file after the colon, without slashes that belong to a URL")]
    Path,
    /// PostgreSQL, but no database.
    #[error("the URL names no database: postgres://USER@HOST/NAME")]
    Name,
    /// PostgreSQL, but not a URL.
    #[error("the URL does not read; what is not a letter or a digit in a name or password is written as %XX")]
    Url,
    /// A parameter that has no meaning, or none that is safe.
    #[error("the URL has a parameter that is not one of {}", PARAMETERS.join(", "))]
    Parameter,
}

impl Database {
    /// A file of another name beside this one, if this one is a file.
    #[must_use]
    pub fn beside(&self, name: &str) -> Option<Self> {
        match &self.0 {
            Place::Postgres(_) => None,
            Place::Sqlite(path) => Some(Self(Place::Sqlite(path.with_file_name(name)))),
        }
    }

    /// A file of SQLite.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        Self(Place::Sqlite(path.to_owned()))
    }
}

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            if path.is_empty() || path.starts_with("//") {
                return Err(DatabaseError::Path);
            }
            return Ok(Self(Place::Sqlite(path.into())));
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseError::Engine);
        }
        postgres(text).map(|options| Self(Place::Postgres(Box::new(options))))
    }
}

fn postgres(text: &str) -> Result<PgConnectOptions, DatabaseError> {
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let keys = query.split('&').filter(|pair| !pair.is_empty());
    let mut says_mode = std::env::var_os("PGSSLMODE").is_some();
    for key in keys.map(|pair| pair.split_once('=').map_or(pair, |(key, _)| key)) {
        // An unknown one would be skipped and written to the log with its value.
        if !PARAMETERS.contains(&key) {
            return Err(DatabaseError::Parameter);
        }
        says_mode |= key == "sslmode";
    }
    let options: PgConnectOptions = text.parse().map_err(|_| DatabaseError::Url)?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err(DatabaseError::Name);
    }
    // The engine's own default would talk in the clear to whoever answers.
    Ok(if says_mode || is_local(&options) {
        options
    } else {
        options.ssl_mode(PgSslMode::VerifyFull)
    })
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || ["localhost", "127.0.0.1", "::1", "[::1]"].contains(&host)
}

/// Without secrets: what an operator needs to tell one database from another.
impl fmt::Display for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Postgres(options) => write!(
                formatter,
                "postgres://{}:{}/{}",
                options
                    .get_socket()
                    .map_or_else(|| options.get_host().into(), |path| path.to_string_lossy()),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
            Place::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Database({self})")
    }
}

/// What a URL may say after its question mark; a password is not among them, since that is where logs look for names.
const PARAMETERS: [&str; 8] = [
    "application_name",
    "dbname",
    "host",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_read_and_nothing_else_does() {
        let cases = [
            (
                "sqlite:/var/lib/tamga/tamga.db",
                Ok("sqlite:/var/lib/tamga/tamga.db"),
            ),
            ("sqlite:tamga.db", Ok("sqlite:tamga.db")),
            ("sqlite:", Err(DatabaseError::Path)),
            ("sqlite:///tmp/x", Err(DatabaseError::Path)),
            ("/var/lib/tamga/tamga.db", Err(DatabaseError::Engine)),
            ("mysql://a/b", Err(DatabaseError::Engine)),
            ("", Err(DatabaseError::Engine)),
            (
                "postgres://u:hush@db.example:6432/tamga",
                Ok("postgres://db.example:6432/tamga"),
            ),
            (
                "postgresql://u@%2Frun%2Fpg/tamga",
                Ok("postgres:///run/pg:5432/tamga"),
            ),
            ("postgres://u@/tamga?host=/run/pg", Err(DatabaseError::Url)),
            (
                "postgres://u@localhost/tamga?host=/run/pg&port=7",
                Ok("postgres:///run/pg:7/tamga"),
            ),
            ("postgres://u@db.example", Err(DatabaseError::Name)),
            ("postgres://u:hu/sh@db.example/tamga", Err(DatabaseError::Url)),
            (
                "postgres://db.example/tamga?sslmode=sometimes",
                Err(DatabaseError::Url),
            ),
            (
                "postgres://db.example/tamga?password=hush",
                Err(DatabaseError::Parameter),
            ),
            (
                "postgres://db.example/tamga?options=-cfsync=off",
                Err(DatabaseError::Parameter),
            ),
        ];
        for (text, expected) in cases {
            let read = text.parse::<Database>();
            assert_eq!(
                read.map(|database| database.to_string()),
                expected.map(str::to_owned),
                "{text}"
            );
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let database: Database = "postgres://u:hush@db.example/tamga".parse().unwrap();
        assert!(!format!("{database:?} {database}").contains("hush"));
    }

    /// Over a network the server must prove its name, unless the operator says otherwise.
    #[test]
    fn a_remote_server_is_verified_by_default() {
        for (text, local) in [
            ("postgres://db.example/tamga", false),
            ("postgres://10.0.0.1/tamga", false),
            ("postgres://localhost/tamga", true),
            ("postgres://%2Frun%2Fpg/tamga", true),
            ("postgres://db.example/tamga?sslmode=require", true),
        ] {
            let options = postgres(text).unwrap();
            let verified = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
            assert_eq!(verified, !local, "{text}");
        }
    }
}
