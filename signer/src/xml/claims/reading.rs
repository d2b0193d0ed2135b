//! [`Reading`]: which of its references a signature agrees with, and how much of the document they are.
//!
//! Whole is only what leaves nothing for somebody to add: another signature, a stranger inside of one, a comment.

use std::collections::BTreeSet;

use domain::Digest;

use super::{
    super::{
        XmlFault, algorithm,
        canonical::{Canonicalisation, Selection},
        document::{self, Document, Target, Unresolved},
        error::told,
        names::{DSIG, XADES},
        signature::{Reference, Signature},
        tree::{Element, NodeId},
    },
    Around, Neighbour,
    strangers::Stranger,
};
use crate::{Alteration, Change, Coverage, Covered, Fault, Integrity, Name, Uncovered, What};

/// What came after a signature, as far as it can tell.
pub(super) enum Later {
    /// Nothing that matters to it.
    None,
    /// Signatures that were taken away again before it agreed: the national rule, by which a later one covers earlier ones.
    TakenAway,
}

pub(super) struct Reading<'r, 't, 'a> {
    pub(super) document: &'r Document<'t, 'a>,
    pub(super) signature: &'r Signature<'t, 'a>,
    pub(super) around: Around<'r, 't, 'a>,
    /// What its references select and agree with.
    pub(super) intact: Vec<Selection>,
    /// What it covers beside the document.
    pub(super) beside: BTreeSet<String>,
    pub(super) faults: Vec<Fault>,
    pub(super) later: Later,
}

impl<'t, 'a> Reading<'_, 't, 'a> {
    pub(super) fn covered(&mut self) -> Result<Vec<Covered>, crate::SourceError> {
        let signature = self.signature;
        let mut covered = Vec::with_capacity(signature.references.len());
        let mut uris = BTreeSet::new();
        for (number, reference) in signature.references.iter().enumerate() {
            if !uris.insert(reference.uri) {
                self.faults.push(XmlFault::SameUri { number: number + 1 }.into());
            }
            let hash = algorithm::hash_of(reference.method);
            let stated = hash.and_then(|hash| hash.parse(&reference.digest).ok());
            let target = self.document.target(reference);
            let what = self.what(number + 1, target.as_ref().ok(), reference);
            let integrity = match (target, hash, stated) {
                (Err(unresolved), _, _) => self.unresolved(unresolved)?,
                (Ok(_), None, _) => Integrity::Unprovable,
                (Ok(_), Some(_), None) => {
                    self.faults
                        .push(XmlFault::DigestLength { number: number + 1 }.into());
                    Integrity::Altered
                }
                (Ok(target), Some(_), Some(stated)) => self.integrity(&target, reference, stated)?,
            };
            if let Some(name) = self
                .document
                .beside(reference)
                .filter(|_| integrity == Integrity::Intact)
            {
                self.beside.insert(name.to_owned());
            }
            covered.push(Covered {
                what,
                integrity,
                digest: stated,
                by_manifest: false,
            });
        }
        Ok(covered)
    }

    fn unresolved(&mut self, unresolved: Unresolved) -> Result<Integrity, crate::SourceError> {
        match unresolved {
            Unresolved::Source(error) => return Err(error),
            Unresolved::Missing(_) => {}
            Unresolved::Refused(fault) => self.faults.push(fault.into()),
        }
        Ok(Integrity::Missing)
    }

    fn integrity(
        &mut self,
        target: &Target<'t, 'a>,
        reference: &Reference<'t>,
        stated: Digest,
    ) -> Result<Integrity, crate::SourceError> {
        let (own, hash) = (self.signature.element.id(), stated.algorithm());
        match self.document.digest(target, reference, own, hash) {
            Ok(found) if found == stated => {
                self.intact
                    .extend(self.document.selection(target, reference, own));
                return Ok(Integrity::Intact);
            }
            Ok(_) => {}
            Err(unresolved) => return self.unresolved(unresolved),
        }
        let later: Vec<NodeId> = self.later().map(|other| other.element.id()).collect();
        let selection = self.document.selection(target, reference, own);
        let Some(selection) = selection.filter(|_| reference.transforms.enveloped && !later.is_empty())
        else {
            return Ok(Integrity::Altered);
        };
        let method = reference
            .transforms
            .canonical
            .clone()
            .unwrap_or(Canonicalisation::INCLUSIVE);
        let selection = selection.without(later);
        match self.document.digest_of_selection(&selection, &method, hash) {
            Ok(found) if found == stated => {
                self.intact.push(selection);
                self.later = Later::TakenAway;
                Ok(Integrity::Intact)
            }
            Ok(_) => Ok(Integrity::Altered),
            Err(unresolved) => self.unresolved(unresolved),
        }
    }

    /// The signatures that stand beside this one, itself among them.
    fn neighbours(&self) -> impl Iterator<Item = &Neighbour<'t, 'a>> {
        let parent = self.signature.element.parent().map(Element::id);
        let all = self.around.all.iter();
        all.filter(move |other| other.element.parent().map(Element::id) == parent)
    }

    /// Those after this one: added later, if every signer appends.
    fn later(&self) -> impl Iterator<Item = &Neighbour<'t, 'a>> {
        let own = self.signature.element.id();
        self.neighbours().filter(move |other| other.element.id() > own)
    }

    /// What a reference points to, told so that nobody mistakes it for something else.
    fn what(&self, number: usize, found: Option<&Target<'t, 'a>>, reference: &Reference<'t>) -> What {
        let Some(uri) = reference.uri.map(told) else {
            return What::ReferenceNowhere { number };
        };
        let transforms = &reference.transforms;
        let without = (transforms.no_signatures, transforms.enveloped);
        let target = match (found, without) {
            (None, _) => crate::Target::Nothing,
            (Some(Target::External(_)), _) => crate::Target::Beside,
            (Some(Target::Document), (true, _)) => crate::Target::DocumentWithoutSignatures,
            (Some(Target::Document), (false, true)) => crate::Target::DocumentWithoutThis,
            (Some(Target::Document), (false, false)) => crate::Target::Document,
            (Some(Target::Element(element)), without) => {
                let path = element.path();
                match without {
                    (true, _) => crate::Target::ElementWithoutSignatures { path },
                    (false, true) => crate::Target::ElementWithoutThis { path },
                    (false, false) => crate::Target::Element { path },
                }
            }
        };
        let count = match found {
            Some(Target::Element(element)) => self.document.comments(Some(*element)),
            Some(Target::Document) => self.document.comments(None),
            Some(Target::External(_)) | None => 0,
        };
        match count {
            0 => What::Reference { number, uri, target },
            count => What::ReferenceUncommented {
                number,
                uri,
                target,
                count,
            },
        }
    }

    /// How much of the document all this is.
    pub(super) fn coverage(&self, covered: &[Covered]) -> Coverage {
        let whole = self
            .signature
            .references
            .iter()
            .zip(covered)
            .find_map(|(reference, covered)| {
                let target = self.document.target(reference).ok()?;
                let is_whole = match target {
                    Target::Document => true,
                    Target::Element(element) => element.parent().is_none(),
                    Target::External(_) => false,
                };
                (is_whole && covered.integrity == Integrity::Intact).then_some(reference)
            });
        let Some(reference) = whole else {
            return Coverage::Parts.except(self.uncovered().map(Into::into).collect());
        };
        let own = self.signature.element;
        let left_out: Vec<_> = match self.later {
            Later::TakenAway => self.later().collect(),
            Later::None if reference.transforms.no_signatures => {
                let outermost = |other: &&Neighbour<'t, 'a>| {
                    let mut around = other.element.lineage().skip(1);
                    !other.element.contains(own.id()) && !around.any(|around| around.is(DSIG, "Signature"))
                };
                self.around.all.iter().filter(outermost).collect()
            }
            Later::None => Vec::new(),
        };
        let comments = match self.document.comments(None) {
            0 => None,
            count => Some(Uncovered::Comments { count }),
        };
        let changes = left_out.iter().map(|other| Change {
            what: Alteration::SignatureBeside {
                name: Box::new(Name::Element {
                    path: document::name(other.element),
                }),
            },
            harmless: other.is_bare,
        });
        let strangers = self.uncovered().map(|stranger| Change {
            what: stranger.what(),
            harmless: false,
        });
        let mut changes: Vec<Change> = changes.chain(strangers).collect();
        if changes.is_empty() {
            return Coverage::Whole.except(comments.into_iter().collect());
        }
        changes.extend(comments.map(|what| Change {
            what: Alteration::Uncovered { what },
            harmless: true,
        }));
        Coverage::Revision {
            number: self.neighbours().count() - self.later().count(),
            of: self.neighbours().count(),
            changes,
        }
    }

    /// What belongs to no signature, stands in one, and is not among what this one covers.
    fn uncovered(&self) -> impl Iterator<Item = &Stranger<'t, 'a>> {
        let strangers = self.around.strangers.iter();
        strangers.filter(|stranger| {
            let element = stranger.element;
            let is_covered = self.intact.iter().any(|selection| {
                let apex = selection.apex.and_then(|apex| self.document.tree.element(apex));
                let mut around = element.lineage();
                apex.is_none_or(|apex| apex.contains(element.id()))
                    && !around.any(|around| selection.without.binary_search(&around.id()).is_ok())
            });
            !is_covered || stranger.is_last
        })
    }

    /// A counter-signature is on the value of the signature that it stands in, and on no other.
    pub(super) fn countersigns(&mut self) {
        let property = self.signature.element.parent();
        let Some(property) = property.filter(|parent| parent.is(XADES, "CounterSignature")) else {
            return;
        };
        let around = property.lineage().find(|around| around.is(DSIG, "Signature"));
        let value = around
            .and_then(|around| around.only(DSIG, "SignatureValue"))
            .map(Element::id);
        let is_covered = self.signature.references.iter().any(|reference| {
            matches!(self.document.target(reference), Ok(Target::Element(target)) if Some(target.id()) == value)
        });
        if !is_covered {
            self.faults.push(XmlFault::CounterSignature.into());
        }
    }
}
