//! PDF signatures, judged by programs that we did not write.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what only tests run may fail loudly"
)]

mod attacks;
mod claims;
mod corpus;
mod covering;
mod fonts;
mod honest;
#[path = "../cms/house.rs"]
mod house;
mod judges;
mod large;
mod looks;
mod making;
mod marks;
#[path = "../cms/openssl.rs"]
mod openssl;
mod papers;
#[expect(dead_code, reason = "shared with the tests of marks, which use more of it")]
#[path = "../mark/judge.rs"]
mod picture;
mod refusing;
mod shadow;
mod shapes;
mod signing;

/// A time stamp over what has this digest.
fn token_on(house: &house::House, digest: domain::Digest) -> pki::timestamp::Token {
    let asking = pki::timestamp::Asking::new(digest, [0x92; 16]);
    asking.accept(&house.answer(&asking.to_der().unwrap())).unwrap()
}
