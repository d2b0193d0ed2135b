//! [`Covered`]: what a form covers in a document, as octets, and how a reference says so.

use super::SignError;
use crate::xml::{
    Form, Limits, Others,
    canonical::{Canonicalisation, Selection, canonical},
    ids::{self, Found, Ids},
    names::{DSIG, XADES},
    reader,
    tree::{Element, Tree},
    written::{About, Step},
};

const XML: &str = "text/xml";

/// What a form covers in a document.
pub(super) struct Covered {
    pub(super) octets: Vec<u8>,
    pub(super) uri: String,
    pub(super) steps: Vec<Step>,
    pub(super) media_type: String,
    pub(super) about: About,
}

impl Covered {
    /// What this form covers.
    pub(super) fn new(
        tree: &Tree<'_>,
        root: Element<'_, '_>,
        form: &Form,
        limits: &Limits,
    ) -> Result<Self, SignError> {
        if root.is(DSIG, "Signature") && !matches!(form, Form::Counter(_) | Form::EnvelopingFile { .. }) {
            return Err(SignError::RootIsSignature);
        }
        let signatures = || {
            let all = tree.elements().filter(|element| element.is(DSIG, "Signature"));
            all.map(Element::id)
        };
        let document = |without: Selection, steps: Vec<Step>, method: Canonicalisation| {
            let octets = canonical(tree, &without, &method);
            let steps = [steps, vec![Step::Canonical(method)]].concat();
            Covered::xml(octets, String::new(), steps)
        };
        let subtree = |id: &str, filter: Step, filtered: Selection, method: Canonicalisation| {
            let element = element_of(tree, id)?;
            let is_root = element.id() == root.id();
            let selection = if is_root {
                filtered
            } else {
                Selection::subtree(element.id())
            };
            let octets = canonical(tree, &selection, &method);
            let mut steps = vec![Step::Canonical(method)];
            if is_root {
                steps.insert(0, filter);
            }
            Ok(Covered::xml(octets, format!("#{id}"), steps))
        };
        match form {
            Form::Enveloped(Others::Excluded) => Ok(document(
                Selection::document().without(signatures()),
                vec![Step::OtherSignatures],
                Canonicalisation::INCLUSIVE,
            )),
            Form::Enveloped(Others::Covered) => Ok(document(
                Selection::document(),
                vec![Step::Enveloped],
                Canonicalisation::INCLUSIVE,
            )),
            Form::National => Ok(document(
                Selection::document(),
                vec![Step::Enveloped],
                Canonicalisation::INCLUSIVE_WITH_COMMENTS,
            )),
            Form::ById(id) => {
                let filtered = Selection::subtree(root.id()).without(signatures());
                subtree(id, Step::OtherSignatures, filtered, Canonicalisation::EXCLUSIVE)
            }
            Form::NationalById(id) => {
                let filtered = Selection::subtree(root.id());
                subtree(
                    id,
                    Step::Enveloped,
                    filtered,
                    Canonicalisation::INCLUSIVE_WITH_COMMENTS,
                )
            }
            Form::Enveloping => enveloped_root(tree, root, limits),
            Form::Counter(id) => {
                let (value, _) = countersigned(tree, id)?;
                let octets = canonical(
                    tree,
                    &Selection::subtree(value.id()),
                    &Canonicalisation::EXCLUSIVE,
                );
                let uri = format!("#{}", value.attribute("", "Id").unwrap_or_default());
                let steps = vec![Step::Canonical(Canonicalisation::EXCLUSIVE)];
                Ok(Covered {
                    about: About::Countersigned,
                    ..Covered::xml(octets, uri, steps)
                })
            }
            Form::EnvelopingFile { .. } => Ok(Covered::xml(
                tree.source.as_bytes().to_vec(),
                String::new(),
                Vec::new(),
            )),
        }
    }

    fn xml(octets: Vec<u8>, uri: String, steps: Vec<Step>) -> Self {
        let (media_type, about) = (XML.to_owned(), About::Document);
        Self {
            octets,
            uri,
            steps,
            media_type,
            about,
        }
    }
}

/// The element that is to be signed by its Id, outside of signatures.
fn element_of<'t, 'a>(tree: &'t Tree<'a>, id: &str) -> Result<Element<'t, 'a>, SignError> {
    let told = || id.to_owned();
    if !ids::is_plain(id) {
        return Err(SignError::PlainId { id: told() });
    }
    match Ids::of(tree).find(id) {
        Found::None => Err(SignError::NoSuchId { id: told() }),
        Found::Many(count) => Err(SignError::ManyOfId { id: told(), count }),
        Found::One(element) if element.lineage().any(|around| around.is(DSIG, "Signature")) => {
            Err(SignError::InsideSignature { id: told() })
        }
        Found::One(element) => Ok(element),
    }
}

/// The root inside of `ds:Object`, as it will stand there.
fn enveloped_root(tree: &Tree<'_>, root: Element<'_, '_>, limits: &Limits) -> Result<Covered, SignError> {
    let id = object_id(tree);
    let (start, end) = (root.node.start as usize, root.node.end as usize);
    let inside = tree.source.get(start..end).unwrap_or_default();
    let text = format!("<ds:Object xmlns:ds=\"{DSIG}\" Id=\"{id}\">{inside}</ds:Object>");
    let wider = Limits {
        bytes: limits.bytes + 1_024,
        depth: limits.depth + 1,
        namespaces: limits.namespaces + 1,
        ..*limits
    };
    let tree = reader::read(text.as_bytes(), &wider)?;
    let octets = canonical(&tree, &Selection::document(), &Canonicalisation::EXCLUSIVE);
    let steps = vec![Step::Canonical(Canonicalisation::EXCLUSIVE)];
    Ok(Covered::xml(octets, format!("#{id}"), steps))
}

/// An Id for `ds:Object` that the document does not use. It is part of what is shown, so nothing but the document decides.
pub(super) fn object_id(tree: &Tree<'_>) -> String {
    let names = (1_u32..).map(|number| format!("signed-object-{number}"));
    let mut free = names.filter(|id| {
        !tree
            .attributes
            .iter()
            .any(|known| known.value.contains(id.as_str()))
    });
    free.next().unwrap_or_default()
}

/// The value and the qualifying properties of the signature that is to be countersigned.
pub(super) fn countersigned<'t, 'a>(
    tree: &'t Tree<'a>,
    id: &str,
) -> Result<(Element<'t, 'a>, Element<'t, 'a>), SignError> {
    let refused = || SignError::NotCountersignable { id: id.to_owned() };
    let Found::One(signature) = Ids::of(tree).find(id) else {
        return Err(refused());
    };
    let value = signature.only(DSIG, "SignatureValue").ok_or_else(refused)?;
    let is_named = value
        .attribute("", "Id")
        .is_some_and(|id| ids::is_plain(id) && matches!(Ids::of(tree).find(id), Found::One(_)));
    let mut qualifying = signature
        .children()
        .filter(|child| child.is(DSIG, "Object"))
        .filter_map(|object| object.only(XADES, "QualifyingProperties"));
    let first = qualifying.next();
    let is_one = qualifying.next().is_none();
    let first = first.filter(|_| is_one && is_named && signature.is(DSIG, "Signature"));
    first.map(|first| (value, first)).ok_or_else(refused)
}
