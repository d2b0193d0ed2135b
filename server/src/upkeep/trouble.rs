//! Why a step failed, whether that passes by itself, and what people are told to do about it.

use core::{fmt::Display, time::Duration};

use domain::Level;
use hsm::Kind;
use signer::ExtensionError;
use store::{GetError, PutError, UpkeepFault};

use crate::{ExtendError, ValidationError};

/// The longest reason that is kept, in letters.
const LONGEST: usize = 400;

/// Whether a reason passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    /// It is the world's; somebody looks after it anyway.
    Surely,
    /// It may be the world's or the file's.
    Perhaps,
    /// It is the file's.
    Never,
}

/// Why a step failed.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) fault: UpkeepFault,
    pub(super) text: String,
    pub(super) passes: Passes,
}

impl Trouble {
    pub(super) fn new(fault: UpkeepFault, passes: Passes, text: impl Display) -> Self {
        let text = text.to_string();
        Self {
            fault,
            text: text.chars().take(LONGEST).collect(),
            passes,
        }
    }

    /// The next file could not be made from a signature at this level.
    pub(super) fn of_step(error: &ExtendError, reached: Level) -> Self {
        let (fault, passes) = match error {
            ExtendError::Unanswered(_) | ExtendError::Refused(_) | ExtendError::Address(_) => {
                (UpkeepFault::Authority, Passes::Surely)
            }
            ExtendError::Cut(_) => (UpkeepFault::Slow, Passes::Surely),
            // A seal is not given up: until it ends somebody may speak again.
            ExtendError::File(error) if error.may_succeed_later() && reached == Level::Lta => {
                (UpkeepFault::Evidence, Passes::Surely)
            }
            ExtendError::File(error) if error.may_succeed_later() => (UpkeepFault::Evidence, Passes::Perhaps),
            ExtendError::File(ExtensionError::Lacking(_)) => (UpkeepFault::Evidence, Passes::Never),
            ExtendError::File(_) => (UpkeepFault::File, Passes::Never),
        };
        Self::new(fault, passes, error)
    }

    /// What a step gave was not judged.
    pub(super) fn of_judging(error: &ValidationError) -> Self {
        let (fault, passes) = match error {
            ValidationError::Cut(_) => (UpkeepFault::Slow, Passes::Surely),
            ValidationError::Effort => (UpkeepFault::Slow, Passes::Perhaps),
            ValidationError::Reading(_) | ValidationError::Signatures { .. } => {
                (UpkeepFault::File, Passes::Never)
            }
        };
        Self::new(fault, passes, error)
    }

    /// The name of the signature does not read.
    pub(super) fn name(error: &serde_json::Error) -> Self {
        let text = format!("which signature is meant cannot be read: {error}; restore the row from a backup");
        Self::new(UpkeepFault::File, Passes::Never, text)
    }

    /// The next file is further back than the row says that this one is.
    pub(super) fn fallen(reached: Level, found: Level) -> Self {
        let text = format!(
            "the signature was at level {reached}, and its file gives {found} next; look whether the file is the one that \
             was kept"
        );
        Self::new(UpkeepFault::File, Passes::Never, text)
    }

    /// It took too long.
    pub(super) fn slow(limit: Duration) -> Self {
        let text = format!("the step took longer than {limit:?}; look at the disk and at who is asked");
        Self::new(UpkeepFault::Slow, Passes::Perhaps, text)
    }
}

const fn passing(kind: Kind) -> Passes {
    match kind {
        Kind::Retry => Passes::Surely,
        Kind::Refusal | Kind::Fault => Passes::Never,
    }
}

impl From<GetError> for Trouble {
    fn from(error: GetError) -> Self {
        Self::new(UpkeepFault::Document, passing(error.kind()), error)
    }
}

impl From<PutError> for Trouble {
    fn from(error: PutError) -> Self {
        let passes = match error.kind() {
            // Ours are those of a crash or of a slow disk: another try writes another file.
            Kind::Retry => Passes::Surely,
            Kind::Refusal | Kind::Fault => Passes::Perhaps,
        };
        Self::new(UpkeepFault::Document, passes, error)
    }
}
