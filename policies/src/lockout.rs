//! How wrong passwords lock a Credential. R098.
//!
//! The sources limit tries at the biometric factor and say nothing of the password; the numbers are ours
//! (requirements 1.21, item 5), beginning with the quarter of an hour that R045 sets for liveness.

use core::time::Duration;

use serde::Deserialize;

use crate::{RuleError, bounds::within, span::Span};

/// So many wrong passwords lock, each lock in a row for longer; after the last lock only a new key helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Lockout {
    tries: u8,
    locks: [Duration; 3],
}

impl Lockout {
    /// Five tries; 15 minutes, 1 hour, 24 hours: twenty guesses in all, far below what any admitted password costs.
    pub const SHIPPED: Self = Self {
        tries: 5,
        locks: [
            Duration::from_mins(15),
            Duration::from_hours(1),
            Duration::from_hours(24),
        ],
    };

    /// Nobody waits longer than this for a key that a new one replaces in minutes.
    const LONGEST: Duration = Duration::from_hours(30 * 24);

    /// Tries before a lock.
    pub fn tries(&self) -> u64 {
        u64::from(self.tries)
    }

    /// How long the lock after `level` earlier ones lasts; `None` when it never ends.
    pub fn lock_after(&self, level: u8) -> Option<Duration> {
        self.locks.get(usize::from(level)).copied()
    }
}

impl Default for Lockout {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    tries: u8,
    locks: [Span; 3],
}

impl Default for Written {
    fn default() -> Self {
        let Lockout { tries, locks } = Lockout::SHIPPED;
        Self {
            tries,
            locks: locks.map(Span::new),
        }
    }
}

impl TryFrom<Written> for Lockout {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let shipped = Self::SHIPPED;
        for (lock, least) in written.locks.into_iter().zip(shipped.locks) {
            within(
                "lockout.locks",
                lock,
                &(Span::new(least)..=Span::new(Self::LONGEST)),
            )?;
        }
        if !written.locks.is_sorted() {
            return Err(RuleError::ShrinkingLocks);
        }
        Ok(Self {
            tries: within("lockout.tries", written.tries, &(1..=shipped.tries))?,
            locks: written.locks.map(Span::duration),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lock_is_longer_and_the_fourth_never_ends() {
        let rule = Lockout::SHIPPED;
        assert_eq!(rule.tries(), 5);
        let minutes: Vec<u64> = (0..3)
            .map(|level| rule.lock_after(level).unwrap().as_secs() / 60)
            .collect();
        assert_eq!(minutes, [15, 60, 1_440]);
        assert_eq!(rule.lock_after(3), None);
        assert_eq!(rule.lock_after(u8::MAX), None);
    }

    #[test]
    fn a_file_may_only_lock_sooner_and_for_longer() {
        let read = toml::from_str::<Lockout>;
        let stricter = read("tries = 1\nlocks = ['1 h', '1 h', '30 d']").unwrap();
        assert_eq!(
            (stricter.tries(), stricter.lock_after(0)),
            (1, Some(Duration::from_hours(1)))
        );
        for (text, why) in [
            ("tries = 6", "lockout.tries is 6, but may be 1 to 5"),
            ("tries = 0", "lockout.tries is 0"),
            (
                "locks = ['14 min', '1 h', '24 h']",
                "lockout.locks is 14 min, but may be 15 min to 30 d",
            ),
            ("locks = ['15 min', '1 h', '31 d']", "lockout.locks is 31 d"),
            ("locks = ['2 h', '1 h', '24 h']", "must not become shorter"),
            ("locks = ['15 min', '1 h']", "invalid length 2"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
