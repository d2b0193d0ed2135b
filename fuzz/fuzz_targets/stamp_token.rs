//! Time-stamp tokens of others: whatever is read has one signer, whose key nobody here knows.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pki::{
    Presented,
    timestamp::{Binding, Received},
};

static UNIT: LazyLock<Presented> =
    LazyLock::new(|| Presented::parse(include_bytes!("../unit.der")).expect("a certificate"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(token) = Received::parse(bytes) else { return };
    let _ = token.content_agrees();
    if token.binds(&UNIT) == Binding::Bound {
        assert!(token.verify(UNIT.key()).is_err() || token.content_agrees(), "a signature over other content");
    }
});
