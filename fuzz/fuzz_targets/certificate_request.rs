//! Certificate requests: a fuzzer has no private key, so whatever is accepted is one of the seeds in what it signs;
//! and a key is read only from the bytes that it is written as.
#![no_main]

use der::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use pki::{PublicKey, requested_key, x509_cert::request::CertReq};

const SEEDS: [&[u8]; 3] = [
    include_bytes!("../corpus/certificate_request/openssl-p256.der"),
    include_bytes!("../corpus/certificate_request/openssl-p384-extensions.der"),
    include_bytes!("../corpus/certificate_request/openssl-rsa2048.der"),
];

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = requested_key(bytes) {
        assert!(SEEDS.iter().any(|seed| content(seed) == content(bytes)), "accepted without a private key");
        reads_again(&key);
    }
    // Without its signature, so that more than the seeds comes this far.
    if let Ok(request) = CertReq::from_der(bytes) {
        if let Ok(key) = PublicKey::new(request.info.public_key) {
            reads_again(&key);
        }
    }
    if let Ok(key) = PublicKey::from_der(bytes) {
        assert_eq!(key.der(), bytes);
    }
});

/// What a request's signature is over.
fn content(request: &[u8]) -> Vec<u8> {
    let request = CertReq::from_der(request).expect("a request");
    request.info.to_der().expect("what was read is written")
}

fn reads_again(key: &PublicKey) {
    assert_eq!(PublicKey::from_der(key.der()).as_ref(), Ok(key));
    let _ = (key.identifier(), key.exponent_is_usual());
}
