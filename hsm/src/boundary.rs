//! Boundary: [`Service`] itself. It judges by the Journal, owns the workers, and never sees a token.
//!
//! One file per operation. What all of them share is here: the lanes of workers, the ring of resident keys, the
//! clock, and the head of the Ledger that must never go back.

mod activate;
mod certify;
mod challenge;
mod destroy;
mod enrol;
mod judge;
mod keyring;
mod leaves;
mod mark;
mod parts;
mod pin_acts;
mod rotate;
mod rows;
mod service_keys;
mod settings;
mod start;
mod versions;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak, atomic::AtomicU64},
};

use domain::{Id, KeyAlgorithm, Nonce, SignedChallenge, word};
use policies::Policy;
use rand_core::TryRng;
use zeroize::Zeroizing;

pub use pin_acts::{PinActs, PinComponent, PinEntered, PinRefused};
pub use settings::{BoundarySettings, LaneSettings};
pub use start::StartError;

use crate::{
    ActivateError, ActivateRequest, CertifyError, CertifyRequest, ChallengeError, ChallengeRequest, Clock,
    DestroyError, DestroyRequest, EnrolError, EnrolRequest, Enrolled, Journal, Outcome, RotateError,
    RotateRequest, Rotation, Service, ServiceKey, ServiceKeyError, Shelf, SignAsError, SignAsRequest,
    SignedBatch, Status, Unavailable, VerifierMode,
    boundary::{keyring::KeyRing, mark::Memory, versions::Versions},
    worker::{Answer, Ask, Pool, Refusal, Together},
};

/// The boundary, over what it remembers and the clock that it believes.
#[derive(Debug)]
pub struct Boundary<J, C>(Arc<Inner<J, C>>);

#[derive(Debug)]
struct Inner<J, C> {
    journal: J,
    shelf: Arc<dyn Shelf>,
    clock: C,
    policy: Policy,
    verifier: VerifierMode,
    boot: Id<word::Boot>,
    challenge_certificate: String,
    /// Client keys: opens, checks, signs.
    signing: Pool,
    /// Makes keys, so that a slow prime search holds up nobody's signature.
    making: Pool,
    /// Service keys, on their own token if there is one.
    service: Pool,
    /// What service keys sign, in that lane.
    signatures: Together,
    keys: RwLock<KeyRing>,
    memory: Memory,
    versions: Versions,
    /// One at a time between reading a Credential's row and writing it; correctness rests on versions, this
    /// only spares conflicts.
    turns: Mutex<HashMap<Id<word::Credential>, Weak<tokio::sync::Mutex<()>>>>,
    missing: Vec<String>,
    token: String,
    rotations: tokio::sync::Mutex<()>,
    forgotten: AtomicU64,
}

impl<J, C> Clone for Boundary<J, C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<J: Journal, C: Clock> Inner<J, C> {
    fn keys(&self) -> std::sync::RwLockReadGuard<'_, KeyRing> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of a Credential.
    fn turn(&self, id: Id<word::Credential>) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(&id).and_then(Weak::upgrade) {
            return turn;
        }
        if turns.len() > 4_096 {
            turns.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::new(tokio::sync::Mutex::new(()));
        turns.insert(id, Arc::downgrade(&turn));
        turn
    }

    /// Random bytes from the token.
    async fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let length = u16::try_from(N).unwrap_or(u16::MAX);
        match self.signing.ask(Ask::Random(length)).await? {
            Answer::Random(bytes) => bytes
                .0
                .as_slice()
                .try_into()
                .map_err(|_| unexpected("random bytes")),
            Answer::Refused(refusal) => Err(refused(&refusal)),
            _ => Err(unexpected("random bytes")),
        }
    }
}

/// Random bytes of the system, for what must be unique and need not be secret; secrets are made by the token.
fn chance<const N: usize>() -> Result<[u8; N], Unavailable> {
    let mut bytes = [0; N];
    let drawn = getrandom::SysRng.try_fill_bytes(&mut bytes);
    drawn.map_err(|error| Unavailable::Fault(format!("no randomness from the system: {error}")))?;
    Ok(bytes)
}

/// A worker answered something else than the question asks for.
fn unexpected(what: &str) -> Unavailable {
    Unavailable::Fault(format!("a worker answered something else than {what}"))
}

/// A refusal that no caller can do anything about.
fn refused(refusal: &Refusal) -> Unavailable {
    match refusal {
        Refusal::NoKey(name) => Unavailable::NoSuchKey(*name),
        Refusal::Tag { .. }
        | Refusal::Unopened
        | Refusal::WrongPassword
        | Refusal::BlobRefused
        | Refusal::NoVerifier
        | Refusal::Role(_)
        | Refusal::Token(_) => Unavailable::Fault(refusal.to_string()),
    }
}

impl<J: Journal, C: Clock> Service for Boundary<J, C> {
    async fn challenge(&self, request: ChallengeRequest) -> Result<SignedChallenge, ChallengeError> {
        challenge::challenge(&self.0, request).await
    }

    async fn enrol(&self, request: EnrolRequest) -> Result<Enrolled, EnrolError> {
        enrol::enrol(&self.0, request).await
    }

    async fn certify(&self, request: CertifyRequest) -> Result<(), CertifyError> {
        certify::certify(&self.0, request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<SignedBatch, ActivateError> {
        activate::activate(&self.0, request).await
    }

    async fn outcome(&self, nonce: Nonce) -> Result<Outcome, Unavailable> {
        self.0.journal.outcome(nonce).await.map_err(rows::journal_fault)
    }

    async fn destroy(&self, request: DestroyRequest) -> Result<(), DestroyError> {
        destroy::destroy(&self.0, request).await
    }

    async fn sign_as(&self, request: SignAsRequest) -> Result<Vec<u8>, SignAsError> {
        service_keys::sign_as(&self.0, request).await
    }

    async fn make_service_key(
        &self,
        key: ServiceKey,
        algorithm: KeyAlgorithm,
    ) -> Result<(u32, Vec<u8>), ServiceKeyError> {
        service_keys::make(&self.0, key, algorithm).await
    }

    async fn rotate(&self, request: RotateRequest) -> Result<Rotation, RotateError> {
        rotate::rotate(&self.0, request).await
    }

    async fn wrap_document_key(&self, key: Zeroizing<[u8; 32]>) -> Result<(u32, Vec<u8>), Unavailable> {
        service_keys::wrap_document_key(&self.0, key).await
    }

    async fn unwrap_document_key(
        &self,
        version: u32,
        blob: Vec<u8>,
    ) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
        service_keys::unwrap_document_key(&self.0, version, blob).await
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        service_keys::status(&self.0).await
    }
}
