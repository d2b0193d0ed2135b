//! The right edge of the tree: all that must be known to append.

use crate::{
    Hash, Tile, Tiles,
    tile::{HEIGHT, WIDTH},
};

/// The hashes in the last, partial tile of each level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
    /// Tiles that became full since tiles were last taken.
    full: Tiles,
    /// The size when tiles were last taken.
    taken: u64,
}

impl Edge {
    /// The edge of an empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tiles that must be read to go on from a tree of this size.
    pub fn needed(size: u64) -> Vec<Tile> {
        let mut tiles = Vec::new();
        let mut level = 0_u8;
        let mut hashes = size;
        while hashes > 0 {
            let width = u16::try_from(hashes % WIDTH).unwrap_or(0);
            if width > 0 {
                tiles.push(Tile {
                    level,
                    index: hashes / WIDTH,
                    width,
                });
            }
            hashes /= WIDTH;
            level += 1;
        }
        tiles
    }

    /// The edge of a tree of this size; `None` if a tile that [`needed`](Self::needed) names is missing or has another
    /// width.
    pub fn open(size: u64, tiles: &Tiles) -> Option<Self> {
        let mut levels = Vec::new();
        for tile in Self::needed(size) {
            let hashes = tiles.get(&tile)?;
            if hashes.len() != usize::from(tile.width) {
                return None;
            }
            levels.resize(usize::from(tile.level), Vec::new());
            levels.push(hashes.clone());
        }
        Some(Self {
            size,
            levels,
            full: Tiles::new(),
            taken: size,
        })
    }

    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of a leaf.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut at = self.size;
        self.size += 1;
        for level in 0.. {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let Some(row) = self.levels.get_mut(level) else {
                return;
            };
            row.push(hash);
            if row.len() < usize::try_from(WIDTH).unwrap_or(usize::MAX) {
                return;
            }
            let index = at / WIDTH;
            let tile = Tile {
                level: u8::try_from(level).unwrap_or(u8::MAX),
                index,
                width: 256,
            };
            self.full.insert(tile, row.clone());
            hash = perfect(row);
            row.clear();
            at = index;
        }
    }

    /// The tiles that changed since they were last taken, each in its widest form.
    pub fn take_changed(&mut self) -> Tiles {
        let mut changed = core::mem::take(&mut self.full);
        let (mut hashes, mut known) = (self.size, self.taken);
        self.taken = self.size;
        for (level, row) in (0..).zip(&self.levels) {
            if hashes > known && !row.is_empty() {
                let tile = Tile {
                    level,
                    index: hashes / WIDTH,
                    width: u16::try_from(row.len()).unwrap_or(256),
                };
                changed.insert(tile, row.clone());
            }
            hashes /= WIDTH;
            known /= WIDTH;
        }
        changed
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        // From the smallest perfect subtree, at the right, to the largest.
        let mut root: Option<Hash> = None;
        for row in &self.levels {
            let mut end = row.len();
            for bit in 0..HEIGHT {
                let width = 1_usize << bit;
                if end & width == 0 {
                    continue;
                }
                let left = perfect(row.get(end - width..end).unwrap_or_default());
                root = Some(root.map_or(left, |right| Hash::of_node(left, right)));
                end -= width;
            }
        }
        root.unwrap_or_else(Hash::empty)
    }
}

/// The root over a power of two of hashes.
pub(crate) fn perfect(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(Hash::of_node(*left, *right)),
                _ => None,
            })
            .collect();
    }
    row.first().copied().unwrap_or_else(Hash::empty)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 9162 §2.1.1, word for word: the definition, not the way.
    pub(crate) fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::empty(),
            [leaf] => *leaf,
            more => {
                let split = more.len().next_power_of_two() / 2;
                Hash::of_node(defined(&more[..split]), defined(&more[split..]))
            }
        }
    }

    pub(crate) fn leaves(count: usize) -> Vec<Hash> {
        (0..count)
            .map(|number| Hash::of_leaf(&number.to_be_bytes()))
            .collect()
    }

    /// The eight leaves that every implementation of RFC 6962 is tried with, and the roots after each.
    #[test]
    fn the_known_roots_come_out() {
        let entries: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
                0x6f,
            ],
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut edge = Edge::new();
        for (entry, root) in entries.into_iter().zip(roots) {
            edge.append(Hash::of_leaf(entry));
            let found = domain::hexadecimal(&edge.root().0);
            assert_eq!(found, root);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_root_is_the_defined_one_however_often_the_edge_is_put_away(
            sizes in proptest::collection::vec(0_usize..700, 1..5)
        ) {
            let all = leaves(sizes.iter().sum());
            let mut edge = Edge::new();
            let mut kept = Tiles::new();
            let mut next = all.iter();
            for size in sizes {
                edge = Edge::open(edge.size(), &kept).unwrap();
                for leaf in next.by_ref().take(size) {
                    edge.append(*leaf);
                }
                kept.extend(edge.take_changed());
                let so_far = usize::try_from(edge.size()).unwrap();
                prop_assert_eq!(edge.root(), defined(&all[..so_far]));
                for level in 0..3 {
                    for tile in Tile::all(edge.size(), level) {
                        prop_assert!(kept.contains_key(&tile), "{:?}", tile);
                    }
                }
            }
        }
    }

    #[test]
    fn three_levels_of_tiles_hold() {
        let all = leaves(65_536 + 300);
        let mut edge = Edge::new();
        for leaf in &all {
            edge.append(*leaf);
        }
        assert_eq!(edge.root(), defined(&all));
        assert!(edge.take_changed().keys().any(|tile| tile.level == 2));
    }
}
