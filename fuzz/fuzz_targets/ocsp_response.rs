//! Status answers of others: whatever is read stands in the bytes, and nothing is believed of a stranger's key.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pki::{Presented, ocsp::Received};

static UNIT: LazyLock<Presented> =
    LazyLock::new(|| Presented::parse(include_bytes!("../unit.der")).expect("a certificate"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(answer) = Received::parse(bytes) else { return };
    assert!(answer.statuses().len() <= 64);
    for certificate in answer.certificates() {
        assert!(bytes.windows(certificate.len()).any(|window| window == certificate.as_slice()));
    }
    let _ = answer.responder().is(&UNIT);
    let _ = answer.status_of(UNIT.serial(), &UNIT);
    assert!(answer.verify(UNIT.key()).is_err(), "nobody signed this");
});
