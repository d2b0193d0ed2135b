//! Proofs that an entry is in the tree, and that a later tree holds an earlier one. RFC 9162 §2.1.3 and §2.1.4.
//!
//! A proof is made from tiles. Which ones is asked first, so that a caller can fetch them by whatever means:
//! [`needed_for_inclusion`] → fetch → [`Inclusion::make`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Hash, Tile, Tiles,
    edge::perfect,
    tile::{HEIGHT, WIDTH},
};

/// That an entry is at a place in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    /// The entry's place, from 0.
    pub index: u64,
    /// The size of the tree.
    pub size: u64,
    /// From the leaf upwards.
    pub hashes: Vec<Hash>,
}

/// That a tree holds an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// The size of the earlier tree.
    pub earlier: u64,
    /// The size of the later tree.
    pub later: u64,
    /// RFC 9162 §2.1.4.1.
    pub hashes: Vec<Hash>,
}

/// An inclusion with everything that is needed to check it offline, but the verifier key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The entry, base64url.
    pub entry: String,
    /// What it commits to; for those whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// Where it stands.
    pub inclusion: Inclusion,
    /// The signed note of the tree.
    pub checkpoint: String,
}

/// What opens an entry's commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The salt, base64url.
    pub salt: String,
    /// The content, JSON text.
    pub content: String,
}

/// A proof does not hold, or cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Places and sizes that do not go together.
    #[error("the proof names a place outside the tree, or sizes that do not go together")]
    Sizes,
    /// Too few or too many hashes.
    #[error("the proof has {found} hashes where another number belongs")]
    Length {
        /// What it has.
        found: usize,
    },
    /// It leads to another root.
    #[error("the proof leads to another root than the checkpoint's: entry, proof or checkpoint was altered")]
    Root,
    /// A tile is missing.
    #[error("the tile {} is missing or has another width", .0.path())]
    Missing(Tile),
}

/// The tiles of which a proof of inclusion is made.
pub fn needed_for_inclusion(index: u64, size: u64) -> Result<BTreeSet<Tile>, ProofError> {
    needed(size, |node| path(index, 0..size, node).map(drop))
}

/// The tiles of which a proof of consistency is made.
pub fn needed_for_consistency(earlier: u64, later: u64) -> Result<BTreeSet<Tile>, ProofError> {
    needed(later, |node| subproof(earlier, 0..later, true, node).map(drop))
}

impl Inclusion {
    /// The proof for the entry at `index` in the tree of this size.
    pub fn make(index: u64, size: u64, tiles: &Tiles) -> Result<Self, ProofError> {
        let hashes = path(index, 0..size, &mut |height, at| node(tiles, size, height, at))?;
        Ok(Self { index, size, hashes })
    }

    /// Checks it against a root. RFC 9162 §2.1.3.2.
    pub fn verify(&self, leaf: Hash, root: Hash) -> Result<(), ProofError> {
        if self.index >= self.size {
            return Err(ProofError::Sizes);
        }
        let length = ProofError::Length {
            found: self.hashes.len(),
        };
        let (mut at, mut last) = (self.index, self.size - 1);
        let mut reached = leaf;
        for hash in &self.hashes {
            if last == 0 {
                return Err(length);
            }
            if at & 1 == 1 || at == last {
                reached = Hash::of_node(*hash, reached);
                while at & 1 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                reached = Hash::of_node(reached, *hash);
            }
            at >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(length);
        }
        if reached == root {
            Ok(())
        } else {
            Err(ProofError::Root)
        }
    }
}

impl Consistency {
    /// The proof that the later tree holds the earlier one.
    pub fn make(earlier: u64, later: u64, tiles: &Tiles) -> Result<Self, ProofError> {
        let mut find = |height, at| node(tiles, later, height, at);
        let hashes = subproof(earlier, 0..later, true, &mut find)?;
        Ok(Self {
            earlier,
            later,
            hashes,
        })
    }

    /// Checks it against both roots. RFC 9162 §2.1.4.2.
    pub fn verify(&self, earlier: Hash, later: Hash) -> Result<(), ProofError> {
        if self.earlier > self.later {
            return Err(ProofError::Sizes);
        }
        let length = ProofError::Length {
            found: self.hashes.len(),
        };
        if self.earlier == self.later || self.earlier == 0 {
            let fits = self.earlier == 0 || earlier == later;
            return match (self.hashes.is_empty(), fits) {
                (true, true) => Ok(()),
                (true, false) => Err(ProofError::Root),
                (false, _) => Err(length),
            };
        }
        let (mut at, mut last) = (self.earlier - 1, self.later - 1);
        while at & 1 == 1 {
            at >>= 1;
            last >>= 1;
        }
        let mut hashes = self.hashes.iter().copied();
        let begin = if self.earlier.is_power_of_two() {
            earlier
        } else {
            hashes.next().ok_or(length)?
        };
        let (mut first, mut second) = (begin, begin);
        for hash in hashes {
            if last == 0 {
                return Err(length);
            }
            if at & 1 == 1 || at == last {
                first = Hash::of_node(hash, first);
                second = Hash::of_node(hash, second);
                while at & 1 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                second = Hash::of_node(second, hash);
            }
            at >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(length);
        }
        if first == earlier && second == later {
            Ok(())
        } else {
            Err(ProofError::Root)
        }
    }
}

/// Names a node: a height above the leaves and a place among its equals.
type Find<'a> = dyn FnMut(u32, u64) -> Result<Hash, ProofError> + 'a;

fn needed(
    size: u64,
    walk: impl FnOnce(&mut Find<'_>) -> Result<(), ProofError>,
) -> Result<BTreeSet<Tile>, ProofError> {
    let mut tiles = BTreeSet::new();
    walk(&mut |height, at| {
        let (level, from, _) = place(height, at);
        tiles.insert(Tile::holding(size, level, from));
        Ok(Hash::empty())
    })?;
    Ok(tiles)
}

/// Where the hashes under a node stand: level of tiles, first hash, how many.
fn place(height: u32, at: u64) -> (u8, u64, usize) {
    let level = height / u32::from(HEIGHT);
    let within = height % u32::from(HEIGHT);
    (u8::try_from(level).unwrap_or(u8::MAX), at << within, 1 << within)
}

fn node(tiles: &Tiles, size: u64, height: u32, at: u64) -> Result<Hash, ProofError> {
    let (level, from, count) = place(height, at);
    let tile = Tile::holding(size, level, from);
    let begin = usize::try_from(from % WIDTH).unwrap_or(usize::MAX);
    let hashes = tiles
        .get(&tile)
        .and_then(|hashes| hashes.get(begin..begin + count))
        .ok_or(ProofError::Missing(tile))?;
    Ok(perfect(hashes))
}

/// PATH of RFC 9162 §2.1.3.1.
fn path(index: u64, range: core::ops::Range<u64>, find: &mut Find<'_>) -> Result<Vec<Hash>, ProofError> {
    if !range.contains(&index) {
        return Err(ProofError::Sizes);
    }
    if range.end - range.start == 1 {
        return Ok(Vec::new());
    }
    let middle = split(&range);
    let (inside, beside) = if index < middle {
        (range.start..middle, middle..range.end)
    } else {
        (middle..range.end, range.start..middle)
    };
    let mut hashes = path(index, inside, find)?;
    hashes.push(root(beside, find)?);
    Ok(hashes)
}

/// SUBPROOF of RFC 9162 §2.1.4.1.
fn subproof(
    earlier: u64,
    range: core::ops::Range<u64>,
    known: bool,
    find: &mut Find<'_>,
) -> Result<Vec<Hash>, ProofError> {
    if earlier > range.end {
        return Err(ProofError::Sizes);
    }
    if earlier == 0 {
        return Ok(Vec::new());
    }
    if earlier == range.end {
        return if known {
            Ok(Vec::new())
        } else {
            Ok(vec![root(range, find)?])
        };
    }
    let middle = split(&range);
    let (mut hashes, beside) = if earlier <= middle {
        (
            subproof(earlier, range.start..middle, known, find)?,
            middle..range.end,
        )
    } else {
        (
            subproof(earlier, middle..range.end, false, find)?,
            range.start..middle,
        )
    };
    hashes.push(root(beside, find)?);
    Ok(hashes)
}

/// The root over a range that begins at a multiple of its own power of two.
fn root(range: core::ops::Range<u64>, find: &mut Find<'_>) -> Result<Hash, ProofError> {
    let count = range.end - range.start;
    if count.is_power_of_two() {
        let height = count.trailing_zeros();
        return find(height, range.start >> height);
    }
    let middle = split(&range);
    let left = root(range.start..middle, find)?;
    let right = root(middle..range.end, find)?;
    Ok(Hash::of_node(left, right))
}

/// Behind the largest power of two that is smaller than the range.
const fn split(range: &core::ops::Range<u64>) -> u64 {
    let count = range.end - range.start;
    range.start + (1 << (u64::BITS - 1 - (count - 1).leading_zeros()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Edge,
        edge::tests::{defined, leaves},
    };

    fn tree(count: usize) -> (Vec<Hash>, Tiles) {
        let all = leaves(count);
        let mut edge = Edge::new();
        let mut tiles = Tiles::new();
        for leaf in &all {
            edge.append(*leaf);
        }
        tiles.extend(edge.take_changed());
        (all, tiles)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_entry_is_proven_and_no_other(size in 1_usize..1_500, at in any::<prop::sample::Index>()) {
            let (all, tiles) = tree(size);
            let index = at.index(size);
            let (at, size) = (u64::try_from(index).unwrap(), u64::try_from(size).unwrap());
            for tile in needed_for_inclusion(at, size).unwrap() {
                prop_assert!(tiles.contains_key(&tile));
            }
            let proof = Inclusion::make(at, size, &tiles).unwrap();
            let root = defined(&all);
            prop_assert_eq!(proof.verify(all[index], root), Ok(()));
            prop_assert_eq!(proof.verify(Hash::of_leaf(b"another"), root), Err(ProofError::Root));
            for wrong in [
                Inclusion { hashes: proof.hashes.iter().skip(1).copied().collect(), ..proof.clone() },
                Inclusion { hashes: [proof.hashes.clone(), vec![root]].concat(), ..proof.clone() },
                Inclusion { index: size, ..proof.clone() },
            ] {
                if wrong != proof {
                    prop_assert!(wrong.verify(all[index], root).is_err());
                }
            }
        }

        #[test]
        fn a_later_tree_is_proven_to_hold_an_earlier_one(sizes in (0_usize..1_200, 0_usize..600)) {
            let (earlier, later) = (sizes.0, sizes.0 + sizes.1);
            let (all, tiles) = tree(later);
            let (from, to) = (u64::try_from(earlier).unwrap(), u64::try_from(later).unwrap());
            for tile in needed_for_consistency(from, to).unwrap() {
                prop_assert!(tiles.contains_key(&tile));
            }
            let proof = Consistency::make(from, to, &tiles).unwrap();
            let roots = (defined(&all[..earlier]), defined(&all));
            prop_assert_eq!(proof.verify(roots.0, roots.1), Ok(()));
            if earlier > 0 {
                prop_assert!(proof.verify(Hash::of_leaf(b"another"), roots.1).is_err());
                prop_assert!(proof.verify(roots.0, Hash::of_leaf(b"another")).is_err());
            }
        }
    }
}
