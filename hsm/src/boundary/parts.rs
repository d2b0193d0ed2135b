//! Sealing under parts: a Client's wrapped key is stored under a part of its own, which lies on the Shelf and nowhere else.
//!
//! The seal adds nothing against a guesser who has the token: it makes destroying final. One byte of format, a random
//! nonce, the ciphertext; the associated data names the Credential, so that a blob fits no other row.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Nonce, Payload},
};
use domain::{Id, word};

use super::{Inner, chance, rows};
use crate::{Clock, CredentialRecord, Journal, Part, ShelfError, Unavailable};

/// The form that is written.
const FORMAT: u8 = 1;
/// Bytes of the nonce.
const NONCE: usize = 12;

/// Seals a wrapped key for its row.
pub(super) fn seal(id: Id<word::Credential>, part: &Part, blob: &[u8]) -> Result<Vec<u8>, Unavailable> {
    let nonce: [u8; NONCE] = chance()?;
    let sealed = cipher(part)
        .encrypt(
            &Nonce::<Aes256Gcm>::from(nonce),
            Payload {
                msg: blob,
                aad: &about(id),
            },
        )
        .map_err(|_| Unavailable::Fault("a wrapped key is too long to be sealed".to_owned()))?;
    Ok([&[FORMAT][..], &nonce, &sealed].concat())
}

/// Opens a row's sealed key; one that does not open was altered.
pub(super) fn open(record: &CredentialRecord, part: &Part, sealed: &[u8]) -> Result<Vec<u8>, Unavailable> {
    let altered = || rows::tampered_credential(record);
    let (format, rest) = sealed.split_first().ok_or_else(altered)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or_else(altered)?;
    if *format != FORMAT {
        return Err(altered());
    }
    let payload = Payload {
        msg: ciphertext,
        aad: &about(record.id),
    };
    cipher(part)
        .decrypt(&Nonce::<Aes256Gcm>::from(*nonce), payload)
        .map_err(|_| altered())
}

fn cipher(part: &Part) -> Aes256Gcm {
    Aes256Gcm::new(part.expose().into())
}

fn about(id: Id<word::Credential>) -> Vec<u8> {
    [&b"tamga/shelf/"[..], &[FORMAT], id.as_bytes()].concat()
}

/// A Shelf that fails in a way that no caller can do anything about.
pub(super) fn shelf_fault(error: ShelfError) -> Unavailable {
    match error {
        ShelfError::Database(reason) => {
            tracing::error!(reason, "the shelf does not answer");
            Unavailable::Journal
        }
        ShelfError::Unreadable(id) => Unavailable::Tampered {
            row: format!("part of credential {id}"),
        },
    }
}

/// Parts that are looked at in one step of the sweep.
const STEP: u32 = 1_000;

impl<J: Journal, C: Clock> Inner<J, C> {
    /// The part of a Credential, if it is still there.
    pub(super) async fn part(&self, id: Id<word::Credential>) -> Result<Option<Part>, Unavailable> {
        self.shelf.get(id).await.map_err(shelf_fault)
    }

    /// Removes the part of a destroyed key.
    pub(super) async fn forget_part(&self, id: Id<word::Credential>) -> Result<(), Unavailable> {
        self.shelf.remove(&[id]).await.map_err(shelf_fault)
    }

    /// Removes the parts of all destroyed keys: what a crash left between the row and the Shelf, and what an older copy of
    /// the Shelf brought back.
    pub(super) async fn sweep_parts(&self) -> Result<(), Unavailable> {
        let mut after = None;
        let mut swept = 0;
        loop {
            let ids = self.shelf.after(after, STEP).await.map_err(shelf_fault)?;
            let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
                break;
            };
            let destroyed = self
                .journal
                .destroyed(*first, *last)
                .await
                .map_err(rows::journal_fault)?;
            let gone: Vec<_> = destroyed
                .into_iter()
                .filter(|id| ids.binary_search(id).is_ok())
                .collect();
            self.shelf.remove(&gone).await.map_err(shelf_fault)?;
            swept += gone.len();
            after = Some(*last);
        }
        if swept > 0 {
            tracing::warn!(swept, "parts of destroyed keys were removed from the shelf");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::Time;

    use super::*;
    use crate::{Attempts, Certificate, KeyMaterial};

    fn record(id: u8) -> CredentialRecord {
        CredentialRecord {
            id: Id::from_bytes([id; 16]),
            version: 1,
            client: "900101300017".parse().unwrap(),
            pseudonym: [0; 32],
            algorithm: domain::KeyAlgorithm::P256,
            public_key: Vec::new(),
            material: KeyMaterial::Destroyed {
                at: Time::from_micros(1),
            },
            salt: domain::Salt::new([0; 16]),
            argon2: domain::Argon2Parameters::STANDARD,
            attempts: Attempts::NONE,
            certificate: Certificate::Awaited,
            used_at: None,
        }
    }

    /// A seal opens with its part, for its Credential, unaltered; and in no other way.
    #[test]
    fn a_sealed_key_opens_only_as_it_was_sealed() {
        let (first, other) = (record(1), record(2));
        let part = Part::new([7; 32]);
        let sealed = seal(first.id, &part, b"wrapped").unwrap();
        assert_eq!(open(&first, &part, &sealed).unwrap(), b"wrapped");
        assert_ne!(
            sealed,
            seal(first.id, &part, b"wrapped").unwrap(),
            "each with a nonce of its own"
        );
        assert!(open(&other, &part, &sealed).is_err());
        assert!(open(&first, &Part::new([8; 32]), &sealed).is_err());
        for position in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[position] ^= 1;
            assert!(open(&first, &part, &altered).is_err(), "byte {position}");
            assert!(
                open(&first, &part, &sealed[..position]).is_err(),
                "cut at {position}"
            );
        }
    }
}
