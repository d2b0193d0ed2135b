//! `[documents]` and `[upkeep]`: where files are kept, and when their signatures are extended.

use core::{num::NonZeroU32, time::Duration};

use domain::{HashAlgorithm, Level, Time};
use serde::Deserialize;

/// Where signed files are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentSettings {
    /// `file:PATH` or `s3://BUCKET/PREFIX`.
    pub place: String,
}

/// How signatures are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpkeepSettings {
    /// The time-stamping authority: an `http://` address.
    pub time_stamps: String,
    /// The level that signatures shall have: T, LT or LTA.
    #[serde(default = "lta")]
    pub level: Level,
    /// A seal is renewed so many days before its certificate or its algorithm ends.
    #[serde(default = "margin")]
    pub renewal_margin_days: NonZeroU32,
    /// After the first failure a step is tried again in so many seconds, after each further one in twice as many.
    #[serde(default = "first_retry")]
    pub first_retry_seconds: NonZeroU32,
    /// But in so many at most.
    #[serde(default = "longest_retry")]
    pub longest_retry_seconds: NonZeroU32,
    /// A step that may never succeed is tried so often, and then waits for people.
    #[serde(default = "most_tries")]
    pub most_tries: NonZeroU32,
    /// A file in whose place another stands can be read for so many hours.
    #[serde(default = "keep_replaced")]
    pub keep_replaced_hours: NonZeroU32,
}

/// When steps are tried, and tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpkeepRules {
    /// A seal is renewed so long before it ends.
    pub margin: Duration,
    /// The pause after the first failure.
    pub first_retry: Duration,
    /// The longest pause.
    pub longest_retry: Duration,
    /// Tries of what may never succeed.
    pub most_tries: u32,
    /// How long a replaced file can be read.
    pub keep_replaced: Duration,
    /// How long a file may take to arrive.
    pub arriving: Duration,
}

impl UpkeepSettings {
    /// With what time stamps are asked.
    pub const HASH: HashAlgorithm = HashAlgorithm::Sha256;

    /// As the job has them.
    pub fn rules(&self) -> UpkeepRules {
        const DAY: u64 = 24;
        let seconds = |number: NonZeroU32| Duration::from_secs(number.get().into());
        let hours = |number: u64| Duration::from_secs(number.saturating_mul(3_600));
        UpkeepRules {
            margin: hours(u64::from(self.renewal_margin_days.get()) * DAY),
            first_retry: seconds(self.first_retry_seconds),
            longest_retry: seconds(self.longest_retry_seconds),
            most_tries: self.most_tries.get(),
            keep_replaced: hours(self.keep_replaced_hours.get().into()),
            arriving: hours(DAY),
        }
    }
}

impl UpkeepRules {
    /// The pause after so many failures before this one.
    pub fn pause(&self, failures: u32) -> Duration {
        let doubled = 2_u32.checked_pow(failures).unwrap_or(u32::MAX);
        self.first_retry.saturating_mul(doubled).min(self.longest_retry)
    }

    /// When a seal that ends is renewed: the margin before, or, of one that does not live as long, in the middle.
    pub fn renewal(&self, end: Time, now: Time) -> Time {
        let middle = now.plus(end.since(now) / 2);
        end.minus(self.margin).max(middle)
    }
}

const fn lta() -> Level {
    Level::Lta
}

const fn margin() -> NonZeroU32 {
    const { NonZeroU32::new(90).unwrap() }
}

const fn first_retry() -> NonZeroU32 {
    const { NonZeroU32::new(60).unwrap() }
}

const fn longest_retry() -> NonZeroU32 {
    const { NonZeroU32::new(6 * 3_600).unwrap() }
}

const fn most_tries() -> NonZeroU32 {
    const { NonZeroU32::new(50).unwrap() }
}

const fn keep_replaced() -> NonZeroU32 {
    const { NonZeroU32::new(24).unwrap() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);
    const DAY: Duration = Duration::from_hours(24);

    fn rules() -> UpkeepRules {
        let settings: UpkeepSettings = toml::from_str("time_stamps = 'http://tsa.example.kz'").unwrap();
        settings.rules()
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let rules = rules();
        let pauses = [0, 1, 2, 8, 9, 31, 32, u32::MAX].map(|failures| rules.pause(failures).as_secs());
        assert_eq!(pauses, [60, 120, 240, 15_360, 21_600, 21_600, 21_600, 21_600]);
    }

    #[test]
    fn a_seal_is_renewed_before_its_end_and_never_at_once() {
        let (rules, now) = (rules(), Time::from_unix_seconds(1_800_000_000));
        for (life, after) in [
            (1_000 * DAY, 910 * DAY),
            (180 * DAY, 90 * DAY),
            (100 * DAY, 50 * DAY),
            (2 * HOUR, HOUR),
        ] {
            assert_eq!(rules.renewal(now.plus(life), now), now.plus(after), "{life:?}");
        }
    }
}
