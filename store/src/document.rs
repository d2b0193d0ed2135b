//! Documents: kept, then shredded. Objects that no Document can be read from: arriving or leaving.

use domain::{Id, Time, word};
use hsm::JournalError;

use super::{
    dialect::{Columns, Connection},
    read::Row,
};
use crate::{
    documents::{DocumentChange, DocumentRow, DocumentState, ObjectName, WrappedKey},
    fault::{exactly_one, meaning, signed},
};

/// Makes a change.
pub(crate) async fn change(
    connection: &mut Connection,
    change: &DocumentChange,
) -> Result<u64, JournalError> {
    match change {
        DocumentChange::Arrive(object, now) => arrive(connection, *object, *now).await?,
        DocumentChange::Keep(row) => keep(connection, row).await?,
        DocumentChange::Shred(id, now) => shred(connection, *id, *now).await?,
        DocumentChange::Condemn(object) => condemn(connection, *object).await?,
        DocumentChange::Gone(object) => gone(connection, *object).await?,
    }
    Ok(1)
}

const ARRIVE: &str = "INSERT INTO loose_object (name, state, since) VALUES ($1, 'arriving', $2)";

async fn arrive(connection: &mut Connection, object: ObjectName, now: Time) -> Result<(), JournalError> {
    sqlx::query(ARRIVE)
        .bind(object.as_bytes().as_slice())
        .bind(now.micros())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

const ARRIVED: &str = "DELETE FROM loose_object WHERE name = $1 AND state = 'arriving'";

const KEEP: &str = "INSERT INTO document (id, digest, size, object, key_version, wrapped_key, state, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, 'kept', $7)";

/// The object is durable and nobody has condemned it.
pub(crate) async fn keep(connection: &mut Connection, row: &DocumentRow) -> Result<(), JournalError> {
    let DocumentState::Kept(key) = &row.state else {
        return Err(JournalError::Conflict);
    };
    let arrived = sqlx::query(ARRIVED)
        .bind(row.object.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(arrived.rows_affected(), JournalError::Conflict)?;
    sqlx::query(KEEP)
        .bind(row.id.as_bytes().as_slice())
        .bind(row.digest.as_slice())
        .bind(signed(row.size))
        .bind(row.object.as_bytes().as_slice())
        .bind(i64::from(key.version))
        .bind(key.blob.as_slice())
        .bind(row.created_at.micros())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

/// SQLite overwrites the freed bytes (`secure_delete`); PostgreSQL leaves them to its next vacuum.
const SHRED: &str = "UPDATE document SET wrapped_key = NULL, state = 'shredded', shredded_at = $1 \
     WHERE id = $2 AND state = 'kept'";

const LEAVE: &str = "INSERT INTO loose_object (name, state, since) \
     SELECT object, 'leaving', shredded_at FROM document WHERE id = $1";

async fn shred(connection: &mut Connection, id: Id<word::Document>, now: Time) -> Result<(), JournalError> {
    let shredded = sqlx::query(SHRED)
        .bind(now.micros())
        .bind(id.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(shredded.rows_affected(), JournalError::Conflict)?;
    sqlx::query(LEAVE)
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

const CONDEMN: &str = "UPDATE loose_object SET state = 'leaving' WHERE name = $1";

async fn condemn(connection: &mut Connection, object: ObjectName) -> Result<(), JournalError> {
    on_loose(connection, CONDEMN, object).await
}

const GONE: &str = "DELETE FROM loose_object WHERE name = $1 AND state = 'leaving'";

async fn gone(connection: &mut Connection, object: ObjectName) -> Result<(), JournalError> {
    on_loose(connection, GONE, object).await
}

async fn on_loose(
    connection: &mut Connection,
    statement: &'static str,
    object: ObjectName,
) -> Result<(), JournalError> {
    let done = sqlx::query(statement)
        .bind(object.as_bytes().as_slice())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)
}

pub(crate) const FIND: &str = "SELECT id, digest, size, object, key_version, wrapped_key, state, shredded_at, \
     created_at FROM document WHERE id = $1";

/// One Document.
pub(crate) async fn find(
    connection: &mut Connection,
    id: Id<word::Document>,
) -> Result<Option<DocumentRow>, JournalError> {
    let found = sqlx::query(FIND)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(|found| document(found, id)).transpose()
}

fn document(found: &Columns, id: Id<word::Document>) -> Result<DocumentRow, JournalError> {
    let row = Row::new(found, "document", id);
    let state = match row.plain::<String>("state")?.as_str() {
        "kept" => DocumentState::Kept(WrappedKey {
            version: row.number("key_version")?,
            blob: row.present("wrapped_key")?,
        }),
        "shredded" => DocumentState::Shredded {
            at: Time::from_micros(row.present("shredded_at")?),
        },
        _ => return Err(row.fault("state")),
    };
    Ok(DocumentRow {
        id: row.id("id")?,
        digest: row.bytes("digest")?,
        size: row.number("size")?,
        object: ObjectName::from_bytes(row.bytes("object")?),
        state,
        created_at: row.time("created_at")?,
    })
}

pub(crate) const LOOSE: &str = "SELECT name FROM loose_object WHERE state = 'leaving' \
     OR (state = 'arriving' AND since < $1) ORDER BY since LIMIT 100";

/// Objects that shall go, and those that began to arrive before a time and never did.
pub(crate) async fn loose(
    connection: &mut Connection,
    before: Time,
) -> Result<Vec<ObjectName>, JournalError> {
    let rows = sqlx::query(LOOSE)
        .bind(before.micros())
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|found| {
            Row::new(found, "loose_object", "?")
                .bytes("name")
                .map(ObjectName::from_bytes)
        })
        .collect()
}
