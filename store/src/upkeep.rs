//! Upkeeps: whose turn it is to make the next step, what a step changed, and the files that were replaced.

use domain::{Id, Level, Time, word};
use hsm::{JournalError, LeafRow};
use sqlx::Row as _;

use super::{
    dialect::{Columns, Connection},
    document, leaf,
    read::Row,
};
use crate::{
    documents::{
        DocumentRow, Due, Succession, UpkeepChange, UpkeepFailure, UpkeepFault, UpkeepReason, UpkeepRow,
        UpkeepStanding, UpkeepState, UpkeepTurn,
    },
    fault::{exactly_one, meaning, signed},
};

/// Makes a change; the version after it, or how many rows it touched.
pub(crate) async fn change(connection: &mut Connection, change: &UpkeepChange) -> Result<u64, JournalError> {
    match change {
        UpkeepChange::Begin(row) => begin(connection, row).await,
        UpkeepChange::Take(turn, until, due) => take(connection, turn, *until, *due).await,
        UpkeepChange::Keep(turn, until) => keep(connection, turn, *until).await,
        UpkeepChange::Fail(failure) => fail(connection, failure).await,
        UpkeepChange::Succeed(next) => {
            let (succession, document, witness) = &**next;
            succeed(connection, succession, document, witness).await
        }
        UpkeepChange::Retry(which, now) => retry(connection, *which, *now).await,
        UpkeepChange::Gone(id) => gone(connection, *id).await,
    }
}

const BEGIN: &str = "INSERT INTO upkeep (id, document, content, which, wanted, reached, state, due_at, owed_since, \
     failures, version, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12)";

async fn begin(connection: &mut Connection, row: &UpkeepRow) -> Result<u64, JournalError> {
    let (state, due_at, owed_since) = match &row.state {
        UpkeepState::Waiting {
            due_at,
            owed_since,
            failed: None,
        } => ("waiting", Some(due_at.micros()), Some(owed_since.micros())),
        UpkeepState::Settled => ("settled", None, None),
        UpkeepState::Waiting { failed: Some(_), .. } | UpkeepState::Stuck(_) => {
            return Err(JournalError::Conflict);
        }
    };
    sqlx::query(BEGIN)
        .bind(row.id.as_bytes().as_slice())
        .bind(row.document.as_bytes().as_slice())
        .bind(row.content.map(|id| id.as_bytes().to_vec()))
        .bind(row.which.as_str())
        .bind(i64::from(row.wanted.number()))
        .bind(i64::from(row.reached.number()))
        .bind(state)
        .bind(due_at)
        .bind(owed_since)
        .bind(signed(row.version))
        .bind(row.created_at.micros())
        .bind(row.changed_at.micros())
        .execute(connection)
        .await
        .map(|_| row.version)
        .map_err(|error| meaning(&error))
}

pub(crate) const TAKE: &str = "UPDATE upkeep SET node = $2, until = $3, version = version + 1 \
     WHERE id = $1 AND version = $4 AND state = 'waiting' AND due_at <= $5 \
     AND (node IS NULL OR until < $5 OR until > $6) RETURNING version";

async fn take(
    connection: &mut Connection,
    turn: &UpkeepTurn,
    until: Time,
    due: Due,
) -> Result<u64, JournalError> {
    let version: Option<i64> = sqlx::query_scalar(TAKE)
        .bind(turn.upkeep.as_bytes().as_slice())
        .bind(turn.node.as_bytes().as_slice())
        .bind(until.micros())
        .bind(signed(turn.version))
        .bind(due.now.micros())
        .bind(due.longest.micros())
        .fetch_optional(connection)
        .await
        .map_err(|error| meaning(&error))?;
    let version = version.and_then(|version| u64::try_from(version).ok());
    version.ok_or(JournalError::Conflict)
}

pub(crate) const KEEP: &str = "UPDATE upkeep SET until = $4 WHERE id = $1 AND version = $2 AND node = $3";

async fn keep(connection: &mut Connection, turn: &UpkeepTurn, until: Time) -> Result<u64, JournalError> {
    let done = sqlx::query(KEEP)
        .bind(turn.upkeep.as_bytes().as_slice())
        .bind(signed(turn.version))
        .bind(turn.node.as_bytes().as_slice())
        .bind(until.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(turn.version)
}

pub(crate) const FAIL: &str = "UPDATE upkeep SET state = $4, due_at = $5, \
     owed_since = CASE WHEN $4 = 'waiting' THEN owed_since END, failures = failures + 1, reason_code = $6, reason = $7, \
     node = NULL, until = NULL, version = version + 1, changed_at = $8 \
     WHERE id = $1 AND version = $2 AND node = $3";

async fn fail(connection: &mut Connection, failure: &UpkeepFailure) -> Result<u64, JournalError> {
    let state = if failure.again_at.is_some() {
        "waiting"
    } else {
        "stuck"
    };
    let done = sqlx::query(FAIL)
        .bind(failure.turn.upkeep.as_bytes().as_slice())
        .bind(signed(failure.turn.version))
        .bind(failure.turn.node.as_bytes().as_slice())
        .bind(state)
        .bind(failure.again_at.map(Time::micros))
        .bind(failure.reason.code.name())
        .bind(failure.reason.text.as_str())
        .bind(failure.now.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(failure.turn.version + 1)
}

pub(crate) const SUCCEED: &str = "UPDATE upkeep SET document = $4, reached = $5, state = $6, due_at = $7, owed_since = $7, \
     failures = 0, reason_code = NULL, reason = NULL, node = NULL, until = NULL, version = version + 1, changed_at = $8 \
     WHERE id = $1 AND version = $2 AND node = $3 AND document = $9 AND reached <= $5";

/// Other signatures of the same file are in the new one from now on; a step that is under way for one of them is void.
pub(crate) const FOLLOW: &str = "UPDATE upkeep SET document = $1, node = NULL, until = NULL, version = version + 1 \
     WHERE document = $2";

pub(crate) const REPLACE: &str = "INSERT INTO replaced_document (document, since) VALUES ($1, $2)";

async fn succeed(
    connection: &mut Connection,
    next: &Succession,
    row: &DocumentRow,
    witness: &LeafRow,
) -> Result<u64, JournalError> {
    document::keep(connection, row).await?;
    let state = if next.due_at.is_some() {
        "waiting"
    } else {
        "settled"
    };
    let done = sqlx::query(SUCCEED)
        .bind(next.turn.upkeep.as_bytes().as_slice())
        .bind(signed(next.turn.version))
        .bind(next.turn.node.as_bytes().as_slice())
        .bind(row.id.as_bytes().as_slice())
        .bind(i64::from(next.reached.number()))
        .bind(state)
        .bind(next.due_at.map(Time::micros))
        .bind(next.now.micros())
        .bind(next.from.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    sqlx::query(FOLLOW)
        .bind(row.id.as_bytes().as_slice())
        .bind(next.from.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    sqlx::query(REPLACE)
        .bind(next.from.as_bytes().as_slice())
        .bind(next.now.micros())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    leaf::insert(connection, core::slice::from_ref(witness)).await?;
    Ok(next.turn.version + 1)
}

const RETRY: &str = "UPDATE upkeep SET state = 'waiting', due_at = $1, owed_since = $1, failures = 0, \
     reason_code = NULL, reason = NULL, version = version + 1, changed_at = $1 WHERE state = 'stuck' AND id = $2";
const RETRY_ALL: &str = "UPDATE upkeep SET state = 'waiting', due_at = $1, owed_since = $1, failures = 0, \
     reason_code = NULL, reason = NULL, version = version + 1, changed_at = $1 WHERE state = 'stuck'";

async fn retry(
    connection: &mut Connection,
    which: Option<Id<word::Upkeep>>,
    now: Time,
) -> Result<u64, JournalError> {
    let query = match which {
        None => sqlx::query(RETRY_ALL).bind(now.micros()),
        Some(id) => sqlx::query(RETRY).bind(now.micros()).bind(id.as_bytes().to_vec()),
    };
    let done = query.execute(connection).await.map_err(|error| meaning(&error))?;
    Ok(done.rows_affected())
}

const GONE: &str = "DELETE FROM replaced_document WHERE document = $1";

async fn gone(connection: &mut Connection, id: Id<word::Document>) -> Result<u64, JournalError> {
    let done = sqlx::query(GONE)
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(1)
}

pub(crate) const FIND: &str = "SELECT id, document, content, which, wanted, reached, state, due_at, owed_since, failures, \
     reason_code, reason, version, created_at, changed_at FROM upkeep WHERE id = $1";

/// One upkeep.
pub(crate) async fn find(
    connection: &mut Connection,
    id: Id<word::Upkeep>,
) -> Result<Option<UpkeepRow>, JournalError> {
    let found = sqlx::query(FIND)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(upkeep).transpose()
}

pub(crate) const DUE: &str = "SELECT u.id, u.document, u.content, u.which, u.wanted, u.reached, u.state, u.due_at, \
     u.owed_since, u.failures, u.reason_code, u.reason, u.version, u.created_at, u.changed_at FROM upkeep u \
     WHERE u.state = 'waiting' AND u.due_at <= $1 AND (u.node IS NULL OR u.until < $1 OR u.until > $2) \
     AND NOT EXISTS (SELECT 1 FROM upkeep o WHERE o.document = u.document AND o.id <> u.id AND o.state = 'waiting' \
     AND ((o.reached < u.reached AND o.reached < o.wanted) OR (o.until >= $1 AND o.until <= $2))) \
     ORDER BY u.due_at LIMIT $3";

/// What is due, and nobody's turn.
pub(crate) async fn due(connection: &mut Connection, due: Due) -> Result<Vec<UpkeepRow>, JournalError> {
    let rows = sqlx::query(DUE)
        .bind(due.now.micros())
        .bind(due.longest.micros())
        .bind(i64::from(due.most))
        .fetch_all(connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter().map(upkeep).collect()
}

pub(crate) const STUCK: &str = "SELECT id, document, content, which, wanted, reached, state, due_at, owed_since, failures, \
     reason_code, reason, version, created_at, changed_at FROM upkeep WHERE state = 'stuck' ORDER BY changed_at LIMIT 100";

/// What only people help.
pub(crate) async fn stuck(connection: &mut Connection) -> Result<Vec<UpkeepRow>, JournalError> {
    let rows = sqlx::query(STUCK)
        .fetch_all(connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter().map(upkeep).collect()
}

pub(crate) const OWED: &str =
    "SELECT COUNT(*), MIN(owed_since) FROM upkeep WHERE state = 'waiting' AND owed_since <= $1";
pub(crate) const WHY: &str =
    "SELECT reason FROM upkeep WHERE state = 'waiting' AND owed_since <= $1 ORDER BY owed_since LIMIT 1";
pub(crate) const COUNT_STUCK: &str = "SELECT COUNT(*) FROM upkeep WHERE state = 'stuck'";

/// What is owed, and what is stuck.
pub(crate) async fn standing(connection: &mut Connection, now: Time) -> Result<UpkeepStanding, JournalError> {
    let owed = sqlx::query(OWED)
        .bind(now.micros())
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let count: i64 = owed.try_get(0).map_err(|error| meaning(&error))?;
    let since: Option<i64> = owed.try_get(1).map_err(|error| meaning(&error))?;
    let reason: Option<Option<String>> = sqlx::query_scalar(WHY)
        .bind(now.micros())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let stuck: i64 = sqlx::query_scalar(COUNT_STUCK)
        .fetch_one(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(UpkeepStanding {
        owed: u64::try_from(count).unwrap_or(0),
        owed_since: since.map(Time::from_micros),
        reason: reason.flatten(),
        stuck: u64::try_from(stuck).unwrap_or(0),
    })
}

pub(crate) const REPLACED: &str = "SELECT r.document FROM replaced_document r WHERE r.since < $1 \
     AND NOT EXISTS (SELECT 1 FROM upkeep u WHERE u.document = r.document) \
     AND NOT EXISTS (SELECT 1 FROM upkeep u WHERE u.content = r.document) ORDER BY r.since LIMIT 100";

/// Files that were replaced before a time and that no upkeep reads.
pub(crate) async fn replaced(
    connection: &mut Connection,
    before: Time,
) -> Result<Vec<Id<word::Document>>, JournalError> {
    let rows = sqlx::query(REPLACED)
        .bind(before.micros())
        .fetch_all(connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|found| Row::new(found, "replaced_document", "?").id("document"))
        .collect()
}

fn upkeep(found: &Columns) -> Result<UpkeepRow, JournalError> {
    let id: Id<word::Upkeep> = Row::new(found, "upkeep", "?").id("id")?;
    let row = Row::new(found, "upkeep", id);
    let reason = row
        .plain::<Option<String>>("reason")?
        .map(|text| {
            let code = row.parsed("reason_code", |name: String| UpkeepFault::parse(&name))?;
            Ok(UpkeepReason { code, text })
        })
        .transpose()?;
    let state = match (row.plain::<String>("state")?.as_str(), reason) {
        ("waiting", reason) => {
            let failures = row.number("failures")?;
            UpkeepState::Waiting {
                due_at: Time::from_micros(row.present("due_at")?),
                owed_since: Time::from_micros(row.present("owed_since")?),
                failed: reason.map(|reason| (failures, reason)),
            }
        }
        ("settled", None) => UpkeepState::Settled,
        ("stuck", Some(reason)) => UpkeepState::Stuck(reason),
        _ => return Err(row.fault("state")),
    };
    let level = |column| {
        row.parsed(column, |number: i64| {
            Level::from_number(u8::try_from(number).ok()?)
        })
    };
    let content = match row.plain::<Option<Vec<u8>>>("content")? {
        None => None,
        Some(_) => Some(row.id("content")?),
    };
    Ok(UpkeepRow {
        id,
        document: row.id("document")?,
        content,
        which: row.plain("which")?,
        wanted: level("wanted")?,
        reached: level("reached")?,
        state,
        version: row.number("version")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}
