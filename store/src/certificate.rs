//! Certificates: intended, then issued, held, released, revoked; each step witnessed by a leaf.

use ca::{CertificateRecord, Holder, Serial, State};
use domain::{CertificateKind, Id, Time, word};
use hsm::JournalError;
use pki::crl::{Entry, Reason};
use sqlx::QueryBuilder;

use super::{
    dialect::{Columns, Connection, Db},
    leaf,
    read::Row,
};
use crate::{
    fault::{exactly_one, meaning, signed},
    registry::{CertificateStep, Found, Intention, Issue, Search},
};

macro_rules! columns {
    () => {
        "id, serial, kind, issuer, shard, iin, bin, credential, key_sha256, statement, content, der, not_before, \
         not_after, published, state, since, reason, leaf"
    };
}

const INSERT: &str = "INSERT INTO certificate (id, serial, kind, issuer, shard, iin, bin, credential, key_sha256, \
     statement, content, not_before, not_after, published, state, key_gone, leaf, created_at, changed_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'prepared', 0, $15, $16, $16)";

/// The intention: content and number are fixed before anything is signed.
pub(crate) async fn intend(connection: &mut Connection, new: &Intention) -> Result<u64, JournalError> {
    let position = leaf::insert(connection, core::slice::from_ref(&new.leaf)).await?;
    let row = &new.record;
    sqlx::query(INSERT)
        .bind(row.id.as_bytes().as_slice())
        .bind(row.serial.as_bytes().as_slice())
        .bind(row.kind.name())
        .bind(i64::from(row.issuer))
        .bind(i64::from(row.shard))
        .bind(row.holder.iin.map(|iin| iin.to_string()))
        .bind(row.holder.bin.map(|bin| bin.to_string()))
        .bind(row.holder.credential.map(|id| id.as_bytes().to_vec()))
        .bind(row.key_sha256.as_slice())
        .bind(row.statement.as_bytes().as_slice())
        .bind(row.content.as_slice())
        .bind(row.not_before.micros())
        .bind(row.not_after.micros())
        .bind(i64::from(row.published))
        .bind(signed(position))
        .bind(new.leaf.leaf.at.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(position)
}

const ISSUE: &str = "UPDATE certificate SET state = 'good', der = $1, leaf = $2, changed_at = $3 \
     WHERE id = $4 AND state = 'prepared'";

/// The intention is signed.
pub(crate) async fn issue(connection: &mut Connection, issue: &Issue) -> Result<u64, JournalError> {
    let position = leaf::insert(connection, core::slice::from_ref(&issue.leaf)).await?;
    let done = sqlx::query(ISSUE)
        .bind(issue.der.as_slice())
        .bind(signed(position))
        .bind(issue.leaf.leaf.at.micros())
        .bind(issue.id.as_bytes().as_slice())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(position)
}

const STEP: &str = "UPDATE certificate SET state = $1, since = $2, reason = $3, demand = $4, entry = $5, leaf = $6, \
     changed_at = $7 WHERE id = $8 AND leaf = $9";

/// The next state, if nothing happened since it was read.
pub(crate) async fn step(connection: &mut Connection, step: &CertificateStep) -> Result<u64, JournalError> {
    let position = leaf::insert(connection, core::slice::from_ref(&step.leaf)).await?;
    let (since, reason) = match step.to {
        State::Prepared => return Err(JournalError::Conflict),
        State::Good { released } => (released, None),
        State::Held { at } => (Some(at), None),
        State::Revoked { at, reason } => (Some(at), Some(reason.name())),
    };
    let done = sqlx::query(STEP)
        .bind(step.to.name())
        .bind(since.map(Time::micros))
        .bind(reason)
        .bind(step.demand.as_bytes().as_slice())
        .bind(step.entry.as_ref().map(Entry::as_bytes))
        .bind(signed(position))
        .bind(step.leaf.leaf.at.micros())
        .bind(step.id.as_bytes().as_slice())
        .bind(signed(step.after))
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)?;
    Ok(position)
}

const KEY_GONE: &str = "UPDATE certificate SET key_gone = 1 WHERE id = $1";

/// The Client's key is destroyed; nobody need ask again.
pub(crate) async fn key_gone(
    connection: &mut Connection,
    id: Id<word::Certificate>,
) -> Result<u64, JournalError> {
    sqlx::query(KEY_GONE)
        .bind(id.as_bytes().as_slice())
        .execute(connection)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| meaning(&error))
}

const BY_STATEMENT: &str = concat!("SELECT ", columns!(), " FROM certificate WHERE statement = $1");

/// The certificate that a demand led to.
pub(crate) async fn by_statement(
    connection: &mut Connection,
    statement: Id<word::Statement>,
) -> Result<Option<CertificateRecord>, JournalError> {
    let found = sqlx::query(BY_STATEMENT)
        .bind(statement.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(read).transpose()
}

const FIND: &str = concat!("SELECT ", columns!(), " FROM certificate WHERE id = $1");

/// One certificate.
pub(crate) async fn find(
    connection: &mut Connection,
    id: Id<word::Certificate>,
) -> Result<Option<CertificateRecord>, JournalError> {
    let found = sqlx::query(FIND)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    found.as_ref().map(read).transpose()
}

const SEARCH: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM certificate WHERE state <> 'prepared'"
);

/// Certificates by what is known of them, a page at a time. Only what is asked for stands in the statement, so that
/// each way to search finds its index.
pub(crate) async fn search(
    connection: &mut Connection,
    search: &Search,
) -> Result<Vec<CertificateRecord>, JournalError> {
    let mut query = QueryBuilder::<Db>::new(SEARCH);
    if let Some(serial) = search.serial {
        query.push(" AND serial = ").push_bind(serial.as_bytes().to_vec());
    }
    if let Some(iin) = search.iin {
        query.push(" AND iin = ").push_bind(iin.to_string());
    }
    if let Some(bin) = search.bin {
        query.push(" AND bin = ").push_bind(bin.to_string());
    }
    if let Some(hash) = search.key_sha256 {
        query.push(" AND key_sha256 = ").push_bind(hash.to_vec());
    }
    if let Some(credential) = search.credential {
        query
            .push(" AND credential = ")
            .push_bind(credential.as_bytes().to_vec());
    }
    if let Some(kind) = search.kind {
        query.push(" AND kind = ").push_bind(kind.name());
    }
    if search.published_only {
        query.push(" AND published = 1");
    }
    if let Some(after) = search.after {
        query.push(" AND id > ").push_bind(after.as_bytes().to_vec());
    }
    let rows = query
        .push(" ORDER BY id LIMIT ")
        .push_bind(i64::from(search.most))
        .build()
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter().map(read).collect()
}

const STATUS: &str = "SELECT state, since, reason, leaf FROM certificate WHERE issuer = $1 AND serial = $2";

/// What became of the certificate with this number.
pub(crate) async fn status(
    connection: &mut Connection,
    issuer: u32,
    serial: Serial,
) -> Result<Option<State>, JournalError> {
    let found = sqlx::query(STATUS)
        .bind(i64::from(issuer))
        .bind(serial.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let state_of = |found| state(&Row::new(found, "certificate", serial));
    found.as_ref().map(state_of).transpose()
}

const CHANGED: &str = "SELECT issuer, serial, shard, leaf FROM certificate \
     WHERE leaf > $1 AND state <> 'prepared' ORDER BY leaf LIMIT 1000";

/// What changed after a position of the Ledger.
pub(crate) async fn changed(connection: &mut Connection, after: u64) -> Result<Vec<Found>, JournalError> {
    let rows = sqlx::query(CHANGED)
        .bind(signed(after))
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "certificate", "changed");
        Ok(Found {
            issuer: row.number("issuer")?,
            serial: row.parsed("serial", |bytes: Vec<u8>| Serial::from_bytes(&bytes))?,
            shard: row.number("shard")?,
            position: row.number("leaf")?,
        })
    };
    rows.iter().map(read).collect()
}

const LEFT: &str = "SELECT id, credential FROM certificate \
     WHERE state = 'revoked' AND key_gone = 0 AND credential IS NOT NULL ORDER BY changed_at LIMIT 100";

/// Revoked certificates whose Clients' keys may still be there.
pub(crate) async fn keys_left(
    connection: &mut Connection,
) -> Result<Vec<(Id<word::Certificate>, Id<word::Credential>)>, JournalError> {
    let rows = sqlx::query(LEFT)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "certificate", "keys left");
        Ok((row.id("id")?, row.id("credential")?))
    };
    rows.iter().map(read).collect()
}

const LAGGING: &str = "SELECT c.id FROM credential k JOIN certificate c ON c.credential = k.id \
     WHERE k.certificate <> 'active' AND c.state = 'good' \
     UNION ALL SELECT c.id FROM certificate c JOIN credential k ON k.id = c.credential \
     WHERE c.state = 'held' AND k.certificate <> 'held' LIMIT 100";

/// Certificates whose state the boundary does not know yet.
pub(crate) async fn lagging(connection: &mut Connection) -> Result<Vec<Id<word::Certificate>>, JournalError> {
    let rows = sqlx::query(LAGGING)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|row| Row::new(row, "certificate", "lagging").id("id"))
        .collect()
}

const PREPARED: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM certificate WHERE state = 'prepared' AND created_at < $1 ORDER BY created_at LIMIT 100"
);

/// Intentions that were never signed, as after a crash.
pub(crate) async fn prepared(
    connection: &mut Connection,
    before: Time,
) -> Result<Vec<CertificateRecord>, JournalError> {
    let rows = sqlx::query(PREPARED)
        .bind(before.micros())
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter().map(read).collect()
}

const COUNTS: &str =
    "SELECT kind, state, COUNT(*) AS many FROM certificate GROUP BY kind, state ORDER BY kind, state";

/// How many there are of each kind in each state.
pub(crate) async fn counts(connection: &mut Connection) -> Result<Vec<(String, String, u64)>, JournalError> {
    let rows = sqlx::query(COUNTS)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "certificate", "counts");
        Ok((row.plain("kind")?, row.plain("state")?, row.number("many")?))
    };
    rows.iter().map(read).collect()
}

fn read(found: &Columns) -> Result<CertificateRecord, JournalError> {
    let id: Id<word::Certificate> = Row::new(found, "certificate", "?").id("id")?;
    let row = Row::new(found, "certificate", id);
    let maybe = |column| row.plain::<Option<String>>(column);
    let holder = Holder {
        iin: parsed(&row, "iin", maybe("iin")?)?,
        bin: parsed(&row, "bin", maybe("bin")?)?,
        credential: match row.plain::<Option<Vec<u8>>>("credential")? {
            None => None,
            Some(_) => Some(row.id("credential")?),
        },
    };
    Ok(CertificateRecord {
        id,
        serial: row.parsed("serial", |bytes: Vec<u8>| Serial::from_bytes(&bytes))?,
        kind: row.parsed("kind", |name: String| CertificateKind::parse(&name).ok())?,
        issuer: row.number("issuer")?,
        shard: row.number("shard")?,
        holder,
        key_sha256: row.bytes("key_sha256")?,
        statement: row.id("statement")?,
        content: row.plain("content")?,
        der: row.plain("der")?,
        not_before: row.time("not_before")?,
        not_after: row.time("not_after")?,
        published: row.number::<u8>("published")? == 1,
        state: state(&row)?,
        position: row.number("leaf")?,
    })
}

fn parsed<T: core::str::FromStr>(
    row: &Row<'_>,
    column: &'static str,
    text: Option<String>,
) -> Result<Option<T>, JournalError> {
    text.map(|text| text.parse().map_err(|_| row.fault(column)))
        .transpose()
}

fn state(row: &Row<'_>) -> Result<State, JournalError> {
    let since = row.maybe_time("since")?;
    match row.plain::<String>("state")?.as_str() {
        "prepared" => Ok(State::Prepared),
        "good" => Ok(State::Good { released: since }),
        "held" => Ok(State::Held {
            at: since.ok_or_else(|| row.fault("since"))?,
        }),
        "revoked" => Ok(State::Revoked {
            at: since.ok_or_else(|| row.fault("since"))?,
            reason: row.parsed("reason", |name: String| Reason::parse(&name))?,
        }),
        _ => Err(row.fault("state")),
    }
}
