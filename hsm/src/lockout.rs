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
