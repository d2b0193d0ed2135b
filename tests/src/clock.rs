//! A clock that only moves when told, or follows the system's where a whole program runs beside it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::Time;
use hsm::{Clock, SystemClock};

/// The clock of a world.
#[derive(Clone, Debug)]
pub enum ManualClock {
    /// Stands still until it is moved.
    Standing(Arc<AtomicI64>),
    /// The system's.
    Following,
}

impl ManualClock {
    /// A standing clock at the present.
    pub fn start() -> Self {
        Self::Standing(Arc::new(AtomicI64::new(SystemClock.now().micros())))
    }

    /// Moves a standing clock on.
    pub fn advance(&self, span: Duration) {
        match self {
            Self::Standing(now) => now.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst),
            Self::Following => panic!("the system's clock is not moved"),
        };
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        match self {
            // One microsecond a look, so that what happens later is later.
            Self::Standing(now) => Time::from_micros(now.fetch_add(1, Ordering::SeqCst)),
            Self::Following => SystemClock.now(),
        }
    }
}
