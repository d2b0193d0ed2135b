//! Challenges: inserted once, never changed, forgotten a day after their end.

use domain::{Argon2Parameters, Nonce, Purpose, Salt, Time, base64url};
use hsm::{ChallengeRow, JournalError, Tag};

use super::{
    dialect::{Columns, Connection},
    read::Row,
};
use crate::fault::meaning;

pub(crate) const INSERT: &str = "INSERT INTO challenge (nonce, session, credential, salt, argon2_memory, argon2_passes, \
     issued_at, expires_at, tag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(crate) async fn insert(connection: &mut Connection, row: &ChallengeRow) -> Result<u64, JournalError> {
    let credential = match &row.purpose {
        Purpose::Enrol => None,
        Purpose::Activate(id) => Some(id.as_bytes().as_slice()),
    };
    sqlx::query(INSERT)
        .bind(row.nonce.as_bytes().as_slice())
        .bind(row.session.as_bytes().as_slice())
        .bind(credential)
        .bind(row.salt.as_bytes().as_slice())
        .bind(i64::from(row.argon2.memory_kib()))
        .bind(i64::from(row.argon2.passes()))
        .bind(row.issued_at.micros())
        .bind(row.expires_at.micros())
        .bind(row.tag.0.as_slice())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(0)
}

pub(crate) const FORGET: &str = "DELETE FROM challenge WHERE expires_at < $1";

pub(crate) async fn forget(connection: &mut Connection, before: Time) -> Result<u64, JournalError> {
    let done = sqlx::query(FORGET)
        .bind(before.micros())
        .execute(connection)
        .await;
    done.map(|done| done.rows_affected())
        .map_err(|error| meaning(&error))
}

/// A challenge from columns that are called `challenge_…` where another table's would clash.
pub(crate) fn read(row: &Columns, nonce: Nonce) -> Result<ChallengeRow, JournalError> {
    let row = Row::new(row, "challenge", base64url(nonce.as_bytes()));
    let purpose = match row.plain::<Option<Vec<u8>>>("challenge_credential")? {
        None => Purpose::Enrol,
        Some(_) => Purpose::Activate(row.id("challenge_credential")?),
    };
    let memory = row.number("challenge_memory")?;
    let passes = row.number("challenge_passes")?;
    Ok(ChallengeRow {
        nonce,
        session: row.id("challenge_session")?,
        purpose,
        salt: Salt::new(row.bytes("challenge_salt")?),
        argon2: Argon2Parameters::new(memory, passes).map_err(|_| row.fault("argon2_memory"))?,
        issued_at: row.time("issued_at")?,
        expires_at: row.time("expires_at")?,
        tag: Tag(row.bytes("challenge_tag")?),
    })
}
