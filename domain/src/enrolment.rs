//! Enrolment: the sealed request by which a device asks for a new key under a new password.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Digest, HashAlgorithm, Id, KeyAlgorithm, Nonce, SealedError, Stretched, base64url, base64url::into_array,
    json, word,
};

/// What the device seals to ask for a key. R125, R130.
#[derive(Debug)]
pub struct Enrolment {
    /// The Session that it is good for.
    pub session: Id<word::Session>,
    /// The challenge that it answers.
    pub nonce: Nonce,
    /// The Statement that the Client saw and agreed to.
    pub statement: Digest,
    /// The kind of key asked for.
    pub algorithm: KeyAlgorithm,
    /// What Argon2id made of the chosen password.
    pub secret: Stretched,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    session: Id<word::Session>,
    nonce: Nonce,
    #[serde(borrow)]
    statement: &'a str,
    algorithm: KeyAlgorithm,
    #[serde(borrow)]
    secret: &'a str,
}

impl Enrolment {
    /// Reads the opened plaintext; the Statement's digest is SHA-256.
    pub fn parse(plaintext: &[u8]) -> Result<Self, SealedError> {
        let wire: Wire<'_> = json::object(plaintext).ok_or(SealedError::Form)?;
        let statement = HashAlgorithm::Sha256
            .parse_base64url(wire.statement)
            .map_err(|_| SealedError::Field)?;
        let mut secret = Zeroizing::new([0; Stretched::LENGTH]);
        into_array(wire.secret, &mut secret).map_err(|_| SealedError::Field)?;
        Ok(Self {
            session: wire.session,
            nonce: wire.nonce,
            statement,
            algorithm: wire.algorithm,
            secret: Stretched::new(*secret),
        })
    }

    /// The plaintext to be sealed.
    pub fn to_plaintext(&self) -> Zeroizing<Vec<u8>> {
        let statement = base64url(self.statement.as_bytes());
        let secret = Zeroizing::new(base64url(self.secret.expose()));
        let wire = Wire {
            session: self.session,
            nonce: self.nonce,
            statement: &statement,
            algorithm: self.algorithm,
            secret: &secret,
        };
        let mut plaintext = Zeroizing::new(Vec::with_capacity(512));
        let written = serde_json::to_writer(&mut *plaintext, &wire);
        debug_assert!(written.is_ok(), "plain values serialise");
        plaintext
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample;

    fn text(secret: [u8; 32], statement: [u8; 32], algorithm: KeyAlgorithm) -> String {
        let enrolment = Enrolment {
            session: sample::id(1),
            nonce: Nonce::new([3; 32]),
            statement: Digest::Sha256(statement),
            algorithm,
            secret: Stretched::new(secret),
        };
        String::from_utf8(enrolment.to_plaintext().to_vec()).unwrap()
    }

    #[test]
    fn the_plaintext_has_one_form() {
        assert_eq!(
            text([4; 32], [5; 32], KeyAlgorithm::Rsa3072),
            concat!(
                r#"{"session":"01010101-0101-0101-0101-010101010101","#,
                r#""nonce":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","#,
                r#""statement":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU","#,
                r#""algorithm":"rsa-3072","secret":"BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"}"#,
            )
        );
    }

    /// R125, R130.
    #[test]
    fn each_fault_is_refused() {
        let good = text([4; 32], [5; 32], KeyAlgorithm::P256);
        assert!(Enrolment::parse(good.as_bytes()).is_ok());
        for (reason, from, to, refused) in [
            (
                "unknown field",
                r#""nonce""#,
                r#""credential":"x","nonce""#,
                SealedError::Form,
            ),
            (
                "duplicate field",
                r#""algorithm""#,
                r#""algorithm":"p384","algorithm""#,
                SealedError::Form,
            ),
            ("missing field", r#""algorithm":"p256","#, "", SealedError::Form),
            ("unknown kind of key", "p256", "rsa-1024", SealedError::Form),
            ("bytes after it", "}", "}}", SealedError::Form),
            ("an array", "{", "[", SealedError::Form),
            ("a short Statement", r#"BQUFBQU""#, r#"BQUF""#, SealedError::Field),
            (
                "a padded Statement",
                r#"BQUFBQU""#,
                r#"BQUFBQU=""#,
                SealedError::Field,
            ),
            ("a short secret", r#"BAQEBAQ"}"#, r#"BAQE"}"#, SealedError::Field),
            (
                "a padded secret",
                r#"BAQEBAQ"}"#,
                r#"BAQEBAQ="}"#,
                SealedError::Field,
            ),
        ] {
            let plaintext = sample::altered(&good, from, to);
            assert_eq!(
                Enrolment::parse(plaintext.as_bytes()).unwrap_err(),
                refused,
                "{reason}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(
            secret in any::<[u8; 32]>(),
            statement in any::<[u8; 32]>(),
            algorithm in prop::sample::select(KeyAlgorithm::ALL.to_vec()),
        ) {
            let written = text(secret, statement, algorithm);
            let read = Enrolment::parse(written.as_bytes()).unwrap();
            prop_assert_eq!((read.statement, read.algorithm), (Digest::Sha256(statement), algorithm));
            prop_assert_eq!(&*read.to_plaintext(), written.as_bytes());
        }
    }
}
