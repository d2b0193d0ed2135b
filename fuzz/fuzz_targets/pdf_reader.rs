//! PDFs: whatever is read ends, within bounded memory; whatever can be signed keeps its bytes, its pages and its earlier
//! signatures, and the new signature is found where it was put.
#![no_main]

use std::sync::LazyLock;

use domain::SignatureProfile;
use libfuzzer_sys::fuzz_target;
use signer::{
    SigningCertificate,
    mark::Layout,
    pdf::{Options, Prepared, Sheet, claims, hazards},
};

static CERTIFICATE: LazyLock<SigningCertificate> = LazyLock::new(|| {
    let der = include_bytes!("../unit.der").to_vec();
    SigningCertificate::new(der, Vec::new(), SignatureProfile::EcdsaP256Sha256).expect("the unit's certificate")
});

fuzz_target!(|bytes: &[u8]| {
    let source = bytes.to_vec();
    let before = claims(&source);
    let _ = hazards(&source);
    let _ = Sheet::free(&source, None, Layout::Compact.size());
    let Ok(prepared) = Prepared::new(&source, &CERTIFICATE, &Options::default()) else {
        return;
    };
    let mut written = Vec::new();
    prepared.output().write_to(&[&source], &mut written).expect("memory");
    assert!(written.starts_with(bytes));
    let [first, second] = prepared.ranges();
    assert_eq!((first.start, second.end), (0, written.len() as u64));
    assert_eq!(Sheet::count(&source).ok(), Sheet::count(&written).ok());
    // A document whose other signatures or validation data cannot be read can still be signed.
    if let Ok(before) = before {
        let after = claims(&written).expect("what was signed can be read");
        let ours = after.iter().filter(|claim| claim.name == prepared.field()).count();
        assert_eq!((ours, after.len()), (1, before.len() + 1));
    }
});
