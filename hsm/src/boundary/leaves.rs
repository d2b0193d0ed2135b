//! The leaves that the boundary writes: what each commits to.

use domain::{Id, Iin, Leaf, LeafKind, Salt, Time, word};
use serde::Serialize;

use super::chance;
use crate::{CredentialRecord, LeafRow, Tag, Unavailable};

/// Who a leaf is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) client: Option<Iin>,
    pub(super) pseudonym: [u8; 32],
    pub(super) credential: Option<Id<word::Credential>>,
}

impl About {
    /// Nobody: the house itself.
    pub(super) const HOUSE: Self = Self {
        client: None,
        pseudonym: [0; 32],
        credential: None,
    };

    /// The owner of a Credential.
    pub(super) const fn owner(record: &CredentialRecord) -> Self {
        Self {
            client: Some(record.client),
            pseudonym: record.pseudonym,
            credential: Some(record.id),
        }
    }
}

/// A leaf with the details that it commits to. `repeats` is given when the leaf witnesses a version of a row.
pub(super) fn leaf(
    kind: LeafKind,
    at: Time,
    about: About,
    content: &impl Serialize,
    repeats: Option<(u64, Tag)>,
) -> Result<LeafRow, Unavailable> {
    let content = serde_json::to_vec(content).map_err(|error| Unavailable::Fault(error.to_string()))?;
    let salt = Salt::new(chance()?);
    Ok(LeafRow {
        leaf: Leaf::new(kind, at, about.pseudonym, &salt, &content),
        salt,
        content,
        credential: about.credential,
        client: about.client,
        repeats,
    })
}
