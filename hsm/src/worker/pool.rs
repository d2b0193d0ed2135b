//! A lane of workers for one kind of work: how many, who is next, when one is replaced.
//!
//! A worker that served its share or grew too large is replaced without a pause: its successor is started first,
//! and the old one serves until then. A worker that breaks is replaced at once and its frame is asked again, once:
//! nothing that a frame makes leaves the boundary before the Journal has it, so asking again signs nothing twice.

use core::time::Duration;
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::{sync::Semaphore, time::timeout};

use crate::{
    Unavailable,
    worker::{
        Answer, Ask, Hello, WorkerSettings,
        process::{Broken, Process, Program},
    },
};

/// How a lane is kept.
#[derive(Clone, Debug)]
pub(crate) struct PoolSettings {
    /// What it is called in logs.
    pub(crate) name: &'static str,
    /// How many workers.
    pub(crate) workers: usize,
    /// How many requests may wait; more are answered `Busy`.
    pub(crate) queue: usize,
    /// How long a request may wait for a worker.
    pub(crate) wait: Duration,
    /// How long a worker may take for one frame.
    pub(crate) frame: Duration,
    /// After how many uses of the token a worker is replaced.
    pub(crate) share: u64,
    /// At what resident memory a worker is replaced.
    pub(crate) memory_kib: u64,
}

/// A lane could not serve.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(crate) enum PoolError {
    /// All workers are busy and the queue is full or slow.
    #[error("every worker is busy")]
    Busy,
    /// Workers break or do not start.
    #[error("workers break or do not start")]
    Down,
    /// The token refused the PIN.
    #[error("the token refused its PIN")]
    Pin,
}

impl From<PoolError> for Unavailable {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy => Self::Busy {
                retry_after: Duration::from_secs(1),
            },
            PoolError::Down => Self::Token {
                retry_after: Duration::from_secs(2),
            },
            PoolError::Pin => Self::Pin,
        }
    }
}

/// A lane of workers.
#[derive(Clone, Debug)]
pub(crate) struct Pool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: PoolSettings,
    program: Program,
    start: WorkerSettings,
    idle: Mutex<VecDeque<Process>>,
    successor: Mutex<Option<Process>>,
    replacing: AtomicBool,
    places: Semaphore,
    waiting: Semaphore,
    generation: AtomicU64,
    replaced: AtomicU64,
    largest_kib: AtomicU64,
    pin_refused: AtomicBool,
}

/// Uses between two looks at a worker's memory.
const LOOK: u64 = 128;

impl Pool {
    /// Starts all workers of a lane.
    pub(crate) async fn start(
        settings: PoolSettings,
        program: Program,
        start: WorkerSettings,
    ) -> Result<(Self, Hello), PoolError> {
        let pool = Self(Arc::new(Inner {
            places: Semaphore::new(settings.workers),
            waiting: Semaphore::new(settings.queue),
            settings,
            program,
            start,
            idle: Mutex::default(),
            successor: Mutex::new(None),
            replacing: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            replaced: AtomicU64::new(0),
            largest_kib: AtomicU64::new(0),
            pin_refused: AtomicBool::new(false),
        }));
        let (workers, hello) = pool.spawn_all(0).await?;
        *lock(&pool.0.idle) = workers;
        Ok((pool, hello))
    }

    /// How it is kept.
    pub(crate) fn settings(&self) -> &PoolSettings {
        &self.0.settings
    }

    /// Asks the next free worker, and a new one if that one breaks. Several in one frame are not asked again together: one of
    /// them may be what breaks it.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answer, PoolError> {
        let inner = &self.0;
        if inner.pin_refused.load(Ordering::Relaxed) {
            return Err(PoolError::Pin);
        }
        let _waiting = inner.waiting.try_acquire().map_err(|_| PoolError::Busy)?;
        let place = timeout(inner.settings.wait, inner.places.acquire())
            .await
            .map_err(|_| PoolError::Busy)?;
        let _place = place.map_err(|_| PoolError::Down)?;
        let tries = if ask.uses() > 1 { 1 } else { 2 };
        for again in [false, true].into_iter().take(tries) {
            // Whatever ended one idle worker may have ended them all.
            let idle = if again {
                None
            } else {
                lock(&inner.idle).pop_front()
            };
            let mut process = match idle {
                Some(process) => process,
                None => self.spawn(inner.generation.load(Ordering::SeqCst)).await?.0,
            };
            match process.ask(&ask, inner.settings.frame).await {
                Ok(answer) => {
                    self.give_back(process);
                    return Ok(answer);
                }
                Err(error) => {
                    tracing::warn!(%error, lane = inner.settings.name, "a worker broke and is replaced");
                    inner.replaced.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Err(PoolError::Down)
    }

    /// Replaces all workers, so that they know the resident keys of now.
    pub(crate) async fn refresh(&self) -> Result<Hello, PoolError> {
        let inner = &self.0;
        let generation = inner.generation.fetch_add(1, Ordering::SeqCst) + 1;
        let (fresh, hello) = self.spawn_all(generation).await?;
        lock(&inner.successor).take();
        let old = core::mem::replace(&mut *lock(&inner.idle), fresh);
        inner.replaced.fetch_add(old.len() as u64, Ordering::Relaxed);
        Ok(hello)
    }

    /// Workers replaced so far, the largest memory seen, and how many are idle or at work.
    pub(crate) fn figures(&self) -> (u64, u64, u32) {
        let inner = &self.0;
        let idle = lock(&inner.idle);
        for process in &*idle {
            inner
                .largest_kib
                .fetch_max(process.memory_kib(), Ordering::Relaxed);
        }
        let busy = inner
            .settings
            .workers
            .saturating_sub(inner.places.available_permits());
        (
            inner.replaced.load(Ordering::Relaxed),
            inner.largest_kib.load(Ordering::Relaxed),
            u32::try_from(idle.len() + busy).unwrap_or(u32::MAX),
        )
    }

    /// As many workers as the lane has, and what the first of them found.
    async fn spawn_all(&self, generation: u64) -> Result<(VecDeque<Process>, Hello), PoolError> {
        let (first, hello) = self.spawn(generation).await?;
        let mut workers = VecDeque::from([first]);
        for _ in 1..self.0.settings.workers {
            workers.push_back(self.spawn(generation).await?.0);
        }
        Ok((workers, hello))
    }

    /// Starts a worker, trying again shortly: SoftHSM, asked while another process writes an object, now and then does
    /// not see a token that is there (seen once in some hundred starts). A refused PIN is never tried again.
    async fn spawn(&self, generation: u64) -> Result<(Process, Hello), PoolError> {
        let inner = &self.0;
        for pause in [50, 200, 0] {
            match Process::start(&inner.program, &inner.start, generation).await {
                Ok(started) => return Ok(started),
                Err(Broken::Pin) => {
                    inner.pin_refused.store(true, Ordering::Relaxed);
                    return Err(PoolError::Pin);
                }
                Err(error) => {
                    tracing::error!(%error, lane = inner.settings.name, "a worker does not start");
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
            }
        }
        Err(PoolError::Down)
    }

    fn give_back(&self, mut process: Process) {
        let inner = &self.0;
        if process.generation != inner.generation.load(Ordering::SeqCst) {
            return;
        }
        let grown = process.looked < process.served / LOOK && {
            process.looked = process.served / LOOK;
            let memory = process.memory_kib();
            inner.largest_kib.fetch_max(memory, Ordering::Relaxed);
            memory > inner.settings.memory_kib
        };
        if !grown && process.served < inner.settings.share {
            lock(&inner.idle).push_back(process);
            return;
        }
        if let Some(successor) = lock(&inner.successor).take() {
            lock(&inner.idle).push_back(successor);
            inner.replaced.fetch_add(1, Ordering::Relaxed);
            return;
        }
        lock(&inner.idle).push_back(process);
        if !inner.replacing.swap(true, Ordering::SeqCst) {
            let pool = self.clone();
            tokio::spawn(async move { pool.prepare_successor().await });
        }
    }

    /// Starts the worker that the next worn one is exchanged for.
    async fn prepare_successor(&self) {
        let generation = self.0.generation.load(Ordering::SeqCst);
        if let Ok((successor, _)) = self.spawn(generation).await
            && generation == self.0.generation.load(Ordering::SeqCst)
        {
            *lock(&self.0.successor) = Some(successor);
        }
        self.0.replacing.store(false, Ordering::SeqCst);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
