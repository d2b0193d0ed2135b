//! The Ledger's leaves: appended in the caller's transaction.
//!
//! Positions are gapless and in the order of the commits, because transactions that write run one after the other:
//! see `BEGIN` of each dialect.

use domain::Salt;
use hsm::{JournalError, LeafRow, LedgerHead, PastLeaf, Tag};
use sqlx::{QueryBuilder, Row as _};

use super::{
    dialect::{Connection, Db, ROWS},
    read::Row,
};
use crate::fault::{meaning, signed};

pub(crate) const INSERT: &str =
    "INSERT INTO leaf (position, entry, salt, content, credential, client, row_version, row_tag) ";
const NEXT: &str = "(SELECT COALESCE(MAX(position), 0) FROM leaf) + ";
const LAST: &str = " RETURNING position";

/// Appends leaves; the position of the last.
pub(crate) async fn insert(connection: &mut Connection, rows: &[LeafRow]) -> Result<u64, JournalError> {
    let mut position = 0_i64;
    for chunk in rows.chunks(ROWS) {
        // The one statement whose text has a length: placeholders for as many rows as the chunk has.
        let mut query = QueryBuilder::<Db>::new(INSERT);
        query.push_values((1..).zip(chunk), |mut values, (number, row): (i64, _)| {
            values
                .push(NEXT)
                .push_bind_unseparated(number)
                .push_bind(row.leaf.encode().to_vec())
                .push_bind(row.salt.as_bytes().as_slice())
                .push_bind(row.content.as_slice())
                .push_bind(row.credential.map(|id| id.as_bytes().to_vec()))
                .push_bind(row.client.map(|client| client.to_string()))
                .push_bind(row.repeats.map(|(version, _)| signed(version)))
                .push_bind(row.repeats.map(|(_, tag)| tag.0.to_vec()));
        });
        let kept = query
            .push(LAST)
            .build()
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
        for row in kept {
            position = position.max(row.try_get(0).map_err(|error| meaning(&error))?);
        }
    }
    Ok(u64::try_from(position).unwrap_or(0))
}

pub(crate) const HEAD: &str = "SELECT MAX(position) FROM leaf";

pub(crate) async fn head(connection: &mut Connection) -> Result<LedgerHead, JournalError> {
    let position: Option<i64> = sqlx::query_scalar(HEAD)
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(LedgerHead {
        position: position
            .and_then(|position| position.try_into().ok())
            .unwrap_or(0),
    })
}

pub(crate) const AFTER: &str = "SELECT position, entry, salt, content, credential, row_version, row_tag FROM leaf \
     WHERE position > $1 ORDER BY position LIMIT $2";

/// The leaves after a position, with what stands beside them.
pub(crate) async fn after(
    connection: &mut Connection,
    position: u64,
    most: u32,
) -> Result<Vec<PastLeaf>, JournalError> {
    let rows = sqlx::query(AFTER)
        .bind(signed(position))
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .zip(position + 1..)
        .map(|(found, expected)| {
            let row = Row::new(found, "leaf", expected);
            let credential: Option<Vec<u8>> = row.plain("credential")?;
            let repeats = match row.plain::<Option<i64>>("row_version")? {
                None => None,
                Some(_) => Some((row.number("row_version")?, Tag(row.bytes("row_tag")?))),
            };
            Ok(PastLeaf {
                position: row.number("position")?,
                entry: row.bytes("entry")?,
                salt: Salt::new(row.bytes("salt")?),
                content: row.plain("content")?,
                credential: credential.map(|_| row.id("credential")).transpose()?,
                repeats,
            })
        })
        .collect()
}
