//! How far long pieces of work are.

use hsm::{JobRow, JournalError};

use super::{dialect::Connection, read::Row};
use crate::fault::{meaning, signed};

const UPSERT: &str = "INSERT INTO job (name, version, after, done, changed_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (name) DO UPDATE SET version = excluded.version, after = excluded.after, done = excluded.done, \
     changed_at = excluded.changed_at";

pub(crate) async fn upsert(connection: &mut Connection, row: &JobRow) -> Result<u64, JournalError> {
    sqlx::query(UPSERT)
        .bind(row.name)
        .bind(i64::from(row.version))
        .bind(row.after.map(|id| id.as_bytes().to_vec()))
        .bind(signed(row.done))
        .bind(row.changed_at.micros())
        .execute(connection)
        .await
        .map(|_| 0)
        .map_err(|error| meaning(&error))
}

const FIND: &str = "SELECT version, after, done, changed_at FROM job WHERE name = $1";

pub(crate) async fn find(
    connection: &mut Connection,
    name: &'static str,
) -> Result<Option<JobRow>, JournalError> {
    let found = sqlx::query(FIND)
        .bind(name)
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let Some(found) = found else { return Ok(None) };
    let row = Row::new(&found, "job", name);
    let after = match row.plain::<Option<Vec<u8>>>("after")? {
        None => None,
        Some(_) => Some(row.id("after")?),
    };
    let changed_at = row.time("changed_at")?;
    Ok(Some(JobRow {
        name,
        version: row.number("version")?,
        after,
        done: row.number("done")?,
        changed_at,
    }))
}
