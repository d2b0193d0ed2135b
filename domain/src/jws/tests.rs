//! One statement has one form: every other header, encoding and signature is refused with its reason.

use p256::ecdsa::{Signature, signature::hazmat::PrehashSigner};
use proptest::prelude::*;

use super::*;
use crate::sample;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    says: String,
}

const TYP: &str = "tamga-test+jws";
const PAYLOAD: &str = r#"{"says":"yes"}"#;

fn read(text: &str) -> Result<Statement, JwsError> {
    Unverified::parse(text, TYP)?.verify(&sample::public(1))
}

#[test]
fn what_a_token_signed_is_read() {
    let statement = Statement {
        says: "да".to_owned(),
    };
    let text = sample::signed(TYP, &statement, 1);
    let unverified = Unverified::<Statement>::parse(&text, TYP).unwrap();
    assert_eq!(unverified.kid(), "key/1");
    assert_eq!(unverified.verify(&sample::public(1)), Ok(statement));
    assert_eq!(sample::signed_text(&sample::header(TYP), PAYLOAD, 1), {
        sample::signed(
            TYP,
            &Statement {
                says: "yes".to_owned(),
            },
            1,
        )
    });
}

#[test]
fn every_other_header_is_refused() {
    let good = sample::header(TYP);
    let duplicate = format!(r#""alg":"none","typ":"{TYP}""#);
    let typ = format!(r#""typ":"{TYP}""#);
    let array = format!(r#"["ES256","{TYP}","key/1"]"#);
    let rows = [
        ("ES256", "none"),
        ("ES256", "None"),
        ("ES256", "HS256"),
        ("ES256", "RS256"),
        ("ES256", "ES384"),
        ("ES256", "es256"),
        (r#""alg":"ES256","#, ""),
        (r#""ES256""#, "256"),
        (r#""ES256""#, "null"),
        (TYP, typ::ASSERTION),
        (TYP, "JWT"),
        (TYP, "TAMGA-TEST+JWS"),
        (&typ, r#""typ":"""#),
        (&typ, &duplicate),
        (r#","kid":"key/1""#, ""),
        (r#""kid":"key/1""#, r#""kid":"key/1","kid":"key/2""#),
        (r#""kid":"key/1""#, r#""kid":"key/1","crit":[]"#),
        (r#""kid":"key/1""#, r#""kid":"key/1","b64":false"#),
        (
            r#""kid":"key/1""#,
            r#""kid":"key/1","jku":"https://thief.example/keys""#,
        ),
        (r#""kid":"key/1""#, r#""kid":"key/1","jwk":{"kty":"EC"}"#),
        (good.as_str(), ""),
        (good.as_str(), "{}"),
        (good.as_str(), "null"),
        (good.as_str(), array.as_str()),
        ("}", "}}"),
        ("}", "} {}"),
        ("{", " {"),
    ];
    assert_eq!(
        read(&sample::signed_text(&good, PAYLOAD, 1)),
        Ok(Statement {
            says: "yes".to_owned()
        })
    );
    for (from, to) in rows {
        let header = sample::altered(&good, from, to);
        assert_eq!(
            read(&sample::signed_text(&header, PAYLOAD, 1)),
            Err(JwsError::Header),
            "{header}"
        );
    }
}

#[test]
fn every_other_payload_is_refused() {
    for payload in [
        "",
        "{}",
        "null",
        r#""yes""#,
        r#"["yes"]"#,
        r#"{"says":1}"#,
        r#"{"says":"yes","says":"no"}"#,
        r#"{"says":"yes","also":"no"}"#,
        r#"{"says":"yes"}{}"#,
        r#"{"says":"yes",}"#,
        "{'says':'yes'}",
        "\u{feff}{\"says\":\"yes\"}",
    ] {
        let text = sample::signed_text(&sample::header(TYP), payload, 1);
        assert_eq!(read(&text), Err(JwsError::Payload), "{payload}");
    }
}

#[test]
fn every_other_encoding_is_refused() {
    let good = sample::signed_text(&sample::header(TYP), PAYLOAD, 1);
    let parts: Vec<&str> = good.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        panic!("three parts")
    };
    let der =
        p256::ecdsa::DerSignature::from(Signature::from_slice(&from_base64url(signature).unwrap()).unwrap());
    let der = base64url(der.as_bytes());
    // 64 bytes leave four spare bits in the last letter: the next letter names the same bytes laxly read.
    let (body, last) = signature.split_at(signature.len() - 1);
    let stray = format!("{body}{}", char::from(last.as_bytes()[0] + 1));
    for (reason, text) in [
        ("nothing", String::new()),
        ("one part", header.to_owned()),
        ("two parts", format!("{header}.{payload}")),
        ("four parts", format!("{good}.{signature}")),
        ("an empty signature", format!("{header}.{payload}.")),
        ("padding", format!("{header}.{payload}.{signature}==")),
        (
            "padding of the payload",
            format!("{header}.{payload}=.{signature}"),
        ),
        ("white space", format!("{header}.{payload}.{signature}\n")),
        (
            "another alphabet",
            format!("{header}.{payload}.+/{}", &signature[2..]),
        ),
        ("stray bits", format!("{header}.{payload}.{stray}")),
        (
            "a short signature",
            format!("{header}.{payload}.{}", base64url(&[1; 63])),
        ),
        (
            "a long signature",
            format!("{header}.{payload}.{}", base64url(&[1; 65])),
        ),
        ("a DER signature", format!("{header}.{payload}.{der}")),
        (
            "a text without end",
            format!("{header}.{}.{signature}", "A".repeat(16 * 1024)),
        ),
    ] {
        assert_eq!(read(&text), Err(JwsError::Form), "{reason}");
    }
}

#[test]
fn numbers_outside_the_group_sign_nothing() {
    let good = sample::signed_text(&sample::header(TYP), PAYLOAD, 1);
    let (signed, _) = good.rsplit_once('.').unwrap();
    for bytes in [[0; 64], [0xFF; 64]] {
        assert_eq!(
            read(&format!("{signed}.{}", base64url(&bytes))),
            Err(JwsError::Signature)
        );
    }
}

#[test]
fn another_key_and_any_altered_byte_are_refused() {
    let good = sample::signed_text(&sample::header(TYP), PAYLOAD, 1);
    let other = sample::signed_text(&sample::header(TYP), PAYLOAD, 2);
    assert_eq!(read(&other), Err(JwsError::Signature));
    let (header, _) = good.split_once('.').unwrap();
    let (_, signature) = good.rsplit_once('.').unwrap();
    let altered = format!("{header}.{}.{signature}", base64url(br#"{"says":"no!"}"#));
    assert_eq!(read(&altered), Err(JwsError::Signature));
    // Unsigned, as the attack on `alg: none` sends it.
    let none = base64url(sample::header(TYP).replace("ES256", "none").as_bytes());
    assert_eq!(
        read(&format!("{none}.{}.", base64url(PAYLOAD.as_bytes()))),
        Err(JwsError::Header)
    );
}

#[test]
fn a_public_key_is_an_uncompressed_point_of_the_curve() {
    let point = sample::point(1);
    assert_eq!(EcPublicKey::from_point(&point).unwrap().point(), point);
    let pem = sample::public(1).to_pem().unwrap();
    assert_eq!(EcPublicKey::from_pem(&pem), Some(sample::public(1)));
    for (index, value) in [(0, 2), (0, 5), (0, 6), (0, 0), (64, point[64] ^ 1)] {
        let mut off = point;
        off[index] = value;
        assert_eq!(EcPublicKey::from_point(&off), None, "byte {index} = {value}");
    }
    assert_eq!(EcPublicKey::from_point(&[0; 65]), None);
    assert_eq!(
        EcPublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
        None
    );
}

#[test]
fn a_bare_signature_is_checked_over_its_digest() {
    let digest = HashAlgorithm::Sha256.digest(b"shown");
    let signature: Signature = sample::private(1).sign_prehash(digest.as_bytes()).unwrap();
    let signature = signature.to_bytes();
    assert!(sample::public(1).verifies(b"shown", &signature));
    assert!(!sample::public(2).verifies(b"shown", &signature));
    assert!(!sample::public(1).verifies(b"Shown", &signature));
    assert!(!sample::public(1).verifies(b"shown", &signature[1..]));
}

proptest! {
    #[test]
    fn what_is_signed_is_what_is_read(says in ".{0,200}", seed in 1_u8..=254) {
        let statement = Statement { says };
        let text = sample::signed(TYP, &statement, seed);
        prop_assert_eq!(Unverified::parse(&text, TYP).unwrap().verify(&sample::public(seed)), Ok(statement));
    }

    #[test]
    fn no_text_makes_the_parser_stumble(text in "[A-Za-z0-9_.=-]{0,300}|.{0,100}") {
        prop_assert!(read(&text).is_err());
    }
}
