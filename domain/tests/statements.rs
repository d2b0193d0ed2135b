//! Signed statements: only the expected kind, by the expected key, in the one encoding.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use domain::{
    Assertion, AssertionError, EcPublicKey, Factor, FactorKind, Id, JwsError, SigningInput, Time, base64url,
    typ,
};
use p256::{
    PublicKey, SecretKey,
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner},
    elliptic_curve::sec1::ToSec1Point,
};
use serde_json::{Value, json};

fn signer(seed: u8) -> SigningKey {
    SigningKey::from(SecretKey::from_slice(&[seed; 32]).unwrap())
}

fn public(signer: &SigningKey) -> EcPublicKey {
    let point = PublicKey::from(signer.verifying_key()).to_sec1_point(false);
    EcPublicKey::from_point(point.as_bytes().try_into().unwrap()).unwrap()
}

fn claims(kinds: &[FactorKind]) -> Value {
    let factor = |kind: &FactorKind| Factor {
        kind: *kind,
        evidence: Id::from_bytes([5; 16]),
    };
    let assertion = Assertion {
        id: Id::from_bytes([1; 16]),
        session: Id::from_bytes([2; 16]),
        client: "900101300017".parse().unwrap(),
        factors: kinds.iter().map(factor).collect(),
        proofed_at: Time::from_unix_seconds(1_790_000_000),
        expires_at: Time::from_unix_seconds(1_790_001_800),
    };
    serde_json::to_value(assertion).unwrap()
}

fn signed(signer: &SigningKey, typ: &str, claims: &Value) -> String {
    let input = SigningInput::new(typ, "identity/1", claims).unwrap();
    let signature: Signature = signer.sign_prehash(input.digest().as_bytes()).unwrap();
    input.finish(&signature.to_bytes().into())
}

use FactorKind::{Code, Liveness, Match, Video};

/// R003: two different factors, one of them biometric.
#[test]
fn an_assertion_needs_a_biometric_proof_and_a_code() {
    let identity = signer(1);
    let verify = |kinds: &[FactorKind]| {
        Assertion::verify(
            &signed(&identity, typ::ASSERTION, &claims(kinds)),
            &public(&identity),
        )
    };
    assert!(verify(&[Liveness, Match, Code]).is_ok());
    assert!(verify(&[Video, Code]).is_ok());
    for too_few in [
        &[][..],
        &[Code],
        &[Liveness, Match],
        &[Liveness, Code],
        &[Match, Code],
        &[Video],
    ] {
        assert_eq!(verify(too_few), Err(AssertionError::Factors), "{too_few:?}");
    }
}

#[test]
fn only_the_expected_statement_of_the_expected_key_is_read() {
    let (identity, stranger) = (signer(1), signer(2));
    let claims = claims(&[Liveness, Match, Code]);
    let good = signed(&identity, typ::ASSERTION, &claims);
    let verify = |text: &str| match Assertion::verify(text, &public(&identity)) {
        Ok(_) => None,
        Err(AssertionError::Jws(error)) => Some(error),
        Err(AssertionError::Factors) => panic!("all factors are there"),
    };
    assert_eq!(verify(&good), None);
    assert_eq!(
        verify(&signed(&stranger, typ::ASSERTION, &claims)),
        Some(JwsError::Signature)
    );
    assert_eq!(
        verify(&signed(&identity, typ::RECEIPT, &claims)),
        Some(JwsError::Header)
    );
    let mut more = claims.clone();
    more["more"] = json!(1);
    assert_eq!(
        verify(&signed(&identity, typ::ASSERTION, &more)),
        Some(JwsError::Payload)
    );

    let parts: Vec<&str> = good.split('.').collect();
    let header = |header: &str| {
        format!(
            "{}.{}.{}",
            base64url(header.as_bytes()),
            parts.get(1).unwrap(),
            parts.get(2).unwrap()
        )
    };
    for other in [
        r#"{"alg":"none","typ":"tamga-assertion+jws","kid":"identity/1"}"#,
        r#"{"alg":"HS256","typ":"tamga-assertion+jws","kid":"identity/1"}"#,
        r#"{"alg":"ES256","typ":"JWT","kid":"identity/1"}"#,
        r#"{"alg":"ES256","typ":"tamga-assertion+jws","kid":"identity/1","crit":["b64"]}"#,
        r#"{"alg":"ES256","alg":"ES256","typ":"tamga-assertion+jws","kid":"identity/1"}"#,
    ] {
        assert_eq!(verify(&header(other)), Some(JwsError::Header), "{other}");
    }
    for (what, text) in [
        ("two parts", good.rsplit_once('.').unwrap().0.to_owned()),
        ("padding", format!("{good}=")),
        ("a signature cut short", good[..good.len() - 4].to_owned()),
        ("nothing", String::new()),
        ("far too long", "a".repeat(20_000)),
    ] {
        assert!(
            matches!(
                verify(&text),
                Some(JwsError::Form | JwsError::Header | JwsError::Payload)
            ),
            "{what}"
        );
    }
}
