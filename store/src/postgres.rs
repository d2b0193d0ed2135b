//! PostgreSQL: durable whatever the role's settings are, and patient for seconds only. Every aggregate's module
//! compiled for it.
//!
//! Whoever works alone holds a lock in the session of its one writing connection: if that session is lost, nothing is
//! written before the next one has the lock again. A session whose client died holds it until the server notices, so
//! its keep-alives are short.

use std::time::Duration;

use sqlx::{
    Connection as _, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
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

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations/postgres");
static SHELF: Migrator = sqlx::migrate!("../migrations/shelf/postgres");

/// What every session asks for, above the settings of the role and of the URL.
const SESSION: [(&str, &str); 8] = [
    ("idle_in_transaction_session_timeout", "10s"),
    ("lock_timeout", "10s"),
    ("statement_timeout", "10s"),
    ("synchronous_commit", "on"),
    ("tcp_keepalives_count", "2"),
    ("tcp_keepalives_idle", "5"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_user_timeout", "10s"),
];
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Opens the database, which somebody has created, and brings it to this release.
pub(crate) async fn open(options: &PgConnectOptions, company: Company) -> Result<Opened, OpenError> {
    let mut first = tokio::time::timeout(CONNECT, PgConnection::connect_with(options))
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    if company == Company::Alone {
        take_lock(&mut first).await.map_err(meaning)?;
    }
    careful(&mut first).await?;
    MIGRATIONS.run(&mut first).await?;
    // The writer's session takes the lock over.
    first.close().await?;
    let options = options.clone().options(SESSION);
    let writer = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                match company {
                    Company::Alone => take_lock(connection).await,
                    Company::Others => Ok(()),
                }
            })
        })
        .connect_with(options.clone())
        .await?;
    let readers = PgPoolOptions::new()
        .max_connections(4)
        .acquire_timeout(CONNECT)
        .connect_with(options.options([("default_transaction_read_only", "on")]))
        .await?;
    Ok(Opened {
        readers: Pool::Postgres(readers),
        writer: Pool::Postgres(writer),
        lock: None,
    })
}

/// Opens the Shelf, whose database somebody has created, and brings it to this release.
pub(crate) async fn open_shelf(options: &PgConnectOptions) -> Result<PgPool, OpenError> {
    let mut first = tokio::time::timeout(CONNECT, PgConnection::connect_with(options))
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    careful(&mut first).await?;
    SHELF.run(&mut first).await?;
    first.close().await?;
    Ok(PgPoolOptions::new()
        .max_connections(4)
        .acquire_timeout(CONNECT)
        .connect_with(options.clone().options(SESSION))
        .await?)
}

/// The server keeps what it said it had kept.
async fn careful(connection: &mut PgConnection) -> Result<(), OpenError> {
    for setting in ["fsync", "full_page_writes"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await?;
        if value != "on" {
            return Err(OpenError::Careless(setting));
        }
    }
    Ok(())
}

/// Takes the lock of whoever works alone, for as long as the session lives. Waits a little for the session of a process
/// that was just killed.
async fn take_lock(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "BEGIN; SET LOCAL lock_timeout = '3s'; SELECT pg_advisory_lock(8386104271917023234); COMMIT",
    )
    .execute(connection)
    .await
    .map(drop)
}

/// A lock that is not to be had means that somebody else works alone.
fn meaning(error: sqlx::Error) -> OpenError {
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    if code.is_some_and(|code| code == LOCK_NOT_AVAILABLE) {
        OpenError::Another(String::new())
    } else {
        OpenError::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// One schema for each database: the two folders of its migrations differ in the names of types and in nothing else.
    #[test]
    fn both_engines_have_the_same_tables() {
        let folder = |engine: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../migrations")
                .join(engine)
        };
        let words = |engine: &str, name: &str| -> Vec<String> {
            let text = fs::read_to_string(folder(engine).join(name)).unwrap();
            let text = text.replace(") STRICT;", ");");
            let word = |word: &str| word.replace("BLOB", "BYTEA").replace("INTEGER", "BIGINT");
            text.split_whitespace().map(word).collect()
        };
        let names = |engine: &str| {
            let entries = fs::read_dir(folder(engine)).unwrap();
            let mut names: Vec<_> = entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        for (postgres, sqlite) in [("postgres", "sqlite"), ("shelf/postgres", "shelf/sqlite")] {
            assert_eq!(names(postgres), names(sqlite));
            for name in names(sqlite) {
                assert_eq!(words(postgres, &name), words(sqlite, &name), "{name}");
            }
        }
    }
}
