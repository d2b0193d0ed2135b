//! The boundary's own clock: it trusts no caller's time.

use domain::Time;

/// Where the boundary reads the time, once per operation.
pub trait Clock: Send + Sync + 'static {
    /// The present.
    fn now(&self) -> Time;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where the boundary reads the system's clock"
        )]
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Time::from_micros(since_epoch.map_or(0, |span| i64::try_from(span.as_micros()).unwrap_or(i64::MAX)))
    }
}
