//! What a Sad may be, and each way of not being one.

use proptest::prelude::*;

use super::*;
use crate::sample;

fn shown(byte: u8, algorithm: HashAlgorithm) -> ShownDocument {
    ShownDocument {
        id: sample::id(byte),
        digest: algorithm.digest(&[byte]),
    }
}

fn sad(documents: Vec<ShownDocument>) -> Sad {
    Sad {
        session: sample::id(1),
        credential: sample::id(2),
        nonce: Nonce::new([3; 32]),
        documents,
        secret: Stretched::new([4; 32]),
        issued_at: sample::NOW,
    }
}

fn text(sad: &Sad) -> String {
    String::from_utf8(sad.to_plaintext().to_vec()).unwrap()
}

/// One document of thirty-two bytes that say nothing.
fn good() -> String {
    let digest = HashAlgorithm::Sha256.parse(&[5; 32]).unwrap();
    text(&sad(vec![ShownDocument {
        id: sample::id(6),
        digest,
    }]))
}

#[test]
fn the_plaintext_is_the_one_of_the_design() {
    assert_eq!(
        good(),
        concat!(
            r#"{"session":"01010101-0101-0101-0101-010101010101","#,
            r#""credential":"02020202-0202-0202-0202-020202020202","#,
            r#""nonce":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","#,
            r#""docs":[{"id":"06060606-0606-0606-0606-060606060606","alg":"sha256","#,
            r#""digest":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"}],"#,
            r#""secret":"BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ","iat":1790000000}"#,
        )
    );
}

/// R124, R126.
#[test]
fn each_fault_of_form_is_refused() {
    const SESSION: &str = r#""session":"01010101-0101-0101-0101-010101010101""#;
    const DOCUMENT: &str = concat!(
        r#"{"id":"06060606-0606-0606-0606-060606060606","alg":"sha256","#,
        r#""digest":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU"}"#
    );
    let good = good();
    assert!(Sad::parse(good.as_bytes()).is_ok());
    let no_session = format!("{SESSION},");
    let twice = format!("{DOCUMENT},{DOCUMENT}");
    let other_digest = DOCUMENT.replace("BQUFBQ", "CQUFBQ");
    let same_id = format!("{DOCUMENT},{other_digest}");
    for (reason, from, to) in [
        ("unknown field", r#""iat""#, r#""aud":"x","iat""#),
        ("unknown field of a document", r#""alg""#, r#""name":"x","alg""#),
        ("duplicate field", r#""iat""#, r#""iat":1,"iat""#),
        (
            "duplicate field of a document",
            r#""alg""#,
            r#""alg":"sha512","alg""#,
        ),
        ("missing field", no_session.as_str(), ""),
        ("no documents", DOCUMENT, ""),
        ("a document twice", DOCUMENT, twice.as_str()),
        ("two digests for one document", DOCUMENT, same_id.as_str()),
        ("documents as an object", "[{", "{"),
        ("another hash", "sha256", "sha1"),
        ("another spelling of a hash", "sha256", "SHA256"),
        (
            "an id in upper case",
            "06060606-0606-0606-0606-060606060606",
            "06060606-0606-0606-0606-06060606060A",
        ),
        (
            "an id without hyphens",
            "06060606-0606-0606-0606-060606060606",
            "06060606060606060606060606060606",
        ),
        ("a padded nonce", "AwMDAwMDAwM\",\"docs", "AwMDAwMDAwM=\",\"docs"),
        ("a short nonce", "AwMDAwMDAwM\",\"docs", "AwMDAwM\",\"docs"),
        ("an escaped secret", r#""secret":"B"#, r#""secret":"\u0042"#),
        ("a time as text", "1790000000", r#""1790000000""#),
        ("a broken time", "1790000000", "1790000000.5"),
        ("a time out of range", "1790000000", "99999999999999999999"),
        ("bytes after it", "1790000000}", "1790000000}\n{}"),
        ("a byte before it", r#"{"session""#, r#" {"session""#),
        ("a comment", r#""iat""#, r#"/* */"iat""#),
    ] {
        let plaintext = sample::altered(&good, from, to);
        assert_eq!(
            Sad::parse(plaintext.as_bytes()).unwrap_err(),
            SealedError::Form,
            "{reason}"
        );
    }
    assert_eq!(Sad::parse(b"").unwrap_err(), SealedError::Form);
    assert_eq!(
        Sad::parse(&good.as_bytes()[..good.len() - 1]).unwrap_err(),
        SealedError::Form
    );
    assert_eq!(Sad::parse(&[0xFF; 32]).unwrap_err(), SealedError::Form);
}

#[test]
fn each_fault_of_a_field_is_refused() {
    const END_OF_DIGEST: &str = r#"BQUFBQU"}]"#;
    const END_OF_SECRET: &str = r#"BAQEBAQ","iat""#;
    let good = good();
    for (reason, from, to) in [
        ("a digest of another length", "sha256", "sha384"),
        ("a short digest", END_OF_DIGEST, r#"BQUFBQ"}]"#),
        ("a padded digest", END_OF_DIGEST, r#"BQUFBQU="}]"#),
        ("stray bits in a digest", END_OF_DIGEST, r#"BQUFBQV"}]"#),
        ("no digest", "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU", ""),
        ("a short secret", END_OF_SECRET, r#"BAQE","iat""#),
        ("a long secret", END_OF_SECRET, r#"BAQEBAQEBA","iat""#),
        ("a padded secret", END_OF_SECRET, r#"BAQEBAQ=","iat""#),
        ("a secret of another alphabet", END_OF_SECRET, r#"BAQEBA+","iat""#),
    ] {
        let plaintext = sample::altered(&good, from, to);
        assert_eq!(
            Sad::parse(plaintext.as_bytes()).unwrap_err(),
            SealedError::Field,
            "{reason}"
        );
    }
}

#[test]
fn a_thousand_documents_fit_and_one_more_does_not() {
    let documents = |count: u128| {
        let one = |number: u128| ShownDocument {
            id: Id::from_bytes(number.to_be_bytes()),
            digest: HashAlgorithm::Sha512.digest(&number.to_be_bytes()),
        };
        sad((0..count).map(one).collect()).to_plaintext()
    };
    let most = documents(1_000);
    assert_eq!(Sad::parse(&most).unwrap().documents.len(), Sad::MAX_DOCUMENTS);
    assert_eq!(Sad::parse(&documents(1_001)).unwrap_err(), SealedError::Form);
    assert!(
        most.len() * 4 / 3 < crate::Sealed::MAX_TEXT / 2,
        "the longest Sad fits a sealed message"
    );
}

#[test]
fn it_prints_no_secret() {
    let printed = format!("{:?}", sad(vec![shown(1, HashAlgorithm::Sha256)]));
    assert!(printed.contains("secret: Stretched(Secret)"), "{printed}");
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(
        (session, credential) in (sample::any_id(), sample::any_id()),
        nonce in any::<[u8; 32]>(),
        secret in any::<[u8; 32]>(),
        documents in prop::collection::btree_map(any::<[u8; 16]>(), sample::any_digest(), 1..20),
        seconds in -62_135_596_800_i64..=253_402_300_799,
    ) {
        let documents: Vec<_> = documents
            .into_iter()
            .map(|(id, digest)| ShownDocument { id: Id::from_bytes(id), digest })
            .collect();
        let (nonce, issued_at) = (Nonce::new(nonce), Time::from_unix_seconds(seconds));
        let sad = Sad { session, credential, nonce, documents, secret: Stretched::new(secret), issued_at };
        let plaintext = sad.to_plaintext();
        let read = Sad::parse(&plaintext).unwrap();
        prop_assert_eq!(&read.documents, &sad.documents);
        prop_assert_eq!((read.session, read.credential), (session, credential));
        prop_assert_eq!((read.nonce, read.issued_at), (nonce, issued_at));
        // The secret is compared inside the text, which holds everything.
        prop_assert_eq!(&*read.to_plaintext(), &*plaintext);
    }

    #[test]
    fn no_plaintext_makes_the_parser_stumble(position in 0_usize..450, byte in any::<u8>()) {
        let mut plaintext = good().into_bytes();
        if let Some(place) = plaintext.get_mut(position) {
            *place = byte;
        }
        let _ = Sad::parse(&plaintext);
    }
}
