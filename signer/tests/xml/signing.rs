//! Signing as the house does: prepare, have the boundary check it, sign, finish.

use domain::{SignatureProfile, Time};
use hsm::{Expected, RawSignature, ToBeSigned};
use signer::{
    Claim, Integrity, Output,
    xml::{Form, Limits, Prepared, SignError, claims, shown_octets},
};

use crate::keys::Key;

pub(crate) const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- before --><құжат \
    xmlns=\"urn:tamga:test\" xmlns:unused=\"urn:unused\" xml:lang=\"kk\">\r\n  <total Id=\"total\" b='2' \
    a=\"1 &amp; &#9; 2\"><![CDATA[<1>]]> ₸</total><!-- inside --><?look at?><empty/>\n</құжат>\n<!-- after -->";

pub(crate) const PROFILES: [SignatureProfile; 5] = [
    SignatureProfile::EcdsaP256Sha256,
    SignatureProfile::EcdsaP384Sha384,
    SignatureProfile::RsaPkcs1Sha256,
    SignatureProfile::RsaPkcs1Sha512,
    SignatureProfile::RsaPssSha256,
];

pub(crate) fn now() -> Time {
    Time::parse_rfc3339("2026-11-20T08:00:00Z").unwrap()
}

/// A key of P-256.
pub(crate) fn key(name: &str) -> Key {
    Key::new(name, SignatureProfile::EcdsaP256Sha256)
}

pub(crate) fn prepared(document: &[u8], form: &Form, key: &Key) -> Result<Prepared, SignError> {
    Prepared::new(document, key.signer(), form, now(), &Limits::default())
}

/// A signed document; what the device shows is what was digested.
pub(crate) fn sign(document: &[u8], form: &Form, key: &Key) -> Vec<u8> {
    let prepared = prepared(document, form, key).unwrap();
    let octets = shown_octets(document, form, &Limits::default()).unwrap();
    assert_eq!(prepared.shown(), [key.signer().profile().hash().digest(&octets)]);
    finished(prepared, key, document)
}

/// What the boundary and the token make of it.
pub(crate) fn finished(prepared: Prepared, key: &Key, source: &[u8]) -> Vec<u8> {
    let profile = key.signer().profile();
    let structure = prepared.to_be_signed();
    let expected = Expected {
        shown: prepared.shown(),
        profile,
        certificate: &key.signer().fingerprint(),
    };
    structure.check(&expected).unwrap();
    let ToBeSigned::XmlSignedInfo { info, .. } = structure else {
        panic!("not XML")
    };
    let raw = RawSignature::from_token(profile, key.sign(info));
    written(&prepared.finish(&raw).unwrap().output, source)
}

pub(crate) fn written(output: &Output, source: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    output.write_to(&[&source.to_vec()], &mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, output.length());
    bytes
}

pub(crate) fn read(document: &[u8]) -> Vec<Claim> {
    claims(document, &[], &Limits::default()).unwrap()
}

/// Whether the key of the named certificate signed what the claim says, and everything it covers agrees.
pub(crate) fn holds(claim: &Claim, key: &Key) -> bool {
    let signer = key.signer();
    claim.faults.is_empty()
        && claim
            .covered
            .iter()
            .all(|covered| covered.integrity == Integrity::Intact)
        && signer
            .key()
            .verifies(signer.profile(), &claim.signed, &claim.value)
}

/// The first replaced by the second, which must be there once.
pub(crate) fn swap(text: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = core::str::from_utf8(text).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to).into_bytes()
}
