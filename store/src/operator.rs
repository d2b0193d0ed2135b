//! Operators of the authority, and the orders that they gave.

use hsm::JournalError;

use super::{dialect::Connection, leaf, read::Row};
use crate::{
    fault::{meaning, signed},
    registry::{KeptOrder, OperatorRow},
};

const INSERT: &str = "INSERT INTO operator (certificate_sha256, name, certificate, roles, added_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (certificate_sha256) DO UPDATE SET name = excluded.name, \
     roles = excluded.roles, removed_at = NULL";

/// Adds an operator, or gives one other roles.
pub(crate) async fn upsert(connection: &mut Connection, row: &OperatorRow) -> Result<u64, JournalError> {
    sqlx::query(INSERT)
        .bind(row.certificate_sha256.as_slice())
        .bind(row.name.as_str())
        .bind(row.certificate.as_slice())
        .bind(row.roles.as_str())
        .bind(row.added_at.micros())
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| meaning(&error))
}

const REMOVE: &str =
    "UPDATE operator SET removed_at = $1 WHERE certificate_sha256 = $2 AND removed_at IS NULL";

/// Takes an operator's rights; the certificate stays for old orders.
pub(crate) async fn remove(
    connection: &mut Connection,
    certificate_sha256: &[u8; 32],
    at: domain::Time,
) -> Result<u64, JournalError> {
    sqlx::query(REMOVE)
        .bind(at.micros())
        .bind(certificate_sha256.as_slice())
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| meaning(&error))
}

const ALL: &str = "SELECT certificate_sha256, name, certificate, roles, added_at FROM operator \
     WHERE removed_at IS NULL ORDER BY name, certificate_sha256";

/// Everyone who may act.
pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<OperatorRow>, JournalError> {
    let rows = sqlx::query(ALL)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "operator", "all");
        Ok(OperatorRow {
            certificate_sha256: row.bytes("certificate_sha256")?,
            name: row.plain("name")?,
            certificate: row.plain("certificate")?,
            roles: row.plain("roles")?,
            added_at: row.time("added_at")?,
        })
    };
    rows.iter().map(read).collect()
}

const ORDER: &str =
    "INSERT INTO operator_order (id, content, signatures, leaf, done_at) VALUES ($1, $2, $3, $4, $5)";

/// Keeps an order with its witness, before it is carried out.
pub(crate) async fn order(connection: &mut Connection, order: &KeptOrder) -> Result<u64, JournalError> {
    let position = leaf::insert(connection, core::slice::from_ref(&order.leaf)).await?;
    sqlx::query(ORDER)
        .bind(order.id.as_bytes().as_slice())
        .bind(order.content.as_slice())
        .bind(order.signatures.as_slice())
        .bind(signed(position))
        .bind(order.leaf.leaf.at.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(position)
}

const ORDERS: &str = "SELECT content, signatures FROM operator_order ORDER BY leaf DESC LIMIT $1";

/// The newest orders.
pub(crate) async fn orders(
    connection: &mut Connection,
    most: u16,
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, JournalError> {
    let rows = sqlx::query(ORDERS)
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "operator_order", "newest");
        Ok((row.plain("content")?, row.plain("signatures")?))
    };
    rows.iter().map(read).collect()
}
