//! What the registry said last about certificates, so that it is not asked for each answer that is signed.
//!
//! Forgotten with each change, and believed only while changes of other processes are heard: a revocation elsewhere is
//! seen here within a second, also when the database stops telling about it.

use core::{sync::atomic::AtomicU64, time::Duration};
use std::sync::atomic::Ordering;

use ca::Serial;
use moka::sync::Cache;
use pki::ocsp::CertStatus;

/// So long after changes were last heard, what is known is believed.
const FRESH: Duration = Duration::from_millis(500);
/// Before anything was heard.
const NEVER: u64 = u64::MAX;

/// What is known of certificates, by issuer and number.
#[derive(Debug)]
pub(super) struct States {
    known: Cache<(u32, Serial), CertStatus>,
    /// Grows with every change, so that what was read before it does not outlive it.
    changes: AtomicU64,
    /// When the last question for changes began that was answered with none, in microseconds of the monotonic clock.
    heard: AtomicU64,
}

impl States {
    pub(super) fn new(most: u64) -> Self {
        Self {
            known: Cache::new(most),
            changes: AtomicU64::new(0),
            heard: AtomicU64::new(NEVER),
        }
    }

    /// How many changes there were.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// A certificate changed.
    pub(super) fn forget(&self, certificate: (u32, Serial)) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate(&certificate);
    }

    /// All changes up to this moment are heard.
    pub(super) fn heard(&self, at: Duration) {
        self.heard.store(micros(at), Ordering::SeqCst);
    }

    /// What is known, if it is fresh.
    pub(super) fn find(&self, certificate: (u32, Serial), now: Duration) -> Option<CertStatus> {
        let heard = self.heard.load(Ordering::SeqCst);
        let fresh = heard != NEVER && micros(now).saturating_sub(heard) < micros(FRESH);
        fresh.then(|| self.known.get(&certificate)).flatten()
    }

    /// Keeps what was read since so many changes. A number that nobody gave out may be given out any moment.
    pub(super) fn keep(&self, certificate: (u32, Serial), status: CertStatus, begun: u64) {
        if status == CertStatus::Unknown || self.changes() != begun {
            return;
        }
        self.known.insert(certificate, status);
        if self.changes() != begun {
            self.known.invalidate(&certificate);
        }
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(NEVER)
}
