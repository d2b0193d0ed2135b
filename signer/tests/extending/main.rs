//! Signatures of every format, led from B to LTA and kept for years, judged when those who made them are long gone.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

mod files;
mod judges;
mod life;
#[expect(dead_code, reason = "shared with the tests of PDF, which use more of it")]
#[path = "../pdf/making.rs"]
mod making;
mod refusing;
#[expect(dead_code, reason = "shared with the tests of judging, which use more of it")]
#[path = "../judging/world.rs"]
mod world;
