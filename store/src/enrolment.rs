//! Enrolments: a nonce and an assertion become a Credential, once.

use domain::{Nonce, base64url};
use hsm::{EnrolmentRow, JournalError, NewEnrolment};

use super::{
    credential,
    dialect::{Columns, Connection},
    leaf,
    read::Row,
};
use crate::fault::meaning;

const INSERT: &str = "INSERT INTO enrolment (nonce, assertion, session, request, credential, receipt, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// The Credential, its Enrolment and its leaf.
pub(crate) async fn insert(connection: &mut Connection, new: &NewEnrolment) -> Result<u64, JournalError> {
    credential::insert(connection, &new.record, new.tag, (new.at, "enrol")).await?;
    sqlx::query(INSERT)
        .bind(new.nonce.as_bytes().as_slice())
        .bind(new.assertion.as_bytes().as_slice())
        .bind(new.session.as_bytes().as_slice())
        .bind(new.row.request.as_slice())
        .bind(new.row.credential.as_bytes().as_slice())
        .bind(new.row.receipt.as_str())
        .bind(new.at.micros())
        .execute(&mut *connection)
        .await
        .map_err(|error| meaning(&error))?;
    leaf::insert(connection, core::slice::from_ref(&new.leaf)).await
}

/// The Enrolment that spent a nonce, from columns called `enrolment_…`.
pub(crate) fn read(row: &Columns, nonce: Nonce) -> Result<Option<EnrolmentRow>, JournalError> {
    let row = Row::new(row, "enrolment", base64url(nonce.as_bytes()));
    if row.plain::<Option<String>>("enrolment_receipt")?.is_none() {
        return Ok(None);
    }
    Ok(Some(EnrolmentRow {
        request: row.bytes("enrolment_request")?,
        credential: row.id("enrolment_credential")?,
        public_key: row.present("enrolment_key")?,
        receipt: row.present("enrolment_receipt")?,
    }))
}
