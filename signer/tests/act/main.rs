//! Acts: what the device is shown is what is found signed, what is stored finishes as if nothing had happened, and what
//! may look different is told.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

mod cautions;
mod desk;
mod documents;
mod held;
#[path = "../xml/keys.rs"]
#[expect(dead_code, reason = "foreign judges of XML want more of a key")]
mod keys;
#[path = "../pdf/making.rs"]
#[expect(dead_code, reason = "PDFs of more shapes than are signed here")]
mod making;
mod round_trip;
mod shown;
mod stored;
