//! One supervisor for one database: a second one would end the first one's Activations and take its sockets.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

/// Held as long as the program runs; the kernel lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Sole(#[expect(dead_code, reason = "holding the file is holding the lock")] File);

/// The lock is not to be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoleError {
    /// Another one runs.
    #[error(
        "another tamga-hsm already works on {0}; stop it first, or set shared_database where several are meant to"
    )]
    Another(String),
    /// The file cannot be made.
    #[error("the lock beside the database cannot be made: {0}")]
    File(#[from] io::Error),
}

impl Sole {
    /// Takes the lock beside the database, or says who has it.
    pub(crate) fn take(database: &Path) -> Result<Self, SoleError> {
        let path = database.with_extension("lock");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(SoleError::Another(database.display().to_string())),
            Err(error) => Err(SoleError::File(error.into())),
        }
    }
}
