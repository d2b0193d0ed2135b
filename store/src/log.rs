//! The Ledger as the store keeps it, on either engine.

use domain::{Leaf, Time};
use hsm::JournalError;
use ledger::{Hash, Tile, Tiles};

use crate::{Store, reading::read, writer::Change};

/// The next state of the log.
#[derive(Clone, Debug)]
pub struct Growth {
    /// The size of the state that it grew from.
    pub after: u64,
    /// Its size.
    pub size: u64,
    /// Its signed note.
    pub note: String,
    /// When it was made.
    pub at: Time,
    /// Tiles that changed, each in its widest form.
    pub tiles: Tiles,
}

/// A leaf with what it commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLeaf {
    /// Its encoding.
    pub entry: [u8; Leaf::LENGTH],
    /// The salt of its commitment.
    pub salt: [u8; 16],
    /// What it commits to.
    pub content: Vec<u8>,
}

impl Store {
    /// The newest checkpoint: size, note, time.
    pub async fn checkpoint(&self) -> Result<Option<(u64, String, Time)>, JournalError> {
        read!(self, tree::latest())
    }

    /// The first checkpoint of at least this size.
    pub async fn checkpoint_covering(&self, size: u64) -> Result<Option<(u64, String, Time)>, JournalError> {
        read!(self, tree::covering(size))
    }

    /// Keeps the next state of the log; a conflict, if another made it grow meanwhile.
    pub async fn grow(&self, growth: Growth) -> Result<(), JournalError> {
        let change = Change::Grow(Box::new(growth));
        self.writer.write(change).await.map(drop)
    }

    /// One tile, as wide as is asked for.
    pub async fn tile(&self, tile: Tile) -> Result<Option<Vec<Hash>>, JournalError> {
        read!(self, tree::tile(tile))
    }

    /// Several tiles; those that are missing are left out.
    pub async fn tiles(&self, wanted: &[Tile]) -> Result<Tiles, JournalError> {
        read!(self, tree::tiles(wanted))
    }

    /// Encoded leaves after a position.
    pub async fn entries(&self, after: u64, most: u32) -> Result<Vec<[u8; Leaf::LENGTH]>, JournalError> {
        read!(self, tree::entries(after, most))
    }

    /// A leaf with what it commits to; for those whom it concerns.
    pub async fn opened_leaf(&self, position: u64) -> Result<Option<KeptLeaf>, JournalError> {
        read!(self, tree::opened(position))
    }
}
