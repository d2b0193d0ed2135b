//! Receipt: the boundary's signed word that a key was made for a Client on the token. `ca` issues for nothing else.

use serde::{Deserialize, Serialize};

use crate::{
    EcPublicKey, Id, Iin, JwsError, KeyAlgorithm, KeyCertificate, KeyUse, Time, Unverified, typ, word,
};

/// What the boundary attests about a new Credential, made for a Client who was proven.
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

/// A receipt on its way to the authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// The receipt, a JWS.
    pub receipt: String,
    /// The root's statement about the signing key, a JWS.
    pub certificate: String,
}

impl SignedReceipt {
    /// The content, if it was signed by a key that `root` certified.
    pub fn verify(&self, root: &EcPublicKey, now: Time) -> Result<Receipt, JwsError> {
        let unverified = Unverified::<Receipt>::parse(&self.receipt, typ::RECEIPT)?;
        let kid = unverified.kid().to_owned();
        let key = KeyCertificate::verify(&self.certificate, root, (KeyUse::Challenge, &kid), now)?;
        unverified.verify(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const ROOT: u8 = 9;
    const END: Time = Time::from_unix_seconds(1_790_086_400);

    /// The root's statement that key 1 signs receipts, until [`END`].
    fn certificate() -> String {
        let content = KeyCertificate::new(KeyUse::Challenge, "key/1", &sample::point(1), sample::NOW, END);
        sample::signed(typ::KEY_CERTIFICATE, &content, ROOT)
    }

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
        let read = |typ: &str, key: u8, root: u8, now: Time| {
            let signed = SignedReceipt {
                receipt: sample::signed(typ, &receipt, key),
                certificate: certificate(),
            };
            signed.verify(&sample::public(root), now)
        };
        assert_eq!(read(typ::RECEIPT, 1, ROOT, sample::NOW).as_ref(), Ok(&receipt));
        for (typ, key, root, now, error) in [
            (typ::RECEIPT, 2, ROOT, sample::NOW, JwsError::Signature),
            (typ::RECEIPT, 1, 1, sample::NOW, JwsError::Signature),
            (typ::CHALLENGE, 1, ROOT, sample::NOW, JwsError::Header),
            (typ::RECEIPT, 1, ROOT, END, JwsError::OutOfTime),
        ] {
            assert_eq!(read(typ, key, root, now), Err(error), "{typ} {key} {root}");
        }
    }

    #[test]
    fn each_fault_of_the_payload_is_refused() {
        const GOOD: &str = concat!(
            r#"{"credential":"02020202-0202-0202-0202-020202020202","client":"900101300017","#,
            r#""session":"01010101-0101-0101-0101-010101010101","statement":"BQ","algorithm":"p256","#,
            r#""public_key":"REVS","iat":1790000000}"#
        );
        let verify = |payload: &str| {
            let signed = SignedReceipt {
                receipt: sample::signed_text(&sample::header(typ::RECEIPT), payload, 1),
                certificate: certificate(),
            };
            signed.verify(&sample::public(ROOT), sample::NOW).map(drop)
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
