//! The Ledger: a Merkle log that anybody can check, in the formats of the transparency logs of the web.
//!
//! Hashes are those of RFC 6962; the tree is cut into [tiles](Tile) of 256 hashes (C2SP tlog-tiles); its state is a
//! [`Checkpoint`], a [signed note](SignedNote) (C2SP tlog-checkpoint). Whoever appends keeps the tree's right
//! [`Edge`]; whoever proves reads a few tiles ([`Inclusion`], [`Consistency`]); whoever doubts reads everything
//! ([`audit`]). Nothing here has a clock, a socket or a private key.

mod audit;
mod edge;
mod hash;
mod keys;
mod note;
mod proof;
mod tile;

pub use audit::{Fault, audit};
pub use edge::Edge;
pub use hash::Hash;
pub use keys::VerifierKeys;
pub use note::{Checkpoint, NoteError, SignedNote, VerifierKey};
pub use proof::{
    Consistency, Inclusion, Opening, Proof, ProofError, needed_for_consistency, needed_for_inclusion,
};
pub use tile::{Tile, TileError, Tiles, bundle, bundle_path, parse_bundle, parse_bundle_path};
