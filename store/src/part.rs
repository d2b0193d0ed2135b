//! Parts of Credentials, in the Shelf's own database: put once, read, removed for ever.

use domain::{Id, Secret, word};
use hsm::{Part, ShelfError};
use sqlx::Row as _;

use super::dialect::{BEGIN, Connection};

fn fault(error: &sqlx::Error) -> ShelfError {
    ShelfError::Database(error.to_string())
}

const INSERT: &str = "INSERT INTO part (credential, value) VALUES ($1, $2)";

/// Puts parts, all or none.
pub(crate) async fn put(
    connection: &mut Connection,
    parts: &[(Id<word::Credential>, &Part)],
) -> Result<(), ShelfError> {
    begin(connection).await?;
    for (credential, part) in parts {
        sqlx::query(INSERT)
            .bind(credential.as_bytes().as_slice())
            .bind(part.expose().as_slice())
            .execute(&mut *connection)
            .await
            .map_err(|error| fault(&error))?;
    }
    commit(connection).await
}

const FIND: &str = "SELECT value FROM part WHERE credential = $1";

/// One part.
pub(crate) async fn find(
    connection: &mut Connection,
    credential: Id<word::Credential>,
) -> Result<Option<Part>, ShelfError> {
    let value: Option<Vec<u8>> = sqlx::query_scalar(FIND)
        .bind(credential.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
    value.map(|value| read(credential, value)).transpose()
}

const REMOVE: &str = "DELETE FROM part WHERE credential = $1";

/// Removes parts; those that are gone already are no error.
pub(crate) async fn remove(
    connection: &mut Connection,
    credentials: &[Id<word::Credential>],
) -> Result<(), ShelfError> {
    begin(connection).await?;
    for credential in credentials {
        sqlx::query(REMOVE)
            .bind(credential.as_bytes().as_slice())
            .execute(&mut *connection)
            .await
            .map_err(|error| fault(&error))?;
    }
    commit(connection).await
}

const AFTER: &str = "SELECT credential, value FROM part WHERE credential > $1 ORDER BY credential LIMIT $2";

/// Parts in order of id, after an id.
pub(crate) async fn after(
    connection: &mut Connection,
    after: Option<Id<word::Credential>>,
    most: u32,
) -> Result<Vec<(Id<word::Credential>, Part)>, ShelfError> {
    let after = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let rows = sqlx::query(AFTER)
        .bind(after)
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| fault(&error))?;
    let pair = |row: &super::dialect::Columns| {
        let id: Vec<u8> = row.try_get(0).map_err(|error| fault(&error))?;
        let id: [u8; 16] = id
            .try_into()
            .map_err(|_| ShelfError::Database("an id has another length".to_owned()))?;
        let id = Id::from_bytes(id);
        let value = row.try_get(1).map_err(|error| fault(&error))?;
        Ok((id, read(id, value)?))
    };
    rows.iter().map(pair).collect()
}

fn read(credential: Id<word::Credential>, value: Vec<u8>) -> Result<Part, ShelfError> {
    // Wiped here; what the driver's buffer held is its own.
    let value = Secret::new(value);
    let bytes = value.expose().as_slice().try_into();
    bytes
        .map(Part::new)
        .map_err(|_| ShelfError::Unreadable(credential))
}

/// A connection on which any of these failed is not used again, so that no transaction stays open.
async fn begin(connection: &mut Connection) -> Result<(), ShelfError> {
    run(connection, BEGIN).await
}

async fn commit(connection: &mut Connection) -> Result<(), ShelfError> {
    run(connection, "COMMIT").await
}

async fn run(connection: &mut Connection, statement: &'static str) -> Result<(), ShelfError> {
    sqlx::raw_sql(statement)
        .execute(&mut *connection)
        .await
        .map(drop)
        .map_err(|error| fault(&error))
}
