//! An assertion has two factors of different kinds, or it is none. R003.

use super::*;
use crate::sample;

fn assertion(kinds: &[FactorKind]) -> Assertion {
    Assertion {
        id: sample::id(8),
        session: sample::id(1),
        client: "900101300017".parse().unwrap(),
        factors: kinds
            .iter()
            .map(|kind| Factor {
                kind: *kind,
                evidence: sample::id(*kind as u8),
            })
            .collect(),
        proofed_at: sample::NOW,
        expires_at: sample::NOW.plus(core::time::Duration::from_mins(30)),
    }
}

fn verify(kinds: &[FactorKind]) -> Result<Assertion, AssertionError> {
    Assertion::verify(
        &sample::signed(typ::ASSERTION, &assertion(kinds), 1),
        &sample::public(1),
    )
}

#[test]
fn a_biometric_proof_and_a_code_are_asked_for() {
    use FactorKind::{Code, Liveness, Match, Video};
    for kinds in [
        &[Liveness, Match, Code][..],
        &[Code, Video],
        &[Video, Match, Code, Liveness],
    ] {
        assert_eq!(verify(kinds), Ok(assertion(kinds)), "{kinds:?}");
    }
    for kinds in [
        &[][..],
        &[Code],
        &[Code, Code],
        &[Liveness, Match],
        &[Liveness, Code],
        &[Match, Code],
        &[Match, Match, Code],
        &[Video],
        &[Liveness, Match, Video],
    ] {
        assert_eq!(verify(kinds), Err(AssertionError::Factors), "{kinds:?}");
    }
}

#[test]
fn only_identitys_own_word_is_an_assertion() {
    let content = assertion(&[FactorKind::Video, FactorKind::Code]);
    let refused = |text: &str| Assertion::verify(text, &sample::public(1)).unwrap_err();
    let other_key = sample::signed(typ::ASSERTION, &content, 2);
    assert_eq!(refused(&other_key), AssertionError::Jws(JwsError::Signature));
    for typ in [typ::CHALLENGE, typ::RECEIPT, typ::KEY_CERTIFICATE, "JWT"] {
        let text = sample::signed(typ, &content, 1);
        assert_eq!(refused(&text), AssertionError::Jws(JwsError::Header), "{typ}");
    }
    for alg in ["none", "HS256"] {
        let header = sample::header(typ::ASSERTION).replace("ES256", alg);
        let text = sample::signed_text(&header, &serde_json::to_string(&content).unwrap(), 1);
        assert_eq!(refused(&text), AssertionError::Jws(JwsError::Header), "{alg}");
    }
}

#[test]
fn each_fault_of_the_payload_is_refused() {
    const GOOD: &str = concat!(
        r#"{"jti":"08080808-0808-0808-0808-080808080808","#,
        r#""session":"01010101-0101-0101-0101-010101010101","client":"900101300017","#,
        r#""factors":[{"kind":"video","evidence":"02020202-0202-0202-0202-020202020202"},"#,
        r#"{"kind":"code","evidence":"03030303-0303-0303-0303-030303030303"}],"#,
        r#""proofed_at":1790000000,"exp":1790001800}"#
    );
    let verify = |payload: &str| {
        let text = sample::signed_text(&sample::header(typ::ASSERTION), payload, 1);
        Assertion::verify(&text, &sample::public(1))
            .map(|read| read == assertion(&[FactorKind::Video, FactorKind::Code]))
    };
    assert_eq!(verify(GOOD), Ok(true));
    for (from, to) in [
        (r#""client""#, r#""admin":true,"client""#),
        (r#""client""#, r#""client":"900101300017","client""#),
        (r#""jti":"08080808-0808-0808-0808-080808080808","#, ""),
        (r#","exp":1790001800"#, ""),
        ("1790001800", r#""1790001800""#),
        ("1790001800", "1790001800.0"),
        ("900101300017", "900101300018"),
        ("900101300017", "90010130001"),
        (
            "08080808-0808-0808-0808-080808080808",
            "{08080808-0808-0808-0808-080808080808}",
        ),
        ("video", "password"),
        ("video", "Video"),
        (r#"{"kind":"code""#, r#"{"kind":"code","score":1"#),
        (r#"{"kind":"code""#, r#"{"kind":"match","kind":"code""#),
        ("}]", "}]]"),
    ] {
        let refused = verify(&sample::altered(GOOD, from, to));
        assert_eq!(refused, Err(AssertionError::Jws(JwsError::Payload)), "{to}");
    }
}
