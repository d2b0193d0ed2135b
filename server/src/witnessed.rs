//! Whether the registry says what the Ledger witnessed: every entry about a certificate has its row, no row stands behind
//! its last entry, and each row's state is the one that its last entry tells.
//!
//! The log is checked first, by whoever calls: here its entries are believed.

use ca::Told;
use hsm::{Journal as _, JournalError};
use store::{Search, Store};

/// Entries and rows read at once.
const PAGE: u16 = 1_024;

/// Registry and Ledger do not say the same; the first place where they differ.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Disagreement {
    /// The row is not there.
    #[error(
        "entry {entry} tells of the certificate {certificate}, which the registry does not have: its row was taken out"
    )]
    Missing {
        /// Where.
        entry: u64,
        /// Which.
        certificate: String,
    },
    /// The row is not the one that was witnessed.
    #[error(
        "the registry's row of the certificate {serial} is not what entry {entry} witnessed: it was edited"
    )]
    Edited {
        /// Where.
        entry: u64,
        /// Which.
        serial: ca::Serial,
    },
    /// A later entry tells of it.
    #[error(
        "the registry's row of the certificate {serial} stands at entry {stands}, but entry {entry} tells of it too: an \
         older row was put back"
    )]
    Behind {
        /// The later entry.
        entry: u64,
        /// Which.
        serial: ca::Serial,
        /// Where its row stands.
        stands: u64,
    },
    /// No entry witnesses the row.
    #[error(
        "the registry's row of the certificate {serial} names entry {entry} as its witness, which tells of something else: \
         the row was put there"
    )]
    Unwitnessed {
        /// What it names.
        entry: u64,
        /// Which.
        serial: ca::Serial,
    },
    /// The database fails.
    #[error(transparent)]
    Store(#[from] JournalError),
}

/// Compares both, as far as the first `size` entries go; how many certificates they are about.
pub(crate) async fn compare(store: &Store, size: u64) -> Result<u64, Disagreement> {
    entries(store, size).await?;
    rows(store, size).await
}

async fn entries(store: &Store, size: u64) -> Result<(), Disagreement> {
    let mut after = 0;
    while after < size {
        let page = store.leaves_after(after, u32::from(PAGE)).await?;
        if page.is_empty() {
            break;
        }
        for past in page.iter().filter(|past| past.position <= size) {
            let Some(told) = Told::parse(&past.content) else {
                continue;
            };
            let Some(certificate) = told.certificate() else {
                continue;
            };
            let entry = past.position;
            let Some(record) = store.certificate(certificate).await? else {
                return Err(Disagreement::Missing {
                    entry,
                    certificate: certificate.to_string(),
                });
            };
            let serial = record.serial;
            if !told.is_of(&record) {
                return Err(Disagreement::Edited { entry, serial });
            }
            if record.position < entry {
                return Err(Disagreement::Behind {
                    entry,
                    serial,
                    stands: record.position,
                });
            }
            if record.position == entry && !told.is_state_of(&record) {
                return Err(Disagreement::Edited { entry, serial });
            }
        }
        after += page.len() as u64;
    }
    Ok(())
}

/// Every row names an entry that tells of it.
async fn rows(store: &Store, size: u64) -> Result<u64, Disagreement> {
    let mut search = Search {
        most: PAGE,
        ..Search::default()
    };
    let mut seen = 0;
    loop {
        let page = store.certificates(&search).await?;
        for record in page.iter().filter(|record| record.position <= size) {
            let leaf = store.opened_leaf(record.position).await?;
            let told = leaf.and_then(|leaf| Told::parse(&leaf.content));
            if !told.is_some_and(|told| told.is_of(record)) {
                return Err(Disagreement::Unwitnessed {
                    entry: record.position,
                    serial: record.serial,
                });
            }
            seen += 1;
        }
        match page.last() {
            Some(last) if page.len() == usize::from(PAGE) => search.after = Some(last.id),
            Some(_) | None => return Ok(seen),
        }
    }
}
