//! A clock that only moves when told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::Time;
use hsm::{Clock, SystemClock};

/// Starts at the present and then stands still.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock at the present.
    pub fn start() -> Self {
        Self(Arc::new(AtomicI64::new(SystemClock.now().micros())))
    }

    /// Moves on.
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        // One microsecond a look, so that what happens later is later.
        Time::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}
