//! [`Document`]: a tree with what its references may point to, and the work that may be spent on them.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
};

use domain::{Digest, HashAlgorithm};

use super::{
    Limits, ReadError, XmlFault,
    canonical::{Canonicalisation, Selection, canonical},
    error::told,
    ids::{Found, Ids},
    names::DSIG,
    reader,
    signature::{Reference, Signature},
    tree::{Element, NodeId, Tree},
};
use crate::{Source, SourceError, digest_of};

/// How often the document's limit may be written in canonical form for all its signatures together.
const WORK: u64 = 16;

/// Things that detached signatures cover, by their URI.
pub type Externals<'s> = [(&'s str, &'s dyn Source)];

/// A document that is being judged or extended.
pub(super) struct Document<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) ids: Ids<'t, 'a>,
    pub(super) limits: Limits,
    externals: &'t Externals<'t>,
    /// Where the signatures are, and the comments, in document order.
    signatures: Vec<NodeId>,
    comments: Vec<NodeId>,
    /// Octets that may still be written.
    left: Cell<u64>,
    known: RefCell<Vec<(Selection, Canonicalisation, HashAlgorithm, Digest)>>,
}

/// What a reference points to.
pub(super) enum Target<'t, 'a> {
    /// All of this document.
    Document,
    /// An element of it.
    Element(Element<'t, 'a>),
    /// Something elsewhere.
    External(&'t dyn Source),
}

/// A reference cannot be followed.
#[derive(Debug)]
pub(super) enum Unresolved {
    /// Nothing is there.
    Missing(XmlFault),
    /// It means nothing, or several things.
    Refused(XmlFault),
    /// What it points to cannot be fetched.
    Source(SourceError),
}

impl<'t, 'a> Document<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>, externals: &'t Externals<'t>, limits: &Limits) -> Self {
        Self {
            tree,
            ids: Ids::of(tree),
            limits: *limits,
            externals,
            signatures: tree
                .elements()
                .filter(|element| element.is(DSIG, "Signature"))
                .map(Element::id)
                .collect(),
            comments: tree.comments().collect(),
            left: Cell::new(limits.bytes.saturating_mul(WORK)),
            known: RefCell::default(),
        }
    }

    /// Every signature, wherever it stands.
    pub(super) fn signatures(&self) -> impl Iterator<Item = Element<'t, 'a>> {
        self.signatures.iter().filter_map(|id| self.tree.element(*id))
    }

    /// How many comments are in an element, or in the root.
    pub(super) fn comments(&self, element: Option<Element<'t, 'a>>) -> usize {
        let Some(element) = element else {
            return self.comments.len();
        };
        let before = self.comments.partition_point(|comment| *comment < element.id());
        let until = self
            .comments
            .partition_point(|comment| comment.0 < element.node.after);
        until.saturating_sub(before)
    }

    /// What a reference of this signature points to.
    pub(super) fn target(&self, reference: &Reference<'t>) -> Result<Target<'t, 'a>, Unresolved> {
        let Some(uri) = reference.uri else {
            return Err(Unresolved::Refused(XmlFault::NoUri));
        };
        if uri.is_empty() {
            return Ok(Target::Document);
        }
        let Some(id) = uri.strip_prefix('#') else {
            let external = self.externals.iter().find(|(name, _)| names(uri, name));
            return match external {
                Some((_, source)) => Ok(Target::External(*source)),
                None => Err(Unresolved::Missing(XmlFault::NotGiven { uri: told(uri) })),
            };
        };
        if id.contains('(') {
            return Err(Unresolved::Refused(XmlFault::Pointer { uri: told(uri) }));
        }
        match self.ids.find(id) {
            Found::One(element) => Ok(Target::Element(element)),
            Found::None => Err(Unresolved::Missing(XmlFault::NoSuchId { id: told(id) })),
            Found::Many(count) => Err(Unresolved::Refused(XmlFault::ManyOfId { id: told(id), count })),
        }
    }

    /// The name of what a reference points to outside of this document.
    pub(super) fn beside(&self, reference: &Reference<'t>) -> Option<&'t str> {
        let uri = reference
            .uri
            .filter(|uri| !uri.is_empty() && !uri.starts_with('#'))?;
        let mut externals = self.externals.iter();
        externals
            .find(|(name, _)| names(uri, name))
            .map(|(name, _)| *name)
    }

    /// Nodes that a reference selects here, as the transforms of `signature` leave them.
    pub(super) fn selection(
        &self,
        target: &Target<'t, 'a>,
        reference: &Reference<'t>,
        signature: NodeId,
    ) -> Option<Selection> {
        let selected = match target {
            Target::Document => Selection::document(),
            Target::Element(element) => Selection::subtree(element.id()),
            Target::External(_) => return None,
        };
        let transforms = &reference.transforms;
        let all = transforms.no_signatures.then(|| self.signatures.iter().copied());
        let own = transforms.enveloped.then_some(signature);
        Some(selected.without(all.into_iter().flatten().chain(own)))
    }

    /// The octets of a reference: what is hashed for it.
    pub(super) fn octets(
        &self,
        target: &Target<'t, 'a>,
        reference: &Reference<'t>,
        signature: NodeId,
    ) -> Result<Cow<'t, [u8]>, Unresolved> {
        match target {
            Target::External(source) => self.external(*source, reference).map(Cow::Owned),
            Target::Element(element) if reference.transforms.base64 => super::signature::base64_of(*element)
                .map(Cow::Owned)
                .map_err(Unresolved::Refused),
            Target::Document | Target::Element(_) => {
                let selection = self
                    .selection(target, reference, signature)
                    .unwrap_or_else(Selection::document);
                let method = reference.transforms.canonical.clone();
                self.canonical(&selection, &method.unwrap_or(Canonicalisation::INCLUSIVE))
                    .map(Cow::Owned)
            }
        }
    }

    fn external(&self, source: &dyn Source, reference: &Reference<'_>) -> Result<Vec<u8>, Unresolved> {
        self.spend(source.length())?;
        let bytes = source.bytes(0..source.length()).map_err(Unresolved::Source)?;
        let transforms = &reference.transforms;
        if transforms.enveloped || transforms.no_signatures || transforms.base64 {
            return Err(Unresolved::Refused(XmlFault::TransformElsewhere));
        }
        let Some(method) = &transforms.canonical else {
            return Ok(bytes);
        };
        let tree = reader::read(&bytes, &self.limits).map_err(|_| Unresolved::Refused(XmlFault::NotXml))?;
        Ok(canonical(&tree, &Selection::document().with_comments(), method))
    }

    /// The digest of a reference.
    pub(super) fn digest(
        &self,
        target: &Target<'t, 'a>,
        reference: &Reference<'t>,
        signature: NodeId,
        hash: HashAlgorithm,
    ) -> Result<Digest, Unresolved> {
        if let (Target::External(source), None) = (target, &reference.transforms.canonical)
            && !reference.transforms.base64
        {
            let all = 0..source.length();
            return digest_of(*source, &[all], hash).map_err(Unresolved::Source);
        }
        match self.selection(target, reference, signature) {
            Some(selection) if !reference.transforms.base64 => {
                let method = reference.transforms.canonical.clone();
                self.digest_of_selection(&selection, &method.unwrap_or(Canonicalisation::INCLUSIVE), hash)
            }
            _ => Ok(hash.digest(&self.octets(target, reference, signature)?)),
        }
    }

    /// The digest of a selection, made once.
    pub(super) fn digest_of_selection(
        &self,
        selection: &Selection,
        method: &Canonicalisation,
        hash: HashAlgorithm,
    ) -> Result<Digest, Unresolved> {
        let same = |known: &&(Selection, Canonicalisation, HashAlgorithm, Digest)| {
            (&known.0, &known.1, known.2) == (selection, method, hash)
        };
        if let Some(known) = self.known.borrow().iter().find(same) {
            return Ok(known.3);
        }
        let digest = hash.digest(&self.canonical(selection, method)?);
        let mut known = self.known.borrow_mut();
        if known.len() < self.limits.signatures {
            known.push((selection.clone(), method.clone(), hash, digest));
        }
        Ok(digest)
    }

    /// Canonical octets, as long as there is work left.
    pub(super) fn canonical(
        &self,
        selection: &Selection,
        method: &Canonicalisation,
    ) -> Result<Vec<u8>, Unresolved> {
        let apex = selection.apex.and_then(|apex| self.tree.element(apex));
        self.spend(apex.map_or(self.tree.source.len(), |apex| apex.place().len()) as u64)?;
        Ok(canonical(self.tree, selection, method))
    }

    /// The canonical octets of one element with all in it.
    pub(super) fn of_element(
        &self,
        element: Element<'t, 'a>,
        method: &Canonicalisation,
    ) -> Result<Vec<u8>, Unresolved> {
        self.canonical(&Selection::subtree(element.id()), method)
    }

    fn spend(&self, octets: u64) -> Result<(), Unresolved> {
        let left = self.left.get().checked_sub(octets.max(64));
        let refused = || Unresolved::Refused(XmlFault::TooMuchWork);
        self.left.set(left.ok_or_else(refused)?);
        Ok(())
    }

    /// The name of a signature that would be broken by something new inside this element: by a signature, or by
    /// anything else.
    pub(super) fn covering(&self, place: Element<'t, 'a>, by_signature: bool) -> Option<String> {
        self.signatures().find_map(|element| {
            let signature = Signature::read(element, &self.limits).ok()?;
            let covers = |reference: &Reference<'t>| {
                let target = self.target(reference).ok();
                let selection = target.and_then(|target| self.selection(&target, reference, element.id()));
                selection.is_some_and(|selection| {
                    let apex = selection.apex.and_then(|apex| self.tree.element(apex));
                    let left_out = place
                        .lineage()
                        .any(|around| selection.without.contains(&around.id()));
                    let left_out = left_out || (by_signature && reference.transforms.no_signatures);
                    apex.is_none_or(|apex| apex.contains(place.id())) && !left_out
                })
            };
            signature.references.iter().any(covers).then(|| name(element))
        })
    }
}

/// Reads a document of policy's size.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Tree<'a>, ReadError> {
    let tree = reader::read(bytes, limits)?;
    let signatures = tree.elements().filter(|element| element.is(DSIG, "Signature"));
    if signatures.count() > limits.signatures {
        let (what, most) = ("signatures", limits.signatures as u64);
        return Err(ReadError::Limit { what, most, at: 0 });
    }
    Ok(tree)
}

/// By what a signature is named: where it stands, and its Id.
pub(super) fn name(signature: Element<'_, '_>) -> String {
    match signature.attribute("", "Id") {
        Some(id) => format!("{} #{}", signature.path(), told(id)),
        None => signature.path(),
    }
}

/// Whether a URI of a reference is this name, written as it is or with percent signs.
fn names(uri: &str, name: &str) -> bool {
    uri == name || decoded(uri).is_some_and(|decoded| decoded == name)
}

fn decoded(uri: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = core::str::from_utf8(&digits).ok()?;
            let digits = Some(digits).filter(|digits| !digits.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
