//! Activations: reserved, then signed or failed; their signatures.

use domain::{Id, Nonce, SignatureProfile, Time, word};
use hsm::{
    Case, Interrupted, JournalError, LeafRow, Occurrence, Outcome, RawSignature, Reservation, Settlement,
    SignatureRow, SignedBatch,
};
use sqlx::QueryBuilder;

use super::{
    challenge,
    credential::{self, credential_columns, last_leaf},
    dialect::{Connection, Db, ROWS},
    enrolment, leaf,
    read::Row,
};
use crate::fault::{exactly_one, meaning, signed};

pub(crate) const RESERVE: &str = "INSERT INTO activation (id, boot, nonce, assertion, session, credential, attempt, intention, \
     count, state, reserved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'reserved', $10)";

/// The counted attempt, the spent nonce, the intention.
pub(crate) async fn reserve(connection: &mut Connection, new: &Reservation) -> Result<u64, JournalError> {
    let position = credential::update(connection, &new.update).await?;
    let row = &new.activation;
    sqlx::query(RESERVE)
        .bind(row.id.as_bytes().as_slice())
        .bind(row.boot.as_bytes().as_slice())
        .bind(row.nonce.as_bytes().as_slice())
        .bind(row.assertion.as_bytes().as_slice())
        .bind(row.session.as_bytes().as_slice())
        .bind(row.credential.as_bytes().as_slice())
        .bind(signed(row.attempt))
        .bind(row.intention.as_slice())
        .bind(i64::from(row.count))
        .bind(row.reserved_at.micros())
        .execute(connection)
        .await
        .map_err(|error| meaning(&error))?;
    Ok(position)
}

pub(crate) const SIGN: &str = "UPDATE activation SET state = 'signed', ended_at = $1 \
     WHERE id = $2 AND state = 'reserved' AND intention = $3 AND count = $4";

/// The signatures, their leaves and the cleared attempt, if what was signed is what was intended.
pub(crate) async fn settle(connection: &mut Connection, end: &Settlement) -> Result<u64, JournalError> {
    credential::replace(connection, &end.record, end.tag, (end.at, "activate")).await?;
    let done = sqlx::query(SIGN)
        .bind(end.at.micros())
        .bind(end.activation.as_bytes().as_slice())
        .bind(end.intention.as_slice())
        .bind(signed(end.signatures.len() as u64))
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Ended)?;
    insert_signatures(connection, end.activation, &end.signatures).await?;
    leaf::insert(connection, &end.leaves).await
}

const SIGNATURES: &str = "INSERT INTO signature (session, document, activation, position, profile, value) ";

async fn insert_signatures(
    connection: &mut Connection,
    activation: Id<word::Activation>,
    rows: &[SignatureRow],
) -> Result<(), JournalError> {
    let mut position = 0_i64;
    for chunk in rows.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new(SIGNATURES);
        query.push_values(chunk, |mut values, row| {
            values
                .push_bind(row.occurrence.session.as_bytes().to_vec())
                .push_bind(row.occurrence.document.as_bytes().to_vec())
                .push_bind(activation.as_bytes().to_vec())
                .push_bind(position)
                .push_bind(row.signature.profile().name())
                .push_bind(row.signature.as_bytes());
            position += 1;
        });
        query
            .build()
            .execute(&mut *connection)
            .await
            .map_err(|error| meaning(&error))?;
    }
    Ok(())
}

pub(crate) const FAIL: &str =
    "UPDATE activation SET state = 'failed', ended_at = $1 WHERE id = $2 AND state = 'reserved'";

/// The end without a signature.
pub(crate) async fn fail(
    connection: &mut Connection,
    id: Id<word::Activation>,
    row: &LeafRow,
) -> Result<u64, JournalError> {
    let done = sqlx::query(FAIL)
        .bind(row.leaf.at.micros())
        .bind(id.as_bytes().as_slice())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    exactly_one(done.rows_affected(), JournalError::Ended)?;
    leaf::insert(connection, core::slice::from_ref(row)).await
}

pub(crate) const CASE: &str = concat!(
    "SELECT h.session AS challenge_session, h.credential AS challenge_credential, h.salt AS challenge_salt, \
     h.argon2_memory AS challenge_memory, h.argon2_passes AS challenge_passes, h.issued_at, h.expires_at, \
     h.tag AS challenge_tag, \
     EXISTS (SELECT 1 FROM activation a WHERE a.nonce = h.nonce) AS activated, \
     EXISTS (SELECT 1 FROM activation a WHERE a.assertion = $2 AND a.state = 'signed') AS assertion_activated, \
     EXISTS (SELECT 1 FROM enrolment x WHERE x.assertion = $2) AS assertion_enrolled, \
     e.request AS enrolment_request, e.credential AS enrolment_credential, e.receipt AS enrolment_receipt, \
     k.public_key AS enrolment_key, ",
    credential_columns!(),
    " FROM challenge h LEFT JOIN enrolment e ON e.nonce = h.nonce LEFT JOIN credential k ON k.id = e.credential \
     LEFT JOIN credential c ON c.id = h.credential",
    last_leaf!(),
    " WHERE h.nonce = $1"
);

/// All that an answer to a challenge is judged by.
pub(crate) async fn case(
    connection: &mut Connection,
    nonce: Nonce,
    assertion: Id<word::Assertion>,
) -> Result<Option<Case>, JournalError> {
    let found = sqlx::query(CASE)
        .bind(nonce.as_bytes().as_slice())
        .bind(assertion.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let Some(found) = found else { return Ok(None) };
    let row = Row::new(&found, "challenge", "case");
    let enrolled = enrolment::read(&found, nonce)?;
    let credential = match row.plain::<Option<Vec<u8>>>("id")? {
        None => None,
        Some(_) => Some(credential::read(&found, row.id("id")?)?),
    };
    Ok(Some(Case {
        challenge: challenge::read(&found, nonce)?,
        spent: row.plain::<bool>("activated")? || enrolled.is_some(),
        assertion_activated: row.plain("assertion_activated")?,
        enrolled,
        assertion_enrolled: row.plain("assertion_enrolled")?,
        credential,
    }))
}

pub(crate) const BY_NONCE: &str = "SELECT id, session, state FROM activation WHERE nonce = $1";
pub(crate) const SIGNED: &str =
    "SELECT document, profile, value FROM signature WHERE activation = $1 ORDER BY position";

/// What became of the Activation that spent a nonce.
pub(crate) async fn outcome(connection: &mut Connection, nonce: Nonce) -> Result<Outcome, JournalError> {
    let found = sqlx::query(BY_NONCE)
        .bind(nonce.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await;
    let Some(found) = found.map_err(|error| meaning(&error))? else {
        return Ok(Outcome::Unknown);
    };
    let row = Row::new(&found, "activation", "by nonce");
    let (activation, session) = (row.id("id")?, row.id("session")?);
    match row.plain::<String>("state")?.as_str() {
        "reserved" => return Ok(Outcome::Pending),
        "failed" => return Ok(Outcome::Failed),
        "signed" => {}
        _ => return Err(row.fault("state")),
    }
    let rows = sqlx::query(SIGNED)
        .bind(activation.as_bytes().as_slice())
        .fetch_all(&mut *connection)
        .await;
    let mut signatures = Vec::new();
    for row in &rows.map_err(|error| meaning(&error))? {
        let row = Row::new(row, "signature", activation);
        let profile = row.parsed("profile", |name: String| SignatureProfile::parse(&name).ok())?;
        let signature = RawSignature::from_token(profile, row.plain("value")?);
        signatures.push((
            Occurrence {
                session,
                document: row.id("document")?,
            },
            signature,
        ));
    }
    Ok(Outcome::Signed(SignedBatch {
        activation,
        signatures,
    }))
}

pub(crate) const INTERRUPTED: &str = "SELECT a.id, a.credential, c.client, c.pseudonym FROM activation a \
     JOIN credential c ON c.id = a.credential \
     WHERE a.state = 'reserved' AND a.boot <> $1 AND a.reserved_at < $2 ORDER BY a.id LIMIT 10000";

/// Reserved Activations that no living supervisor will end.
pub(crate) async fn interrupted(
    connection: &mut Connection,
    boot: Id<word::Boot>,
    before: Time,
) -> Result<Vec<Interrupted>, JournalError> {
    let rows = sqlx::query(INTERRUPTED)
        .bind(boot.as_bytes().as_slice())
        .bind(before.micros())
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    let read = |row| {
        let row = Row::new(row, "activation", "interrupted");
        Ok(Interrupted {
            activation: row.id("id")?,
            credential: row.id("credential")?,
            client: row.parsed("client", |text: String| text.parse().ok())?,
            pseudonym: row.bytes("pseudonym")?,
        })
    };
    rows.iter().map(read).collect()
}
