//! How long proofs, nonces and keys live. R123, R129, R238.

use core::time::Duration;

/// Spans after which something is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How long a challenge may be answered. R238; the number is ours.
    pub nonce_life: Duration,
    /// How long a proof of the Client is good for signing: the same visit. R123, R129; the number is ours.
    pub proofing_life: Duration,
    /// How far a device's clock may be off.
    pub clock_skew: Duration,
    /// How long devices seal to one activation key.
    pub activation_key_life: Duration,
    /// How long a retired activation key is kept; after that a recorded Sad is unreadable for ever.
    pub activation_key_kept: Duration,
    /// After how long a reserved Activation of a dead supervisor counts as cut off.
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
}
