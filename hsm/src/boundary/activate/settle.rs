//! From what the token gave back to signatures that exist: rows, leaves and the cleared attempt in one transaction.

use domain::{Assertion, Id, LeafKind, SignatureProfile, Time, word};
use serde::Serialize;

use super::{
    super::{
        Inner,
        leaves::{About, leaf},
        rows::{self, journal_fault},
    },
    ROUNDS, Used, end,
    reserve::{Listed, Reserved, intention},
};
use crate::{
    ActivateError, Clock, CredentialRecord, Journal, JournalError, KeyMaterial, LeafRow, RawSignature,
    Settlement, SignatureRow, SignedBatch, Tag, Unavailable, worker::Blob,
};

#[derive(Serialize)]
struct SignedContent<'a> {
    activation: Id<word::Activation>,
    session: Id<word::Session>,
    assertion: Id<word::Assertion>,
    credential: Id<word::Credential>,
    documents: &'a [Id<word::Document>],
    profile: SignatureProfile,
    signed: String,
}

/// Makes the signatures exist, all or none.
pub(super) async fn settle<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    reserved: Reserved,
    used: Used,
    assertion: &Assertion,
) -> Result<SignedBatch, ActivateError> {
    let now = inner.clock.now();
    let signatures: Vec<SignatureRow> = reserved
        .list
        .iter()
        .zip(used.signatures)
        .map(|(thing, bytes)| SignatureRow {
            occurrence: thing.occurrence,
            signature: RawSignature::from_token(reserved.profile, bytes),
        })
        .collect();
    let mut next = (
        reserved.settled.clone(),
        used.tag.filter(|_| used.rewrapped.is_none()),
    );
    if let Some(blob) = &used.rewrapped {
        next.0 = rewrapped(next.0, blob);
    }
    for _ in 0..ROUNDS {
        let (record, tag) = next;
        let tag = match tag {
            Some(tag) => tag,
            None => inner.tag(None, &record).await?,
        };
        let written = record.clone();
        let settlement = Settlement {
            tag,
            activation: reserved.activation.id,
            intention: intention(reserved.profile, &reserved.list),
            signatures: signatures.clone(),
            leaves: signed_leaves(&reserved, &record, tag, now)?,
            at: now,
            record,
        };
        match inner.journal.settle(settlement).await {
            Ok(head) => {
                inner.advanced(head);
                inner.versions.wrote(&written);
                let signatures = signatures
                    .into_iter()
                    .map(|row| (row.occurrence, row.signature))
                    .collect();
                return Ok(SignedBatch {
                    activation: reserved.activation.id,
                    signatures,
                });
            }
            Err(JournalError::Conflict) => {
                next = (again(inner, &reserved, used.rewrapped.as_ref(), now).await?, None);
            }
            Err(error) => {
                let error = match error {
                    JournalError::AssertionSpent => ActivateError::AssertionSpent,
                    JournalError::AlreadySigned => ActivateError::AlreadySigned,
                    JournalError::Ended => return Err(ActivateError::Interrupted),
                    JournalError::Conflict
                    | JournalError::NonceSpent
                    | JournalError::Unreadable { .. }
                    | JournalError::Database(_) => journal_fault(error).into(),
                };
                return Err(end(inner, &reserved, assertion, error, now).await?);
            }
        }
    }
    Err(end(inner, &reserved, assertion, ActivateError::Interrupted, now).await?)
}

/// The settled record, built anew on what others made of the row meanwhile.
async fn again<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    reserved: &Reserved,
    blob: Option<&Blob>,
    now: Time,
) -> Result<CredentialRecord, ActivateError> {
    let row = inner
        .journal
        .credential(reserved.record.id)
        .await
        .map_err(journal_fault)?;
    let row = row.ok_or_else(|| rows::tampered_credential(&reserved.record))?;
    inner.tags(Some(&row), Vec::new()).await?;
    if matches!(row.record.material, KeyMaterial::Destroyed { .. }) {
        return Err(ActivateError::Destroyed);
    }
    let record = row.record.next(|record| {
        record.attempts = record.attempts.cleared(reserved.activation.attempt);
        record.used_at = Some(now);
    });
    Ok(match blob {
        Some(blob) => rewrapped(record, blob),
        None => record,
    })
}

fn rewrapped(mut record: CredentialRecord, new: &Blob) -> CredentialRecord {
    if let KeyMaterial::Wrapped { kdk, blob, .. } = &mut record.material {
        *kdk = new.version;
        blob.clone_from(&new.bytes);
    }
    record
}

fn signed_leaves(
    reserved: &Reserved,
    record: &CredentialRecord,
    tag: Tag,
    now: Time,
) -> Result<Vec<LeafRow>, Unavailable> {
    let about = About::owner(record);
    let last = reserved.list.len().saturating_sub(1);
    let leaf_of = |(position, thing): (usize, &Listed)| {
        let content = SignedContent {
            activation: reserved.activation.id,
            session: thing.occurrence.session,
            assertion: reserved.activation.assertion,
            credential: record.id,
            documents: &thing.documents,
            profile: reserved.profile,
            signed: thing.digest.to_string(),
        };
        leaf(
            LeafKind::Signed,
            now,
            about,
            &content,
            (position == last).then_some((record.version, tag)),
        )
    };
    reserved.list.iter().enumerate().map(leaf_of).collect()
}
