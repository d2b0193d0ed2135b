//! The vectors of what a typed password becomes: `tests/vectors/device/password.json`.
//!
//! They are bytes that Argon2id hashes, so they are seen here only through their hash; `TAMGA_WRITE_VECTORS=1`
//! writes the file.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{fmt::Write, path::PathBuf};

use domain::{Argon2Parameters, Enrolment, HashAlgorithm, Id, KeyAlgorithm, Nonce, Salt};
use sdk::{Password, PasswordError, stretch};
use serde_json::{Value, json};

/// R125, R126: one password is one byte string on every keyboard, and what is no password is refused.
#[test]
fn passwords() {
    let hashed = [
        (
            "Kazakh and Cyrillic",
            "қызыл алма, көк тау, 7 жол",
            "қызыл алма, көк тау, 7 жол",
        ),
        ("decomposed Cyrillic", "и\u{306}од е\u{308}лка", "йод ёлка"),
        ("decomposed Latin", "cafe\u{301} A\u{30a}", "café Å"),
        ("decomposed Korean", "\u{1112}\u{1161}\u{11ab}", "한"),
        ("a sign that has another of the same look", "\u{212b}", "Å"),
        (
            "other spaces",
            "teal\u{a0}orbit\u{202f}canyon\u{3000}7",
            "teal orbit canyon 7",
        ),
        ("spaces at the ends", " teal ", " teal "),
        (
            "emoji, one with a variation selector",
            "🐎❤\u{fe0f}",
            "🐎❤\u{fe0f}",
        ),
        ("wide letters stay wide", "ｔｅａｌ", "ｔｅａｌ"),
        ("a ligature stays one", "ﬁ", "ﬁ"),
        ("case stays", "Teal", "Teal"),
    ];
    let longest = "й".repeat(512);
    let decomposed = "и\u{306}".repeat(513);
    let refused = [
        ("nothing", "", PasswordError::Empty, "empty"),
        ("a line break", "teal\n", PasswordError::Control, "control"),
        ("a tab", "te\tal", PasswordError::Control, "control"),
        (
            "the C1 control NEL",
            "te\u{85}al",
            PasswordError::Control,
            "control",
        ),
        (
            "1026 bytes after normalisation",
            &decomposed,
            PasswordError::TooLong,
            "too-long",
        ),
    ];
    assert!(Password::new(&longest).is_ok());
    let hashed = hashed.map(|(what, typed, meant)| {
        assert_eq!(secret(typed), secret(meant), "{what}");
        json!({ "what": what, "typed_utf8": hex(typed), "hashed_utf8": hex(meant) })
    });
    let refused = refused.map(|(what, typed, error, reason)| {
        assert_eq!(Password::new(typed).unwrap_err(), error, "{what}");
        json!({ "what": what, "typed_utf8": hex(typed), "refused": reason })
    });
    hold(&json!({ "hashed": hashed, "refused": refused, "most_bytes": Password::MOST }));
}

/// `typed` stretched, in the form in which it would be sealed.
fn secret(typed: &str) -> Vec<u8> {
    let parameters = Argon2Parameters::new(32_768, 6).unwrap();
    let secret = stretch(&Password::new(typed).unwrap(), &Salt::new([7; 16]), parameters).unwrap();
    let enrolment = Enrolment {
        session: Id::from_bytes([1; 16]),
        nonce: Nonce::new([2; 32]),
        statement: HashAlgorithm::Sha256.digest(b""),
        algorithm: KeyAlgorithm::P256,
        secret,
    };
    enrolment.to_plaintext().to_vec()
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn hold(made: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/device/password.json");
    let text = serde_json::to_string_pretty(made).unwrap() + "\n";
    if std::env::var_os("TAMGA_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        text,
        "password.json has changed"
    );
}
