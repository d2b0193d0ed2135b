//! How long proofs, nonces and keys live. R123, R129, R238.

use core::time::Duration;

use serde::Deserialize;

use crate::{RuleError, bounds::within, span::Span};

/// Spans after which something is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Freshness {
    /// How long a challenge may be answered: time to type a password and hash it, not to steal an answer. R238;
    /// the number is ours.
    pub nonce_life: Duration,
    /// How long a proof by two factors (R003) is good for signing: one visit. R123, R129; the number is ours.
    pub proofing_life: Duration,
    /// How far a device's clock may be off; phones without network drift by minutes.
    pub clock_skew: Duration,
    /// How long devices seal to one activation key, the HSM key of R126.
    pub activation_key_life: Duration,
    /// How long a retired activation key is kept; after that a recorded Sad is unreadable for ever.
    pub activation_key_kept: Duration,
    /// After how long a reserved Activation of a dead supervisor counts as cut off; nothing of law.
    pub reservation_life: Duration,
}

impl Freshness {
    /// Five minutes, thirty minutes, two minutes, one day, two days, one minute.
    pub const SHIPPED: Self = Self {
        nonce_life: Duration::from_mins(5),
        proofing_life: Duration::from_mins(30),
        clock_skew: Duration::from_mins(2),
        activation_key_life: Duration::from_hours(24),
        activation_key_kept: Duration::from_hours(48),
        reservation_life: Duration::from_mins(1),
    };

    /// What each rule may shrink to: below, honest people would be refused.
    const LEAST: Self = Self {
        nonce_life: Duration::from_mins(1),
        proofing_life: Duration::from_mins(5),
        clock_skew: Duration::from_secs(10),
        activation_key_life: Duration::from_hours(1),
        activation_key_kept: Duration::from_hours(1),
        reservation_life: Duration::from_secs(10),
    };

    /// A supervisor that took longer to sign a batch is not dead.
    const LONGEST_RESERVATION: Duration = Duration::from_mins(10);
}

impl Default for Freshness {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    nonce_life: Span,
    proofing_life: Span,
    clock_skew: Span,
    activation_key_life: Span,
    activation_key_kept: Span,
    reservation_life: Span,
}

impl Default for Written {
    fn default() -> Self {
        let shipped = Freshness::SHIPPED;
        Self {
            nonce_life: Span::new(shipped.nonce_life),
            proofing_life: Span::new(shipped.proofing_life),
            clock_skew: Span::new(shipped.clock_skew),
            activation_key_life: Span::new(shipped.activation_key_life),
            activation_key_kept: Span::new(shipped.activation_key_kept),
            reservation_life: Span::new(shipped.reservation_life),
        }
    }
}

impl TryFrom<Written> for Freshness {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let rule = |name, found, pick: fn(Self) -> Duration, most| {
            within(name, found, &(Span::new(pick(Self::LEAST))..=Span::new(most))).map(Span::duration)
        };
        let shipped = |name, found, pick: fn(Self) -> Duration| rule(name, found, pick, pick(Self::SHIPPED));
        Ok(Self {
            nonce_life: shipped("freshness.nonce_life", written.nonce_life, |rule| rule.nonce_life)?,
            proofing_life: shipped("freshness.proofing_life", written.proofing_life, |rule| {
                rule.proofing_life
            })?,
            clock_skew: shipped("freshness.clock_skew", written.clock_skew, |rule| rule.clock_skew)?,
            activation_key_life: shipped(
                "freshness.activation_key_life",
                written.activation_key_life,
                |rule| rule.activation_key_life,
            )?,
            activation_key_kept: shipped(
                "freshness.activation_key_kept",
                written.activation_key_kept,
                |rule| rule.activation_key_kept,
            )?,
            reservation_life: rule(
                "freshness.reservation_life",
                written.reservation_life,
                |rule| rule.reservation_life,
                Self::LONGEST_RESERVATION,
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_shorten_lives_within_reason() {
        let read = toml::from_str::<Freshness>;
        let stricter = read("nonce_life = '2 min'\nproofing_life = '10 min'").unwrap();
        assert_eq!(stricter.nonce_life, Duration::from_mins(2));
        assert_eq!(stricter.clock_skew, Freshness::SHIPPED.clock_skew);
        assert!(read("reservation_life = '10 min'").is_ok());
        for (text, why) in [
            (
                "nonce_life = '6 min'",
                "freshness.nonce_life is 6 min, but may be 1 min to 5 min",
            ),
            ("nonce_life = '59 s'", "freshness.nonce_life is 59 s"),
            (
                "proofing_life = '31 min'",
                "freshness.proofing_life is 31 min, but may be 5 min to 30 min",
            ),
            (
                "clock_skew = '121 s'",
                "freshness.clock_skew is 121 s, but may be 10 s to 2 min",
            ),
            (
                "activation_key_life = '25 h'",
                "freshness.activation_key_life is 25 h, but may be 1 h to 1 d",
            ),
            (
                "activation_key_kept = '3 d'",
                "freshness.activation_key_kept is 3 d, but may be 1 h to 2 d",
            ),
            (
                "activation_key_kept = '1 min'",
                "freshness.activation_key_kept is 1 min",
            ),
            (
                "reservation_life = '11 min'",
                "freshness.reservation_life is 11 min, but may be 10 s to 10 min",
            ),
            ("nonce_life = 300", "invalid type: integer"),
            ("nonce_lives = '5 min'", "unknown field"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }

    /// A retired key must open whatever was sealed to it while its challenge could still be answered.
    #[test]
    fn no_admitted_rule_destroys_a_key_that_an_open_challenge_names() {
        let answered_at_last = Freshness::SHIPPED.nonce_life + Freshness::SHIPPED.clock_skew;
        assert!(Freshness::LEAST.activation_key_kept > answered_at_last);
        assert!(Freshness::LEAST.proofing_life >= Freshness::SHIPPED.nonce_life);
    }
}
