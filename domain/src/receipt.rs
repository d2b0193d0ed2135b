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
