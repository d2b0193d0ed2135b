//! Mechanisms by number where names differ, and how each signature profile is said in PKCS#11.

use cryptoki::mechanism::{
    Mechanism, MechanismType,
    rsa::{PkcsMgfType, PkcsPssParams},
    vendor_defined::VendorDefinedMechanism,
};
use domain::{Digest, HashAlgorithm, SignatureProfile};

/// RFC 5649 as SoftHSM numbers it.
pub(super) const KWP_SOFTHSM: u64 = 0x210A;
/// RFC 5649 as the standard numbers it (`CKM_AES_KEY_WRAP_KWP`).
pub(super) const KWP_STANDARD: u64 = 0x210B;

/// The wrap mechanism with this number.
pub(super) fn key_wrap(number: u64) -> Mechanism<'static> {
    if number == KWP_SOFTHSM {
        return Mechanism::AesKeyWrapPad;
    }
    Mechanism::VendorDefined(VendorDefinedMechanism::new::<u8>(by_number(number), None))
}

/// A mechanism type that cryptoki has no name for.
#[expect(
    unsafe_code,
    reason = "cryptoki refuses to construct numbers below the vendor range"
)]
fn by_number(number: u64) -> MechanismType {
    // SAFETY: MechanismType is `repr(transparent)` over CK_MECHANISM_TYPE (a CK_ULONG, PKCS#11 base
    // specification 3.1, section 3.6), of which every value is valid; the test below checks size and value.
    unsafe { core::mem::transmute::<u64, MechanismType>(number) }
}

/// The mechanism that signs what [`input`] gives.
pub(super) fn signing(profile: SignatureProfile) -> Mechanism<'static> {
    let pss = |hash_alg, mgf| {
        let s_len = (profile.hash().length() as u64).into();
        Mechanism::RsaPkcsPss(PkcsPssParams { hash_alg, mgf, s_len })
    };
    match profile {
        SignatureProfile::EcdsaP256Sha256 | SignatureProfile::EcdsaP384Sha384 => Mechanism::Ecdsa,
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512 => Mechanism::RsaPkcs,
        SignatureProfile::RsaPssSha256 => pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256),
        SignatureProfile::RsaPssSha384 => pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384),
        SignatureProfile::RsaPssSha512 => pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512),
    }
}

/// What goes into the mechanism: the digest, and before it a `DigestInfo` header for PKCS#1 v1.5.
pub(super) fn input(profile: SignatureProfile, digest: &Digest) -> Vec<u8> {
    match profile {
        SignatureProfile::RsaPkcs1Sha256
        | SignatureProfile::RsaPkcs1Sha384
        | SignatureProfile::RsaPkcs1Sha512 => [digest_info(profile.hash()), digest.as_bytes()].concat(),
        SignatureProfile::EcdsaP256Sha256
        | SignatureProfile::EcdsaP384Sha384
        | SignatureProfile::RsaPssSha256
        | SignatureProfile::RsaPssSha384
        | SignatureProfile::RsaPssSha512 => digest.as_bytes().to_vec(),
    }
}

/// RFC 8017, 9.2, note 1.
const fn digest_info(hash: HashAlgorithm) -> &'static [u8] {
    match hash {
        HashAlgorithm::Sha256 => {
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
        }
        HashAlgorithm::Sha384 => {
            b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
        }
        HashAlgorithm::Sha512 => {
            b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mechanism_by_number_is_that_number() {
        assert_eq!(size_of::<MechanismType>(), size_of::<u64>());
        assert_eq!(*by_number(KWP_SOFTHSM), 0x210A);
        assert_eq!(by_number(KWP_SOFTHSM), MechanismType::AES_KEY_WRAP_PAD);
        assert_eq!(key_wrap(KWP_STANDARD).mechanism_type(), by_number(KWP_STANDARD));
    }
}
