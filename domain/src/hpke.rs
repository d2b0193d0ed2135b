//! HPKE base mode (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
//!
//! The receiver's private key lives in a token, which gives us nothing but the Diffie-Hellman secret; no library
//! starts from there, so the key schedule is written here, over `hkdf` and `aes-gcm`, and judged in tests by the
//! `hpke` crate. Sender and receiver meet at [`SharedSecret`]: the sender makes it with [`seal_to`], the receiver
//! with [`SharedSecret::from_dh`] from what the token derived.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Nonce, Payload},
};
use hkdf::Hkdf;
use p256::{
    PublicKey,
    ecdh::EphemeralSecret,
    elliptic_curve::{Generate, sec1::ToSec1Point},
};
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{ActivationKey, Secret};

/// An uncompressed P-256 point, as HPKE serialises public keys.
pub type Point = [u8; POINT_LENGTH];

/// Bytes of a [`Point`].
pub const POINT_LENGTH: usize = 65;
/// Bytes that AES-GCM adds to a plaintext.
pub const TAG_LENGTH: usize = 16;

const KEM_SUITE: &[u8] = b"KEM\x00\x10";
const HPKE_SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x02";
const VERSION: &[u8] = b"HPKE-v1";
const MODE_BASE: u8 = 0;

/// A message was altered, or sealed to another key, Session or nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed message does not open: it was altered, or made for another key, session or nonce")]
pub struct OpenError;

/// The KEM's shared secret, from which the message key follows.
#[derive(Debug)]
pub struct SharedSecret(Secret<[u8; 32]>);

impl SharedSecret {
    /// From the bare Diffie-Hellman secret that a token derived for `enc` and the key `recipient`.
    pub fn from_dh(dh: &Secret<[u8; 32]>, enc: &Point, recipient: &Point) -> Self {
        let (_, prk) = labeled_extract(KEM_SUITE, b"", b"eae_prk", dh.expose());
        let mut secret = Secret::new([0; 32]);
        labeled_expand(
            &prk,
            KEM_SUITE,
            b"shared_secret",
            &[enc, recipient],
            secret.expose_mut(),
        );
        Self(secret)
    }

    /// Opens a ciphertext whose associated data is empty.
    pub fn open(&self, info: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (cipher, nonce) = self.schedule(info);
        cipher
            .decrypt(
                &nonce,
                Payload {
                    msg: ciphertext,
                    aad: b"",
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| OpenError)
    }

    /// Seals a plaintext with empty associated data.
    pub fn seal(&self, info: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (cipher, nonce) = self.schedule(info);
        cipher
            .encrypt(
                &nonce,
                Payload {
                    msg: plaintext,
                    aad: b"",
                },
            )
            .map_err(|_| OpenError)
    }

    fn schedule(&self, info: &[u8]) -> (Aes256Gcm, Nonce<Aes256Gcm>) {
        let (psk_id_hash, _) = labeled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"");
        let (info_hash, _) = labeled_extract(HPKE_SUITE, b"", b"info_hash", info);
        let context: [&[u8]; 3] = [&[MODE_BASE], &*psk_id_hash, &*info_hash];
        let (_, prk) = labeled_extract(HPKE_SUITE, self.0.expose(), b"secret", b"");
        let mut key = Zeroizing::new([0_u8; 32]);
        let mut nonce = [0_u8; 12];
        labeled_expand(&prk, HPKE_SUITE, b"key", &context, &mut *key);
        labeled_expand(&prk, HPKE_SUITE, b"base_nonce", &context, &mut nonce);
        (Aes256Gcm::new((&*key).into()), nonce.into())
    }
}

/// Seals `plaintext` to a token's key with a fresh ephemeral key: the ephemeral public key and the ciphertext.
pub fn seal_to(
    recipient: &ActivationKey,
    info: &[u8],
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<(Point, Vec<u8>), OpenError> {
    let public = PublicKey::from_sec1_bytes(recipient.point()).map_err(|_| OpenError)?;
    let ephemeral = EphemeralSecret::generate_from_rng(rng);
    let mut enc = [0; POINT_LENGTH];
    enc.copy_from_slice(ephemeral.public_key().to_sec1_point(false).as_bytes());
    let mut dh = Secret::new([0; 32]);
    dh.expose_mut()
        .copy_from_slice(ephemeral.diffie_hellman(&public).raw_secret_bytes());
    let sealed = SharedSecret::from_dh(&dh, &enc, recipient.point()).seal(info, plaintext)?;
    Ok((enc, sealed))
}

fn labeled_extract(
    suite: &[u8],
    salt: &[u8],
    label: &[u8],
    ikm: &[u8],
) -> (Zeroizing<[u8; 32]>, Hkdf<Sha256>) {
    let mut extract = hkdf::HkdfExtract::<Sha256>::new(Some(salt));
    for part in [VERSION, suite, label, ikm] {
        extract.input_ikm(part);
    }
    let (bytes, prk) = extract.finalize();
    (Zeroizing::new(bytes.into()), prk)
}

fn labeled_expand(prk: &Hkdf<Sha256>, suite: &[u8], label: &[u8], info: &[&[u8]], out: &mut [u8]) {
    let length = u16::try_from(out.len()).unwrap_or(u16::MAX).to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![&length, VERSION, suite, label];
    parts.extend_from_slice(info);
    // HKDF-SHA256 refuses only outputs above 8,160 bytes; ours have 12 and 32.
    let expanded = prk.expand_multi_info(&parts, out);
    debug_assert!(expanded.is_ok(), "HKDF output too long");
}

#[cfg(test)]
mod tests;
