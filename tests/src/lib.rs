//! The world in which the tests live: real tokens, a real database, real worker processes, and a clock that only
//! moves when told.
//!
//! [`World`] runs the boundary in the test's own process with workers of the built `tamga-hsm`; [`Vault`] runs the
//! whole program. The token is SoftHSM, or kryoptic with `TAMGA_TOKEN=kryoptic`; the database is a file of SQLite, or on
//! PostgreSQL with `TAMGA_DATABASE=postgres`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what only tests run may fail loudly"
)]

mod authority;
mod clock;
mod documents;
mod engine;
mod judges;
mod openssl;
mod pins;
mod pki;
mod postgres;
mod raw;
mod site;
mod tokens;
mod vault;
mod world;

pub use self::pins::{Conversation, OFFICERS, component, enter, officer, proof};
pub use self::pki::{
    Founding, Pki, TestAuthority, ceremony, open_authority, open_authority_over, pem, person, run,
};
pub use authority::Authority;
pub use clock::ManualClock;
pub use documents::{cms_attributes, documents, signed_info};
pub use engine::{Backup, Engine};
pub use judges::judges;
pub use openssl::openssl_accepts;
pub use postgres::Postgres;
pub use raw::Raw;
pub use site::{Node, Said, Site, ceremony_file};
pub use tokens::{PIN, Tokens, program};
pub use vault::Vault;
pub use world::{Client, World, assertion_claims, digest_of, open, rng, secret, stranger};

/// How much of a long suite runs, in per cent: `TAMGA_LONG`, 1 by default.
pub fn share_of(full: usize) -> usize {
    let percent = std::env::var("TAMGA_LONG")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_usize);
    (full * percent / 100).max(1)
}
