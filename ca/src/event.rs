//! What the Ledger commits to about certificates.

use domain::{CertificateKind, Id, Leaf, LeafKind, Salt, Time, word};
use hsm::{JournalError, LeafRow};
use serde::Serialize;

use crate::{Holder, Serial};

/// Something that happened to a certificate, or that an operator did.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event<'a> {
    /// Its content is fixed and will be signed.
    Intended {
        /// Which.
        certificate: Id<word::Certificate>,
        /// Its number.
        serial: String,
        /// What it is for.
        kind: CertificateKind,
        /// On which demand.
        statement: Id<word::Statement>,
        /// SHA-256 of the content, hexadecimal.
        content_sha256: String,
    },
    /// It was issued.
    Issued {
        /// Which.
        certificate: Id<word::Certificate>,
        /// SHA-256 of its DER, hexadecimal.
        certificate_sha256: String,
    },
    /// It was put on hold, released or revoked.
    Changed {
        /// Which.
        certificate: Id<word::Certificate>,
        /// Its number.
        serial: String,
        /// To what.
        state: &'a str,
        /// Why, if it was revoked.
        reason: Option<&'a str>,
        /// On which demand.
        statement: Id<word::Statement>,
    },
    /// A backup was put back.
    Restored {
        /// SHA-256 of its manifest, hexadecimal.
        manifest_sha256: String,
        /// The entries that the Ledger has in the backup.
        entries: u64,
        /// The entries of the newest checkpoint that the world is known to have.
        known: Option<u64>,
        /// Its root, base64.
        known_root: Option<String>,
        /// Entries that are lost, at least; what follows then forks from what the world has.
        lost: u64,
        /// Numbers of certificates that the world knew to be revoked or on hold and the backup did not.
        caught_up: &'a [String],
        /// Numbers of certificates on the world's lists that the backup does not have at all.
        unknown: &'a [String],
        /// On which order.
        statement: Id<word::Statement>,
    },
    /// An operator acted.
    Ordered {
        /// What was ordered.
        order: &'a str,
        /// Who ordered it: SHA-256 of their certificates, hexadecimal.
        operators: &'a [String],
        /// SHA-256 of the signed order, hexadecimal.
        order_sha256: String,
    },
}

impl Event<'_> {
    /// A change's words.
    pub fn changed(
        (certificate, serial): (Id<word::Certificate>, &Serial),
        state: crate::State,
        statement: Id<word::Statement>,
    ) -> Self {
        Self::Changed {
            certificate,
            serial: serial.to_string(),
            state: state.name(),
            reason: match state {
                crate::State::Revoked { reason, .. } => Some(reason.name()),
                crate::State::Prepared | crate::State::Good { .. } | crate::State::Held { .. } => None,
            },
            statement,
        }
    }

    /// The leaf that commits to this event. A leaf that commits to nothing is a fault.
    pub fn leaf(
        &self,
        kind: LeafKind,
        (holder, pseudonym): (Holder, [u8; 32]),
        at: Time,
        salt: Salt,
    ) -> Result<LeafRow, JournalError> {
        let content = serde_json::to_vec(self).map_err(|error| JournalError::Unreadable {
            table: "leaf",
            id: error.to_string(),
            column: "content",
        })?;
        Ok(LeafRow {
            leaf: Leaf::new(kind, at, pseudonym, &salt, &content),
            salt,
            content,
            credential: holder.credential,
            client: holder.iin,
            repeats: None,
        })
    }
}
