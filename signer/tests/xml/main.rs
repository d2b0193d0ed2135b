//! XML signatures beside programs that are not ours, and against everything that was ever tried on them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

mod attacks;
mod canonical;
mod extended;
mod judged;
mod judges;
mod keys;
mod reading;
mod round_trip;
mod several;
mod signing;
