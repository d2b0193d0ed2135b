//! The versions that this supervisor itself has written: no row may go back behind them, whatever the database says.
//!
//! A row put back is noticed by its leaf; a row put back together with an altered leaf is noticed here, as long as this
//! supervisor lives. Across restarts only the Ledger's tree can show it (threat model).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{Id, word};

use crate::CredentialRecord;

/// Most Credentials that are remembered; some 50 MB.
const MOST: usize = 1_000_000;

/// The highest version written of each Credential.
#[derive(Debug, Default)]
pub(super) struct Versions(Mutex<HashMap<Id<word::Credential>, u64>>);

impl Versions {
    /// A version was committed.
    pub(super) fn wrote(&self, record: &CredentialRecord) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&record.id) {
            tracing::warn!(
                "a million credentials were written since the start; their versions are forgotten"
            );
            known.clear();
        }
        let version = known.entry(record.id).or_default();
        *version = record.version.max(*version);
    }

    /// Whether the row lies behind what was committed.
    pub(super) fn went_back(&self, record: &CredentialRecord) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&record.id)
            .is_some_and(|version| record.version < *version)
    }
}
