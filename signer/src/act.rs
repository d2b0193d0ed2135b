//! [`Act`]: documents of any kind that one Activation signs, in their order.
//!
//! Everything that can be wrong with a document is found while the act is prepared, before anybody types a password; the
//! first bad one is named, and nothing of the others is signed. An act can be stored ([`Act::stored`]) and read again
//! ([`Act::parse`]): with the outcome that the boundary recalls, it finishes as if nothing had happened between.

mod error;
mod order;
mod prepared;
mod shown;
mod stored;

use std::collections::BTreeSet;

use domain::{Id, ShownDocument, Time, word};
use hsm::{SignedBatch, ToBeSigned};

use self::prepared::Prepared;
pub use self::{
    error::{ActError, DocumentError, ShownError, StoredActError},
    order::{Order, Wish},
    shown::Shown,
};
use crate::{Cautions, Limits, Output, SigningCertificate, Source, Which};

/// Prepared documents, which wait for their signatures.
#[derive(Clone, Debug)]
pub struct Act {
    certificate: SigningCertificate,
    documents: Vec<Document>,
}

#[derive(Clone, Debug)]
struct Document {
    shown: ShownDocument,
    cautions: Cautions,
    prepared: Prepared,
}

/// A signed document, at level B.
#[derive(Clone, Debug)]
pub struct SignedDocument {
    /// Which.
    pub id: Id<word::Document>,
    /// The file, made of the sources of its order.
    pub output: Output,
    /// Which signature of the file it is, for whoever extends it. The national form bears no name and reaches no level
    /// above B.
    pub which: Option<Which>,
}

impl Act {
    /// Prepares all documents, or names the first that cannot be signed.
    pub fn new(
        orders: &[Order<'_>],
        certificate: &SigningCertificate,
        time: Time,
        limits: &Limits,
    ) -> Result<Self, ActError> {
        count(orders.len(), limits)?;
        let mut documents = Vec::with_capacity(orders.len());
        let mut held = 0;
        for (number, order) in (1..).zip(orders) {
            let id = order.id;
            let named = |reason| ActError::Document { number, id, reason };
            let (prepared, cautions) = Prepared::new(order, certificate, time, limits).map_err(named)?;
            let digest = prepared.digest().map_err(named)?;
            let document = Document {
                shown: ShownDocument { id, digest },
                cautions,
                prepared,
            };
            // Counted here already, so that what is too much is not prepared to its end.
            hold(&mut held, (number, &document), limits)?;
            documents.push(document);
        }
        Self::sound(documents, certificate.clone(), limits)
    }

    fn sound(
        documents: Vec<Document>,
        certificate: SigningCertificate,
        limits: &Limits,
    ) -> Result<Self, ActError> {
        count(documents.len(), limits)?;
        let (mut known, mut held) = (BTreeSet::new(), 0);
        for (number, document) in (1..).zip(&documents) {
            hold(&mut held, (number, document), limits)?;
            if !known.insert(document.shown.id) {
                return Err(ActError::Twice(document.shown.id));
            }
        }
        Ok(Self {
            certificate,
            documents,
        })
    }

    /// What the device must show and hash, in order.
    pub fn shown(&self) -> impl Iterator<Item = ShownDocument> {
        self.documents.iter().map(|document| document.shown)
    }

    /// What the Client must be told before signing, of each document, in order.
    pub fn cautions(&self) -> impl Iterator<Item = (Id<word::Document>, &Cautions)> {
        let documents = self.documents.iter();
        documents.map(|document| (document.shown.id, &document.cautions))
    }

    /// What the boundary is asked to sign, in order.
    pub fn to_be_signed(&self) -> Vec<(Vec<Id<word::Document>>, ToBeSigned)> {
        let documents = self.documents.iter();
        documents
            .map(|document| (vec![document.shown.id], document.prepared.to_be_signed()))
            .collect()
    }

    /// What the device shows of a document, made of the sources of its order.
    pub fn shown_file(
        &self,
        id: Id<word::Document>,
        sources: &[&dyn Source],
        limits: &Limits,
    ) -> Result<Shown, ShownError> {
        let document = self.documents.iter().find(|document| document.shown.id == id);
        let document = document.ok_or(ShownError::NoSuch(id))?;
        let shown = document.prepared.shown(sources, &limits.xml)?;
        let wanted = document.shown.digest;
        let is_same = match &shown {
            // What was made is here, and costs little to be compared; whole documents are compared by the device.
            Shown::Made(_) => {
                let found = shown.digest(sources, wanted.algorithm());
                found.map_err(DocumentError::from)? == wanted
            }
            Shown::Given | Shown::Hollow { .. } => true,
        };
        if is_same {
            Ok(shown)
        } else {
            Err(ShownError::Changed(id))
        }
    }

    /// The signed documents, in order.
    pub fn finish(self, batch: &SignedBatch) -> Result<Vec<SignedDocument>, ActError> {
        if batch.signatures.len() != self.documents.len() {
            return Err(ActError::Batch);
        }
        let mut signed = Vec::with_capacity(self.documents.len());
        for (number, (document, (occurrence, raw))) in
            (1..).zip(self.documents.into_iter().zip(&batch.signatures))
        {
            let id = document.shown.id;
            if occurrence.document != id {
                return Err(ActError::Batch);
            }
            let finished = document.prepared.finish(raw);
            let (output, which) = finished.map_err(|reason| ActError::Document { number, id, reason })?;
            signed.push(SignedDocument { id, output, which });
        }
        Ok(signed)
    }
}

fn count(given: usize, limits: &Limits) -> Result<(), ActError> {
    let most = limits.together;
    if (1..=most).contains(&given) {
        Ok(())
    } else {
        Err(ActError::Count { given, most })
    }
}

fn hold(held: &mut u64, (number, document): (usize, &Document), limits: &Limits) -> Result<(), ActError> {
    let more = document.prepared.held() + document.cautions.held();
    *held = held.saturating_add(more as u64);
    if *held > limits.held {
        return Err(ActError::Held {
            number,
            id: document.shown.id,
            most: limits.held,
        });
    }
    Ok(())
}
