//! [`Effort`]: how much may be done for one file. Whoever works asks it on the way, so that work ends when its time is over,
//! also where nobody waits for it any more.

use core::{
    fmt,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::{io, sync::Arc, time::Instant};

use signer::{Source, SourceError};
use tokio::sync::OwnedSemaphorePermit;

/// The bounds of one file's judgement.
#[derive(Debug, Default)]
pub struct Effort {
    deadline: Option<Instant>,
    bytes_left: Option<AtomicU64>,
    signatures: Option<usize>,
    is_spent: AtomicBool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Effort {
    /// Without bounds, for files of one's own.
    pub fn unbounded() -> Self {
        Self::default()
    }

    /// Until a moment, reading at most so many bytes, for at most so many signatures.
    pub fn bounded(deadline: Instant, bytes: u64, signatures: usize) -> Self {
        Self {
            deadline: Some(deadline),
            bytes_left: Some(AtomicU64::new(bytes)),
            signatures: Some(signatures),
            ..Self::default()
        }
    }

    /// Holding a place that is given back when the last part of the work has truly ended.
    #[must_use]
    pub fn holding(self, place: OwnedSemaphorePermit) -> Self {
        Self {
            _place: Some(place),
            ..self
        }
    }

    /// The end of it.
    pub(super) const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The most signatures.
    pub(super) const fn signatures(&self) -> Option<usize> {
        self.signatures
    }

    /// Whether nothing more may be done.
    pub(super) fn is_spent(&self) -> bool {
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late {
            self.is_spent.store(true, Ordering::Relaxed);
        }
        self.is_spent.load(Ordering::Relaxed)
    }

    fn read(&self, bytes: usize) -> io::Result<()> {
        let take = |left: u64| left.checked_sub(bytes as u64);
        let is_enough = self.bytes_left.as_ref().is_none_or(|left| {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_ok()
        });
        if !is_enough {
            self.is_spent.store(true, Ordering::Relaxed);
        }
        if self.is_spent() {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "judging the file takes more than is done for one",
            ));
        }
        Ok(())
    }
}

/// A source whose every reading counts.
pub(super) struct Metered {
    source: Box<dyn Source + Send>,
    effort: Arc<Effort>,
}

impl Metered {
    pub(super) const fn new(source: Box<dyn Source + Send>, effort: Arc<Effort>) -> Self {
        Self { source, effort }
    }
}

impl fmt::Debug for Metered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metered")
            .field("effort", &self.effort)
            .finish_non_exhaustive()
    }
}

impl Source for Metered {
    fn length(&self) -> u64 {
        self.source.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        self.effort.read(buffer.len())?;
        self.source.read_at(offset, buffer)
    }
}
