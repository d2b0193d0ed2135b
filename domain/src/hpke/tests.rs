//! Our HPKE against the `hpke` crate, in both directions, and against every altered byte.

use ::hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::AesGcm256, kdf::HkdfSha256,
    kem::DhP256HkdfSha256,
};
use p256::{SecretKey, elliptic_curve::sec1::ToSec1Point};

use super::*;

/// Repeatable bytes: a linear congruential generator is chance enough for a test.
struct Repeatable(u64);

impl rand_core::TryRng for Repeatable {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|value| (value >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for byte in out {
            *byte = (self.try_next_u64()? >> 56) as u8;
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Repeatable {}

fn recipient() -> (SecretKey, ActivationKey) {
    let secret = SecretKey::generate_from_rng(&mut Repeatable(7));
    let point = secret
        .public_key()
        .to_sec1_point(false)
        .as_bytes()
        .try_into()
        .unwrap();
    let key = ActivationKey::new("activation/1", point).unwrap();
    (secret, key)
}

fn shared(secret: &SecretKey, enc: &Point, key: &ActivationKey) -> SharedSecret {
    let sender = PublicKey::from_sec1_bytes(enc).unwrap();
    let dh = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), sender.as_affine());
    SharedSecret::from_dh(&Secret::new((*dh.raw_secret_bytes()).into()), enc, key.point())
}

#[test]
fn what_we_seal_the_other_implementation_opens() {
    let (secret, key) = recipient();
    let (enc, sealed) = seal_to(&key, b"info", b"plaintext", &mut Repeatable(1)).unwrap();
    let private = <DhP256HkdfSha256 as Kem>::PrivateKey::from_bytes(&secret.to_bytes()).unwrap();
    let enc = <DhP256HkdfSha256 as Kem>::EncappedKey::from_bytes(&enc).unwrap();
    let opened = ::hpke::single_shot_open::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeR::Base,
        &private,
        &enc,
        b"info",
        &sealed,
        b"",
    );
    assert_eq!(opened.unwrap(), b"plaintext");
}

#[test]
fn what_the_other_implementation_seals_we_open() {
    let (secret, key) = recipient();
    let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(key.point()).unwrap();
    let (enc, sealed) = ::hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeS::Base,
        &public,
        b"info",
        b"plaintext",
        b"",
        &mut Repeatable(2),
    )
    .unwrap();
    let enc: Point = enc.to_bytes().as_slice().try_into().unwrap();
    assert_eq!(
        &**shared(&secret, &enc, &key).open(b"info", &sealed).unwrap(),
        b"plaintext"
    );
}

#[test]
fn any_altered_byte_and_any_other_info_are_refused() {
    let (secret, key) = recipient();
    let (enc, sealed) = seal_to(&key, b"info", b"plaintext", &mut Repeatable(3)).unwrap();
    let opener = shared(&secret, &enc, &key);
    assert!(opener.open(b"info", &sealed).is_ok());
    assert_eq!(opener.open(b"Info", &sealed).unwrap_err(), OpenError);
    for position in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[position] ^= 1;
        assert_eq!(
            opener.open(b"info", &altered).unwrap_err(),
            OpenError,
            "byte {position}"
        );
    }
}
