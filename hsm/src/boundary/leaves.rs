//! The leaves that the boundary writes: what each commits to.

use domain::{Id, Iin, Leaf, LeafKind, Salt, Time, base64url, word};
use serde::{Deserialize, Serialize};

use super::chance;
use crate::{CredentialRecord, LeafRow, PastLeaf, Tag, Unavailable};

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

/// What a leaf commits to, with the version of the row that it witnesses.
#[derive(Serialize)]
struct Witness<'a, T> {
    #[serde(flatten)]
    content: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<RowVersion>,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct RowVersion {
    credential: Option<Id<word::Credential>>,
    version: u64,
    tag: String,
}

impl RowVersion {
    fn new(credential: Option<Id<word::Credential>>, (version, tag): (u64, Tag)) -> Self {
        Self {
            credential,
            version,
            tag: base64url(&tag.0),
        }
    }
}

/// A leaf with the details that it commits to. `repeats` is given when the leaf witnesses a version of a row: the
/// leaf commits to it, so that whoever takes the witness out of the database breaks the Ledger.
pub(super) fn leaf(
    kind: LeafKind,
    at: Time,
    about: About,
    content: &impl Serialize,
    repeats: Option<(u64, Tag)>,
) -> Result<LeafRow, Unavailable> {
    let row = repeats.map(|repeats| RowVersion::new(about.credential, repeats));
    let content = serde_json::to_vec(&Witness { content, row })
        .map_err(|error| Unavailable::Fault(error.to_string()))?;
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

/// Whether entry, content and what the database says of the row that it witnesses belong together.
pub(super) fn is_whole(past: &PastLeaf) -> bool {
    #[derive(Deserialize)]
    struct Told {
        row: Option<RowVersion>,
    }
    let told = serde_json::from_slice::<Told>(&past.content)
        .ok()
        .and_then(|told| told.row);
    past.commits()
        && told
            == past
                .repeats
                .map(|repeats| RowVersion::new(past.credential, repeats))
}
