//! Why a container is not read or written.

use crate::SourceError;

/// A container is refused.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// It cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Not a ZIP file, or one that has something before, between or after its entries.
    #[error("not a ZIP file that has one reading: {what} at byte {at}")]
    Form {
        /// What is wrong.
        what: &'static str,
        /// Where.
        at: u64,
    },
    /// A part of the format that is not used here.
    #[error("the container uses {what}, which is not supported; make it without")]
    Unsupported {
        /// Which.
        what: &'static str,
    },
    /// A name that leads elsewhere, or that another system would take for another one.
    #[error("the container has a file whose name {name:?} {what}")]
    Name {
        /// The name, cut.
        name: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// More than is read.
    #[error("the container has more than {most} {what}; nothing honest needs that")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// Too large to be written.
    #[error("containers hold at most {most} {what}; sign these files in several containers, or detached")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// A file is not what the directory says of it.
    #[error("the file {name:?} {what}")]
    File {
        /// Which.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
    /// No manifest.
    #[error("the manifest {name:?} is not one: {what}")]
    Manifest {
        /// Which.
        name: String,
        /// What is wrong.
        what: String,
    },
}

impl ContainerError {
    pub(super) fn name(name: &str, what: &'static str) -> Self {
        const SHOWN: usize = 100;
        Self::Name {
            name: name.chars().take(SHOWN).collect(),
            what,
        }
    }

    pub(super) fn file(name: &str, what: &'static str) -> Self {
        Self::File {
            name: name.to_owned(),
            what,
        }
    }
}
