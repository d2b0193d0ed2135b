//! Why documents cannot be signed together.

use domain::{Id, word};

use crate::{
    Caution, SigningCertificateError, SourceError, asic::AsicError, cades::CadesError, pdf::PdfError, xml,
};

/// A document cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It cannot be fetched.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// XML.
    #[error(transparent)]
    Xml(#[from] xml::SignError),
    /// CMS.
    #[error(transparent)]
    Cms(#[from] CadesError),
    /// A container.
    #[error(transparent)]
    Container(#[from] AsicError),
    /// Another number of files than the wish speaks of.
    #[error("{given} files were given where {wanted} are wanted")]
    Files {
        /// How many came.
        given: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// A form of XML that covers more or less than one thing.
    #[error("this form of XML signature does not cover exactly one thing")]
    Covers,
    /// Its look may change, and policy refuses that.
    #[error("what it looks like may change ({}), and policy refuses such documents; give one without", .0.look().name())]
    Look(Box<Caution>),
}

/// Documents cannot be signed together.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// None, or too many.
    #[error("{given} documents were given; one act signs 1 to {most}")]
    Count {
        /// How many.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// A document is there twice.
    #[error("document {0} is there twice; sign it once")]
    Twice(Id<word::Document>),
    /// One cannot be signed, so none is.
    #[error("document {id}, number {number}, cannot be signed, so none was: {reason}")]
    Document {
        /// Its place, from 1 on.
        number: usize,
        /// Which.
        id: Id<word::Document>,
        /// Why.
        reason: DocumentError,
    },
    /// Together they need too much memory.
    #[error(
        "up to document {id}, number {number}, this act holds more than {most} bytes; sign these documents in several acts"
    )]
    Held {
        /// The place of the document that was too much, from 1 on.
        number: usize,
        /// Which.
        id: Id<word::Document>,
        /// The limit.
        most: u64,
    },
    /// The boundary's answer is not to what it was asked.
    #[error(
        "the signatures that came are not those of these documents in their order; ask for the outcome again"
    )]
    Batch,
}

/// What the device is to show cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ShownError {
    /// The act has no such document.
    #[error("document {0} is none of this act")]
    NoSuch(Id<word::Document>),
    /// It cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It is not the document any more that was prepared.
    #[error("document {0} is not what it was when it was prepared; prepare it again")]
    Changed(Id<word::Document>),
}

/// Bytes are no act that was written down.
#[derive(Debug, thiserror::Error)]
pub enum StoredActError {
    /// Not the beginning of one.
    #[error("these bytes are no prepared act")]
    Form,
    /// Of a form that this program does not read.
    #[error("the act was written in form {found}, and this program reads form {known}; prepare it again")]
    Version {
        /// Which form.
        found: u8,
        /// Which is read.
        known: u8,
    },
    /// More than an act may hold.
    #[error("the act has {length} bytes, and one of at most {most} is read")]
    Length {
        /// How many.
        length: u64,
        /// The limit.
        most: u64,
    },
    /// Cut off, or changed since it was written.
    #[error(
        "the act is not as it was written: it was cut off or changed; take it from a copy, or prepare it again"
    )]
    Altered,
    /// Its parts do not fit together.
    #[error("the act contradicts itself: {0}")]
    Contradiction(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// Its certificate.
    #[error(transparent)]
    Certificate(#[from] SigningCertificateError),
}
