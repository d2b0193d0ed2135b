//! Reading everything: whether the entries are those that the tiles and the checkpoint tell of, and if not, which is
//! the first wrong one.

use crate::{Checkpoint, Edge, Hash, Tile, Tiles};

/// What is wrong first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The entry at an index, from 0, is not the one that was logged there: edited, put there later, or moved.
    #[error(
        "entry {} is not the one that was logged there: it was edited, moved, or one before it was taken out",
        .0 + 1
    )]
    Entry(u64),
    /// Entries are missing at the end.
    #[error("the log has {found} entries, but its checkpoint tells of {told}: the last ones were taken out")]
    Missing {
        /// What there is.
        found: u64,
        /// What there should be.
        told: u64,
    },
    /// A tile is not there, or has another width.
    #[error("the tile {} is missing or cut off", .0.path())]
    NoTile(Tile),
    /// A tile does not follow from the entries, although those below it do.
    #[error("the tile {} is not what the entries make it", .0.path())]
    Tile(Tile),
    /// Everything fits but the root.
    #[error("entries and tiles agree, but not with the root of the checkpoint: both were rewritten")]
    Root,
    /// Reading failed.
    #[error("{0}")]
    Read(String),
}

/// Reads every entry, in order, and holds it against the tiles and the checkpoint. Memory does not grow with the log.
/// `tile` reads one tile.
pub fn audit<E: AsRef<[u8]>>(
    entries: impl Iterator<Item = Result<E, String>>,
    mut tile: impl FnMut(Tile) -> Result<Option<Vec<Hash>>, String>,
    checkpoint: &Checkpoint,
) -> Result<(), Fault> {
    let mut edge = Edge::new();
    let mut pending: Option<(Tile, Vec<Hash>)> = None;
    for entry in entries.take(usize::try_from(checkpoint.size).unwrap_or(usize::MAX)) {
        let entry = entry.map_err(Fault::Read)?;
        let at = edge.size();
        let leaf = Hash::of_leaf(entry.as_ref());
        let wanted = Tile::holding(checkpoint.size, 0, at);
        if pending.as_ref().is_none_or(|(known, _)| *known != wanted) {
            let hashes = tile(wanted).map_err(Fault::Read)?;
            let hashes = hashes.filter(|hashes| hashes.len() == usize::from(wanted.width));
            pending = Some((wanted, hashes.ok_or(Fault::NoTile(wanted))?));
        }
        let place = usize::try_from(at % 256).unwrap_or(0);
        let told = pending.as_ref().and_then(|(_, hashes)| hashes.get(place));
        if told != Some(&leaf) {
            return Err(Fault::Entry(at));
        }
        edge.append(leaf);
        check_above(&mut tile, &mut edge, checkpoint.size)?;
    }
    if edge.size() < checkpoint.size {
        return Err(Fault::Missing {
            found: edge.size(),
            told: checkpoint.size,
        });
    }
    if edge.root() == checkpoint.root {
        Ok(())
    } else {
        Err(Fault::Root)
    }
}

/// Tiles above the leaves, as soon as they are as wide as the checkpoint has them.
fn check_above(
    tile: &mut impl FnMut(Tile) -> Result<Option<Vec<Hash>>, String>,
    edge: &mut Edge,
    size: u64,
) -> Result<(), Fault> {
    // Only a full tile below changes one above.
    if !edge.size().is_multiple_of(256) && edge.size() != size {
        return Ok(());
    }
    let changed: Tiles = edge.take_changed();
    for (made, hashes) in changed {
        let last = Tile::holding(size, made.level, made.index * 256);
        if made.level == 0 || made != last {
            continue;
        }
        match tile(made).map_err(Fault::Read)? {
            None => return Err(Fault::NoTile(made)),
            Some(told) if told != hashes => return Err(Fault::Tile(made)),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(count: u64) -> (Vec<Vec<u8>>, Tiles, Checkpoint) {
        let entries: Vec<Vec<u8>> = (0..count).map(|number| number.to_be_bytes().to_vec()).collect();
        let mut edge = Edge::new();
        for entry in &entries {
            edge.append(Hash::of_leaf(entry));
        }
        let checkpoint = Checkpoint {
            origin: "x".to_owned(),
            size: count,
            root: edge.root(),
        };
        (entries, edge.take_changed(), checkpoint)
    }

    fn judge(entries: &[Vec<u8>], tiles: &Tiles, checkpoint: &Checkpoint) -> Result<(), Fault> {
        audit(
            entries.iter().map(Ok),
            |tile| Ok(tiles.get(&tile).cloned()),
            checkpoint,
        )
    }

    #[test]
    fn an_untouched_log_passes_and_each_touch_names_the_first_wrong_entry() {
        let (entries, tiles, checkpoint) = log(70_000);
        assert_eq!(judge(&entries, &tiles, &checkpoint), Ok(()));
        // Entries behind the checkpoint are not its matter.
        let mut longer = entries.clone();
        longer.push(b"new".to_vec());
        assert_eq!(judge(&longer, &tiles, &checkpoint), Ok(()));

        for place in [0, 255, 256, 65_535, 65_536, 69_999] {
            let at = u64::try_from(place).unwrap();
            let mut edited = entries.clone();
            edited[place] = b"edited".to_vec();
            assert_eq!(judge(&edited, &tiles, &checkpoint), Err(Fault::Entry(at)));
            let mut dropped = entries.clone();
            dropped.remove(place);
            let fault = judge(&dropped, &tiles, &checkpoint);
            if place == 69_999 {
                let missing = Fault::Missing {
                    found: 69_999,
                    told: 70_000,
                };
                assert_eq!(fault, Err(missing));
            } else {
                assert_eq!(fault, Err(Fault::Entry(at)));
                let mut reordered = entries.clone();
                reordered.swap(place, place + 1);
                assert_eq!(judge(&reordered, &tiles, &checkpoint), Err(Fault::Entry(at)));
            }
        }
    }

    #[test]
    fn rewritten_tiles_do_not_help() {
        let (_, tiles, checkpoint) = log(1_000);
        let (mut entries, _, _) = log(1_000);
        entries[300] = b"edited".to_vec();
        let mut edge = Edge::new();
        for entry in &entries {
            edge.append(Hash::of_leaf(entry));
        }
        let rewritten = edge.take_changed();
        assert_eq!(judge(&entries, &rewritten, &checkpoint), Err(Fault::Root));
        let mut mixed = tiles.clone();
        for (tile, hashes) in &rewritten {
            if tile.level == 0 {
                mixed.insert(*tile, hashes.clone());
            }
        }
        assert!(matches!(
            judge(&entries, &mixed, &checkpoint),
            Err(Fault::Tile(_))
        ));
        let mut cut = tiles;
        cut.retain(|tile, _| tile.index != 2 || tile.level != 0);
        assert!(matches!(
            judge(&log(1_000).0, &cut, &checkpoint),
            Err(Fault::NoTile(_))
        ));
    }
}
