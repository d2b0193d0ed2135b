//! `activate`: the one way to a Client's signature.
//!
//! Judge, open, compare, reserve, use, settle. Until `reserve` nothing has changed; from then on the nonce is
//! spent and the attempt counted, whatever happens. Signatures exist once `settle` is committed; until then they
//! have left no memory but ours, so a lost worker is asked again and a lost supervisor leaves a failed Activation.

mod reserve;
mod settle;

use domain::{Assertion, Id, LeafKind, Time, base64url, word};
use serde::Serialize;

use self::{
    reserve::{Reserved, reserve},
    settle::settle,
};
use super::{
    Inner, judge,
    leaves::{About, leaf},
    parts, refused,
    rows::{self, journal_fault},
    unexpected,
};
use crate::{
    ActivateError, ActivateRequest, Case, Clock, Journal, JournalError, KeyMaterial, KeyRole, Kind, Part,
    SignedBatch, Tag, Unavailable,
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
    // A key whose part is gone was destroyed, whatever an older row says; nothing is counted for it.
    let id = judge::credential(case, assertion, now)?.record.id;
    let part = inner.part(id).await?.ok_or(ActivateError::Destroyed)?;
    let reserved = reserve(inner, request, assertion, case, now).await?;
    let used = use_key(inner, &reserved, &part).await;
    match used {
        Ok(used) => settle(inner, reserved, used, assertion).await,
        Err(error) => Err(end(inner, &reserved, assertion, error, now).await?),
    }
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
    part: &Part,
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
            bytes: parts::open(&reserved.record, part, blob)?,
        },
        rewrap_to: (newest != *kdk).then_some(newest),
        profile: reserved.profile,
        digests: reserved.list.iter().map(|thing| thing.digest).collect(),
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
            rewrapped: rewrapped
                .map(|blob| sealed(reserved.record.id, part, &blob))
                .transpose()?,
        }),
        Answer::Refused(Refusal::WrongPassword) => Err(ActivateError::WrongPassword {
            left: reserved.record.attempts.left(&inner.policy.lockout),
        }),
        Answer::Refused(Refusal::BlobRefused | Refusal::NoVerifier) => {
            Err(rows::tampered_credential(&reserved.record).into())
        }
        Answer::Refused(refusal) => Err(refused(&refusal).into()),
        _ => Err(unexpected("signatures").into()),
    }
}

/// A key that was wrapped anew, sealed under the part that it always had.
fn sealed(id: Id<word::Credential>, part: &Part, blob: &Blob) -> Result<Blob, Unavailable> {
    Ok(Blob {
        version: blob.version,
        bytes: parts::seal(id, part, &blob.bytes)?,
    })
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
