//! [`Act`]: documents of any kind that one Activation signs, in their order.
//!
//! Everything that can be wrong with a document is found while the act is prepared, before anybody types a password; the
//! first bad one is named, and nothing of the others is signed.

use std::collections::BTreeSet;

use domain::{Id, ShownDocument, Time, word};
use hsm::{SignedBatch, ToBeSigned};

use crate::{
    Output, SigningCertificate, Source,
    asic::{self, AsicError},
    cades::{self, CadesError, Said},
    pdf::{self, PdfError},
    together::in_order,
    xml,
};

/// Documents of one act.
pub const MOST_DOCUMENTS: usize = 1_000;

/// How a document is to be signed.
#[derive(Clone, Debug)]
pub enum Wish<'a> {
    /// Inside a PDF, `PAdES`.
    Pdf(Box<pdf::Options<'a>>),
    /// Inside or around an XML document.
    Xml(xml::Form),
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

/// A document cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
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
}

/// Documents cannot be signed together.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// None, or too many.
    #[error("{given} documents were given; one act signs 1 to {MOST_DOCUMENTS}")]
    Count {
        /// How many.
        given: usize,
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
    /// The boundary's answer is not to what it was asked.
    #[error(
        "the signatures that came are not those of these documents in their order; ask for the outcome again"
    )]
    Batch,
}

#[derive(Clone, Debug)]
enum Prepared {
    Pdf(Box<pdf::Prepared>),
    Xml(Box<xml::Prepared>),
    Cms(Box<cades::Prepared>),
    Container(Box<asic::Prepared>),
}

/// Prepared documents, which wait for their signatures.
#[derive(Clone, Debug)]
pub struct Act {
    prepared: Vec<(ShownDocument, Prepared)>,
}

/// A signed document, at level B.
#[derive(Clone, Debug)]
pub struct SignedDocument {
    /// Which.
    pub id: Id<word::Document>,
    /// The file, made of the sources of its order.
    pub output: Output,
    /// By what the file names the signature: a PDF's field, an XML signature's `Id`.
    pub name: Option<String>,
}

impl Act {
    /// Prepares all documents, or names the first that cannot be signed.
    pub fn new(
        orders: &[Order<'_>],
        certificate: &SigningCertificate,
        time: Time,
        limits: &xml::Limits,
    ) -> Result<Self, ActError> {
        if orders.is_empty() || orders.len() > MOST_DOCUMENTS {
            return Err(ActError::Count { given: orders.len() });
        }
        let mut known = BTreeSet::new();
        if let Some(twice) = orders.iter().find(|order| !known.insert(order.id)) {
            return Err(ActError::Twice(twice.id));
        }
        let made = in_order(orders.iter(), |order| {
            prepare(order, certificate, time, limits).map_err(|reason| (order.id, reason))
        });
        let prepared = made.map_err(bad)?;
        Ok(Self { prepared })
    }

    /// What the device must show and hash, in order.
    pub fn shown(&self) -> impl Iterator<Item = ShownDocument> {
        self.prepared.iter().map(|(shown, _)| *shown)
    }

    /// What the boundary is asked to sign, in order.
    pub fn to_be_signed(&self) -> Vec<(Vec<Id<word::Document>>, ToBeSigned)> {
        self.prepared
            .iter()
            .map(|(shown, prepared)| (vec![shown.id], prepared.to_be_signed()))
            .collect()
    }

    /// The file that the device shows, where it is not the document as it was given: a PDF with everything in it but the
    /// signature's value.
    pub fn shown_file(&self, id: Id<word::Document>) -> Option<Output> {
        let (_, prepared) = self.prepared.iter().find(|(shown, _)| shown.id == id)?;
        match prepared {
            Prepared::Pdf(prepared) => Some(prepared.output()),
            Prepared::Container(prepared) => prepared
                .manifest()
                .map(|manifest| Output::new().bytes(manifest.to_vec())),
            Prepared::Xml(_) | Prepared::Cms(_) => None,
        }
    }

    /// The signed documents, in order.
    pub fn finish(self, batch: &SignedBatch) -> Result<Vec<SignedDocument>, ActError> {
        let theirs = batch.signatures.iter().map(|(occurrence, _)| occurrence.document);
        if !self.shown().map(|shown| shown.id).eq(theirs) {
            return Err(ActError::Batch);
        }
        let pairs = self.prepared.into_iter().zip(&batch.signatures);
        let signed = in_order(pairs, |((shown, prepared), (_, raw))| {
            let (output, name) = prepared.finish(raw).map_err(|reason| (shown.id, reason))?;
            Ok(SignedDocument {
                id: shown.id,
                output,
                name,
            })
        });
        signed.map_err(bad)
    }
}

/// The first document that cannot be signed; places are told from 1 on.
fn bad((place, (id, reason)): (usize, (Id<word::Document>, DocumentError))) -> ActError {
    ActError::Document {
        number: place + 1,
        id,
        reason,
    }
}

impl Prepared {
    fn to_be_signed(&self) -> ToBeSigned {
        match self {
            Self::Pdf(prepared) => prepared.to_be_signed(),
            Self::Xml(prepared) => prepared.to_be_signed().clone(),
            Self::Cms(prepared) => prepared.to_be_signed(),
            Self::Container(prepared) => prepared.to_be_signed(),
        }
    }

    fn finish(self, raw: &hsm::RawSignature) -> Result<(Output, Option<String>), DocumentError> {
        Ok(match self {
            Self::Pdf(prepared) => {
                let field = prepared.field().to_owned();
                (prepared.finish(raw)?, Some(field))
            }
            Self::Xml(prepared) => {
                let signed = prepared.finish(raw)?;
                (signed.output, signed.id)
            }
            Self::Cms(prepared) => (prepared.finish(raw)?, None),
            Self::Container(prepared) => (prepared.finish(raw)?, None),
        })
    }
}

fn prepare(
    order: &Order<'_>,
    certificate: &SigningCertificate,
    time: Time,
    limits: &xml::Limits,
) -> Result<(ShownDocument, Prepared), DocumentError> {
    let said = |mime: Option<String>| Said {
        time: Some(time),
        mime,
    };
    let (digest, prepared) = match &order.wish {
        Wish::Pdf(options) => {
            let prepared = pdf::Prepared::new(only(order)?, certificate, options)?;
            (prepared.shown(), Prepared::Pdf(Box::new(prepared)))
        }
        Wish::Xml(form) => {
            let prepared = xml::Prepared::new(only(order)?, certificate.clone(), form, time, limits)?;
            let [digest] = prepared.shown() else {
                return Err(DocumentError::Covers);
            };
            (*digest, Prepared::Xml(Box::new(prepared)))
        }
        Wish::Cms { packaging, mime } => {
            let prepared = cades::Prepared::new(only(order)?, *packaging, certificate, &said(mime.clone()))?;
            (*prepared.shown(), Prepared::Cms(Box::new(prepared)))
        }
        Wish::Container { kind, files } => {
            if files.len() != order.sources.len() {
                return Err(DocumentError::Files {
                    given: order.sources.len(),
                    wanted: files.len(),
                });
            }
            let payload: Vec<_> = files
                .iter()
                .zip(&order.sources)
                .map(|((name, mime), source)| asic::Payload {
                    name: name.clone(),
                    mime: mime.clone(),
                    source: *source,
                })
                .collect();
            let prepared = asic::Prepared::new(*kind, &payload, certificate, &said(None))?;
            (*prepared.shown(), Prepared::Container(Box::new(prepared)))
        }
    };
    let shown = ShownDocument { id: order.id, digest };
    Ok((shown, prepared))
}

fn only<'a>(order: &Order<'a>) -> Result<&'a (dyn Source + Sync), DocumentError> {
    match order.sources.as_slice() {
        [source] => Ok(*source),
        others => Err(DocumentError::Files {
            given: others.len(),
            wanted: 1,
        }),
    }
}
