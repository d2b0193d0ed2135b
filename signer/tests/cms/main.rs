//! CMS, CAdES and time stamps, judged by a program that we did not write.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what only tests run may fail loudly"
)]

mod building;
mod house;
mod openssl;
