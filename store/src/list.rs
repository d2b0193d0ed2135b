//! Revocation lists: whose turn it is to make the next one, what stands in it, and the newest ones.

use ca::{Scope, Serial};
use domain::{Id, Time, word};
use hsm::JournalError;
use sqlx::Row as _;

use super::{
    dialect::{Columns, Connection},
    read::Row,
};
use crate::{
    fault::{exactly_one, meaning, signed},
    registry::{ListHead, ListRow, Removed, Turn},
};

/// A turn that claims to last longer is none.
const LONGEST_TURN: core::time::Duration = core::time::Duration::from_mins(2);

/// How the scope of all of an authority's certificates is written.
const ALL: i64 = -1;

fn shard(scope: Scope) -> i64 {
    scope.shard.map_or(ALL, i64::from)
}

/// The shards of a scope: from and to.
fn shards(scope: Scope) -> (i64, i64) {
    scope
        .shard
        .map_or((0, i64::MAX), |shard| (shard.into(), shard.into()))
}

const TAKE: &str = "INSERT INTO list_series (issuer, shard, number, node, until) VALUES ($1, $2, 1, $3, $4) \
     ON CONFLICT (issuer, shard) DO UPDATE SET node = $3, until = $4, number = 1 + (SELECT MAX(n.number) FROM \
     (SELECT list_series.number AS number UNION ALL SELECT MAX(l.number) FROM list l WHERE l.issuer = $1 AND l.shard = $2) AS n) \
     WHERE list_series.node IS NULL OR list_series.until < $5 OR list_series.until > $6 OR list_series.node = $3 \
     RETURNING number";

/// The next number, for one maker at a time; 0 while another is making a list.
pub(crate) async fn take(connection: &mut Connection, turn: &Turn) -> Result<u64, JournalError> {
    let number: Option<i64> = sqlx::query_scalar(TAKE)
        .bind(i64::from(turn.scope.issuer))
        .bind(shard(turn.scope))
        .bind(turn.node.as_bytes().as_slice())
        .bind(turn.until.micros())
        .bind(turn.now.micros())
        // Nobody takes a turn for so long: whoever wrote that had a wrong clock, or was not one of us.
        .bind(turn.now.plus(LONGEST_TURN).micros())
        .fetch_optional(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
}

const RAISE: &str = "INSERT INTO list_series (issuer, shard, number) VALUES ($1, $2, $3) \
     ON CONFLICT (issuer, shard) DO UPDATE SET node = NULL, until = NULL, \
     number = CASE WHEN list_series.number < $3 THEN $3 ELSE list_series.number END";
const WITHDRAW: &str = "DELETE FROM list WHERE issuer = $1 AND shard = $2 AND number < $3 AND issuer > 0";

/// A number that was given out, whatever this database knows. Older lists are not shown any more, so that the next one is
/// made at once; but the root's, which is made by hand.
pub(crate) async fn raise(
    connection: &mut Connection,
    scope: Scope,
    number: u64,
) -> Result<u64, JournalError> {
    for statement in [RAISE, WITHDRAW] {
        sqlx::query(statement)
            .bind(i64::from(scope.issuer))
            .bind(shard(scope))
            .bind(signed(number))
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
    }
    Ok(number)
}

const SCOPES: &str = "SELECT issuer, shard FROM list_series ORDER BY issuer, shard";

/// Every scope of which a list was ever begun.
pub(crate) async fn scopes(connection: &mut Connection) -> Result<Vec<Scope>, JournalError> {
    let rows = sqlx::query(SCOPES)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|row| scope(&Row::new(row, "list_series", "all")))
        .collect()
}

fn scope(row: &Row<'_>) -> Result<Scope, JournalError> {
    Ok(Scope {
        issuer: row.number("issuer")?,
        shard: match row.plain::<i64>("shard")? {
            ALL => None,
            _ => Some(row.number("shard")?),
        },
    })
}

const KEEP: &str = "UPDATE list_series SET until = $4 WHERE issuer = $1 AND shard = $2 AND node = $3";

/// Keeps a turn for longer, while its list is being made.
pub(crate) async fn keep(connection: &mut Connection, turn: &Turn) -> Result<u64, JournalError> {
    let done = sqlx::query(KEEP)
        .bind(i64::from(turn.scope.issuer))
        .bind(shard(turn.scope))
        .bind(turn.node.as_bytes().as_slice())
        .bind(turn.until.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(0)
}

const END: &str = "UPDATE list_series SET node = NULL, until = NULL \
     WHERE issuer = $1 AND shard = $2 AND number = $3 AND node = $4";
const INSERT: &str = "INSERT INTO list (issuer, shard, delta, number, base, position, made_at, until, der) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FORGET: &str = "DELETE FROM list WHERE issuer = $1 AND shard = $2 AND delta = $3 AND number < $4 \
     AND NOT (base = 1 AND number = (SELECT MAX(l.number) FROM list l WHERE l.issuer = $1 AND l.shard = $2 AND l.base = 1))";

/// Publishes what was made in a turn, if it is still this node's turn; ends the turn.
pub(crate) async fn publish(
    connection: &mut Connection,
    node: Id<word::Node>,
    rows: &[ListRow],
) -> Result<u64, JournalError> {
    let Some(first) = rows.first() else { return Ok(0) };
    let done = sqlx::query(END)
        .bind(i64::from(first.scope.issuer))
        .bind(shard(first.scope))
        .bind(signed(first.number))
        .bind(node.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    for row in rows {
        sqlx::query(INSERT)
            .bind(i64::from(row.scope.issuer))
            .bind(shard(row.scope))
            .bind(i64::from(row.delta))
            .bind(signed(row.number))
            .bind(i64::from(row.base))
            .bind(signed(row.position))
            .bind(row.made_at.micros())
            .bind(row.until.micros())
            .bind(row.der.as_slice())
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
        sqlx::query(FORGET)
            .bind(i64::from(row.scope.issuer))
            .bind(shard(row.scope))
            .bind(i64::from(row.delta))
            .bind(signed(row.number))
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
    }
    Ok(first.number)
}

const NEWEST: &str = "SELECT issuer, shard, delta, number, base, position, made_at, until, der FROM list \
     WHERE issuer = $1 AND shard = $2 AND delta = $3 ORDER BY number DESC LIMIT 1";

/// The newest list of a scope.
pub(crate) async fn newest(
    connection: &mut Connection,
    scope: Scope,
    delta: bool,
) -> Result<Option<ListRow>, JournalError> {
    let found = sqlx::query(NEWEST)
        .bind(i64::from(scope.issuer))
        .bind(shard(scope))
        .bind(i64::from(delta))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(read).transpose()
}

const HEAD: &str = "SELECT number, position, made_at, until FROM list \
     WHERE issuer = $1 AND shard = $2 AND delta = $3 ORDER BY number DESC LIMIT 1";

/// The newest list of a scope, unread.
pub(crate) async fn head(
    connection: &mut Connection,
    scope: Scope,
    delta: bool,
) -> Result<Option<ListHead>, JournalError> {
    let found = sqlx::query(HEAD)
        .bind(i64::from(scope.issuer))
        .bind(shard(scope))
        .bind(i64::from(delta))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(read_head).transpose()
}

const BASE: &str = "SELECT number, position, made_at, until FROM list \
     WHERE issuer = $1 AND shard = $2 AND base = 1 ORDER BY number DESC LIMIT 1";

/// The list that deltas of a scope complete, unread.
pub(crate) async fn base(
    connection: &mut Connection,
    scope: Scope,
) -> Result<Option<ListHead>, JournalError> {
    let found = sqlx::query(BASE)
        .bind(i64::from(scope.issuer))
        .bind(shard(scope))
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(read_head).transpose()
}

// In the order of the index `certificate_listed_in`, so that nothing is sorted and no other certificate is touched.
const ENTRIES: &str = "SELECT entry FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 \
     AND entry IS NOT NULL AND leaf > $4 AND not_after > $5 ORDER BY shard, leaf";

/// Entries of a scope that changed after a position, joined; those that expired before a time are left out.
pub(crate) async fn entries(
    connection: &mut Connection,
    scope: Scope,
    after: u64,
    alive: Time,
) -> Result<Vec<u8>, JournalError> {
    let (from, to) = shards(scope);
    let mut joined = Vec::new();
    // Row by row: a million entries do not stand in memory one by one.
    let join = |row: Columns| {
        joined.extend_from_slice(row.try_get("entry")?);
        Ok(())
    };
    sqlx::query(ENTRIES)
        .bind(i64::from(scope.issuer))
        .bind(from)
        .bind(to)
        .bind(signed(after))
        .bind(alive.micros())
        .try_map(join)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(joined)
}

const RELEASED: &str = "SELECT serial, since FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 \
     AND state = 'good' AND since IS NOT NULL AND leaf > $4 ORDER BY shard, leaf";

/// Certificates of a scope that were released from hold after a position.
pub(crate) async fn released(
    connection: &mut Connection,
    scope: Scope,
    after: u64,
) -> Result<Vec<Removed>, JournalError> {
    let (from, to) = shards(scope);
    let rows = sqlx::query(RELEASED)
        .bind(i64::from(scope.issuer))
        .bind(from)
        .bind(to)
        .bind(signed(after))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "certificate", "released");
        Ok(Removed {
            serial: row.parsed("serial", |bytes: Vec<u8>| Serial::from_bytes(&bytes))?,
            at: row.time("since")?,
        })
    };
    rows.iter().map(read).collect()
}

// Two looks into two indexes; one look for either condition would read every certificate.
const LAST: &str = "SELECT MAX(leaf) FROM (\
     SELECT MAX(leaf) AS leaf FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 AND entry IS NOT NULL \
     UNION ALL SELECT MAX(leaf) AS leaf FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 \
     AND state = 'good' AND since IS NOT NULL) AS changes";

/// The position of the last change that a list of this scope has to tell.
pub(crate) async fn last_change(connection: &mut Connection, scope: Scope) -> Result<u64, JournalError> {
    let (from, to) = shards(scope);
    let last: Option<i64> = sqlx::query_scalar(LAST)
        .bind(i64::from(scope.issuer))
        .bind(from)
        .bind(to)
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(last.and_then(|last| last.try_into().ok()).unwrap_or(0))
}

const FIRST: &str = "SELECT MIN(leaf) FROM (\
     SELECT MIN(leaf) AS leaf FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 AND entry IS NOT NULL \
     AND leaf > $4 UNION ALL SELECT MIN(leaf) AS leaf FROM certificate WHERE issuer = $1 AND shard BETWEEN $2 AND $3 \
     AND state = 'good' AND since IS NOT NULL AND leaf > $4) AS changes";

/// The position of the first change after another that a list of this scope has to tell.
pub(crate) async fn first_change(
    connection: &mut Connection,
    scope: Scope,
    after: u64,
) -> Result<Option<u64>, JournalError> {
    let (from, to) = shards(scope);
    let first: Option<i64> = sqlx::query_scalar(FIRST)
        .bind(i64::from(scope.issuer))
        .bind(from)
        .bind(to)
        .bind(signed(after))
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(first.and_then(|first| first.try_into().ok()))
}

fn read_head(found: &Columns) -> Result<ListHead, JournalError> {
    let row = Row::new(found, "list", "head");
    Ok(ListHead {
        number: row.number("number")?,
        position: row.number("position")?,
        made_at: row.time("made_at")?,
        until: row.time("until")?,
    })
}

fn read(found: &Columns) -> Result<ListRow, JournalError> {
    let row = Row::new(found, "list", "newest");
    Ok(ListRow {
        scope: scope(&row)?,
        delta: row.number::<u8>("delta")? == 1,
        number: row.number("number")?,
        base: row.number::<u8>("base")? == 1,
        position: row.number("position")?,
        made_at: row.time("made_at")?,
        until: row.time("until")?,
        der: row.plain("der")?,
    })
}
