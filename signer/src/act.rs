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

use core::sync::atomic::{AtomicU64, Ordering};
use std::collections::BTreeSet;

use domain::{Id, ShownDocument, Time, word};
use hsm::{SignedBatch, ToBeSigned};

use self::prepared::Prepared;
pub use self::{
    error::{ActError, DocumentError, ShownError, StoredActError},
    order::{Order, Wish},
    shown::Shown,
};
use crate::{
    Cautions, Limits, Output, SigningCertificate, Source, Which, pdf::Unpacking, together::in_order,
};

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

impl Document {
    /// How many bytes it holds, about.
    fn held(&self) -> u64 {
        (self.prepared.held() + self.cautions.held()) as u64
    }
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
        let mut known = BTreeSet::new();
        if let Some(twice) = orders.iter().find(|order| !known.insert(order.id)) {
            return Err(ActError::Twice(twice.id));
        }
        let (held, unpacking) = (AtomicU64::new(0), Unpacking::of_documents(orders.len()));
        let sizes: Vec<_> = orders.iter().map(|_| AtomicU64::new(0)).collect();
        let made = in_order(orders.iter().zip(&sizes), |(order, size)| {
            let id = order.id;
            let flaw = |reason| (id, Flaw::Document(reason));
            let (prepared, cautions) =
                Prepared::new(order, certificate, (time, limits), &unpacking).map_err(flaw)?;
            let digest = prepared.digest().map_err(flaw)?;
            let document = Document {
                shown: ShownDocument { id, digest },
                cautions,
                prepared,
            };
            // Counted here already, so that what is too much is not prepared to its end.
            let more = document.held();
            size.store(more, Ordering::Relaxed);
            if held.fetch_add(more, Ordering::Relaxed).saturating_add(more) > limits.held {
                return Err((id, Flaw::Held(limits.held)));
            }
            Ok(document)
        });
        let documents = made.map_err(|(place, flaw)| match flaw {
            // Whichever thread was there first: the one up to which it is too much.
            (_, Flaw::Held(most)) => named(first_beyond(orders, &sizes, most).unwrap_or((place, flaw))),
            (_, Flaw::Document(_)) => named((place, flaw)),
        })?;
        Self::sound(documents, certificate.clone(), limits)
    }

    fn sound(
        documents: Vec<Document>,
        certificate: SigningCertificate,
        limits: &Limits,
    ) -> Result<Self, ActError> {
        count(documents.len(), limits)?;
        let (mut known, mut held) = (BTreeSet::new(), 0_u64);
        for (place, document) in documents.iter().enumerate() {
            let id = document.shown.id;
            held = held.saturating_add(document.held());
            if held > limits.held {
                return Err(named((place, (id, Flaw::Held(limits.held)))));
            }
            if !known.insert(id) {
                return Err(ActError::Twice(id));
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
        let theirs = batch.signatures.iter().map(|(occurrence, _)| occurrence.document);
        if !self.shown().map(|shown| shown.id).eq(theirs) {
            return Err(ActError::Batch);
        }
        let pairs = self.documents.into_iter().zip(&batch.signatures);
        let signed = in_order(pairs, |(document, (_, raw))| {
            let id = document.shown.id;
            let finished = document.prepared.finish(raw);
            let (output, which) = finished.map_err(|reason| (id, Flaw::Document(reason)))?;
            Ok(SignedDocument { id, output, which })
        });
        signed.map_err(named)
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

/// Why a document of an act cannot be signed with the others.
enum Flaw {
    Document(DocumentError),
    /// The act would hold more than that.
    Held(u64),
}

/// The first document with which all that are prepared hold more than this. Those before one that is prepared all are.
fn first_beyond(
    orders: &[Order<'_>],
    sizes: &[AtomicU64],
    most: u64,
) -> Option<(usize, (Id<word::Document>, Flaw))> {
    let mut held = 0_u64;
    let sizes = sizes.iter().map(|size| size.load(Ordering::Relaxed));
    let place = sizes.enumerate().find_map(|(place, size)| {
        held = held.saturating_add(size);
        (held > most).then_some(place)
    })?;
    let order = orders.get(place)?;
    Some((place, (order.id, Flaw::Held(most))))
}

/// The first document that cannot be signed; places are told from 1 on.
fn named((place, (id, flaw)): (usize, (Id<word::Document>, Flaw))) -> ActError {
    let number = place + 1;
    match flaw {
        Flaw::Document(reason) => ActError::Document { number, id, reason },
        Flaw::Held(most) => ActError::Held { number, id, most },
    }
}
