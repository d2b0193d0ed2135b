//! Tiles: the tree cut into squares of 256 hashes, each a static file. C2SP tlog-tiles.
//!
//! A tile of level `L` holds hashes of the tree's level `8·L`; a full tile never changes. A partial one, at the right
//! edge, is a prefix of what will once stand there.

use std::collections::BTreeMap;

use crate::Hash;

/// Hashes in a full tile, and entries in a full bundle.
pub(crate) const WIDTH: u64 = 256;
/// Levels of the tree that one level of tiles spans.
pub(crate) const HEIGHT: u8 = 8;
/// A tree of 2⁶³ leaves has this many levels of tiles.
const MOST_LEVELS: u8 = 8;

/// Which tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Its level; 0 holds the hashes of leaves.
    pub level: u8,
    /// Its place in its level.
    pub index: u64,
    /// Hashes in it, 1 to 256.
    pub width: u16,
}

/// The text is no path of a tile or bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tile's path looks like tile/0/x001/234 or tile/0/x001/234.p/7")]
pub struct TileError;

impl Tile {
    /// The path of its file.
    pub fn path(&self) -> String {
        path(&format!("tile/{}", self.level), self.index, self.width)
    }

    /// Reads a path; only the one canonical form.
    pub fn parse_path(text: &str) -> Result<Self, TileError> {
        let (level, rest) = text
            .strip_prefix("tile/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or(TileError)?;
        let level: u8 = level.parse().map_err(|_| TileError)?;
        let (index, width) = parse_index(rest)?;
        let tile = Self { level, index, width };
        if level < MOST_LEVELS && tile.path() == text {
            Ok(tile)
        } else {
            Err(TileError)
        }
    }

    /// The hashes in the bytes of its file.
    pub fn parse(&self, bytes: &[u8]) -> Option<Vec<Hash>> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        (rest.is_empty() && hashes.len() == usize::from(self.width))
            .then(|| hashes.iter().map(|hash| Hash(*hash)).collect())
    }

    /// The tiles of a tree of this size at one level, full and partial.
    pub fn all(size: u64, level: u8) -> impl Iterator<Item = Self> {
        let hashes = size >> (u32::from(HEIGHT) * u32::from(level));
        let full = hashes / WIDTH;
        let rest = u16::try_from(hashes % WIDTH).unwrap_or(0);
        let full_tiles = (0..full).map(move |index| Self {
            level,
            index,
            width: 256,
        });
        let partial = (rest > 0).then_some(Self {
            level,
            index: full,
            width: rest,
        });
        full_tiles.chain(partial)
    }

    /// The tile of a tree of this size that holds hash `at` of a level.
    pub(crate) fn holding(size: u64, level: u8, at: u64) -> Self {
        let hashes = size >> (u32::from(HEIGHT) * u32::from(level));
        let index = at / WIDTH;
        let width = (hashes - index * WIDTH).min(WIDTH);
        Self {
            level,
            index,
            width: u16::try_from(width).unwrap_or(256),
        }
    }
}

/// Tiles that were read.
pub type Tiles = BTreeMap<Tile, Vec<Hash>>;

/// The path of a bundle of entries: `width` entries from `256·index` on.
pub fn bundle_path(index: u64, width: u16) -> String {
    path("tile/entries", index, width)
}

/// Reads a bundle's path.
pub fn parse_bundle_path(text: &str) -> Result<(u64, u16), TileError> {
    let rest = text.strip_prefix("tile/entries/").ok_or(TileError)?;
    let (index, width) = parse_index(rest)?;
    if bundle_path(index, width) == text {
        Ok((index, width))
    } else {
        Err(TileError)
    }
}

/// A bundle: each entry with its length before it.
pub fn bundle<'a>(entries: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        // Entries are 74 bytes; a longer one than 65,535 cannot be one of ours.
        let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// The entries of a bundle; `None` if it is cut off.
pub fn parse_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

fn path(stem: &str, index: u64, width: u16) -> String {
    let digits = format!("{index}");
    let padded = format!("{}{digits}", "0".repeat((3 - digits.len() % 3) % 3));
    let groups: Vec<&str> = padded
        .as_bytes()
        .chunks(3)
        .filter_map(|group| core::str::from_utf8(group).ok())
        .collect();
    let index = groups.join("/x");
    let first = if groups.len() > 1 { "x" } else { "" };
    // Only the last group has no x before it.
    let index = match index.rsplit_once("/x") {
        Some((before, last)) => format!("{first}{before}/{last}"),
        None => index,
    };
    let partial = if u64::from(width) == WIDTH {
        String::new()
    } else {
        format!(".p/{width}")
    };
    format!("{stem}/{index}{partial}")
}

fn parse_index(text: &str) -> Result<(u64, u16), TileError> {
    let (index, width) = match text.split_once(".p/") {
        None => (text, 256),
        Some((index, width)) => (index, width.parse().map_err(|_| TileError)?),
    };
    if width == 0 || width > 256 || (width == 256 && text.contains(".p/")) {
        return Err(TileError);
    }
    let mut number = 0_u64;
    for group in index.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TileError);
        }
        let value: u64 = digits.parse().map_err(|_| TileError)?;
        number = number
            .checked_mul(1_000)
            .and_then(|number| number.checked_add(value))
            .ok_or(TileError)?;
    }
    Ok((number, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = |level, index, width| Tile { level, index, width };
        for (tile, path) in [
            (tile(0, 0, 256), "tile/0/000"),
            (tile(1, 7, 3), "tile/1/007.p/3"),
            (tile(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (tile(3, 1_000, 255), "tile/3/x001/000.p/255"),
        ] {
            assert_eq!(tile.path(), path);
            assert_eq!(Tile::parse_path(path), Ok(tile));
        }
        for path in [
            "tile/0/0",
            "tile/0/x000/001",
            "tile/00/001",
            "tile/8/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/07",
            "tile/0/001/",
            "tile/0/001/x002",
            "tile/0/x001",
            "tile/0/../001",
            "tile/-1/001",
            "entries/0/001",
        ] {
            assert_eq!(Tile::parse_path(path), Err(TileError), "{path}");
        }
        assert_eq!(bundle_path(1_001, 5), "tile/entries/x001/001.p/5");
        assert_eq!(parse_bundle_path("tile/entries/x001/001.p/5"), Ok((1_001, 5)));
    }

    #[test]
    fn a_bundle_reads_as_it_was_written_and_not_when_cut() {
        let entries: Vec<&[u8]> = vec![b"one", b"", b"three"];
        let bytes = bundle(entries.iter().copied());
        assert_eq!(parse_bundle(&bytes), Some(entries));
        assert_eq!(parse_bundle(&bytes[..bytes.len() - 1]), None);
    }
}
