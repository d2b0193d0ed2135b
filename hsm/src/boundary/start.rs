//! From nothing to a boundary that serves, and the few things that it does by the clock.

use core::time::Duration;
use std::sync::{Arc, Mutex, RwLock, atomic::Ordering};

use domain::{Id, LeafKind, Time};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    Boundary, BoundarySettings, Inner, LaneSettings, chance,
    keyring::KeyRing,
    leaves::{About, leaf},
    mark::Memory,
    rows::journal_fault,
    versions::Versions,
};
use crate::{
    Clock, Journal, KeyRole, Shelf, Unavailable,
    secret_bytes::SecretBytes,
    worker::{Hello, Pool, PoolSettings, Together, WorkerSettings, process},
};

/// The boundary does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A worker of this lane does not start; it said why on standard error.
    #[error("the {lane} worker does not start: {reason}")]
    Worker {
        /// Which.
        lane: &'static str,
        /// Why.
        reason: String,
    },
    /// A key is missing, or the Journal or token does not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

#[derive(Serialize)]
struct InterruptedContent<'a> {
    activation: String,
    reason: &'a str,
}

impl<J: Journal, C: Clock> Boundary<J, C> {
    /// Starts the workers, compares database and token, and ends what the last life left open.
    pub async fn start(
        settings: BoundarySettings,
        (journal, shelf): (J, Arc<dyn Shelf>),
        clock: C,
    ) -> Result<Self, StartError> {
        let cores = settings.signing_workers.max(1);
        let (signing, hello) = lane(&settings, &settings.clients, ("signing", cores)).await?;
        let (making, _) = lane(&settings, &settings.clients, ("key-making", 1)).await?;
        let (service, services) = lane(&settings, &settings.services, ("service", 1)).await?;
        let boot = Id::from_random(clock.now(), chance()?);
        let Hello { token, missing, keys } = hello;
        let mut ring = KeyRing::new(keys);
        ring.replace(services.keys, |role| matches!(role, KeyRole::Service(_)));
        let boundary = Self(Arc::new(Inner {
            journal,
            shelf,
            clock,
            policy: settings.policy,
            verifier: settings.verifier,
            boot,
            challenge_certificate: settings.challenge_certificate,
            signing,
            making,
            signatures: Together::start(service.clone()),
            service,
            keys: RwLock::new(ring),
            memory: Memory::default(),
            versions: Versions::default(),
            turns: Mutex::default(),
            missing,
            token,
            rotations: tokio::sync::Mutex::default(),
            forgotten: std::sync::atomic::AtomicU64::new(0),
        }));
        boundary.prepare(settings.alone).await?;
        Ok(boundary)
    }

    /// All keys are there, the database is not behind the token, nothing is left open or half destroyed.
    async fn prepare(&self, alone: bool) -> Result<(), Unavailable> {
        let inner = &*self.0;
        for role in [
            KeyRole::Kdk,
            KeyRole::Kek,
            KeyRole::Activation,
            KeyRole::Challenge,
            KeyRole::Tag,
            KeyRole::Documents,
            KeyRole::Health,
        ] {
            inner.keys().newest(role)?;
        }
        inner.compare_with_mark().await?;
        if inner.not_behind().is_err() {
            return Ok(());
        }
        inner.end_interrupted(alone).await?;
        inner.sweep_parts().await?;
        inner.keep_activation_keys().await
    }

    /// What is due by the clock: the mark about once a second, keys and leftovers about once a minute. Errors are
    /// logged and met again at the next tick.
    pub async fn tick(&self) {
        let inner = &*self.0;
        if let Err(error) = inner.keep_mark().await {
            tracing::warn!(%error, "the high-water mark was not written");
        }
        if let Err(error) = inner.review().await {
            tracing::warn!(%error, "the record was not read over");
        }
        let now = inner.clock.now();
        let minute = now.micros().unsigned_abs() / 60_000_000;
        if inner.forgotten.swap(minute, Ordering::Relaxed) == minute {
            return;
        }
        if let Err(error) = self.keep_house(now).await {
            tracing::warn!(%error, "the minute's work was not done");
        }
    }

    async fn keep_house(&self, now: Time) -> Result<(), Unavailable> {
        let inner = &*self.0;
        inner.keep_activation_keys().await?;
        inner.end_interrupted(false).await?;
        // Kept a day beyond their end, so that a late answer still learns that it is late.
        inner
            .journal
            .forget_challenges(now.minus(Duration::from_hours(24)))
            .await
            .map_err(journal_fault)?;
        Ok(())
    }

    /// Writes the mark a last time; call it after the last answer has left.
    pub async fn rest(&self) {
        if let Err(error) = self.0.keep_mark().await {
            tracing::warn!(%error, "the high-water mark was not written at the end");
        }
    }

    /// Accepts that the database is older than the token remembers, on the record. An operator's act.
    pub async fn accept_gap(&self, by: &str, reason: &str) -> Result<(), Unavailable> {
        self.0.accept_gap(by, reason, self.0.clock.now()).await
    }
}

impl<J: Journal, C: Clock> Inner<J, C> {
    /// Activations that another life reserved and never ended: they failed, and their attempts stay counted.
    async fn end_interrupted(&self, alone: bool) -> Result<(), Unavailable> {
        let now = self.clock.now();
        let before = if alone {
            now.plus(Duration::from_secs(1))
        } else {
            now.minus(self.policy.freshness.reservation_life)
        };
        for cut in self
            .journal
            .interrupted(self.boot, before)
            .await
            .map_err(journal_fault)?
        {
            let about = About {
                client: Some(cut.client),
                pseudonym: cut.pseudonym,
                credential: Some(cut.credential),
            };
            let content = InterruptedContent {
                activation: cut.activation.to_string(),
                reason: "the supervisor ended before it",
            };
            let leaf = leaf(LeafKind::Interrupted, now, about, &content, None)?;
            match self.journal.fail(cut.activation, leaf).await {
                Ok(head) => self.advanced(head),
                Err(crate::JournalError::Ended) => {}
                Err(error) => return Err(journal_fault(error)),
            }
        }
        Ok(())
    }
}

async fn lane(
    settings: &BoundarySettings,
    token: &LaneSettings,
    (name, workers): (&'static str, usize),
) -> Result<(Pool, Hello), StartError> {
    let pool = PoolSettings {
        name,
        workers,
        queue: 1_024,
        wait: Duration::from_secs(20),
        frame: Duration::from_secs(30),
        share: settings.worker_share,
        memory_kib: settings.worker_memory_kib,
    };
    let start = WorkerSettings {
        token: token.token.clone(),
        pin: SecretBytes(Zeroizing::new(token.pin.to_vec())),
        sealed_off: token.token.local,
    };
    let program = process::Program {
        path: settings.program.clone(),
    };
    Pool::start(pool, program, start)
        .await
        .map_err(|error| StartError::Worker {
            lane: name,
            reason: error.to_string(),
        })
}
