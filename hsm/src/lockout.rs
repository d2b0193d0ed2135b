//! Attempts: counted before the password is checked, cleared after it was right.
//!
//! Two counters that only grow: `tries` counts reservations, `base` is where the present round began. A
//! reservation that nobody clears stays counted, so a crash counts an attempt at least once, never zero times.
//! Success of attempt `n` clears the attempts up to `n`, not those reserved after it.

use domain::Time;
use policies::Lockout;
use serde::{Deserialize, Serialize};

/// Whether an attempt may be reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttemptState {
    /// Yes.
    Open,
    /// Not before this time.
    Locked {
        /// When the lock ends.
        until: Time,
    },
    /// Never again: only a new key helps.
    Exhausted,
}

/// The count of attempts at one Credential. R098.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Reservations ever made.
    pub tries: u64,
    /// How many of them the present round does not count.
    pub base: u64,
    /// How many locks followed one another.
    pub level: u8,
    /// Whether an attempt may be reserved.
    pub state: AttemptState,
}

/// An attempt may not be reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not before this time.
    Locked {
        /// When the lock ends.
        until: Time,
    },
    /// Never again.
    Exhausted,
}

impl Attempts {
    /// Nothing tried yet.
    pub const NONE: Self = Self {
        tries: 0,
        base: 0,
        level: 0,
        state: AttemptState::Open,
    };

    /// Whether a reservation would be refused at `now`.
    pub fn refusal(&self, now: Time) -> Option<Refused> {
        match self.state {
            AttemptState::Locked { until } if now < until => Some(Refused::Locked { until }),
            AttemptState::Exhausted => Some(Refused::Exhausted),
            AttemptState::Open | AttemptState::Locked { .. } => None,
        }
    }

    /// Counts one more attempt; its number is the new `tries`. The last one allowed locks before it is checked.
    pub fn reserve(&self, now: Time, rule: &Lockout) -> Result<Self, Refused> {
        if let Some(refused) = self.refusal(now) {
            return Err(refused);
        }
        let base = if self.state == AttemptState::Open {
            self.base
        } else {
            self.tries
        };
        let tries = self.tries + 1;
        if tries - base < rule.tries() {
            return Ok(Self {
                tries,
                base,
                level: self.level,
                state: AttemptState::Open,
            });
        }
        let state = match rule.lock_after(self.level) {
            Some(span) => AttemptState::Locked {
                until: now.plus(span),
            },
            None => AttemptState::Exhausted,
        };
        Ok(Self {
            tries,
            base,
            level: self.level.saturating_add(1),
            state,
        })
    }

    /// Clears attempt number `attempt` and all before it: its password was right.
    #[must_use]
    pub fn cleared(&self, attempt: u64) -> Self {
        Self {
            tries: self.tries,
            base: self.base.max(attempt),
            level: 0,
            state: AttemptState::Open,
        }
    }

    /// How many attempts are left before the next lock.
    pub fn left(&self, rule: &Lockout) -> u8 {
        match self.state {
            AttemptState::Open => {
                u8::try_from(rule.tries().saturating_sub(self.tries - self.base)).unwrap_or(u8::MAX)
            }
            AttemptState::Locked { .. } | AttemptState::Exhausted => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    const RULE: Lockout = Lockout::SHIPPED;

    /// What may happen to a Credential, in any order.
    #[derive(Clone, Copy, Debug)]
    enum Event {
        Try,
        RightPasswordOf(u8),
        Wait(u32),
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            3 => Just(Event::Try),
            1 => (0_u8..8).prop_map(Event::RightPasswordOf),
            1 => (0_u32..100_000).prop_map(Event::Wait),
        ]
    }

    proptest! {
        /// Whatever happens, a round never holds more than five tries, counters never go back, and only time or a
        /// right password opens a lock.
        #[test]
        fn no_order_of_events_gives_a_sixth_try(events in proptest::collection::vec(event(), 0..200)) {
            let mut attempts = Attempts::NONE;
            let mut now = Time::from_unix_seconds(1_790_000_000);
            for event in events {
                let before = attempts;
                match event {
                    Event::Try => match attempts.reserve(now, &RULE) {
                        Ok(next) => {
                            prop_assert!(before.refusal(now).is_none());
                            attempts = next;
                        }
                        Err(refused) => prop_assert_eq!(before.refusal(now), Some(refused)),
                    },
                    Event::RightPasswordOf(back) => {
                        let reserved = attempts.tries.checked_sub(u64::from(back));
                        if let Some(attempt) = reserved.filter(|attempt| *attempt > attempts.base) {
                            attempts = attempts.cleared(attempt);
                            prop_assert_eq!(attempts.state, AttemptState::Open);
                        }
                    }
                    Event::Wait(seconds) => now = now.plus(Duration::from_secs(u64::from(seconds))),
                }
                prop_assert!(attempts.tries >= before.tries && attempts.base >= before.base);
                prop_assert!(attempts.tries - attempts.base <= RULE.tries());
                let full = attempts.tries - attempts.base == RULE.tries();
                prop_assert_eq!(full, attempts.state != AttemptState::Open);
            }
        }
    }
}
