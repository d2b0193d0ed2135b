//! `SignedInfo`: whatever is accepted names the shown digest, and the digest to sign is over exactly these bytes.
#![no_main]

use domain::{HashAlgorithm, SignatureProfile};
use hsm::{Expected, ToBeSigned};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let shown = [HashAlgorithm::Sha256.digest(b"Tamga vector document\n")];
    let structure = ToBeSigned::XmlSignedInfo(bytes.to_vec());
    for profile in [SignatureProfile::EcdsaP256Sha256, SignatureProfile::RsaPkcs1Sha256] {
        let expected = Expected { shown: &shown, profile, certificate: &[0; 32] };
        if let Ok(signed) = structure.check(&expected) {
            assert_eq!(signed, HashAlgorithm::Sha256.digest(bytes));
            assert!(core::str::from_utf8(bytes).is_ok_and(|text| !text.contains("<!") && !text.contains("<?")));
        }
    }
});
