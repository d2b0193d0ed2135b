//! Why a signature is not extended.

use crate::{
    ReadingError, SourceError,
    asic::{AsicError, ContainerError},
    cades::CadesError,
    judgement::Lacking,
    pdf::PdfError,
    xml,
};

/// A signature is not extended; the file stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ExtensionError {
    /// The file's signatures do not read.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// XML.
    #[error(transparent)]
    Xml(#[from] xml::ExtendError),
    /// XML that does not read.
    #[error(transparent)]
    Unread(#[from] xml::SignError),
    /// CMS.
    #[error(transparent)]
    Cms(#[from] CadesError),
    /// A container.
    #[error(transparent)]
    Container(#[from] AsicError),
    /// The file cannot be fetched.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no such signature.
    #[error("the file has no signature {0}, or several that are called so")]
    NoSuchSignature(String),
    /// What it needs is not there.
    #[error("what the signature must be kept with is not all there: {}", words(.0))]
    Lacking(Vec<Lacking>),
    /// The file changed between two looks.
    #[error("the file is not at the level any more that it was found at; open it again")]
    Moved,
}

impl ExtensionError {
    /// Whether the same file may be extended later: all that lacks is what somebody says anew.
    pub fn may_succeed_later(&self) -> bool {
        match self {
            Self::Lacking(all) => all.iter().all(Lacking::may_come),
            Self::Reading(_)
            | Self::Pdf(_)
            | Self::Xml(_)
            | Self::Unread(_)
            | Self::Cms(_)
            | Self::Container(_)
            | Self::Source(_)
            | Self::NoSuchSignature(_)
            | Self::Moved => false,
        }
    }
}

impl From<ContainerError> for ExtensionError {
    fn from(error: ContainerError) -> Self {
        Self::Container(error.into())
    }
}

fn words(lacking: &[Lacking]) -> String {
    let all: Vec<String> = lacking.iter().map(ToString::to_string).collect();
    all.join("; ")
}
