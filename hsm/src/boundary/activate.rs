//! `activate`: the one way to a Client's signature.
//!
//! Judge, open, compare, reserve, use, settle. Until `reserve` nothing has changed; from then on the nonce is
//! spent and the attempt counted, whatever happens. Signatures exist once `settle` is committed; until then they
//! have left no memory but ours, so a lost worker is asked again and a lost supervisor leaves a failed Activation.

use domain::{
    Assertion, Digest, Id, LeafKind, Sad, SealedError, Sealing, ShownDocument, SignatureProfile, Time,
    base64url, word,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Inner, judge,
    leaves::{About, leaf},
    refused,
    rows::{self, journal_fault},
    unexpected,
};
use crate::{
    ActivateError, ActivateRequest, ActivationRow, Case, Certificate, Clock, CredentialRecord, CredentialRow,
    Expected, Journal, JournalError, KeyMaterial, KeyName, KeyRole, Kind, LeafRow, Occurrence, RawSignature,
    Reservation, Settlement, SignatureRow, SignedBatch, Tag, ToBeSigned, Unavailable, Update,
    secret_bytes::SecretBytes,
    worker::{Answer, Ask, Blob, Refusal, UseAsk},
};

/// How often a row that others changed meanwhile is read again.
const ROUNDS: usize = 16;

pub(super) async fn activate<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: ActivateRequest,
) -> Result<SignedBatch, ActivateError> {
    inner.not_behind()?;
    let now = inner.clock.now();
    let assertion = inner.assertion(&request.assertion)?;
    let case = inner
        .journal
        .case(request.nonce, assertion.id)
        .await
        .map_err(journal_fault)?;
    let result = match &case {
        None => Err(ActivateError::UnknownNonce),
        Some(case) => attempt(inner, &request, &assertion, case, now).await,
    };
    if let Err(error) = &result {
        record_refusal(inner, &request, &assertion, case.as_ref(), error, now).await?;
    }
    result
}

/// What the Ledger learns of a refusal. Only callers with a genuine assertion can make it grow.
#[derive(Serialize)]
struct RefusedContent<'a> {
    session: Id<word::Session>,
    assertion: Id<word::Assertion>,
    nonce: String,
    reason: &'a str,
}

async fn record_refusal<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    assertion: &Assertion,
    case: Option<&Case>,
    error: &ActivateError,
    now: Time,
) -> Result<(), ActivateError> {
    let tampered = matches!(error, ActivateError::Unavailable(Unavailable::Tampered { .. }));
    // A wrong password ends its Activation, whose own leaf says so.
    let recorded = matches!(error, ActivateError::WrongPassword { .. });
    if recorded || (error.kind() != Kind::Refusal && !tampered) {
        return Ok(());
    }
    let record = case
        .and_then(|case| case.credential.as_ref())
        .map(|row| &row.record);
    let about = record.map_or(
        About {
            client: Some(assertion.client),
            ..About::HOUSE
        },
        About::owner,
    );
    let reason = error.to_string();
    let content = RefusedContent {
        session: assertion.session,
        assertion: assertion.id,
        nonce: base64url(request.nonce.as_bytes()),
        reason: &reason,
    };
    let leaf = leaf(LeafKind::Refused, now, about, &content, None)?;
    inner.advanced(inner.journal.append(vec![leaf]).await.map_err(journal_fault)?);
    Ok(())
}

async fn attempt<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    assertion: &Assertion,
    case: &Case,
    now: Time,
) -> Result<SignedBatch, ActivateError> {
    if !judge::fresh(assertion, now, &inner.policy.freshness) {
        return Err(ActivateError::AssertionStale);
    }
    judge::challenge(case, assertion, now)?;
    let id = judge::credential(case, assertion, now)?.record.id;
    let reserved = reserve(inner, request, assertion, id, now).await?;
    let used = use_key(inner, &reserved).await;
    match used {
        Ok(used) => settle(inner, reserved, used, assertion).await,
        Err(error) => Err(end(inner, &reserved, assertion, error, now).await?),
    }
}

/// An Activation whose attempt is counted and whose intention is committed.
struct Reserved {
    record: CredentialRecord,
    activation: ActivationRow,
    sad: Sad,
    profile: SignatureProfile,
    list: Vec<(Occurrence, Vec<Id<word::Document>>, Digest)>,
    /// The record as it will be once all is signed, if nobody else changes it meanwhile.
    settled: CredentialRecord,
}

async fn reserve<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: &ActivateRequest,
    assertion: &Assertion,
    id: Id<word::Credential>,
    now: Time,
) -> Result<Reserved, ActivateError> {
    let turn = inner.turn(id);
    let _turn = turn.lock().await;
    for _ in 0..ROUNDS {
        let case = inner
            .journal
            .case(request.nonce, assertion.id)
            .await
            .map_err(journal_fault)?;
        let case = case.ok_or(ActivateError::UnknownNonce)?;
        judge::challenge(&case, assertion, now)?;
        let row = judge::credential(&case, assertion, now)?;
        let attempts = row
            .record
            .attempts
            .reserve(now, &inner.policy.lockout)
            .map_err(judge::locked)?;
        let record = row.record.next(|record| record.attempts = attempts);
        let (sad, tag) = open(inner, request, &case, row, &record).await?;
        let list = compare(request, &sad, assertion, row, inner, now)?;
        let activation = ActivationRow {
            id: Id::from_random(now, inner.random().await?),
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
            Err(JournalError::Conflict) => {}
            Err(JournalError::NonceSpent) => return Err(ActivateError::Replayed),
            Err(error) => return Err(journal_fault(error).into()),
        }
    }
    Err(journal_fault(JournalError::Conflict).into())
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
        Answer::Refused(refusal) => return Err(refused(refusal).into()),
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
) -> Result<Vec<(Occurrence, Vec<Id<word::Document>>, Digest)>, ActivateError> {
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
        list.push((
            Occurrence {
                session: assertion.session,
                document: first,
            },
            documents.clone(),
            digest,
        ));
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
fn intention(profile: SignatureProfile, list: &[(Occurrence, Vec<Id<word::Document>>, Digest)]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"tamga/intention/1");
    hash.update(profile.name());
    for (occurrence, _, digest) in list {
        hash.update(occurrence.session.as_bytes());
        hash.update(occurrence.document.as_bytes());
        hash.update(digest.as_bytes());
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

/// What the token gave back.
struct Used {
    signatures: Vec<Vec<u8>>,
    tag: Option<Tag>,
    rewrapped: Option<Blob>,
}

async fn use_key<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    reserved: &Reserved,
) -> Result<Used, ActivateError> {
    let KeyMaterial::Wrapped {
        kdk, blob, verifier, ..
    } = &reserved.record.material
    else {
        return Err(ActivateError::Destroyed);
    };
    let newest = inner.keys().newest(KeyRole::Kdk)?.version;
    let ask = UseAsk {
        key: reserved.record.id,
        algorithm: reserved.record.algorithm,
        secret: SecretBytes::of(&reserved.sad.secret),
        verifier: verifier.clone(),
        wrapped: Blob {
            version: *kdk,
            bytes: blob.clone(),
        },
        rewrap_to: (newest != *kdk).then_some(newest),
        profile: reserved.profile,
        digests: reserved.list.iter().map(|(_, _, digest)| *digest).collect(),
        make: vec![reserved.settled.tagged_bytes()],
    };
    match inner
        .signing
        .ask(Ask::Use(ask))
        .await
        .map_err(Unavailable::from)?
    {
        Answer::Used {
            signatures,
            tags,
            rewrapped,
        } if signatures.len() == reserved.list.len() => Ok(Used {
            signatures,
            tag: tags.first().copied(),
            rewrapped,
        }),
        Answer::Refused(Refusal::WrongPassword) => Err(ActivateError::WrongPassword {
            left: reserved.record.attempts.left(&inner.policy.lockout),
        }),
        Answer::Refused(Refusal::BlobRefused | Refusal::NoVerifier) => {
            Err(rows::tampered_credential(&reserved.record).into())
        }
        Answer::Refused(refusal) => Err(refused(refusal).into()),
        _ => Err(unexpected("signatures").into()),
    }
}

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

async fn settle<J: Journal, C: Clock>(
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
        .map(|((occurrence, _, _), bytes)| SignatureRow {
            occurrence: *occurrence,
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
                next = (again(inner, &reserved, used.rewrapped.as_ref(), now).await?, None)
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
    let leaf_of = |(position, (occurrence, documents, digest)): (usize, &(Occurrence, Vec<_>, Digest))| {
        let content = SignedContent {
            activation: reserved.activation.id,
            session: occurrence.session,
            assertion: reserved.activation.assertion,
            credential: record.id,
            documents,
            profile: reserved.profile,
            signed: digest.to_string(),
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

/// Ends a reserved Activation without a signature; the attempt stays counted.
async fn end<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    reserved: &Reserved,
    assertion: &Assertion,
    error: ActivateError,
    now: Time,
) -> Result<ActivateError, ActivateError> {
    let reason = error.to_string();
    let content = RefusedContent {
        session: assertion.session,
        assertion: assertion.id,
        nonce: base64url(reserved.activation.nonce.as_bytes()),
        reason: &reason,
    };
    let kind = if error.kind() == Kind::Refusal {
        LeafKind::Refused
    } else {
        LeafKind::Interrupted
    };
    let leaf = leaf(kind, now, About::owner(&reserved.record), &content, None)?;
    match inner.journal.fail(reserved.activation.id, leaf).await {
        Ok(head) => inner.advanced(head),
        Err(JournalError::Ended) => {}
        Err(fault) => return Err(journal_fault(fault).into()),
    }
    Ok(error)
}
