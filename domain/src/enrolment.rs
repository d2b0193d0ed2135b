//! Enrolment: the sealed request by which a device asks for a new key under a new password.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Digest, HashAlgorithm, Id, KeyAlgorithm, Nonce, SealedError, Stretched, base64url, base64url::into_array,
    word,
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
        let wire: Wire<'_> = serde_json::from_slice(plaintext).map_err(|_| SealedError::Form)?;
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
