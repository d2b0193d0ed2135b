//! What is known about token keys beside the token.

use domain::Time;
use hsm::{JournalError, KeyName, KeyRole, TokenKeyRow};

use super::{dialect::Connection, read::Row};
use crate::fault::meaning;

const UPSERT: &str = "INSERT INTO token_key (role, version, made_at, retired_at, destroyed_at, public_key, certificate) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (role, version) DO UPDATE SET retired_at = excluded.retired_at, \
     destroyed_at = excluded.destroyed_at, certificate = excluded.certificate";

pub(crate) async fn upsert(connection: &mut Connection, row: &TokenKeyRow) -> Result<(), JournalError> {
    sqlx::query(UPSERT)
        .bind(row.name.role.name())
        .bind(i64::from(row.name.version))
        .bind(row.made_at.micros())
        .bind(row.retired_at.map(Time::micros))
        .bind(row.destroyed_at.map(Time::micros))
        .bind(row.public_key.as_deref())
        .bind(row.certificate.as_deref())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

const ALL: &str = "SELECT role, version, made_at, retired_at, destroyed_at, public_key, certificate FROM token_key \
     ORDER BY role, version";

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<TokenKeyRow>, JournalError> {
    let rows = sqlx::query(ALL)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "token_key", "all");
        let role = row.parsed("role", |name: String| KeyRole::parse(&name))?;
        Ok(TokenKeyRow {
            name: KeyName::new(role, row.number("version")?),
            made_at: row.time("made_at")?,
            retired_at: row.maybe_time("retired_at")?,
            destroyed_at: row.maybe_time("destroyed_at")?,
            public_key: row.plain("public_key")?,
            certificate: row.plain("certificate")?,
        })
    };
    rows.iter().map(read).collect()
}
