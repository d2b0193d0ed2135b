//! The wire forms refuse everything but their one encoding.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use domain::{Enrolment, HashAlgorithm, Id, Nonce, Sad, Sealed, SealedError, ShownDocument, Stretched, Time};
use proptest::prelude::*;
use serde_json::{Value, json};

fn sad(count: usize) -> Sad {
    let document = |number: usize| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        ShownDocument {
            id: Id::from_bytes(id),
            digest: HashAlgorithm::Sha256.digest(&id),
        }
    };
    Sad {
        session: Id::from_bytes([1; 16]),
        credential: Id::from_bytes([2; 16]),
        nonce: Nonce::new([3; 32]),
        documents: (0..count).map(document).collect(),
        secret: Stretched::new([4; 32]),
        issued_at: Time::from_unix_seconds(1_790_000_000),
    }
}

fn value() -> Value {
    serde_json::from_slice(&sad(2).to_plaintext()).unwrap()
}

fn refused(value: &Value) -> bool {
    Sad::parse(value.to_string().as_bytes()).is_err()
}

#[test]
fn a_sad_round_trips_up_to_a_thousand_documents() {
    for count in [1, 2, 1_000] {
        let made = sad(count);
        let read = Sad::parse(&made.to_plaintext()).unwrap();
        assert_eq!(
            (read.session, read.credential, read.nonce),
            (made.session, made.credential, made.nonce)
        );
        assert_eq!((read.documents, read.issued_at), (made.documents, made.issued_at));
        assert_eq!(read.secret.expose(), made.secret.expose());
    }
}

#[test]
fn a_sad_of_another_form_is_refused() {
    assert!(!refused(&value()));
    let with = |field: &str, content: Value| {
        let mut changed = value();
        changed[field] = content;
        changed
    };
    let twice = json!([value()["docs"][0], value()["docs"][0]]);
    for (what, changed) in [
        ("an unknown field", with("more", json!(1))),
        ("no documents", with("docs", json!([]))),
        ("a document twice", with("docs", twice)),
        ("a short secret", with("secret", json!("AAAA"))),
        (
            "padding",
            with(
                "secret",
                json!(format!("{}=", value()["secret"].as_str().unwrap())),
            ),
        ),
        ("a long nonce", with("nonce", json!("A".repeat(44)))),
        (
            "a session in capitals",
            with(
                "session",
                json!(
                    value()["session"]
                        .as_str()
                        .unwrap()
                        .to_uppercase()
                        .replace('0', "A")
                ),
            ),
        ),
        ("a time in words", with("iat", json!("now"))),
        (
            "another hash",
            with(
                "docs",
                json!([{ "id": value()["docs"][0]["id"], "alg": "sha1", "digest": "AAAA" }]),
            ),
        ),
        (
            "a digest of another length",
            with(
                "docs",
                json!([{ "id": value()["docs"][0]["id"], "alg": "sha512", "digest": value()["docs"][0]["digest"] }]),
            ),
        ),
    ] {
        assert!(refused(&changed), "{what}");
    }
    let text = value().to_string();
    let doubled = text.replacen('{', "{\"iat\":1,", 1);
    assert!(Sad::parse(doubled.as_bytes()).is_err(), "a field twice");
    assert!(Sad::parse(format!("{text} x").as_bytes()).is_err(), "text after");
    assert!(
        Sad::parse(&sad(1_001).to_plaintext()).is_err(),
        "too many documents"
    );
}

#[test]
fn a_sealed_message_of_another_form_is_refused() {
    let generator = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
    let good = json!({ "v": 1, "kid": "activation/1", "enc": generator, "ct": "A".repeat(32) });
    assert!(Sealed::parse(&good.to_string()).is_ok());
    let with = |field: &str, content: Value| {
        let mut changed = good.clone();
        changed[field] = content;
        Sealed::parse(&changed.to_string()).unwrap_err()
    };
    assert_eq!(with("v", json!(2)), SealedError::Version);
    assert_eq!(with("more", json!(1)), SealedError::Form);
    assert_eq!(with("ct", json!("AAAA")), SealedError::Field);
    assert_eq!(with("ct", json!("A===")), SealedError::Field);
    assert_eq!(with("enc", json!("A".repeat(87))), SealedError::Field);
    assert_eq!(with("kid", json!("")), SealedError::Field);
    assert_eq!(with("kid", json!("k".repeat(65))), SealedError::Field);
    assert_eq!(
        Sealed::parse(&" ".repeat(Sealed::MAX_TEXT + 1)).unwrap_err(),
        SealedError::TooLong
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_quietly(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Sad::parse(&bytes).is_err());
        prop_assert!(Enrolment::parse(&bytes).is_err());
        prop_assert!(Sealed::parse(&String::from_utf8_lossy(&bytes)).is_err());
    }
}
