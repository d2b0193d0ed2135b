//! The Ledger's tree: tiles and checkpoints over the leaves.

use domain::{Leaf, Time};
use hsm::JournalError;
use ledger::{Hash, Tile, Tiles};

use super::{dialect::Connection, read::Row};
use crate::{
    fault::{exactly_one, meaning, signed},
    log::{Growth, KeptLeaf},
};

const LATEST: &str = "SELECT size, note, made_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 1";

/// The newest checkpoint: size and note.
pub(crate) async fn latest(connection: &mut Connection) -> Result<Option<(u64, String, Time)>, JournalError> {
    let found = sqlx::query(LATEST)
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let Some(found) = found else { return Ok(None) };
    let row = Row::new(&found, "ledger_checkpoint", "latest");
    Ok(Some((
        row.number("size")?,
        row.plain("note")?,
        row.time("made_at")?,
    )))
}

const COVERING: &str =
    "SELECT size, note, made_at FROM ledger_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1";

/// The first checkpoint of at least this size.
pub(crate) async fn covering(
    connection: &mut Connection,
    size: u64,
) -> Result<Option<(u64, String, Time)>, JournalError> {
    let found = sqlx::query(COVERING)
        .bind(signed(size))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let Some(found) = found else { return Ok(None) };
    let row = Row::new(&found, "ledger_checkpoint", size);
    Ok(Some((
        row.number("size")?,
        row.plain("note")?,
        row.time("made_at")?,
    )))
}

const KEEP: &str = "INSERT INTO ledger_checkpoint (size, note, made_at) SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), \
     CAST($3 AS BIGINT) WHERE COALESCE((SELECT MAX(size) FROM ledger_checkpoint), 0) = $4";
const TILE: &str = "INSERT INTO ledger_tile (level, place, hashes) VALUES ($1, $2, $3) \
     ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes";

/// The next checkpoint with the tiles that changed, unless somebody made the log grow meanwhile.
pub(crate) async fn grow(connection: &mut Connection, growth: &Growth) -> Result<u64, JournalError> {
    let done = sqlx::query(KEEP)
        .bind(signed(growth.size))
        .bind(growth.note.as_str())
        .bind(growth.at.micros())
        .bind(signed(growth.after))
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    for (tile, hashes) in &growth.tiles {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        sqlx::query(TILE)
            .bind(i64::from(tile.level))
            .bind(signed(tile.index))
            .bind(bytes)
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
    }
    Ok(growth.size)
}

const FIND: &str = "SELECT hashes FROM ledger_tile WHERE level = $1 AND place = $2";

/// One tile; as wide as is asked for, or nothing.
pub(crate) async fn tile(connection: &mut Connection, tile: Tile) -> Result<Option<Vec<Hash>>, JournalError> {
    let found: Option<Vec<u8>> = sqlx::query_scalar(FIND)
        .bind(i64::from(tile.level))
        .bind(signed(tile.index))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    // A partial tile is a prefix of what stands there by now.
    Ok(found.and_then(|bytes| {
        bytes
            .get(..32 * usize::from(tile.width))
            .and_then(|bytes| tile.parse(bytes))
    }))
}

/// Several tiles; those that are missing are left out.
pub(crate) async fn tiles(connection: &mut Connection, wanted: &[Tile]) -> Result<Tiles, JournalError> {
    let mut found = Tiles::new();
    for name in wanted {
        if let Some(hashes) = tile(connection, *name).await? {
            found.insert(*name, hashes);
        }
    }
    Ok(found)
}

const ENTRIES: &str = "SELECT entry FROM leaf WHERE position > $1 ORDER BY position LIMIT $2";

/// Encoded leaves after a position.
pub(crate) async fn entries(
    connection: &mut Connection,
    after: u64,
    most: u32,
) -> Result<Vec<[u8; Leaf::LENGTH]>, JournalError> {
    let found: Vec<Vec<u8>> = sqlx::query_scalar(ENTRIES)
        .bind(signed(after))
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |entry: Vec<u8>| {
        entry.try_into().map_err(|_| JournalError::Unreadable {
            table: "leaf",
            id: format!("after {after}"),
            column: "entry",
        })
    };
    found.into_iter().map(read).collect()
}

const OPENED: &str = "SELECT entry, salt, content FROM leaf WHERE position = $1";

/// A leaf with what it commits to.
pub(crate) async fn opened(
    connection: &mut Connection,
    position: u64,
) -> Result<Option<KeptLeaf>, JournalError> {
    let found = sqlx::query(OPENED)
        .bind(signed(position))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let Some(found) = found else { return Ok(None) };
    let row = Row::new(&found, "leaf", position);
    Ok(Some(KeptLeaf {
        entry: row.bytes("entry")?,
        salt: row.bytes("salt")?,
        content: row.plain("content")?,
    }))
}
