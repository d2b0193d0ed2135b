//! [`Tree`]: an XML document as canonicalisation needs it, each part with its place in the source.
//!
//! Nodes stand in document order in one list, and each knows where its subtree ends, so walking needs no recursion and
//! a depth costs nothing. Prefixes and declarations are kept as written: canonical form depends on them.

use core::ops::Range;
use std::borrow::Cow;

/// The namespace of the `xml` prefix.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A node's number in document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

/// A document that was read whole.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    pub(super) source: &'a str,
    /// Bytes before [`Self::source`]: the byte order mark.
    pub(super) offset: usize,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// The first two are no namespace and that of `xml`.
    pub(super) declarations: Vec<Declaration<'a>>,
    pub(super) root: NodeId,
}

/// A node.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(super) parent: Option<NodeId>,
    /// The node after this one's subtree.
    pub(super) after: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: NodeKind<'a>,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeKind<'a> {
    Element(Tag<'a>),
    Text(Cow<'a, str>),
    Comment(Cow<'a, str>),
    Instruction { target: &'a str, content: Cow<'a, str> },
}

/// A qualified name as it is written, and the namespace that it is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(super) qualified: &'a str,
    /// Bytes of the prefix.
    pub(super) prefix: u32,
    pub(super) namespace: u32,
}

/// What a start tag says.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    pub(super) name: Name<'a>,
    pub(super) declarations: Range<u32>,
    pub(super) attributes: Range<u32>,
    /// From after the start tag to before the end tag; nothing if there is one tag only.
    pub(super) inside: Option<(u32, u32)>,
}

/// An attribute that is no declaration.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    pub(super) name: Name<'a>,
    pub(super) value: Cow<'a, str>,
}

/// A declaration of a namespace; the prefix is empty for the default one.
#[derive(Debug)]
pub(crate) struct Declaration<'a> {
    pub(super) prefix: &'a str,
    pub(super) uri: Cow<'a, str>,
}

impl<'a> Name<'a> {
    pub(super) fn prefix(&self) -> &'a str {
        self.qualified.get(..self.prefix as usize).unwrap_or_default()
    }

    pub(super) fn local(&self) -> &'a str {
        let colon = u32::from(self.prefix > 0);
        self.qualified
            .get((self.prefix + colon) as usize..)
            .unwrap_or_default()
    }
}

/// An element of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) id: NodeId,
    pub(super) node: &'t Node<'a>,
    pub(super) tag: &'t Tag<'a>,
}

impl<'a> Tree<'a> {
    pub(super) fn node(&self, id: NodeId) -> Option<&Node<'a>> {
        self.nodes.get(id.0 as usize)
    }

    /// The element of this number.
    pub(crate) fn element(&self, id: NodeId) -> Option<Element<'_, 'a>> {
        let node = self.node(id)?;
        match &node.kind {
            NodeKind::Element(tag) => Some(Element {
                tree: self,
                id,
                node,
                tag,
            }),
            NodeKind::Text(_) | NodeKind::Comment(_) | NodeKind::Instruction { .. } => None,
        }
    }

    /// The one element that contains all others.
    pub(crate) fn root(&self) -> Option<Element<'_, 'a>> {
        self.element(self.root)
    }

    /// Every element in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_, 'a>> {
        self.within(0, u32::try_from(self.nodes.len()).unwrap_or(u32::MAX))
    }

    fn within(&self, from: u32, to: u32) -> impl Iterator<Item = Element<'_, 'a>> {
        (from..to).filter_map(|number| self.element(NodeId(number)))
    }

    pub(super) fn uri(&self, namespace: u32) -> &str {
        self.declarations
            .get(namespace as usize)
            .map_or("", |declaration| &declaration.uri)
    }

    /// Comments that are inside the root element, in document order.
    pub(crate) fn comments(&self) -> impl Iterator<Item = NodeId> {
        let nodes = self
            .nodes
            .iter()
            .zip(0..)
            .map(|(node, number)| (node, NodeId(number)));
        let comments =
            nodes.filter(|(node, _)| matches!(node.kind, NodeKind::Comment(_)) && node.parent.is_some());
        comments.map(|(_, id)| id)
    }

    /// Whether a processing instruction says how the document should look.
    pub(crate) fn has_stylesheet(&self) -> bool {
        self.nodes.iter().any(
            |node| matches!(node.kind, NodeKind::Instruction { target, .. } if target == "xml-stylesheet"),
        )
    }
}

impl<'t, 'a> Element<'t, 'a> {
    pub(crate) fn id(self) -> NodeId {
        self.id
    }

    /// Its name as written.
    pub(crate) fn qualified(self) -> &'a str {
        self.tag.name.qualified
    }

    /// Its prefix as written.
    pub(crate) fn prefix(self) -> &'a str {
        self.tag.name.prefix()
    }

    pub(crate) fn local(self) -> &'a str {
        self.tag.name.local()
    }

    pub(crate) fn namespace(self) -> &'t str {
        self.tree.uri(self.tag.name.namespace)
    }

    /// Whether it has this namespace and name.
    pub(crate) fn is(self, namespace: &str, local: &str) -> bool {
        self.local() == local && self.namespace() == namespace
    }

    pub(crate) fn parent(self) -> Option<Self> {
        self.tree.element(self.node.parent?)
    }

    /// It and those around it, from the inside out.
    pub(crate) fn lineage(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), |element| element.parent())
    }

    /// Whether the other is this or inside this.
    pub(crate) fn contains(self, other: NodeId) -> bool {
        self.id.0 <= other.0 && other.0 < self.node.after
    }

    /// The elements directly inside.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        self.nodes().filter_map(|id| tree.element(id))
    }

    /// All nodes directly inside.
    pub(super) fn nodes(self) -> impl Iterator<Item = NodeId> {
        let (tree, end) = (self.tree, self.node.after);
        let first = Some(self.id.0 + 1).filter(|first| *first < end);
        core::iter::successors(first, move |number| {
            let after = tree.node(NodeId(*number))?.after;
            Some(after).filter(|after| *after < end)
        })
        .map(NodeId)
    }

    /// It and every element inside, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> {
        self.tree.within(self.id.0, self.node.after)
    }

    /// The only child of this name; nothing if there are more.
    pub(crate) fn only(self, namespace: &str, local: &str) -> Option<Self> {
        let mut found = self.children().filter(|child| child.is(namespace, local));
        let first = found.next();
        if found.next().is_some() { None } else { first }
    }

    pub(super) fn attributes(self) -> &'t [Attribute<'a>] {
        let Range { start, end } = self.tag.attributes;
        self.tree
            .attributes
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(super) fn declarations(self) -> &'t [Declaration<'a>] {
        let Range { start, end } = self.tag.declarations;
        self.tree
            .declarations
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The value of an attribute.
    pub(crate) fn attribute(self, namespace: &str, local: &str) -> Option<&'t str> {
        let named = |attribute: &&Attribute<'_>| {
            attribute.name.local() == local && self.tree.uri(attribute.name.namespace) == namespace
        };
        self.attributes()
            .iter()
            .find(named)
            .map(|attribute| &*attribute.value)
    }

    /// Its text, if there is nothing but text in it.
    pub(crate) fn text(self) -> Option<Cow<'t, str>> {
        let mut text = Cow::Borrowed("");
        for id in self.nodes() {
            match &self.tree.node(id)?.kind {
                NodeKind::Text(more) if text.is_empty() => text = Cow::Borrowed(more),
                NodeKind::Text(more) => text.to_mut().push_str(more),
                NodeKind::Element(_) | NodeKind::Comment(_) | NodeKind::Instruction { .. } => return None,
            }
        }
        Some(text)
    }

    /// The declarations that hold here: each prefix once, the nearest.
    pub(super) fn in_scope(self) -> Vec<(&'a str, &'t str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        for element in self.lineage() {
            for declaration in element.declarations() {
                if found.iter().all(|(prefix, _)| *prefix != declaration.prefix) {
                    found.push((declaration.prefix, &declaration.uri));
                }
            }
        }
        found
    }

    /// Where it is in the document's bytes.
    pub(crate) fn place(self) -> Range<usize> {
        let offset = self.tree.offset;
        self.node.start as usize + offset..self.node.end as usize + offset
    }

    /// Where its inside is in the document's bytes; nothing if it has one tag only.
    pub(crate) fn inside(self) -> Option<Range<usize>> {
        let offset = self.tree.offset;
        let (start, end) = self.tag.inside?;
        Some(start as usize + offset..end as usize + offset)
    }

    /// A path by which a person finds it: `/invoice/total[2]`.
    pub(crate) fn path(self) -> String {
        let mut steps: Vec<String> = self.lineage().map(Self::step).collect();
        steps.push(String::new());
        steps.reverse();
        steps.join("/")
    }

    fn step(self) -> String {
        /// In longer lists nobody counts.
        const MOST: usize = 1_000;
        let name = super::error::told(self.qualified());
        let Some(parent) = self.parent() else { return name };
        let siblings = parent.children().take(MOST + 1);
        let same = siblings.filter(|child| child.qualified() == self.qualified());
        let (before, all) = same.fold((0_usize, 0_usize), |(before, all), child| {
            (before + usize::from(child.id <= self.id), all + 1)
        });
        if all > 1 {
            format!("{name}[{before}]")
        } else {
            name
        }
    }
}
