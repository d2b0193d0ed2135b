//! Whether the clock may be stamped with: it must run as the monotonic clock runs, and agree with a second source.

use core::time::Duration;

use domain::Time;

/// Both clocks, read at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock.
    pub wall: Time,
    /// The monotonic clock, since any fixed moment.
    pub monotonic: Duration,
}

/// How far clocks may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRule {
    /// By how much the wall clock may drift from the monotonic one or from the second source.
    pub tolerance: Duration,
    /// For how long the second source's word holds.
    pub checked_within: Duration,
    /// Whether there must be a second source.
    pub second_source: bool,
}

impl ClockRule {
    /// Half a second, so that whole-second stamps are true within two seconds; ten minutes.
    pub const SHIPPED: Self = Self {
        tolerance: Duration::from_millis(500),
        checked_within: Duration::from_mins(10),
        second_source: true,
    };
}

/// The clock cannot be trusted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// It jumped.
    #[error("the clock jumped by {} ms; stamps are refused until the second source agrees with it again", by.as_millis())]
    Jumped {
        /// How far.
        by: Duration,
    },
    /// The second source was not heard, or not for a while.
    #[error("the second source of time was not heard within the last {} s", within.as_secs())]
    Unchecked {
        /// For how long its word holds.
        within: Duration,
    },
    /// The second source says another time.
    #[error("the second source of time differs by {} ms", by.as_millis())]
    Differs {
        /// By how much.
        by: Duration,
    },
}

/// What was seen of the clocks so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockGuard {
    rule: ClockRule,
    anchor: Reading,
    checked: Option<(Duration, Duration)>,
}

impl ClockGuard {
    /// Begins to watch.
    pub const fn new(rule: ClockRule, anchor: Reading) -> Self {
        Self {
            rule,
            anchor,
            checked: None,
        }
    }

    /// Hears the second source: its time at the moment of a reading. If both agree, that moment is the new anchor.
    pub fn hear(&mut self, now: Reading, second: Time) {
        let apart = apart(now.wall, second);
        if apart <= self.rule.tolerance {
            self.anchor = now;
        }
        self.checked = Some((now.monotonic, apart));
    }

    /// The time, if it can be trusted.
    pub fn judge(&self, now: Reading) -> Result<Time, ClockFault> {
        let ran = now.monotonic.saturating_sub(self.anchor.monotonic);
        let by = apart(self.anchor.wall.plus(ran), now.wall);
        if by > self.rule.tolerance {
            return Err(ClockFault::Jumped { by });
        }
        let within = self.rule.checked_within;
        match self.checked {
            Some((at, _)) if now.monotonic.saturating_sub(at) > within => {
                Err(ClockFault::Unchecked { within })
            }
            Some((_, by)) if by > self.rule.tolerance => Err(ClockFault::Differs { by }),
            None if self.rule.second_source => Err(ClockFault::Unchecked { within }),
            Some(_) | None => Ok(now.wall),
        }
    }
}

fn apart(one: Time, other: Time) -> Duration {
    one.since(other).max(other.since(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall_ms: i64, monotonic_ms: u64) -> Reading {
        Reading {
            wall: Time::from_micros(wall_ms * 1_000),
            monotonic: Duration::from_millis(monotonic_ms),
        }
    }

    fn heard() -> ClockGuard {
        let mut guard = ClockGuard::new(ClockRule::SHIPPED, at(1_000_000, 0));
        guard.hear(at(1_000_000, 0), Time::from_micros(1_000_100_000));
        guard
    }

    #[test]
    fn without_a_second_source_nothing_is_stamped() {
        let guard = ClockGuard::new(ClockRule::SHIPPED, at(0, 0));
        assert!(matches!(guard.judge(at(1, 1)), Err(ClockFault::Unchecked { .. })));
        let rule = ClockRule {
            second_source: false,
            ..ClockRule::SHIPPED
        };
        assert!(ClockGuard::new(rule, at(0, 0)).judge(at(1, 1)).is_ok());
    }

    #[test]
    fn a_jump_is_noticed_and_forgiven_only_when_the_second_source_agrees() {
        let mut guard = heard();
        assert!(guard.judge(at(1_005_000, 5_000)).is_ok());
        for wall in [1_006_000, 1_004_000, 0] {
            assert!(matches!(
                guard.judge(at(wall, 5_000)),
                Err(ClockFault::Jumped { .. })
            ));
        }
        guard.hear(at(1_006_000, 5_000), Time::from_micros(1_005_000_000));
        assert!(guard.judge(at(1_006_001, 5_001)).is_err());
        guard.hear(at(1_006_000, 5_000), Time::from_micros(1_006_000_000));
        assert!(guard.judge(at(1_006_001, 5_001)).is_ok());
    }

    #[test]
    fn the_second_sources_word_grows_old_and_may_contradict() {
        let mut guard = heard();
        assert!(matches!(
            guard.judge(at(1_700_000, 700_000)),
            Err(ClockFault::Unchecked { .. })
        ));
        guard.hear(at(1_001_000, 1_000), Time::from_micros(1_009_000_000));
        assert!(matches!(
            guard.judge(at(1_001_000, 1_000)),
            Err(ClockFault::Differs { .. })
        ));
    }
}
