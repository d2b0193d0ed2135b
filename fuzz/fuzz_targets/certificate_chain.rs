//! Certificates of others, one after the other: whatever they say of one another, the search ends, and no path leads from
//! them to an anchor that signed none of them.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pki::{
    Presented,
    path::{Anchor, LONGEST_PATH, paths},
};

static ANCHOR: LazyLock<[Anchor; 1]> = LazyLock::new(|| {
    [Anchor::new(Presented::parse(include_bytes!("../unit.der")).expect("a certificate"))]
});

fuzz_target!(|bytes: &[u8]| {
    let mut certificates = Vec::new();
    let mut rest = bytes;
    // Each behind its length, two bytes.
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (one, after) = after.split_at(after.len().min(usize::from(u16::from_be_bytes(*length))));
        certificates.extend(Presented::parse(one));
        rest = after;
    }
    for certificate in &certificates {
        let _ = (certificate.subject_text(), certificate.key_identifier(), certificate.scheme());
        let found = paths(certificate, &certificates, &*ANCHOR);
        for path in &found.paths {
            assert!(path.certificates().len() <= LONGEST_PATH);
            let _ = path.holds();
            assert!(
                path.certificates().is_empty() || path.certificates().iter().all(|one| one.der() != ANCHOR[0].certificate().der()),
                "an anchor stands inside a path"
            );
        }
    }
});
