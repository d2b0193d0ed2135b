//! Service keys, document keys and how the boundary is.

use domain::{KeyAlgorithm, LeafKind};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    Inner,
    leaves::{About, leaf},
    refused,
    rows::journal_fault,
    unexpected,
};
use crate::{
    Clock, Journal, KeyName, KeyRole, ServiceKey, ServiceKeyError, SignAsError, SignAsRequest, Status,
    TokenKeyRow, Unavailable,
    secret_bytes::SecretBytes,
    worker::{Answer, Ask, Blob, Pool, SignAsAsk},
};

pub(super) async fn sign_as<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    request: SignAsRequest,
) -> Result<Vec<u8>, SignAsError> {
    if request.digest.algorithm() != request.profile.hash() {
        return Err(SignAsError::Digest);
    }
    let role = KeyRole::Service(request.key);
    let key = match request.version {
        None => inner.keys().newest(role)?,
        Some(version) if inner.keys().holds(KeyName::new(role, version)) => KeyName::new(role, version),
        Some(version) => return Err(Unavailable::NoSuchKey(KeyName::new(role, version)).into()),
    };
    let ask = SignAsAsk {
        key,
        profile: request.profile,
        digest: request.digest,
    };
    match inner.signatures.sign(ask).await.map_err(Unavailable::from)? {
        Answer::Signature(signature) => Ok(signature),
        Answer::Refused(crate::worker::Refusal::Role(_)) => Err(SignAsError::Profile(request.profile)),
        Answer::Refused(refusal) => Err(refused(&refusal).into()),
        _ => Err(unexpected("a signature").into()),
    }
}

#[derive(Serialize)]
struct MadeContent<'a> {
    key: &'a str,
    version: u32,
}

pub(super) async fn make<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    key: ServiceKey,
    algorithm: KeyAlgorithm,
) -> Result<(u32, Vec<u8>), ServiceKeyError> {
    let _one = inner.rotations.lock().await;
    let now = inner.clock.now();
    let role = KeyRole::Service(key);
    let version = inner.keys().newest(role).map_or(1, |name| name.version + 1);
    let name = KeyName::new(role, version);
    let made = match inner
        .service
        .ask(Ask::MakeKey {
            name,
            algorithm: Some(algorithm),
        })
        .await
        .map_err(Unavailable::from)?
    {
        Answer::KeyMade(Some(public_key)) => public_key,
        Answer::Refused(refusal) => return Err(refused(&refusal).into()),
        _ => return Err(unexpected("a new key").into()),
    };
    let hello = inner.service.refresh().await.map_err(Unavailable::from)?;
    inner.take_over(hello, true);
    let content = MadeContent {
        key: key.name(),
        version,
    };
    let leaf = leaf(LeafKind::ServiceKeyMade, now, About::HOUSE, &content, None)?;
    let row = TokenKeyRow {
        name,
        made_at: now,
        retired_at: None,
        destroyed_at: None,
        public_key: Some(made.clone()),
        certificate: None,
    };
    inner.advanced(
        inner
            .journal
            .keep_token_key(row, leaf)
            .await
            .map_err(journal_fault)?,
    );
    Ok((version, made))
}

pub(super) async fn wrap_document_key<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    key: Zeroizing<[u8; 32]>,
) -> Result<(u32, Vec<u8>), Unavailable> {
    let version = inner.keys().newest(KeyRole::Documents)?.version;
    let key = SecretBytes(Zeroizing::new(key.to_vec()));
    match inner.signing.ask(Ask::WrapDocumentKey { version, key }).await? {
        Answer::DocumentKeyWrapped(blob) => Ok((blob.version, blob.bytes)),
        Answer::Refused(refusal) => Err(refused(&refusal)),
        _ => Err(unexpected("a wrapped key")),
    }
}

pub(super) async fn unwrap_document_key<J: Journal, C: Clock>(
    inner: &Inner<J, C>,
    version: u32,
    bytes: Vec<u8>,
) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
    match inner
        .signing
        .ask(Ask::UnwrapDocumentKey(Blob { version, bytes }))
        .await?
    {
        Answer::DocumentKey(key) => key
            .0
            .as_slice()
            .try_into()
            .map(Zeroizing::new)
            .map_err(|_| unexpected("a document key")),
        Answer::Refused(refusal) => Err(refused(&refusal)),
        _ => Err(unexpected("a document key")),
    }
}

pub(super) async fn status<J: Journal, C: Clock>(inner: &Inner<J, C>) -> Result<Status, Unavailable> {
    let mut healthy = inner.not_behind().is_ok();
    for lane in [&inner.signing, &inner.making, &inner.service] {
        healthy &= matches!(lane.ask(Ask::Health).await, Ok(Answer::Done));
    }
    let figures = [&inner.signing, &inner.making, &inner.service].map(Pool::figures);
    Ok(Status {
        token: inner.token.clone(),
        healthy,
        missing: inner.missing.clone(),
        workers: figures.iter().map(|(_, _, workers)| workers).sum(),
        replaced: figures.iter().map(|(replaced, _, _)| replaced).sum(),
        worker_memory_kib: figures.iter().map(|(_, largest, _)| *largest).max().unwrap_or(0),
        leaves: inner.journal.head().await.map_err(journal_fault)?.position,
        service_keys: inner.keys().services(),
        time: inner.clock.now(),
    })
}
