//! The boundary's protocol: what a caller and `tamga-hsm` say to each other.
//!
//! ```text
//! caller    → "TAMGAHSM" version(u16)              once
//! boundary  → "TAMGAHSM" version(u16)              once, then frames both ways
//! frame       length(u32) id(u64) postcard         all integers big endian
//! ```
//!
//! Frames are bounded, calls in flight are bounded, every wait has a limit. The stream is a Unix socket or
//! mutual TLS; who the caller is was settled before: one role per connection.

mod call;
mod frame;
mod outbox;
mod server;

pub(crate) use call::{Call, Reply};
pub(crate) use frame::{FrameReader, Framing, encode, greet};
pub(crate) use outbox::Outbox;
pub use server::{serve, serve_listener};
