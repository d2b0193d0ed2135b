//! Signed attributes: whatever is accepted holds the shown digest, and the digest to sign is over exactly these bytes.
#![no_main]

use domain::{HashAlgorithm, SignatureProfile};
use hsm::{Expected, ToBeSigned};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What the seeds are about: the SHA-256 of one document, and one certificate.
    let shown = [HashAlgorithm::Sha256.digest(b"Tamga vector document\n")];
    let certificate = *include_bytes!("../corpus/certificate.sha256");
    let expected = Expected { shown: &shown, profile: SignatureProfile::EcdsaP256Sha256, certificate: &certificate };
    let structure = ToBeSigned::CmsAttributes(bytes.to_vec());
    if let Ok(signed) = structure.check(&expected) {
        assert_eq!(signed, HashAlgorithm::Sha256.digest(bytes));
        let inside = bytes.windows(32).filter(|window| window == &shown[0].as_bytes()).count();
        assert!(inside >= 1);
    }
});
