//! Files in and out: copied with their digest, durable, and under their final name only when they are whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use domain::hexadecimal;
use sha2::{Digest as _, Sha256};

use super::{BackupError, Kept, file};

/// How often a file that is being written is read.
const TRIES: usize = 8;
/// Bytes read at once.
const PIECE: usize = 64 * 1024;

/// A folder that only its owner reads.
pub(super) fn make_folder(path: &Path) -> Result<(), BackupError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(file(path))
}

/// Whether nothing is in a folder, or it is not there.
pub(super) fn is_empty(path: &Path) -> Result<bool, BackupError> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(file(path)(error)),
    }
}

/// Every file below a folder, by its path from there, in order.
pub(super) fn below(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        let here = folder.join(&inner);
        for entry in fs::read_dir(&here).map_err(file(&here))? {
            let entry = entry.map_err(file(&here))?;
            let kind = entry.file_type().map_err(file(&here))?;
            let path = inner.join(entry.file_name());
            if kind.is_dir() {
                waiting.push(path);
            } else if kind.is_file() && path.to_str().is_some() {
                found.push(path);
            } else {
                return Err(BackupError::Strange(folder.join(path)));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Copies a file that others may be writing; none when it is gone. What is copied is what it was at one moment.
pub(super) fn copy(from: &Path, (root, name): (&Path, &str)) -> Result<Option<Kept>, BackupError> {
    let to = root.join(name);
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    let unfinished = to.with_added_extension("unfinished");
    for _ in 0..TRIES {
        let before = match fs::metadata(from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            looked => looked.map_err(file(from))?,
        };
        let (size, digest) = pour(from, &unfinished)?;
        let after = fs::metadata(from).map_err(file(from))?;
        let stamp = |data: &fs::Metadata| (data.mtime(), data.mtime_nsec(), data.len(), data.ino());
        if stamp(&before) == stamp(&after) && size == after.len() {
            fs::rename(&unfinished, &to).map_err(file(&to))?;
            return Ok(Some(Kept {
                path: name.to_owned(),
                size,
                sha256: hexadecimal(&digest),
            }));
        }
    }
    fs::remove_file(&unfinished).map_err(file(&unfinished))?;
    Err(BackupError::Restless(from.to_owned()))
}

/// Writes one file from another: length and digest.
fn pour(from: &Path, to: &Path) -> Result<(u64, [u8; 32]), BackupError> {
    let mut source = File::open(from).map_err(file(from))?;
    let mut target = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(to)
        .map_err(file(to))?;
    let read = hash(&mut source, |piece| target.write_all(piece)).map_err(file(to))?;
    target.sync_all().map_err(file(to))?;
    Ok(read)
}

fn hash(source: &mut File, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<(u64, [u8; 32])> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE];
    let mut size = 0;
    loop {
        let length = source.read(&mut buffer)?;
        let piece = buffer.get(..length).unwrap_or_default();
        if piece.is_empty() {
            return Ok((size, hash.finalize().into()));
        }
        hash.update(piece);
        each(piece)?;
        size += length as u64;
    }
}

/// Length and digest of a file.
pub fn sha256_of_file(path: &Path) -> Result<(u64, [u8; 32]), BackupError> {
    let mut source = File::open(path).map_err(file(path))?;
    hash(&mut source, |_| Ok(())).map_err(file(path))
}

/// Writes a file in one step.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), BackupError> {
    let unfinished = path.with_added_extension("unfinished");
    let written = || -> io::Result<()> {
        let mut new = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        new.write_all(content)?;
        new.sync_all()?;
        fs::rename(&unfinished, path)
    };
    written().map_err(file(path))
}

/// What was renamed in a folder stays so.
pub(super) fn settle(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(file(folder))
}
