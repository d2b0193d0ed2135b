//! [`Plan`]: for a form of signature on a document, what is referenced, how, and where the signature will stand.

mod covered;
mod frame;

use domain::{Time, sha256};
use serde::{Deserialize, Serialize};

use self::covered::{Covered, countersigned, object_id};
use self::frame::Frame;
use super::SignError;
use crate::{
    SigningCertificate,
    xml::{
        Around, Caution, External, Form, Limits, Others,
        canonical::Canonicalisation,
        document::Document,
        names::{ASIC, DSIG, XADES},
        reader,
        slot::Slot,
        tree::{Element, Tree},
        written::{About, Reference, Step, base64, escaped},
    },
};

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
        let covered = Covered::new(&tree, root, form, limits)?;
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
            about: covered.about,
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
            about: About::Document,
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
            about: About::Document,
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
    Covered::new(&tree, root(&tree)?, form, limits).map(|covered| covered.octets)
}

fn root<'t, 'a>(tree: &'t Tree<'a>) -> Result<Element<'t, 'a>, SignError> {
    tree.root().ok_or(SignError::Nothing)
}

/// Refuses a place where a new signature would break one that is there. By the national rule, and where all others are
/// covered, that is meant: the last is verified first, and taken away for the one before.
fn breaks_none<'t, 'a>(
    tree: &'t Tree<'a>,
    root: Element<'t, 'a>,
    form: &Form,
    limits: &Limits,
) -> Result<(), SignError> {
    if !tree.elements().any(|element| element.is(DSIG, "Signature")) {
        return Ok(());
    }
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
