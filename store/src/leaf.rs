//! The Ledger's leaves: appended in the caller's transaction, gapless because there is one writer.

use domain::Leaf;
use hsm::{JournalError, LeafRow, LedgerHead};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use crate::{fault::meaning, read::signed};

pub(crate) const INSERT: &str =
    "INSERT INTO leaf (entry, salt, content, credential, client, row_version, row_tag) ";
/// Rows in one statement; seven values each stay far below what a statement may bind.
const CHUNK: usize = 200;

/// Appends leaves; the position of the last.
pub(crate) async fn insert(connection: &mut SqliteConnection, rows: &[LeafRow]) -> Result<u64, JournalError> {
    let mut position = 0;
    for chunk in rows.chunks(CHUNK) {
        // The one statement whose text has a length: placeholders for as many rows as the chunk has.
        let mut query = QueryBuilder::<Sqlite>::new(INSERT);
        query.push_values(chunk, |mut values, row| {
            values
                .push_bind(row.leaf.encode().to_vec())
                .push_bind(row.salt.as_bytes().as_slice())
                .push_bind(row.content.as_slice())
                .push_bind(row.credential.map(|id| id.as_bytes().to_vec()))
                .push_bind(row.client.map(|client| client.to_string()))
                .push_bind(row.repeats.map(|(version, _)| signed(version)))
                .push_bind(row.repeats.map(|(_, tag)| tag.0.to_vec()));
        });
        let done = query
            .build()
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
        position = done.last_insert_rowid();
    }
    Ok(u64::try_from(position).unwrap_or(0))
}

pub(crate) const HEAD: &str = "SELECT MAX(position) FROM leaf";

pub(crate) async fn head(pool: &SqlitePool) -> Result<LedgerHead, JournalError> {
    let position: Option<i64> = sqlx::query_scalar(HEAD)
        .fetch_one(pool)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(LedgerHead {
        position: position
            .and_then(|position| position.try_into().ok())
            .unwrap_or(0),
    })
}

pub(crate) const AT: &str = "SELECT entry FROM leaf WHERE position = $1";

pub(crate) async fn at(pool: &SqlitePool, position: u64) -> Result<Option<[u8; Leaf::LENGTH]>, JournalError> {
    let entry: Option<Vec<u8>> = sqlx::query_scalar(AT)
        .bind(signed(position))
        .fetch_optional(pool)
        .await
        .map_err(|error| meaning(&error))?;
    let unreadable = |_| JournalError::Unreadable {
        table: "leaf",
        id: position.to_string(),
        column: "entry",
    };
    entry
        .map(|entry| entry.try_into().map_err(unreadable))
        .transpose()
}
