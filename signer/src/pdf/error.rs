//! [`PdfError`]: why a PDF is not signed or extended, each with what its owner can do.

use crate::SourceError;

/// A PDF is refused.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Not a PDF, or not from its first byte on.
    #[error("this is not a PDF from its first byte on; save it anew with a PDF program")]
    NotPdf,
    /// Its structure is broken. It is not repaired silently: two programs repair differently.
    #[error("the PDF is damaged at byte {at}: {what}; save it anew with a PDF program and take that file")]
    Damaged {
        /// Where.
        at: u64,
        /// What.
        what: &'static str,
    },
    /// Two programs could read it differently.
    #[error("the PDF can be read in two ways at byte {at}: {what}; save it anew with a PDF program")]
    TwoReadings {
        /// Where.
        at: u64,
        /// What.
        what: &'static str,
    },
    /// Protected by a password, even an empty one.
    #[error("the PDF is encrypted; save it without a password or restrictions and take that file")]
    Encrypted,
    /// A form whose pages are made by the viewer.
    #[error("the PDF is a dynamic XFA form, whose pages only some viewers can show; print it to a PDF")]
    DynamicForm,
    /// A limit is exceeded.
    #[error("the PDF has more than {most} {what}; divide it, or save it anew with a PDF program")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// The structure is compressed in a way that no producer uses for it.
    #[error("the structure of the PDF is packed with {filter}; save it anew with a PDF program")]
    Filter {
        /// How.
        filter: String,
    },
    /// No such page.
    #[error("there is no page {page}; the document has {pages}")]
    NoPage {
        /// Which was asked for, from 1 on.
        page: u32,
        /// How many there are.
        pages: u32,
    },
    /// A mark cannot stand on the page.
    #[error(transparent)]
    Place(#[from] crate::mark::PlaceError),
    /// What is painted on a page cannot be told, so no free place can be found.
    #[error(
        "no free place for the mark can be found on page {page}: {what}; choose a page and a place for it"
    )]
    Painted {
        /// Which.
        page: u32,
        /// Why.
        what: &'static str,
    },
    /// An earlier signature or the form's author forbids this change.
    #[error("{by} forbids this: {what}")]
    Forbidden {
        /// Who.
        by: String,
        /// What.
        what: &'static str,
    },
    /// The signature field cannot be used so.
    #[error("signature field {name:?} cannot be used: {what}")]
    Field {
        /// Which.
        name: String,
        /// Why.
        what: String,
    },
    /// An option makes no sense.
    #[error("the signature's {what}")]
    Option {
        /// Which, and why.
        what: &'static str,
    },
    /// The signature does not fit into the space that was left for it.
    #[error("the signature needs {needed} bytes and {reserved} were reserved; sign again with more")]
    Reserved {
        /// How much it needs.
        needed: usize,
        /// How much there is.
        reserved: usize,
    },
    /// There is no signature to extend.
    #[error("the document has no signature {name:?} that could be extended: {what}")]
    NoSignature {
        /// Which.
        name: String,
        /// Why.
        what: &'static str,
    },
    /// The document is not at the level that this step starts from.
    #[error("the document is not ready for this: {what}")]
    Level {
        /// Why.
        what: &'static str,
    },
    /// The signature's CMS cannot be made or read.
    #[error("the signature inside the PDF: {0}")]
    Cms(String),
}

impl PdfError {
    pub(super) const fn damaged(at: u64, what: &'static str) -> Self {
        Self::Damaged { at, what }
    }

    pub(super) const fn two_readings(at: u64, what: &'static str) -> Self {
        Self::TwoReadings { at, what }
    }
}
