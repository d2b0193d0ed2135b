//! Time stamp requests: whatever is accepted keeps its limits, says what stands there, and can be stamped; whatever is
//! not is refused in words.
#![no_main]

use core::time::Duration;
use std::sync::LazyLock;

use der::{Decode, Encode, asn1::ObjectIdentifier};
use domain::{SignatureProfile, Time};
use libfuzzer_sys::fuzz_target;
use pki::{
    CmsSigner,
    timestamp::{Stamp, StampRequest, rejection},
    x509_cert::{Certificate, serial_number::SerialNumber},
};

const LONGEST_NONCE: usize = 64;
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.7.6.1");

static UNIT: LazyLock<CmsSigner> = LazyLock::new(|| {
    let unit = Certificate::from_der(include_bytes!("../unit.der")).expect("a certificate");
    CmsSigner::new(&unit, SignatureProfile::EcdsaP256Sha256).expect("a certificate is written")
});

fuzz_target!(|bytes: &[u8]| {
    let request = match StampRequest::parse(bytes) {
        Ok(request) => request,
        Err(rejected) => {
            der::Any::from_der(&rejection(rejected)).expect("a refusal is DER");
            return;
        }
    };
    assert_eq!(request.digest.as_bytes().len(), request.digest.algorithm().length());
    assert!(stands_in(bytes, request.digest.as_bytes()));
    if let Some(nonce) = &request.nonce {
        assert!(nonce.as_bytes().len() <= LONGEST_NONCE);
        assert!(stands_in(bytes, &nonce.to_der().expect("what was read is written")));
    }
    if let Some(policy) = &request.policy {
        assert!(stands_in(bytes, policy.as_bytes()));
    }
    let serial = SerialNumber::new(&[1]).expect("a number");
    let stamp = Stamp::new(
        &request,
        (POLICY, &serial),
        (Time::from_unix_seconds(1_800_000_000), Duration::from_secs(1)),
        &UNIT,
    );
    stamp.and_then(|stamp| stamp.prepare()).expect("what was understood is stamped");
});

fn stands_in(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
