//! Rows that decide about keys: how their tags are checked and what an altered one is called.

use crate::{
    ChallengeRow, CredentialRecord, CredentialRow, JournalError, Tag, Tagged, Unavailable,
    worker::{Answer, Ask, Refusal},
};

use super::{Inner, unexpected};
use crate::{Clock, Journal};

/// A Journal that fails in a way that no caller can do anything about.
pub(super) fn journal_fault(error: JournalError) -> Unavailable {
    match error {
        JournalError::Database(reason) => {
            tracing::error!(reason, "the journal does not answer");
            Unavailable::Journal
        }
        JournalError::Unreadable { table, id, column } => {
            tracing::error!(table, id, column, "a row does not read");
            Unavailable::Tampered {
                row: format!("{table} {id}, {column}"),
            }
        }
        JournalError::Conflict => Unavailable::Busy {
            retry_after: core::time::Duration::from_secs(1),
        },
        JournalError::NonceSpent
        | JournalError::AssertionSpent
        | JournalError::AlreadySigned
        | JournalError::Ended => Unavailable::Fault(error.to_string()),
    }
}

/// The row with its tag, unless an old version was put back: the last leaf must repeat version and tag.
pub(super) fn current(row: &CredentialRow) -> Result<Tagged, Unavailable> {
    if row.last_leaf != Some((row.record.version, row.tag)) {
        return Err(tampered_credential(&row.record));
    }
    Ok(Tagged {
        bytes: row.record.tagged_bytes(),
        tag: row.tag,
    })
}

/// The challenge with its tag.
pub(super) fn challenge(row: &ChallengeRow) -> Tagged {
    Tagged {
        bytes: row.tagged_bytes(),
        tag: row.tag,
    }
}

/// What an altered row of a Credential is called.
pub(super) fn tampered_credential(record: &CredentialRecord) -> Unavailable {
    Unavailable::Tampered {
        row: format!("credential {}", record.id),
    }
}

impl<J: Journal, C: Clock> Inner<J, C> {
    /// Checks the tag of a Credential's row and makes tags for `make`.
    pub(super) async fn tags(
        &self,
        check: Option<&CredentialRow>,
        make: Vec<Vec<u8>>,
    ) -> Result<Vec<Tag>, Unavailable> {
        let tagged = check.map(current).transpose()?.into_iter().collect();
        match self.signing.ask(Ask::Tags { check: tagged, make }).await? {
            Answer::Tags(tags) => Ok(tags),
            Answer::Refused(Refusal::Tag { .. }) => {
                Err(check.map_or_else(|| unexpected("tags"), |row| tampered_credential(&row.record)))
            }
            Answer::Refused(refusal) => Err(super::refused(&refusal)),
            _ => Err(unexpected("tags")),
        }
    }

    /// The tag of one record.
    pub(super) async fn tag(
        &self,
        check: Option<&CredentialRow>,
        record: &CredentialRecord,
    ) -> Result<Tag, Unavailable> {
        self.tags(check, vec![record.tagged_bytes()])
            .await?
            .pop()
            .ok_or_else(|| unexpected("tags"))
    }
}
