//! [`Order`]: a document that is to be signed, and [`Wish`], how.

use domain::{Id, word};

use crate::{Source, asic, cades, pdf, xml};

/// How a document is to be signed.
#[derive(Clone, Debug)]
pub enum Wish<'a> {
    /// Inside a PDF, `PAdES`.
    Pdf(Box<pdf::Options<'a>>),
    /// Inside or around an XML document.
    Xml(xml::Form),
    /// With `XAdES` in a file of its own, over the document as it is.
    Detached {
        /// Where verifiers find the document: a URI reference.
        uri: String,
        /// What kind of file it is.
        media_type: String,
    },
    /// With CMS, `CAdES`.
    Cms {
        /// Whether the document goes into the signature.
        packaging: cades::Packaging,
        /// What kind of file it is, if that is to be said.
        mime: Option<String>,
    },
    /// In a container, with each file's name and media type.
    Container {
        /// Which container.
        kind: asic::Kind,
        /// As many as there are sources.
        files: Vec<(String, String)>,
    },
}

/// A document that is to be signed.
#[derive(Clone)]
pub struct Order<'a> {
    /// Which.
    pub id: Id<word::Document>,
    /// Its bytes; a container may have several files.
    pub sources: Vec<&'a (dyn Source + Sync)>,
    /// How.
    pub wish: Wish<'a>,
}
