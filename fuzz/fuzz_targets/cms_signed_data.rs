//! CMS signatures: whatever is read can be written, reads the same again, and is examined without harm.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signer::cms::{Body, Content, SignedData, TimeStamp};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(stamp) = TimeStamp::read(bytes) {
        stamp.claim().expect("what was read is examined");
    }
    let Ok(data) = SignedData::read(&bytes) else { return };
    let body = match &data.content {
        Content::Detached => None,
        Content::Attached(pieces) => Some(Body {
            ranges: pieces.clone(),
            ..Body::whole("content", &bytes)
        }),
    };
    let claims = data.claims(body.as_ref()).expect("what was read is examined");
    assert!(claims.len() >= data.signers.len());

    let mut written = Vec::new();
    let output = data.to_output(0).expect("what was read is written");
    output.write_to(&[&bytes], &mut written).expect("its pieces are there");
    assert_eq!(written.len(), data.length());
    let again = SignedData::read(&written).expect("what was written is read");
    assert_eq!(again.content.length(), data.content.length());
    assert_eq!(sorted(&again), sorted(&data));
});

/// Sets have no order; DER gives them one.
fn sorted(data: &SignedData) -> [Vec<Vec<u8>>; 4] {
    let values: Vec<Vec<u8>> = data.signers.iter().map(|signer| signer.signature.clone()).collect();
    let set = |elements: &[Vec<u8>]| {
        let mut elements = elements.to_vec();
        elements.sort();
        elements.dedup();
        elements
    };
    [
        set(&data.digest_algorithms),
        set(&data.certificates),
        set(&data.revocations),
        set(&values),
    ]
}
