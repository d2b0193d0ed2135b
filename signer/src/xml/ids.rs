//! [`Ids`]: what a reference by Id means, when no document type says which attributes are Ids.
//!
//! Programs disagree: `Id` is one for signatures, `xml:id` for XML, `wsu:Id` for SOAP, `ID` for SAML, `id` for most
//! schemas. That disagreement is an attack: so all of them are asked, and an Id that two elements have in whatever
//! spelling means nothing.

use std::collections::HashMap;

use super::{
    names::SECURITY,
    tree::{Element, NodeId, Tree, XML},
};

/// Namespaces and names of attributes that are Ids to somebody.
const ATTRIBUTES: [(&str, &str); 6] = [
    ("", "Id"),
    ("", "ID"),
    ("", "id"),
    ("", "AssertionID"),
    (XML, "id"),
    (SECURITY, "Id"),
];

/// All Ids of a document.
pub(crate) struct Ids<'t, 'a> {
    tree: &'t Tree<'a>,
    elements: HashMap<&'t str, Vec<NodeId>>,
}

/// What an Id means.
pub(crate) enum Found<'t, 'a> {
    /// This element.
    One(Element<'t, 'a>),
    /// Nothing.
    None,
    /// So many elements.
    Many(usize),
}

impl<'t, 'a> Ids<'t, 'a> {
    /// Collects them.
    pub(crate) fn of(tree: &'t Tree<'a>) -> Self {
        let mut elements: HashMap<&str, Vec<NodeId>> = HashMap::new();
        for element in tree.elements() {
            for attribute in element.attributes() {
                let name = (tree.uri(attribute.name.namespace), attribute.name.local());
                if ATTRIBUTES.contains(&name) {
                    let known = elements.entry(attribute.value.trim()).or_default();
                    if known.last() != Some(&element.id) {
                        known.push(element.id);
                    }
                }
            }
        }
        Self { tree, elements }
    }

    /// The elements of this Id.
    pub(crate) fn find(&self, id: &str) -> Found<'t, 'a> {
        match self.elements.get(id).map_or(&[][..], Vec::as_slice) {
            [] => Found::None,
            [one] => self.tree.element(*one).map_or(Found::None, Found::One),
            many => Found::Many(many.len()),
        }
    }
}

/// Whether an Id can be written in a reference and understood by everybody: a name of plain letters.
pub(crate) fn is_plain(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
