//! Canonical XML: which octets stand for a document or a part of it (C14N 1.0 and 1.1, exclusive C14N 1.0).
//!
//! Written by hand over our own [`Tree`]: the crate at hand reads the document once more for every call, and what is
//! signed must be what was read. Every node set that a signature of a closed list of transforms can select is "this
//! document or subtree, without those subtrees", so a node's nearest rendered ancestor is always its parent, and one
//! walk in document order writes everything.

mod base;
mod escape;
mod method;
mod namespaces;

use core::cmp::Ordering;

pub(crate) use self::method::Canonicalisation;

use self::{
    escape::{attribute, text},
    namespaces::Rendered,
};
use super::tree::{Attribute, Element, NodeId, NodeKind, Tree, XML};

/// What is to be written: a subtree or the whole document, without some subtrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The apex; nothing for the document.
    pub(super) apex: Option<NodeId>,
    /// Elements that are left out with all that is in them, in document order.
    pub(super) without: Vec<NodeId>,
    /// Whether comments belong to what is selected; a canonicalisation may leave them out later.
    pub(super) comments: bool,
}

impl Selection {
    /// The whole document, without comments: what the empty URI means (XMLDSig 1.1, 4.4.3.3).
    pub(crate) fn document() -> Self {
        Self {
            apex: None,
            without: Vec::new(),
            comments: false,
        }
    }

    /// An element and all in it, without comments: what `#id` means.
    pub(crate) fn subtree(apex: NodeId) -> Self {
        Self {
            apex: Some(apex),
            without: Vec::new(),
            comments: false,
        }
    }

    /// With its comments.
    pub(crate) fn with_comments(mut self) -> Self {
        self.comments = true;
        self
    }

    /// Without these elements.
    pub(crate) fn without(mut self, elements: impl IntoIterator<Item = NodeId>) -> Self {
        self.without.extend(elements);
        self.without.sort_unstable();
        self.without.dedup();
        self
    }
}

/// The canonical octets of a selection.
pub(crate) fn canonical(tree: &Tree<'_>, selection: &Selection, method: &Canonicalisation) -> Vec<u8> {
    let (start, end) = match selection.apex.and_then(|apex| tree.element(apex)) {
        Some(apex) => (apex.id.0, apex.node.after),
        None => (0, u32::try_from(tree.nodes.len()).unwrap_or(u32::MAX)),
    };
    let length = match selection.apex.and_then(|apex| tree.node(apex)) {
        Some(apex) => (apex.end - apex.start) as usize,
        None => tree.source.len(),
    };
    let mut writer = Writer {
        tree,
        method,
        comments: selection.comments && method.comments,
        root: tree.root,
        apex: selection.apex.unwrap_or(tree.root),
        rendered: Rendered::default(),
        open: Vec::new(),
        order: Vec::new(),
        octets: Vec::with_capacity(length + length / 8 + 256),
    };
    writer.write(start, end, &selection.without);
    writer.octets
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    method: &'t Canonicalisation,
    comments: bool,
    root: NodeId,
    apex: NodeId,
    rendered: Rendered<'t>,
    /// Elements whose end tags are to come: where they end, their names, and how much was rendered before them.
    open: Vec<(u32, &'t str, usize)>,
    /// Attributes of one element in canonical order; kept for its memory.
    order: Vec<&'t Attribute<'a>>,
    octets: Vec<u8>,
}

impl<'t> Writer<'t, '_> {
    fn write(&mut self, start: u32, end: u32, without: &[NodeId]) {
        let mut at = start;
        while at < end {
            self.close(at);
            let id = NodeId(at);
            let Some(node) = self.tree.node(id) else { break };
            at += 1;
            match &node.kind {
                NodeKind::Element(_) if without.binary_search(&id).is_ok() => at = node.after,
                NodeKind::Element(_) => {
                    if let Some(element) = self.tree.element(id) {
                        self.start_tag(element);
                    }
                }
                NodeKind::Text(content) => text(content, &mut self.octets),
                NodeKind::Comment(content) if self.comments => {
                    self.beside_root(id, node.parent, |octets| {
                        put(octets, &["<!--", content, "-->"]);
                    });
                }
                NodeKind::Comment(_) => {}
                NodeKind::Instruction { target, content } => {
                    let space = if content.is_empty() { "" } else { " " };
                    self.beside_root(id, node.parent, |octets| {
                        put(octets, &["<?", target, space, content, "?>"]);
                    });
                }
            }
        }
        self.close(end);
    }

    /// Outside the root element, a line feed parts the node from it.
    fn beside_root(&mut self, id: NodeId, parent: Option<NodeId>, write: impl FnOnce(&mut Vec<u8>)) {
        let outside = parent.is_none();
        if outside && id > self.root {
            self.octets.push(b'\n');
        }
        write(&mut self.octets);
        if outside && id < self.root {
            self.octets.push(b'\n');
        }
    }

    fn close(&mut self, at: u32) {
        while let Some((_, name, rendered)) = self.open.pop_if(|(after, _, _)| *after <= at) {
            put(&mut self.octets, &["</", name, ">"]);
            self.rendered.forget(rendered);
        }
    }

    fn start_tag(&mut self, element: Element<'t, '_>) {
        let name = element.qualified();
        put(&mut self.octets, &["<", name]);
        let before = self.rendered.count();
        let is_apex = element.id == self.apex;
        self.rendered.render(element, self.method, is_apex);
        for (prefix, uri) in self.rendered.since(before) {
            let colon = if prefix.is_empty() { "" } else { ":" };
            put(&mut self.octets, &[" xmlns", colon, prefix, "=\""]);
            attribute(uri, &mut self.octets);
            self.octets.push(b'"');
        }
        if is_apex && self.method.is_inclusive() && element.parent().is_some() {
            self.attributes_of_apex(element);
        } else {
            self.attributes(element);
        }
        self.octets.push(b'>');
        self.open.push((element.node.after, name, before));
    }

    fn attributes(&mut self, element: Element<'t, '_>) {
        self.order.clear();
        let (tree, attributes) = (
            self.tree,
            self.tree.attributes.get(span(element)).unwrap_or_default(),
        );
        self.order.extend(attributes);
        self.order.sort_unstable_by(|one, other| {
            let (first, second) = (one.name.namespace, other.name.namespace);
            let spaces = if first == second {
                Ordering::Equal
            } else {
                tree.uri(first).cmp(tree.uri(second))
            };
            spaces.then_with(|| one.name.local().cmp(other.name.local()))
        });
        for found in &self.order {
            put(&mut self.octets, &[" ", found.name.qualified, "=\""]);
            attribute(&found.value, &mut self.octets);
            self.octets.push(b'"');
        }
    }

    /// The same with the `xml:` attributes that hold at an apex though they stand around it.
    fn attributes_of_apex(&mut self, element: Element<'t, '_>) {
        let mut all: Vec<(&str, &str, &str, std::borrow::Cow<'_, str>)> = element
            .attributes()
            .iter()
            .map(|own| {
                let (uri, local) = (self.tree.uri(own.name.namespace), own.name.local());
                (
                    uri,
                    local,
                    own.name.qualified,
                    std::borrow::Cow::Borrowed(&*own.value),
                )
            })
            .collect();
        for (qualified, value) in base::inherited(element, self.method.kind) {
            let local = qualified.strip_prefix("xml:").unwrap_or(qualified);
            all.retain(|(uri, known, _, _)| (*uri, *known) != (XML, local));
            if let Some(value) = value {
                all.push((XML, local, qualified, value));
            }
        }
        all.sort_unstable();
        for (_, _, qualified, value) in all {
            put(&mut self.octets, &[" ", qualified, "=\""]);
            attribute(&value, &mut self.octets);
            self.octets.push(b'"');
        }
    }
}

fn span(element: Element<'_, '_>) -> core::ops::Range<usize> {
    element.tag.attributes.start as usize..element.tag.attributes.end as usize
}

fn put(octets: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        octets.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests;
