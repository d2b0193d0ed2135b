//! A challenge is genuine, in time and safe, or a device does not see it.

use core::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{base64url, sample};

const ROOT: u8 = 1;
const KEY: u8 = 2;

fn challenge(purpose: Purpose) -> Challenge {
    Challenge {
        session: sample::id(1),
        purpose,
        nonce: Nonce::new([3; 32]),
        salt: Salt::new([4; 16]),
        argon2: Argon2Parameters::STANDARD,
        guesses_log10: 10,
        activation: sample::activation(5),
        issued_at: sample::NOW,
        expires_at: sample::NOW.plus(Duration::from_mins(5)),
    }
}

/// The root's word on `key`, in force for a day around now.
fn certificate(key: u8, kid: &str) -> KeyCertificate {
    let day = Duration::from_hours(24);
    let (from, until) = (sample::NOW.minus(day), sample::NOW.plus(day));
    KeyCertificate::new(KeyUse::Challenge, kid, &sample::point(key), from, until)
}

fn signed(challenge: &Challenge) -> SignedChallenge {
    SignedChallenge {
        challenge: sample::signed(typ::CHALLENGE, challenge, KEY),
        certificate: sample::signed(typ::KEY_CERTIFICATE, &certificate(KEY, "key/1"), ROOT),
    }
}

fn verify(signed: &SignedChallenge, now: Time) -> Result<Challenge, JwsError> {
    signed.verify(&sample::public(ROOT), now)
}

#[test]
fn a_genuine_challenge_is_read_until_it_expires() {
    for purpose in [Purpose::Enrol, Purpose::Activate(sample::id(6))] {
        let content = challenge(purpose);
        let signed = signed(&content);
        let last = content.expires_at.minus(Duration::from_micros(1));
        assert_eq!(verify(&signed, last), Ok(content.clone()));
        assert_eq!(verify(&signed, content.expires_at), Err(JwsError::OutOfTime));
    }
}

#[test]
fn a_challenge_that_lives_too_long_is_not_answered() {
    let mut content = challenge(Purpose::Enrol);
    content.expires_at = content
        .issued_at
        .plus(Challenge::LONGEST + Duration::from_secs(1));
    assert_eq!(verify(&signed(&content), sample::NOW), Err(JwsError::OutOfTime));
}

#[test]
fn the_wire_form_is_one() {
    let text = serde_json::to_string(&challenge(Purpose::Activate(sample::id(6)))).unwrap();
    let activation = base64url(&sample::point(5));
    assert_eq!(
        text,
        format!(
            concat!(
                r#"{{"session":"01010101-0101-0101-0101-010101010101","#,
                r#""purpose":{{"activate":"06060606-0606-0606-0606-060606060606"}},"#,
                r#""nonce":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","salt":"BAQEBAQEBAQEBAQEBAQEBA","#,
                r#""argon2":{{"m":65536,"t":3}},"guesses_log10":10,"#,
                r#""activation":{{"kid":"activation/1","point":"{}"}},"iat":1790000000,"exp":1790000300}}"#,
            ),
            activation
        )
    );
}

#[test]
fn a_certificate_that_the_root_did_not_give_for_this_key_and_time_is_refused() {
    let good = signed(&challenge(Purpose::Enrol));
    let with = |content: &KeyCertificate, seed| SignedChallenge {
        certificate: sample::signed(typ::KEY_CERTIFICATE, content, seed),
        ..good.clone()
    };
    let lasting =
        |from, until| KeyCertificate::new(KeyUse::Challenge, "key/1", &sample::point(KEY), from, until);
    let (earlier, later) = (
        sample::NOW.minus(Duration::from_secs(1)),
        sample::NOW.plus(Duration::from_secs(1)),
    );
    for (reason, signed, refused) in [
        (
            "another root",
            with(&certificate(KEY, "key/1"), 9),
            JwsError::Signature,
        ),
        (
            "signed by itself",
            with(&certificate(KEY, "key/1"), KEY),
            JwsError::Signature,
        ),
        (
            "for another key",
            with(&certificate(9, "key/1"), ROOT),
            JwsError::Signature,
        ),
        (
            "for another name",
            with(&certificate(KEY, "key/2"), ROOT),
            JwsError::Payload,
        ),
        (
            "expired",
            with(&lasting(earlier, sample::NOW), ROOT),
            JwsError::OutOfTime,
        ),
        (
            "not yet in force",
            with(&lasting(later, later), ROOT),
            JwsError::OutOfTime,
        ),
        (
            "the challenge in its place",
            SignedChallenge {
                certificate: good.challenge.clone(),
                ..good.clone()
            },
            JwsError::Header,
        ),
        (
            "the certificate in the challenge's place",
            SignedChallenge {
                challenge: good.certificate.clone(),
                ..good.clone()
            },
            JwsError::Header,
        ),
    ] {
        assert_eq!(verify(&signed, sample::NOW), Err(refused), "{reason}");
    }
    assert!(verify(&with(&certificate(KEY, "key/1"), ROOT), sample::NOW).is_ok());
}

#[test]
fn each_fault_of_the_certificates_payload_is_refused() {
    let good = serde_json::to_string(&certificate(KEY, "key/1")).unwrap();
    let point = base64url(&sample::point(KEY));
    let compressed = base64url(&[&[2_u8][..], &sample::point(KEY)[1..33]].concat());
    for (from, to) in [
        (r#""use":"challenge""#, r#""use":"identity""#),
        (r#""use":"challenge","#, ""),
        (r#""kid""#, r#""ca":true,"kid""#),
        (r#""kid""#, r#""kid":"key/1","kid""#),
        (point.as_str(), ""),
        (point.as_str(), compressed.as_str()),
        (point.as_str(), &format!("{point}=")),
    ] {
        let text = sample::altered(&good, from, to);
        let signed = SignedChallenge {
            certificate: sample::signed_text(&sample::header(typ::KEY_CERTIFICATE), &text, ROOT),
            ..signed(&challenge(Purpose::Enrol))
        };
        assert_eq!(verify(&signed, sample::NOW), Err(JwsError::Payload), "{to}");
    }
}

/// Correctly signed, and still refused: a stolen challenge key must not make guessing cheap. R125.
#[test]
fn each_fault_of_the_payload_is_refused() {
    let good = serde_json::to_string(&challenge(Purpose::Activate(sample::id(6)))).unwrap();
    let read = |payload: &str| {
        let challenge = sample::signed_text(&sample::header(typ::CHALLENGE), payload, KEY);
        verify(
            &SignedChallenge {
                challenge,
                ..signed(&challenge_of_any_kind())
            },
            sample::NOW,
        )
    };
    assert!(read(&good).is_ok());
    for (reason, from, to) in [
        ("one pass less", r#""t":3"#, r#""t":2"#),
        ("less memory", r#""m":65536"#, r#""m":65535"#),
        ("no cost at all", r#"{"m":65536,"t":3}"#, r#"{"m":8,"t":1}"#),
        ("more than a device has", r#""m":65536"#, r#""m":4294967295"#),
        ("lanes", r#""t":3"#, r#""t":3,"p":4"#),
        ("no cost given", r#""argon2":{"m":65536,"t":3},"#, ""),
        ("cost twice", r#""t":3"#, r#""t":1,"t":3"#),
        (
            "another purpose",
            r#"{"activate":"06060606-0606-0606-0606-060606060606"}"#,
            r#""reset""#,
        ),
        ("enrolment of a Credential", "activate", "enrol"),
        (
            "no Credential",
            r#"{"activate":"06060606-0606-0606-0606-060606060606"}"#,
            r#""activate""#,
        ),
        ("a short nonce", "AwMDAwM\",\"salt", "AwM\",\"salt"),
        ("a short salt", "BAQEBA\",\"argon2", "BAQ\",\"argon2"),
        ("a padded salt", "BAQEBA\",\"argon2", "BAQEBA==\",\"argon2"),
        (
            "a floor out of range",
            r#""guesses_log10":10"#,
            r#""guesses_log10":300"#,
        ),
        (
            "a negative floor",
            r#""guesses_log10":10"#,
            r#""guesses_log10":-1"#,
        ),
        ("no activation key", "activation/1", ""),
        ("unknown field", r#""iat""#, r#""note":"x","iat""#),
        ("duplicate field", r#""iat""#, r#""exp":1,"iat""#),
        ("no end", r#","exp":1790000300"#, ""),
        ("bytes after it", "1790000300}", "1790000300}}"),
    ] {
        let payload = sample::altered(&good, from, to);
        assert_eq!(read(&payload), Err(JwsError::Payload), "{reason}");
    }
}

#[test]
fn an_altered_challenge_is_refused() {
    let good = signed(&challenge_of_any_kind());
    let swapped = Challenge {
        activation: sample::activation(6),
        ..challenge_of_any_kind()
    };
    let swapped = sample::signed(typ::CHALLENGE, &swapped, KEY);
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mut genuine, other) = (parts(&good.challenge), parts(&swapped));
    genuine[1].clone_from(&other[1]);
    let challenge = genuine.join(".");
    assert_eq!(
        verify(&SignedChallenge { challenge, ..good }, sample::NOW),
        Err(JwsError::Signature)
    );
}

#[test]
fn the_envelope_has_two_fields() {
    let text = serde_json::to_string(&signed(&challenge_of_any_kind())).unwrap();
    assert!(serde_json::from_str::<SignedChallenge>(&text).is_ok());
    for (from, to) in [
        (r#"{"challenge""#, r#"{"root":"x","challenge""#),
        (r#"{"challenge""#, r#"{"challenge":"x","challenge""#),
        (r#""certificate""#, r#""certificates""#),
    ] {
        assert!(
            serde_json::from_str::<SignedChallenge>(&sample::altered(&text, from, to)).is_err(),
            "{to}"
        );
    }
}

fn challenge_of_any_kind() -> Challenge {
    challenge(Purpose::Enrol)
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(
        session in sample::any_id(),
        credential in prop::option::of(sample::any_id()),
        (nonce, salt) in any::<([u8; 32], [u8; 16])>(),
        (memory, passes) in (65_536_u32..=1_048_576, 3_u32..=16),
        guesses_log10 in any::<u8>(),
        seconds in 1_u64..=300,
    ) {
        let content = Challenge {
            session,
            purpose: credential.map_or(Purpose::Enrol, Purpose::Activate),
            nonce: Nonce::new(nonce),
            salt: Salt::new(salt),
            argon2: Argon2Parameters::new(memory, passes).unwrap(),
            guesses_log10,
            activation: sample::activation(5),
            issued_at: sample::NOW,
            expires_at: sample::NOW.plus(Duration::from_secs(seconds)),
        };
        prop_assert_eq!(verify(&signed(&content), sample::NOW), Ok(content));
    }
}
