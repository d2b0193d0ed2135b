//! Receipt: the boundary's signed word that a key was made for a Client on the token. `ca` issues for nothing else.

use serde::{Deserialize, Serialize};

use crate::{EcPublicKey, Id, Iin, JwsError, KeyAlgorithm, Time, Unverified, typ, word};

/// What the boundary attests about a new Credential. R136.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The new Credential.
    pub credential: Id<word::Credential>,
    /// Whose it is.
    pub client: Iin,
    /// The Session in which it was asked for.
    pub session: Id<word::Session>,
    /// SHA-256 of the Statement, base64url.
    pub statement: String,
    /// The kind of key.
    pub algorithm: KeyAlgorithm,
    /// The public key, DER `SubjectPublicKeyInfo`, base64url.
    pub public_key: String,
    /// When it was made.
    #[serde(with = "crate::time::unix_seconds", rename = "iat")]
    pub issued_at: Time,
}

impl Receipt {
    /// The content, if the boundary's key signed it.
    pub fn verify(text: &str, key: &EcPublicKey) -> Result<Self, JwsError> {
        Unverified::parse(text, typ::RECEIPT)?.verify(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// R136.
    #[test]
    fn only_the_boundarys_own_word_is_a_receipt() {
        let receipt = Receipt {
            credential: sample::id(2),
            client: "900101300017".parse().unwrap(),
            session: sample::id(1),
            statement: crate::base64url(&[5; 32]),
            algorithm: KeyAlgorithm::P256,
            public_key: crate::base64url(b"DER"),
            issued_at: sample::NOW,
        };
        let text = sample::signed(typ::RECEIPT, &receipt, 1);
        let read = Receipt::verify(&text, &sample::public(1));
        assert_eq!(read.as_ref(), Ok(&receipt));
        assert_eq!(
            Receipt::verify(&text, &sample::public(2)),
            Err(JwsError::Signature)
        );
        let other = sample::signed(typ::CHALLENGE, &receipt, 1);
        assert_eq!(Receipt::verify(&other, &sample::public(1)), Err(JwsError::Header));
    }

    #[test]
    fn each_fault_of_the_payload_is_refused() {
        const GOOD: &str = concat!(
            r#"{"credential":"02020202-0202-0202-0202-020202020202","client":"900101300017","#,
            r#""session":"01010101-0101-0101-0101-010101010101","statement":"BQ","algorithm":"p256","#,
            r#""public_key":"REVS","iat":1790000000}"#
        );
        let verify = |payload: &str| {
            let text = sample::signed_text(&sample::header(typ::RECEIPT), payload, 1);
            Receipt::verify(&text, &sample::public(1)).map(drop)
        };
        assert_eq!(verify(GOOD), Ok(()));
        for (from, to) in [
            (r#""iat""#, r#""exp":1,"iat""#),
            (r#""iat""#, r#""iat":1,"iat""#),
            (r#""algorithm":"p256","#, ""),
            ("p256", "ed25519"),
            ("900101300017", "900101300018"),
            ("}", "},"),
        ] {
            assert_eq!(
                verify(&sample::altered(GOOD, from, to)),
                Err(JwsError::Payload),
                "{to}"
            );
        }
    }
}
