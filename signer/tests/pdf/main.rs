//! PDF signatures, judged by programs that we did not write.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what only tests run may fail loudly"
)]

#[path = "../cms/house.rs"]
mod house;
mod judges;
mod making;
#[path = "../cms/openssl.rs"]
mod openssl;
mod signing;
