//! Credentials: each change is the next version of one row, witnessed by a leaf.

use domain::{Argon2Parameters, Id, KeyAlgorithm, Salt, Time, word};
use hsm::{
    AttemptState, Attempts, Certificate, CredentialRecord, CredentialRow, JournalError, KeyMaterial, Tag,
    Update, Verifier, WrapFormat,
};
use sqlx::query::Query;

use super::{
    dialect::{Arguments, Columns, Connection, Db},
    leaf,
    read::Row,
};
use crate::fault::{exactly_one, meaning, signed};

/// The columns that [`read`] reads, and the last leaf's.
macro_rules! credential_columns {
    () => {
        "c.id, c.version, c.client, c.pseudonym, c.algorithm, c.public_key, c.material, c.destroyed_at, c.key_format, \
         c.key_kdk, c.key_blob, c.verifier, c.verifier_kek, c.verifier_blob, c.salt, c.argon2_memory, c.argon2_passes, \
         c.tries, c.tries_base, c.lock_level, c.attempts, c.locked_until, c.certificate, c.certificate_sha256, \
         c.not_before, c.not_after, c.used_at, c.tag, l.row_version AS leaf_version, l.row_tag AS leaf_tag"
    };
}

/// The join to the leaf with the highest version of a Credential.
macro_rules! last_leaf {
    () => {
        " LEFT JOIN leaf l ON l.credential = c.id AND l.row_version IS NOT NULL AND l.row_version = \
         (SELECT MAX(m.row_version) FROM leaf m WHERE m.credential = c.id AND m.row_version IS NOT NULL)"
    };
}

pub(crate) use {credential_columns, last_leaf};

const DESTROYED: &str =
    "SELECT id FROM credential WHERE id >= $1 AND id <= $2 AND material = 'destroyed' ORDER BY id";

/// Destroyed Credentials of a range of ids.
pub(crate) async fn destroyed(
    connection: &mut Connection,
    first: Id<word::Credential>,
    last: Id<word::Credential>,
) -> Result<Vec<Id<word::Credential>>, JournalError> {
    let rows = sqlx::query(DESTROYED)
        .bind(first.as_bytes().as_slice())
        .bind(last.as_bytes().as_slice())
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|row| Row::new(row, "credential", "destroyed").id("id"))
        .collect()
}

pub(crate) const INSERT: &str = "INSERT INTO credential (version, client, pseudonym, algorithm, public_key, material, \
     destroyed_at, key_format, key_kdk, key_blob, verifier, verifier_kek, verifier_blob, salt, argon2_memory, \
     argon2_passes, tries, tries_base, lock_level, attempts, locked_until, certificate, certificate_sha256, not_before, \
     not_after, used_at, tag, changed_at, changed_by, id, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
     $24, $25, $26, $27, $28, $29, $30, $28)";

pub(crate) const UPDATE: &str = "UPDATE credential SET version = $1, client = $2, pseudonym = $3, algorithm = $4, public_key = $5, \
     material = $6, destroyed_at = $7, key_format = $8, key_kdk = $9, key_blob = $10, verifier = $11, \
     verifier_kek = $12, verifier_blob = $13, salt = $14, argon2_memory = $15, argon2_passes = $16, tries = $17, \
     tries_base = $18, lock_level = $19, attempts = $20, locked_until = $21, certificate = $22, \
     certificate_sha256 = $23, not_before = $24, not_after = $25, used_at = $26, tag = $27, changed_at = $28, \
     changed_by = $29 WHERE id = $30 AND version = $31";

/// The first version.
pub(crate) async fn insert(
    connection: &mut Connection,
    record: &CredentialRecord,
    tag: Tag,
    (at, by): (Time, &'static str),
) -> Result<(), JournalError> {
    bind(INSERT, record, tag, (at, by))
        .execute(connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

/// The next version with its leaf.
pub(crate) async fn update(connection: &mut Connection, update: &Update) -> Result<u64, JournalError> {
    replace(connection, &update.record, update.tag, (update.at, update.by)).await?;
    leaf::insert(connection, core::slice::from_ref(&update.leaf)).await
}

/// The next version, if the row has the one before.
pub(crate) async fn replace(
    connection: &mut Connection,
    record: &CredentialRecord,
    tag: Tag,
    changed: (Time, &'static str),
) -> Result<(), JournalError> {
    let done = bind(UPDATE, record, tag, changed)
        .bind(signed(record.version.saturating_sub(1)))
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Conflict)
}

fn bind<'a>(
    statement: &'static str,
    record: &'a CredentialRecord,
    tag: Tag,
    (at, by): (Time, &'static str),
) -> Query<'a, Db, Arguments> {
    let query = sqlx::query(statement)
        .bind(signed(record.version))
        .bind(record.client.to_string())
        .bind(record.pseudonym.as_slice())
        .bind(record.algorithm.name())
        .bind(record.public_key.as_slice());
    let query = bind_material(query, &record.material)
        .bind(record.salt.as_bytes().as_slice())
        .bind(i64::from(record.argon2.memory_kib()))
        .bind(i64::from(record.argon2.passes()))
        .bind(signed(record.attempts.tries))
        .bind(signed(record.attempts.base))
        .bind(i64::from(record.attempts.level));
    let query = match record.attempts.state {
        AttemptState::Open => query.bind("open").bind(None::<i64>),
        AttemptState::Locked { until } => query.bind("locked").bind(Some(until.micros())),
        AttemptState::Exhausted => query.bind("exhausted").bind(None::<i64>),
    };
    bind_certificate(query, &record.certificate)
        .bind(record.used_at.map(Time::micros))
        .bind(tag.0.to_vec())
        .bind(at.micros())
        .bind(by)
        .bind(record.id.as_bytes().as_slice())
}

type Bound<'a> = Query<'a, Db, Arguments>;

fn bind_material<'a>(query: Bound<'a>, material: &'a KeyMaterial) -> Bound<'a> {
    match material {
        KeyMaterial::Destroyed { at } => query
            .bind("destroyed")
            .bind(Some(at.micros()))
            .bind(None::<&str>)
            .bind(None::<i64>)
            .bind(None::<&[u8]>)
            .bind(None::<&str>)
            .bind(None::<i64>)
            .bind(None::<&[u8]>),
        KeyMaterial::Wrapped {
            format,
            kdk,
            blob,
            verifier,
        } => {
            let query = query
                .bind("wrapped")
                .bind(None::<i64>)
                .bind(Some(format.name()))
                .bind(Some(i64::from(*kdk)))
                .bind(Some(blob.as_slice()));
            match verifier {
                Verifier::Sealed { kek, blob } => query
                    .bind(Some("sealed"))
                    .bind(Some(i64::from(*kek)))
                    .bind(Some(blob.as_slice())),
                Verifier::Resident => query.bind(Some("resident")).bind(None::<i64>).bind(None::<&[u8]>),
            }
        }
    }
}

fn bind_certificate<'a>(query: Bound<'a>, certificate: &'a Certificate) -> Bound<'a> {
    let (state, sha256, not_before, not_after) = match certificate {
        Certificate::Awaited => {
            return query
                .bind("awaited")
                .bind(None::<&[u8]>)
                .bind(None::<i64>)
                .bind(None::<i64>);
        }
        Certificate::Active {
            sha256,
            not_before,
            not_after,
        } => ("active", sha256, not_before, not_after),
        Certificate::Held {
            sha256,
            not_before,
            not_after,
        } => ("held", sha256, not_before, not_after),
    };
    query
        .bind(state)
        .bind(Some(sha256.as_slice()))
        .bind(Some(not_before.micros()))
        .bind(Some(not_after.micros()))
}

/// A Credential with what its last leaf repeats, from a row of one of the SELECTs of this crate.
pub(crate) fn read(row: &Columns, id: Id<word::Credential>) -> Result<CredentialRow, JournalError> {
    let row = Row::new(row, "credential", id);
    let (memory, passes) = (row.number("argon2_memory")?, row.number("argon2_passes")?);
    let record = CredentialRecord {
        id,
        version: row.number("version")?,
        client: row.parsed("client", |text: String| text.parse().ok())?,
        pseudonym: row.bytes("pseudonym")?,
        algorithm: row.parsed("algorithm", |name: String| KeyAlgorithm::parse(&name))?,
        public_key: row.plain("public_key")?,
        material: read_material(&row)?,
        salt: Salt::new(row.bytes("salt")?),
        argon2: Argon2Parameters::new(memory, passes).map_err(|_| row.fault("argon2_memory"))?,
        attempts: read_attempts(&row)?,
        certificate: read_certificate(&row)?,
        used_at: row.maybe_time("used_at")?,
    };
    let last_leaf = match row.plain::<Option<i64>>("leaf_version")? {
        None => None,
        Some(_) => Some((row.number("leaf_version")?, Tag(row.bytes("leaf_tag")?))),
    };
    Ok(CredentialRow {
        record,
        tag: Tag(row.bytes("tag")?),
        last_leaf,
    })
}

fn read_material(row: &Row<'_>) -> Result<KeyMaterial, JournalError> {
    match row.plain::<String>("material")?.as_str() {
        "destroyed" => Ok(KeyMaterial::Destroyed {
            at: row.time("destroyed_at")?,
        }),
        "wrapped" => Ok(KeyMaterial::Wrapped {
            format: row.parsed("key_format", |name: String| WrapFormat::parse(&name))?,
            kdk: row.number("key_kdk")?,
            blob: row.present("key_blob")?,
            verifier: match row.present::<String>("verifier")?.as_str() {
                "sealed" => Verifier::Sealed {
                    kek: row.number("verifier_kek")?,
                    blob: row.present("verifier_blob")?,
                },
                "resident" => Verifier::Resident,
                _ => return Err(row.fault("verifier")),
            },
        }),
        _ => Err(row.fault("material")),
    }
}

fn read_attempts(row: &Row<'_>) -> Result<Attempts, JournalError> {
    let state = match row.plain::<String>("attempts")?.as_str() {
        "open" => AttemptState::Open,
        "locked" => AttemptState::Locked {
            until: row.time("locked_until")?,
        },
        "exhausted" => AttemptState::Exhausted,
        _ => return Err(row.fault("attempts")),
    };
    Ok(Attempts {
        tries: row.number("tries")?,
        base: row.number("tries_base")?,
        level: row.number("lock_level")?,
        state,
    })
}

fn read_certificate(row: &Row<'_>) -> Result<Certificate, JournalError> {
    let state = row.plain::<String>("certificate")?;
    if state == "awaited" {
        return Ok(Certificate::Awaited);
    }
    let sha256 = row.bytes("certificate_sha256")?;
    let (not_before, not_after) = (row.time("not_before")?, row.time("not_after")?);
    match state.as_str() {
        "active" => Ok(Certificate::Active {
            sha256,
            not_before,
            not_after,
        }),
        "held" => Ok(Certificate::Held {
            sha256,
            not_before,
            not_after,
        }),
        _ => Err(row.fault("certificate")),
    }
}

pub(crate) const SELECT: &str = concat!(
    "SELECT ",
    credential_columns!(),
    " FROM credential c",
    last_leaf!(),
    " WHERE c.id = $1"
);

pub(crate) async fn find(
    connection: &mut Connection,
    id: Id<word::Credential>,
) -> Result<Option<CredentialRow>, JournalError> {
    let row = sqlx::query(SELECT)
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await;
    row.map_err(|error| meaning(&error))?
        .map(|row| read(&row, id))
        .transpose()
}

pub(crate) const RESIDENT: &str = "SELECT COUNT(*) FROM credential WHERE verifier = 'resident'";

pub(crate) async fn count_resident(connection: &mut Connection) -> Result<u64, JournalError> {
    count(sqlx::query_scalar(RESIDENT).fetch_one(&mut *connection).await)
}

pub(crate) const BEFORE: &str = concat!(
    "SELECT ",
    credential_columns!(),
    " FROM credential c",
    last_leaf!(),
    " WHERE c.verifier_kek IS NOT NULL AND c.verifier_kek < $1 AND c.id > $2 ORDER BY c.id LIMIT $3"
);

pub(crate) async fn before_kek(
    connection: &mut Connection,
    kek: u32,
    after: Option<Id<word::Credential>>,
    most: u32,
) -> Result<Vec<CredentialRow>, JournalError> {
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let rows = sqlx::query(BEFORE)
        .bind(i64::from(kek))
        .bind(after)
        .bind(i64::from(most))
        .fetch_all(&mut *connection)
        .await;
    let rows = rows.map_err(|error| meaning(&error))?;
    rows.iter()
        .map(|row| read(row, Row::new(row, "credential", "?").id("id")?))
        .collect()
}

const COUNT_BEFORE: &str =
    "SELECT COUNT(*) FROM credential WHERE verifier_kek IS NOT NULL AND verifier_kek < $1";

pub(crate) async fn count_before_kek(connection: &mut Connection, kek: u32) -> Result<u64, JournalError> {
    count(
        sqlx::query_scalar(COUNT_BEFORE)
            .bind(i64::from(kek))
            .fetch_one(&mut *connection)
            .await,
    )
}

fn count(counted: Result<i64, sqlx::Error>) -> Result<u64, JournalError> {
    counted
        .map(|count| u64::try_from(count).unwrap_or(0))
        .map_err(|error| meaning(&error))
}
