//! Why a signature cannot be made or extended.

use crate::{
    SourceError,
    cms::{AttributesError, ReadError, StampError, WriteError},
};

/// A signature cannot be made or extended.
#[derive(Debug, thiserror::Error)]
pub enum CadesError {
    /// The document or the signature cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The signature file is not CMS.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The attributes, or the value over them.
    #[error(transparent)]
    Attributes(#[from] AttributesError),
    /// The result has no DER.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The time stamp cannot be read.
    #[error("the time stamp: {0}")]
    Stamp(#[from] StampError),
    /// The time stamp is over something else.
    #[error("the time stamp is not over this signature; ask for one over the digest that is given here")]
    Imprint,
    /// The time stamp is not intact.
    #[error("the time stamp contradicts itself: {fault}")]
    Unsound {
        /// How.
        fault: String,
    },
    /// The signature is detached and the document was not given.
    #[error("the signature is detached; give the document with it")]
    Detached,
    /// The signature has its document inside, and another was given too.
    #[error("the signature has its document inside; do not give another")]
    Attached,
    /// A signature that is there already is not over this document.
    #[error("{name} in this file does not stand: {fault}; nothing is added to it")]
    Broken {
        /// Which.
        name: String,
        /// What is wrong.
        fault: String,
    },
}

impl From<der::Error> for CadesError {
    fn from(error: der::Error) -> Self {
        Self::Write(WriteError::Der(error))
    }
}
