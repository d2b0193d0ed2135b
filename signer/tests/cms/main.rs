//! CMS, CAdES, ASiC and time stamps, judged by programs that we did not write.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what only tests run may fail loudly"
)]

mod attacks;
mod building;
mod containers;
mod foreign;
mod gigabytes;
mod house;
mod levels;
mod openssl;
mod properties;
mod zips;
