//! Values for tests: fixed keys, ids and times, and signing as a token would.

use p256::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
use proptest::prelude::{Strategy, any, prop};
use serde::Serialize;

use crate::{
    ActivationKey, Digest, EcPublicKey, HashAlgorithm, Id, SigningInput, Time, base64url, hpke::Point,
};

/// The time of all samples.
pub(crate) const NOW: Time = Time::from_unix_seconds(1_790_000_000);

/// The id whose bytes are all `byte`.
pub(crate) fn id<T>(byte: u8) -> Id<T> {
    Id::from_bytes([byte; 16])
}

/// The private key that `seed` names.
pub(crate) fn private(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

/// Its point.
pub(crate) fn point(seed: u8) -> Point {
    private(seed)
        .verifying_key()
        .to_sec1_point(false)
        .as_bytes()
        .try_into()
        .unwrap()
}

/// Its public half.
pub(crate) fn public(seed: u8) -> EcPublicKey {
    EcPublicKey::from_point(&point(seed)).unwrap()
}

/// The same as a key that is sealed to.
pub(crate) fn activation(seed: u8) -> ActivationKey {
    ActivationKey::new("activation/1", point(seed)).unwrap()
}

/// A statement signed by `seed`, made as a token's owner makes it.
pub(crate) fn signed(typ: &str, payload: &impl Serialize, seed: u8) -> String {
    let input = SigningInput::new(typ, "key/1", payload).unwrap();
    let signature: Signature = private(seed).sign_prehash(input.digest().as_bytes()).unwrap();
    input.finish(&signature.to_bytes().into())
}

/// The same with header and payload as they stand, for what no honest signer makes.
pub(crate) fn signed_text(header: &str, payload: &str, seed: u8) -> String {
    let input = format!(
        "{}.{}",
        base64url(header.as_bytes()),
        base64url(payload.as_bytes())
    );
    let digest = HashAlgorithm::Sha256.digest(input.as_bytes());
    let signature: Signature = private(seed).sign_prehash(digest.as_bytes()).unwrap();
    format!("{input}.{}", base64url(&signature.to_bytes()))
}

/// The header that an honest signer writes.
pub(crate) fn header(typ: &str) -> String {
    format!(r#"{{"alg":"ES256","typ":"{typ}","kid":"key/1"}}"#)
}

/// `text` with the one occurrence of `from` replaced.
pub(crate) fn altered(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} must be once in {text}");
    text.replacen(from, to, 1)
}

/// Any digest.
pub(crate) fn any_digest() -> impl Strategy<Value = Digest> {
    (
        prop::sample::select(HashAlgorithm::ALL.to_vec()),
        any::<[u8; 64]>(),
    )
        .prop_map(|(algorithm, bytes)| algorithm.parse(&bytes[..algorithm.length()]).unwrap())
}

/// Any id.
pub(crate) fn any_id<T: 'static>() -> impl Strategy<Value = Id<T>> {
    any::<[u8; 16]>().prop_map(Id::from_bytes)
}
