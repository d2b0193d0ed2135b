//! [`Plan`]: for a form of signature on a document, what is referenced, how, and where the signature will stand.

mod frame;

use domain::{Time, sha256};

pub(super) use self::frame::Frame;
use super::SignError;
use crate::{
    SigningCertificate,
    xml::{
        Around, Caution, External, Form, Limits, Others,
        canonical::{Canonicalisation, Selection, canonical},
        document::Document,
        ids::{self, Found, Ids},
        names::{ASIC, COUNTERSIGNED, DSIG, XADES},
        reader,
        slot::Slot,
        tree::{Element, Tree},
        written::{Reference, Step, base64, escaped},
    },
};

const XML: &str = "text/xml";

/// What is to be done.
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) references: Vec<Reference>,
    /// How `SignedInfo` is canonicalised.
    pub(super) method: Canonicalisation,
    /// The start tag of an element with everything that the signature will inherit.
    pub(super) context: String,
    pub(super) frame: Frame,
    pub(super) cautions: Vec<Caution>,
}

/// What a form covers in a document.
struct Covered {
    octets: Vec<u8>,
    uri: String,
    steps: Vec<Step>,
    media_type: String,
    kind: Option<&'static str>,
}

impl Covered {
    fn xml(octets: Vec<u8>, uri: String, steps: Vec<Step>) -> Self {
        let (media_type, kind) = (XML.to_owned(), None);
        Self {
            octets,
            uri,
            steps,
            media_type,
            kind,
        }
    }
}

impl Plan {
    pub(super) fn new(
        bytes: &[u8],
        form: &Form,
        signer: &SigningCertificate,
        time: Time,
        limits: &Limits,
    ) -> Result<Self, SignError> {
        if let Form::EnvelopingFile { media_type } = form {
            return Ok(Self::of_file(bytes, media_type, signer, time));
        }
        let tree = reader::read(bytes, limits)?;
        let root = root(&tree)?;
        let covered = covered(&tree, root, form, limits)?;
        breaks_none(&tree, root, form, limits)?;
        let hash = signer.profile().hash();
        let digest = hash.digest(&covered.octets);
        let id = id(&[digest.as_bytes()], signer, time, |id| {
            tree.attributes
                .iter()
                .any(|attribute| attribute.value.contains(id))
        });
        let (slot, parent) = match form {
            Form::Counter(signature) => {
                let qualifying = countersigned(&tree, signature)?.1;
                let slot = Slot::unsigned(qualifying);
                let before = format!("{}<xades:CounterSignature xmlns:xades=\"{XADES}\">", slot.before);
                let after = format!("</xades:CounterSignature>{}", slot.after);
                (
                    Slot {
                        before,
                        after,
                        cut: slot.cut,
                    },
                    qualifying,
                )
            }
            _ => (Slot::at_end_of(root), root),
        };
        let frame = match form {
            Form::Enveloping => Frame::around(&object_id(&tree), root.place()),
            _ => Frame::inserted(&slot, bytes.len()),
        };
        let method = match form {
            Form::National => Canonicalisation::INCLUSIVE,
            _ => Canonicalisation::EXCLUSIVE,
        };
        let context = if method.is_inclusive() {
            inherited(parent)
        } else {
            "<w>".to_owned()
        };
        let reference = Reference {
            id: form.is_xades().then(|| format!("{id}-reference")),
            uri: covered.uri,
            kind: covered.kind,
            steps: covered.steps,
            digest,
            media_type: covered.media_type,
        };
        Ok(Self {
            id,
            references: vec![reference],
            method,
            context,
            frame,
            cautions: cautions(&tree),
        })
    }

    /// A file of whatever kind inside the signature.
    fn of_file(bytes: &[u8], media_type: &str, signer: &SigningCertificate, time: Time) -> Self {
        const OBJECT: &str = "signed-object";
        let digest = signer.profile().hash().digest(bytes);
        let id = id(&[digest.as_bytes()], signer, time, |_| false);
        let reference = Reference {
            id: Some(format!("{id}-reference")),
            uri: format!("#{OBJECT}"),
            kind: None,
            steps: vec![Step::Base64],
            digest,
            media_type: media_type.to_owned(),
        };
        Self::alone(id, vec![reference], Frame::with_file(OBJECT, &base64(bytes)))
    }

    /// Things elsewhere.
    pub(super) fn detached(
        externals: &[External],
        around: Around,
        signer: &SigningCertificate,
        time: Time,
    ) -> Result<Self, SignError> {
        if externals.is_empty() {
            return Err(SignError::Nothing);
        }
        let digests: Vec<&[u8]> = externals
            .iter()
            .map(|external| external.digest.as_bytes())
            .collect();
        let id = id(&digests, signer, time, |_| false);
        let references = externals.iter().enumerate().map(|(number, external)| Reference {
            id: Some(format!("{id}-reference-{number}")),
            uri: external.uri.clone(),
            kind: None,
            steps: Vec::new(),
            digest: external.digest,
            media_type: external.media_type.clone(),
        });
        let frame = match around {
            Around::Nothing => Frame::default(),
            Around::Container => Frame::within(
                format!("<asic:XAdESSignatures xmlns:asic=\"{ASIC}\">"),
                "</asic:XAdESSignatures>".to_owned(),
            ),
        };
        let references = references.collect();
        Ok(Self::alone(id, references, frame))
    }

    fn alone(id: String, references: Vec<Reference>, frame: Frame) -> Self {
        Self {
            id,
            references,
            method: Canonicalisation::EXCLUSIVE,
            context: "<w>".to_owned(),
            frame,
            cautions: Vec::new(),
        }
    }
}

/// What a device shows of a document.
pub(super) fn shown(bytes: Vec<u8>, form: &Form, limits: &Limits) -> Result<Vec<u8>, SignError> {
    if let Form::EnvelopingFile { .. } = form {
        return Ok(bytes);
    }
    let tree = reader::read(&bytes, limits)?;
    covered(&tree, root(&tree)?, form, limits).map(|covered| covered.octets)
}

fn root<'t, 'a>(tree: &'t Tree<'a>) -> Result<Element<'t, 'a>, SignError> {
    tree.root().ok_or(SignError::Nothing)
}

fn covered(
    tree: &Tree<'_>,
    root: Element<'_, '_>,
    form: &Form,
    limits: &Limits,
) -> Result<Covered, SignError> {
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
                kind: Some(COUNTERSIGNED),
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

/// Refuses a place where a new signature would break one that is there. By the national rule, and where all others are
/// covered, that is meant: the last is verified first, and taken away for the one before.
fn breaks_none<'t, 'a>(
    tree: &'t Tree<'a>,
    root: Element<'t, 'a>,
    form: &Form,
    limits: &Limits,
) -> Result<(), SignError> {
    let document = Document::new(tree, &[], limits);
    let broken = match form {
        Form::Enveloped(Others::Excluded) | Form::ById(_) => document.covering(root, true),
        Form::Counter(id) => document.covering(countersigned(tree, id)?.1, false),
        Form::Enveloped(Others::Covered)
        | Form::Enveloping
        | Form::EnvelopingFile { .. }
        | Form::National
        | Form::NationalById(_) => None,
    };
    broken.map_or(Ok(()), |name| Err(SignError::Covered { name }))
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
fn object_id(tree: &Tree<'_>) -> String {
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
fn countersigned<'t, 'a>(
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

/// A name for the signature that nothing else in the document contains. No chance: the same input gives the same.
fn id(digests: &[&[u8]], signer: &SigningCertificate, time: Time, is_used: impl Fn(&str) -> bool) -> String {
    let mut seed = [signer.fingerprint().as_slice(), &time.micros().to_be_bytes()].concat();
    seed.extend(digests.iter().copied().flatten());
    let mut hash = sha256(&seed);
    loop {
        let name = domain::hexadecimal(hash.get(..12).unwrap_or_default());
        let id = format!("signature-{name}");
        if !is_used(&id) {
            return id;
        }
        hash = sha256(&hash);
    }
}

/// A start tag with the namespaces and `xml:` attributes that hold inside an element.
fn inherited(parent: Element<'_, '_>) -> String {
    let mut tag = "<w".to_owned();
    for (prefix, uri) in parent
        .in_scope()
        .into_iter()
        .filter(|(prefix, _)| *prefix != "xml")
    {
        let colon = if prefix.is_empty() { "" } else { ":" };
        tag.extend([" xmlns", colon, prefix, "=\"", &escaped(uri), "\""]);
    }
    let mut known = Vec::new();
    for attribute in parent.lineage().flat_map(Element::attributes) {
        let name = attribute.name.qualified;
        if name.starts_with("xml:") && !known.contains(&name) {
            let value = escaped(&attribute.value)
                .replace('\n', "&#10;")
                .replace('\t', "&#9;")
                .replace('\r', "&#13;");
            tag.extend([" ", name, "=\"", &value, "\""]);
            known.push(name);
        }
    }
    tag + ">"
}

fn cautions(tree: &Tree<'_>) -> Vec<Caution> {
    let comments = Some(tree.comments().count()).filter(|count| *count > 0);
    let stylesheet = tree.has_stylesheet().then_some(Caution::Stylesheet);
    stylesheet
        .into_iter()
        .chain(comments.map(Caution::Comments))
        .collect()
}
