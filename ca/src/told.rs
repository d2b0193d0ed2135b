//! What the Ledger tells of certificates, read back: whether the registry still says the same.
//!
//! The other side of [`Event`](crate::Event): an entry commits to its content for ever, a row of the registry can be
//! edited by whoever writes to the database.

use domain::{CertificateKind, Id, hexadecimal, sha256, word};
use serde::Deserialize;

use crate::{CertificateRecord, State};

/// What an entry of the Ledger commits to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Told {
    /// A certificate's content was fixed.
    Intended {
        /// Which.
        certificate: Id<word::Certificate>,
        /// Its number.
        serial: String,
        /// What it is for.
        kind: CertificateKind,
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
        state: String,
        /// Why, if it was revoked.
        reason: Option<String>,
    },
    /// Something that is no certificate's matter.
    #[serde(other)]
    Other,
}

impl Told {
    /// Reads an entry's content; nothing, if it tells of no certificate.
    pub fn parse(content: &[u8]) -> Option<Self> {
        serde_json::from_slice(content).ok()
    }

    /// Of which certificate it tells.
    pub const fn certificate(&self) -> Option<Id<word::Certificate>> {
        match self {
            Self::Intended { certificate, .. }
            | Self::Issued { certificate, .. }
            | Self::Changed { certificate, .. } => Some(*certificate),
            Self::Other => None,
        }
    }

    /// Whether the registry's row is of the same certificate, whatever became of it since.
    pub fn is_of(&self, record: &CertificateRecord) -> bool {
        let hash = |bytes: &[u8]| hexadecimal(&sha256(bytes));
        match self {
            Self::Intended {
                certificate,
                serial,
                kind,
                content_sha256,
            } => {
                *certificate == record.id
                    && *serial == record.serial.to_string()
                    && *kind == record.kind
                    && *content_sha256 == hash(&record.content)
            }
            Self::Issued {
                certificate,
                certificate_sha256,
            } => {
                let kept = record.der.as_deref().map(hash);
                *certificate == record.id && kept.as_ref() == Some(certificate_sha256)
            }
            Self::Changed {
                certificate, serial, ..
            } => *certificate == record.id && *serial == record.serial.to_string(),
            Self::Other => false,
        }
    }

    /// Whether the row's state is the one that this entry, its last, left it in.
    pub fn is_state_of(&self, record: &CertificateRecord) -> bool {
        match (self, record.state) {
            (Self::Intended { .. }, State::Prepared)
            | (Self::Issued { .. }, State::Good { released: None }) => true,
            (
                Self::Changed { state, reason, .. },
                now @ (State::Good { released: Some(_) } | State::Held { .. } | State::Revoked { .. }),
            ) => {
                let why = match now {
                    State::Revoked { reason, .. } => Some(reason.name()),
                    State::Prepared | State::Good { .. } | State::Held { .. } => None,
                };
                now.name() == state && why == reason.as_deref()
            }
            (Self::Intended { .. } | Self::Issued { .. } | Self::Changed { .. } | Self::Other, _) => false,
        }
    }
}
