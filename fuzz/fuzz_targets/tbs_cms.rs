//! Signed attributes: whatever is accepted signs exactly these bytes, and an independent reader finds the shown digest.
#![no_main]

use der::{Decode, asn1::{OctetString, SetOfVec}};
use domain::SignatureProfile;
use hsm::{Expected, ToBeSigned};
use libfuzzer_sys::fuzz_target;
use x509_cert::attr::Attribute;

/// What the seeds are about: one document, and two certificates.
const DOCUMENT: &[u8] = b"Tamga vector document\n";
const CERTIFICATES: [[u8; 32]; 2] = [
    [0x29, 0xd7, 0x25, 0x56, 0x01, 0xfb, 0xfe, 0x03, 0x1b, 0xa9, 0x27, 0xfa, 0x80, 0x75, 0x03, 0x26, 0xce, 0x87, 0x13, 0xf9, 0xb3, 0x72, 0x4d, 0x24, 0xfd, 0x11, 0xa0, 0xd8, 0x3e, 0xe2, 0xa3, 0xc0],
    [0x69, 0xe1, 0x13, 0xb2, 0x62, 0xda, 0x24, 0x5b, 0x73, 0x0e, 0x3d, 0x99, 0x76, 0x2a, 0x3c, 0x94, 0x42, 0x60, 0x8a, 0xb5, 0x81, 0x5f, 0xb0, 0x1b, 0x56, 0xbb, 0x83, 0x0e, 0x1e, 0x13, 0x90, 0x58],
];
const PROFILES: [SignatureProfile; 3] = [SignatureProfile::EcdsaP256Sha256, SignatureProfile::RsaPssSha384, SignatureProfile::RsaPkcs1Sha512];

fuzz_target!(|bytes: &[u8]| {
    let structure = ToBeSigned::CmsAttributes(bytes.to_vec());
    for profile in PROFILES {
        let shown = [profile.hash().digest(DOCUMENT)];
        for certificate in &CERTIFICATES {
            if let Ok(signed) = structure.check(&Expected { shown: &shown, profile, certificate }) {
                assert_eq!(signed, profile.hash().digest(bytes));
                assert_eq!(digests(bytes), [shown[0].as_bytes()]);
            }
        }
    }
});

/// Every value of every messageDigest.
fn digests(bytes: &[u8]) -> Vec<Vec<u8>> {
    let attributes = SetOfVec::<Attribute>::from_der(bytes).expect("strict DER");
    let found = attributes.iter().filter(|attribute| attribute.oid.to_string() == "1.2.840.113549.1.9.4");
    let values = found.flat_map(|attribute| attribute.values.iter());
    values.map(|value| value.decode_as::<OctetString>().expect("octets").as_bytes().to_vec()).collect()
}
