//! Sad: the signature activation data that only the device makes and only `tamga-hsm` reads.
//!
//! It binds one password entry to one Session, one Credential, one nonce and a fixed list of digests (promise 2).
//! Its plaintext holds `s`; it is parsed from memory that is wiped, and never logged.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Digest, HashAlgorithm, Id, Nonce, SealedError, Stretched, Time, base64url, base64url::into_array, json,
    word,
};

/// One document as the device saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownDocument {
    /// Which document.
    pub id: Id<word::Document>,
    /// The digest of the shown bytes, computed by the device.
    pub digest: Digest,
}

/// What the device sealed. R124, R126.
#[derive(Debug)]
pub struct Sad {
    /// The Session that it is good for.
    pub session: Id<word::Session>,
    /// The key that it opens.
    pub credential: Id<word::Credential>,
    /// The challenge that it answers.
    pub nonce: Nonce,
    /// What the Client saw, in order; no document twice.
    pub documents: Vec<ShownDocument>,
    /// What Argon2id made of the password.
    pub secret: Stretched,
    /// When the device made it.
    pub issued_at: Time,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    session: Id<word::Session>,
    credential: Id<word::Credential>,
    nonce: Nonce,
    docs: Vec<WireDocument<'a>>,
    #[serde(borrow)]
    secret: &'a str,
    iat: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireDocument<'a> {
    id: Id<word::Document>,
    alg: HashAlgorithm,
    #[serde(borrow)]
    digest: &'a str,
}

impl Sad {
    /// Most documents in one act.
    pub const MAX_DOCUMENTS: usize = 1_000;

    /// Reads the opened plaintext.
    pub fn parse(plaintext: &[u8]) -> Result<Self, SealedError> {
        let wire: Wire<'_> = json::object(plaintext).ok_or(SealedError::Form)?;
        if wire.docs.is_empty() || wire.docs.len() > Self::MAX_DOCUMENTS {
            return Err(SealedError::Form);
        }
        let documents = wire
            .docs
            .iter()
            .map(WireDocument::parse)
            .collect::<Result<Vec<_>, _>>()?;
        let mut ids: Vec<_> = documents.iter().map(|document| document.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() != documents.len() {
            return Err(SealedError::Form);
        }
        let mut secret = Zeroizing::new([0; Stretched::LENGTH]);
        into_array(wire.secret, &mut secret).map_err(|_| SealedError::Field)?;
        Ok(Self {
            session: wire.session,
            credential: wire.credential,
            nonce: wire.nonce,
            documents,
            secret: Stretched::new(*secret),
            issued_at: Time::from_unix_seconds(wire.iat),
        })
    }

    /// The plaintext to be sealed.
    pub fn to_plaintext(&self) -> Zeroizing<Vec<u8>> {
        let digests: Vec<String> = self
            .documents
            .iter()
            .map(|document| base64url(document.digest.as_bytes()))
            .collect();
        let docs = self.documents.iter().zip(&digests);
        let secret = Zeroizing::new(base64url(self.secret.expose()));
        let wire = Wire {
            session: self.session,
            credential: self.credential,
            nonce: self.nonce,
            docs: docs
                .map(|(document, digest)| WireDocument {
                    id: document.id,
                    alg: document.digest.algorithm(),
                    digest,
                })
                .collect(),
            secret: &secret,
            iat: self.issued_at.unix_seconds(),
        };
        // Reserved in full, so that growing does not leave copies of the secret behind.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(512 + self.documents.len() * 192));
        let written = serde_json::to_writer(&mut *plaintext, &wire);
        debug_assert!(written.is_ok(), "plain values serialise");
        plaintext
    }
}

impl WireDocument<'_> {
    fn parse(&self) -> Result<ShownDocument, SealedError> {
        let digest = self
            .alg
            .parse_base64url(self.digest)
            .map_err(|_| SealedError::Field)?;
        Ok(ShownDocument { id: self.id, digest })
    }
}

#[cfg(test)]
mod tests;
