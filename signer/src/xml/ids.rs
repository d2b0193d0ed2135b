//! Ids: what a reference by Id means, when no document type says which attributes are Ids.
//!
//! Programs disagree: `Id` is one for signatures, `xml:id` for XML, `wsu:Id` for SOAP, `ID` for SAML, `id` for most
//! schemas. That disagreement is an attack: so all of them are asked, and an Id that two elements have in whatever
//! spelling means nothing.

use super::{
    names::SECURITY,
    tree::{Element, Tree, XML},
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

/// What an Id means.
pub(crate) enum Found<'t, 'a> {
    /// This element.
    One(Element<'t, 'a>),
    /// Nothing.
    None,
    /// So many elements.
    Many(usize),
}

/// The elements of this Id.
pub(crate) fn find<'t, 'a>(tree: &'t Tree<'a>, id: &str) -> Found<'t, 'a> {
    let mut elements = tree.elements().filter(|element| has(*element, id));
    match (elements.next(), elements.count()) {
        (None, _) => Found::None,
        (Some(element), 0) => Found::One(element),
        (Some(_), others) => Found::Many(others + 1),
    }
}

fn has(element: Element<'_, '_>, id: &str) -> bool {
    element.attributes().iter().any(|attribute| {
        let name = attribute.name;
        attribute.value.trim() == id && ATTRIBUTES.contains(&(element.tree.uri(name.namespace), name.local()))
    })
}

/// Whether an Id can be written in a reference and understood by everybody: a name of plain letters.
pub(crate) fn is_plain(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
