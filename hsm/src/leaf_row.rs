//! Leaves as the Journal keeps them.

use domain::{Id, Iin, Leaf, Salt, word};

use crate::Tag;

/// A leaf with what its owner may see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafRow {
    /// The leaf.
    pub leaf: Leaf,
    /// The salt of its commitment.
    pub salt: Salt,
    /// What it commits to, JSON.
    pub content: Vec<u8>,
    /// The Credential that it is about.
    pub credential: Option<Id<word::Credential>>,
    /// The Client that it is about.
    pub client: Option<Iin>,
    /// Version and tag of the Credential's row that it repeats; unique per Credential.
    pub repeats: Option<(u64, Tag)>,
}

/// An entry of the Ledger with what the database holds beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLeaf {
    /// Its position, from 1.
    pub position: u64,
    /// Its final encoding.
    pub entry: [u8; Leaf::LENGTH],
    /// The salt of its commitment.
    pub salt: Salt,
    /// What it commits to, JSON.
    pub content: Vec<u8>,
    /// The Credential that it is about.
    pub credential: Option<Id<word::Credential>>,
    /// Version and tag of the Credential's row that it repeats.
    pub repeats: Option<(u64, Tag)>,
}

impl PastLeaf {
    /// Whether the entry commits to what is kept beside it.
    pub fn commits(&self) -> bool {
        Leaf::decode(&self.entry).is_some_and(|leaf| {
            Leaf::new(leaf.kind, leaf.at, leaf.pseudonym, &self.salt, &self.content) == leaf
        })
    }
}

/// The newest entry of the Ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerHead {
    /// Its position, from 1; 0 when the Ledger is empty.
    pub position: u64,
}
