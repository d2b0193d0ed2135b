//! The certification authority at work: each step reads the registry, lets `ca` decide, asks the boundary for one
//! signature, and keeps the result with its witness.
//!
//! Whatever is signed was intended first: the registry holds a certificate's very content before the token sees its
//! digest, and a list's number is given out once. A step that was cut off is finished by asking for it again.

mod answers;
mod ceremony;
mod change;
mod house;
mod issue;
mod issue_error;
mod lists;
mod renew;
mod stamps;
mod standing;
mod states;

use std::sync::Arc;

use ca::{Places, Reading};
use domain::{EcPublicKey, Id, Salt, Time, word};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use hsm::{Clock, JournalError, Service, ServiceKey, SignAsError, SignAsRequest};
use pki::{Finished, PublicKey, SignatureError, ToSign};
use policies::Certificates;
use rand_core::TryRng;
use store::Store;
use tokio::sync::{Mutex, Notify};

pub use self::{
    answers::Reply,
    ceremony::{Ceremony, CeremonyError, Made, Transcript},
    change::{ChangeError, ReissueError, Wish},
    house::{House, HouseError},
    issue::{IssueRequest, KeySource},
    issue_error::IssueError,
    lists::ListError,
    renew::RenewError,
    stamps::{ClockWatch, StampSettings},
    standing::{Ending, ListStanding, Standing, TreeStanding},
};

/// How the authority is set up.
#[derive(Clone, Debug)]
pub struct AuthoritySettings {
    /// Where its publications are found.
    pub places: Places,
    /// What its certificates say.
    pub profiles: Certificates,
    /// The root of the boundary's statements, as devices pin it: whose receipts are believed.
    pub root: EcPublicKey,
    /// SHA-256 of the root's certificate, once there is one.
    pub root_sha256: Option<[u8; 32]>,
    /// How it stamps times.
    pub stamps: StampSettings,
    /// Answers with a nonce or about several certificates that are signed in a second; the rest is asked to try later.
    pub signed_answers_per_second: u32,
    /// For how long a list or the Ledger's tree may be behind before the house is not ready.
    pub patience: core::time::Duration,
}

/// The certification authority.
pub struct Authority<S, C> {
    store: Store,
    hsm: S,
    clock: C,
    settings: AuthoritySettings,
    node: Id<word::Node>,
    house: std::sync::RwLock<Arc<House>>,
    answers: answers::Answers,
    /// One list at a time in this process; the registry keeps other nodes out.
    making: Mutex<()>,
    changed: Arc<Notify>,
    watch: ClockWatch,
    stamping: DefaultDirectRateLimiter,
    ticks: Ticks,
    lists: lists::Lists,
}

/// The monotonic clock, since any fixed moment.
pub type Ticks = Box<dyn Fn() -> core::time::Duration + Send + Sync>;

impl<S, C> core::fmt::Debug for Authority<S, C> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Authority")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

/// A signature could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The boundary refuses or does not answer.
    #[error("the boundary does not sign: {0}")]
    Boundary(#[from] SignAsError),
    /// What came is no signature of that key.
    #[error("the boundary's signature cannot be used: {0}")]
    Signature(#[from] SignatureError),
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Opens the authority over what the registry holds.
    pub async fn open(
        store: Store,
        hsm: S,
        clock: C,
        settings: AuthoritySettings,
        ticks: Ticks,
    ) -> Result<Self, HouseError> {
        let house = House::load(&store, &hsm, (settings.root_sha256, clock.now())).await?;
        let reading = Reading {
            wall: clock.now(),
            monotonic: ticks(),
        };
        let watch = ClockWatch::new(settings.stamps.clock, reading);
        Ok(Self {
            node: Id::from_random(clock.now(), random()),
            answers: answers::Answers::new(settings.signed_answers_per_second),
            house: std::sync::RwLock::new(Arc::new(house)),
            making: Mutex::new(()),
            changed: Arc::new(Notify::new()),
            store,
            hsm,
            clock,
            lists: lists::Lists::default(),
            stamping: RateLimiter::direct(Quota::per_second(settings.stamps.per_second)),
            settings,
            watch,
            ticks,
        })
    }

    /// The registry.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The boundary.
    pub const fn hsm(&self) -> &S {
        &self.hsm
    }

    /// Authorities and services with their certificates.
    pub fn house(&self) -> Arc<House> {
        let house = self.house.read();
        Arc::clone(&house.unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Reads authorities and services anew, after one was added.
    pub async fn reload(&self) -> Result<(), HouseError> {
        let house = Arc::new(
            House::load(
                &self.store,
                &self.hsm,
                (self.settings.root_sha256, self.clock.now()),
            )
            .await?,
        );
        let mut slot = self
            .house
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *slot = house;
        Ok(())
    }

    /// Told when a certificate's state changed here.
    pub fn changed(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    /// The clock's guard.
    pub const fn watch(&self) -> &ClockWatch {
        &self.watch
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Both clocks.
    pub fn reading(&self) -> Reading {
        Reading {
            wall: self.clock.now(),
            monotonic: (self.ticks)(),
        }
    }

    /// One signature of a service key, joined with what was prepared and checked with the key's certificate.
    async fn sign(
        &self,
        (key, version): (ServiceKey, u32),
        prepared: ToSign,
        public: &PublicKey,
    ) -> Result<Finished, SignError> {
        let raw = self.raw((key, version), &prepared).await?;
        Ok(prepared.finish(&raw, public)?)
    }

    async fn raw(&self, (key, version): (ServiceKey, u32), prepared: &ToSign) -> Result<Vec<u8>, SignError> {
        let request = SignAsRequest {
            key,
            version: Some(version),
            profile: prepared.profile(),
            digest: prepared.digest(),
        };
        Ok(self.hsm.sign_as(request).await?)
    }
}

/// Random bytes. A system without randomness does not start at all, so that zeros are never seen.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::SysRng.try_fill_bytes(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// A salt for a leaf.
pub(crate) fn salt() -> Salt {
    Salt::new(random())
}

/// The registry's trouble, as every step passes it on.
pub(crate) type StoreError = JournalError;
