//! How wrong passwords lock a Credential. R098; the numbers are ours (requirements 1.21, item 5).

use core::time::Duration;

/// So many wrong passwords lock, each lock in a row for longer; after the last lock only a new key helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lockout {
    tries: u8,
    locks: [Duration; 3],
}

impl Lockout {
    /// Five tries; 15 minutes, 1 hour, 24 hours.
    pub const SHIPPED: Self = Self {
        tries: 5,
        locks: [
            Duration::from_mins(15),
            Duration::from_hours(1),
            Duration::from_hours(24),
        ],
    };

    /// Tries before a lock.
    pub fn tries(&self) -> u64 {
        u64::from(self.tries)
    }

    /// How long the lock after `level` earlier ones lasts; `None` when it never ends.
    pub fn lock_after(&self, level: u8) -> Option<Duration> {
        self.locks.get(usize::from(level)).copied()
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
    }
}
