//! Status questions: whatever is accepted keeps its limits, can be answered, and the answer repeats it byte by byte.
#![no_main]

use core::time::Duration;
use std::sync::LazyLock;

use der::{Decode, Encode};
use domain::{SignatureProfile, Time};
use libfuzzer_sys::fuzz_target;
use pki::{
    PublicKey,
    ocsp::{Answer, CertStatus, MOST_QUESTIONS, Question, Single},
    x509_cert::Certificate,
};

/// RFC 9654: 128 bytes, under a tag and a length of two bytes.
const LONGEST_NONCE: usize = 128 + 3;

static RESPONDER: LazyLock<(Certificate, PublicKey)> = LazyLock::new(|| {
    let certificate = Certificate::from_der(include_bytes!("../unit.der")).expect("a certificate");
    let key = PublicKey::new(certificate.tbs_certificate().subject_public_key_info().clone()).expect("a key");
    (certificate, key)
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(question) = Question::parse(bytes) else { return };
    assert!((1..=MOST_QUESTIONS).contains(&question.ids().len()));
    let at = Time::from_unix_seconds(1_800_000_000);
    let (certificate, key) = &*RESPONDER;
    let mut repeated = Vec::new();
    let mut singles = Vec::new();
    for id in question.ids() {
        repeated.push(id.to_der().expect("what was read is written"));
        // No hash and no length of it makes the comparison panic.
        let _ = id.is_of(certificate.tbs_certificate().subject(), key);
        singles.push(Single::new(id, CertStatus::Unknown, (at, Duration::from_secs(1))).expect("an answer"));
    }
    if let Some(nonce) = question.nonce() {
        assert!((1..=LONGEST_NONCE).contains(&nonce.len()));
        repeated.push(nonce.to_vec());
    }
    let answer = Answer { responder: key, profile: SignatureProfile::EcdsaP256Sha256, made_at: at, nonce: question.nonce() };
    let prepared = answer.prepare(&singles).expect("what was understood is answered");
    for part in repeated {
        assert!(stands_in(bytes, &part), "the question was read as something else");
        assert!(stands_in(prepared.content(), &part), "the answer is about something else");
    }
});

fn stands_in(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
