//! From a judged request to a reserved Activation: everything belongs together, and it is written down before the act.

use domain::{
    Assertion, Digest, Id, LeafKind, Sad, SealedError, Sealing, ShownDocument, SignatureProfile, Time,
    base64url, word,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    super::{
        Inner, chance, judge,
        leaves::{About, leaf},
        refused,
        rows::{self, journal_fault},
        unexpected,
    },
    ROUNDS,
};
use crate::{
    ActivateError, ActivateRequest, ActivationRow, Case, Certificate, Clock, CredentialRecord, CredentialRow,
    Expected, Journal, JournalError, KeyName, KeyRole, LeafRow, Occurrence, Reservation, Tag, ToBeSigned,
    Unavailable, Update,
    worker::{Answer, Ask, Refusal},
};

/// One thing to be signed, after it was compared with what was shown.
pub(super) struct Listed {
    pub(super) occurrence: Occurrence,
    pub(super) documents: Vec<Id<word::Document>>,
    pub(super) digest: Digest,
}

/// An Activation whose attempt is counted and whose intention is committed.
pub(super) struct Reserved {
    pub(super) record: CredentialRecord,
    pub(super) activation: ActivationRow,
    pub(super) sad: Sad,
    pub(super) profile: SignatureProfile,
    pub(super) list: Vec<Listed>,
    /// The record as it will be once all is signed, if nobody else changes it meanwhile.
    pub(super) settled: CredentialRecord,
}

/// Counts the attempt, spends the nonce, commits the intention.
pub(super) async fn reserve<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    assertion: &Assertion,
    case: &Case,
    now: Time,
) -> Result<Reserved, ActivateError> {
    let id = judge::credential(case, assertion, now)?.record.id;
    let turn = inner.turn(id);
    // Whoever has to wait for the turn finds the row changed, and reads it again at once.
    let (_turn, mut known) = match turn.try_lock() {
        Ok(turn) => (turn, Some(case.clone())),
        Err(_) => (turn.lock().await, None),
    };
    let mut behind = None;
    for _ in 0..ROUNDS {
        let case = match known.take() {
            Some(case) => case,
            None => again(inner, request, assertion).await?,
        };
        judge::challenge(&case, assertion, now)?;
        let row = judge::credential(&case, assertion, now)?;
        if inner.versions.went_back(&row.record) {
            // Read before another attempt was committed, or put back: reading again tells.
            behind = Some(rows::tampered_credential(&row.record));
            continue;
        }
        let attempts = row
            .record
            .attempts
            .reserve(now, &inner.policy.lockout)
            .map_err(judge::locked)?;
        let record = row.record.next(|record| record.attempts = attempts);
        let (sad, tag) = open(inner, request, &case, row, &record).await?;
        let list = compare(request, &sad, assertion, row, inner, now)?;
        let activation = ActivationRow {
            id: Id::from_random(now, chance()?),
            boot: inner.boot,
            nonce: request.nonce,
            assertion: assertion.id,
            session: assertion.session,
            credential: id,
            attempt: attempts.tries,
            intention: intention(request.profile, &list),
            count: u32::try_from(list.len()).unwrap_or(u32::MAX),
            reserved_at: now,
        };
        let leaf = attempted(&record, &activation, tag, now)?;
        let update = Update {
            record: record.clone(),
            tag,
            leaf,
            at: now,
            by: "activate",
        };
        match inner
            .journal
            .reserve(Reservation {
                update,
                activation: activation.clone(),
            })
            .await
        {
            Ok(head) => {
                inner.advanced(head);
                inner.versions.wrote(&record);
                let settled = record.next(|record| {
                    record.attempts = record.attempts.cleared(activation.attempt);
                    record.used_at = Some(now);
                });
                return Ok(Reserved {
                    record,
                    activation,
                    sad,
                    profile: request.profile,
                    list,
                    settled,
                });
            }
            Err(JournalError::Conflict) => behind = None,
            Err(JournalError::NonceSpent) => return Err(ActivateError::Replayed),
            Err(error) => return Err(journal_fault(error).into()),
        }
    }
    Err(behind
        .unwrap_or_else(|| journal_fault(JournalError::Conflict))
        .into())
}

async fn again<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    assertion: &Assertion,
) -> Result<Case, ActivateError> {
    let case = inner
        .journal
        .case(request.nonce, assertion.id)
        .await
        .map_err(journal_fault)?;
    case.ok_or(ActivateError::UnknownNonce)
}

/// One frame: both rows are genuine, the Sad opens, and the row with the counted attempt gets its tag.
async fn open<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    case: &Case,
    row: &CredentialRow,
    next: &CredentialRecord,
) -> Result<(Sad, Tag), ActivateError> {
    let known = KeyName::parse_kid(request.sad.kid());
    if !known.is_some_and(|name| name.role == KeyRole::Activation && inner.keys().holds(name)) {
        return Err(ActivateError::SadKey);
    }
    let ask = Ask::Open {
        sealed: request.sad.clone(),
        info: Sealing::Sad.info(case.challenge.session, &case.challenge.nonce),
        check: vec![rows::current(row)?, rows::challenge(&case.challenge)],
        make: vec![next.tagged_bytes()],
    };
    let (plaintext, tags) = match inner.signing.ask(ask).await.map_err(Unavailable::from)? {
        Answer::Opened { plaintext, tags } => (plaintext, tags),
        Answer::Refused(Refusal::Unopened) => return Err(SealedError::Field.into()),
        Answer::Refused(Refusal::Tag { position: 0 }) => {
            return Err(rows::tampered_credential(&row.record).into());
        }
        Answer::Refused(Refusal::Tag { .. }) => {
            let row = format!("challenge {}", base64url(case.challenge.nonce.as_bytes()));
            return Err(Unavailable::Tampered { row }.into());
        }
        Answer::Refused(refusal) => return Err(refused(&refusal).into()),
        _ => return Err(unexpected("an opened message").into()),
    };
    let sad = Sad::parse(&plaintext.0)?;
    let tag = tags.first().copied().ok_or_else(|| unexpected("tags"))?;
    Ok((sad, tag))
}

/// Sad, assertion, challenge and Credential belong together, and the list is what was shown: all of it, once.
fn compare<J: Journal, C: Clock>(
    request: &ActivateRequest,
    sad: &Sad,
    assertion: &Assertion,
    row: &CredentialRow,
    inner: &Inner<J, C>,
    now: Time,
) -> Result<Vec<Listed>, ActivateError> {
    if sad.session != assertion.session || sad.nonce != request.nonce {
        return Err(ActivateError::AnotherSession);
    }
    if sad.credential != row.record.id {
        return Err(ActivateError::AnotherCredential);
    }
    let skew = inner.policy.freshness.clock_skew;
    let oldest = now.minus(inner.policy.freshness.nonce_life).minus(skew);
    if sad.issued_at < oldest || sad.issued_at > now.plus(skew) {
        return Err(ActivateError::SadTime);
    }
    let profile = request.profile;
    if !profile.fits(row.record.algorithm) || !inner.policy.algorithms.admits_profile(profile) {
        return Err(ActivateError::Profile(profile));
    }
    let Certificate::Active { sha256, .. } = row.record.certificate else {
        return Err(ActivateError::NotCertified);
    };
    let mut shown = sad.documents.as_slice();
    let mut list = Vec::with_capacity(request.list.len());
    for (position, (documents, structure)) in request.list.iter().enumerate() {
        let (covered, rest) = shown
            .split_at_checked(documents.len())
            .ok_or(ActivateError::AnotherDocument)?;
        shown = rest;
        let digest =
            check(documents, structure, covered, profile, &sha256).map_err(|error| error.at(position))?;
        let first = *documents.first().ok_or(ActivateError::AnotherDocument)?;
        let occurrence = Occurrence {
            session: assertion.session,
            document: first,
        };
        list.push(Listed {
            occurrence,
            documents: documents.clone(),
            digest,
        });
    }
    if list.is_empty() || !shown.is_empty() {
        return Err(ActivateError::AnotherDocument);
    }
    Ok(list)
}

/// Why one structure of the list is not what was shown.
enum Unlike {
    Documents,
    Structure(crate::TbsError),
}

impl Unlike {
    fn at(self, position: usize) -> ActivateError {
        match self {
            Self::Documents => ActivateError::AnotherDocument,
            Self::Structure(reason) => ActivateError::Structure {
                position: u32::try_from(position).unwrap_or(u32::MAX),
                reason,
            },
        }
    }
}

fn check(
    documents: &[Id<word::Document>],
    structure: &ToBeSigned,
    covered: &[ShownDocument],
    profile: SignatureProfile,
    certificate: &[u8; 32],
) -> Result<Digest, Unlike> {
    if covered.iter().map(|shown| shown.id).ne(documents.iter().copied()) {
        return Err(Unlike::Documents);
    }
    let shown: Vec<Digest> = covered.iter().map(|shown| shown.digest).collect();
    structure
        .check(&Expected {
            shown: &shown,
            profile,
            certificate,
        })
        .map_err(Unlike::Structure)
}

/// What is about to be signed, in one hash.
pub(super) fn intention(profile: SignatureProfile, list: &[Listed]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"tamga/intention/1");
    hash.update(profile.name());
    for thing in list {
        hash.update(thing.occurrence.session.as_bytes());
        hash.update(thing.occurrence.document.as_bytes());
        hash.update(thing.digest.as_bytes());
    }
    hash.finalize().into()
}

#[derive(Serialize)]
struct AttemptedContent<'a> {
    activation: Id<word::Activation>,
    session: Id<word::Session>,
    assertion: Id<word::Assertion>,
    nonce: String,
    attempt: u64,
    count: u32,
    intention: &'a str,
}

fn attempted(
    record: &CredentialRecord,
    activation: &ActivationRow,
    tag: Tag,
    now: Time,
) -> Result<LeafRow, Unavailable> {
    let content = AttemptedContent {
        activation: activation.id,
        session: activation.session,
        assertion: activation.assertion,
        nonce: base64url(activation.nonce.as_bytes()),
        attempt: activation.attempt,
        count: activation.count,
        intention: &base64url(&activation.intention),
    };
    leaf(
        LeafKind::Attempted,
        now,
        About::owner(record),
        &content,
        Some((record.version, tag)),
    )
}
