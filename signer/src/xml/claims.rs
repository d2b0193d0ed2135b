//! Signatures as [`Claim`]s: what each covers, whether it agrees, and what can be said against it.

mod named;
mod properties;

use domain::Digest;

pub use super::document::Externals;
use super::{
    Limits, algorithm,
    canonical::Canonicalisation,
    document::{self, Document, Target, Unresolved},
    error::told,
    material,
    names::{DSIG, XADES},
    prepare::{SignError, whole},
    signature::{Fault, Reference, Signature},
    stamps,
    tree::{Element, NodeId},
};
use crate::{
    Algorithm, Change, Claim, Coverage, Covered, Format, Integrity, Material, Named, Properties, Source,
};

/// Every signature of a document, counter-signatures too, in the order in which they stand. What a detached one covers is
/// given beside.
pub fn claims(
    source: &(impl Source + ?Sized),
    externals: &Externals<'_>,
    limits: &Limits,
) -> Result<Vec<Claim>, SignError> {
    let limits = &limits.of_signed();
    let bytes = whole(source, limits)?;
    let tree = document::read(&bytes, limits)?;
    let document = Document::new(&tree, externals, limits);
    let read: Vec<_> = document
        .signatures()
        .map(|element| (element, Signature::read(element, limits)))
        .collect();
    let all: Vec<_> = read
        .iter()
        .map(|(element, read)| Neighbour {
            element: *element,
            is_bare: read.as_ref().is_ok_and(is_bare),
        })
        .collect();
    let mut references = 0;
    let mut claims = Vec::with_capacity(read.len());
    for (element, read) in read {
        references += read.as_ref().map_or(0, |signature| signature.references.len());
        claims.push(match read {
            Ok(_) if references > limits.references => {
                let most = limits.references;
                unreadable(
                    element,
                    format!("the signatures of the document have more than {most} references"),
                )
            }
            Ok(signature) => claim(&document, &signature, &all).map_err(SignError::Source)?,
            Err(fault) => unreadable(element, fault),
        });
    }
    Ok(claims)
}

/// A signature as others see it.
struct Neighbour<'t, 'a> {
    element: Element<'t, 'a>,
    /// Whether it holds nothing but itself: no content in an object, where a program could take it for the document's.
    is_bare: bool,
}

fn claim<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    all: &[Neighbour<'t, 'a>],
) -> Result<Claim, crate::SourceError> {
    let element = signature.element;
    let mut reading = Reading {
        document,
        signature,
        all,
        faults: Vec::new(),
        later: Later::None,
    };
    let covered = reading.covered()?;
    let coverage = reading.coverage(&covered);
    reading.countersigns();
    let mut faults = reading.faults;
    let properties = properties::signed(document, signature, &mut faults);
    let signed = document.of_element(signature.info, &signature.canonicalisation);
    let signed = signed.unwrap_or_else(|unresolved| {
        faults.push(fault(unresolved));
        Vec::new()
    });
    let algorithm = algorithm::of_method(signature.method).unwrap_or_else(|| {
        faults.push(format!(
            "signature method {:?} is not known",
            told(signature.method)
        ));
        Algorithm {
            signature: Vec::new(),
            digest: String::new(),
        }
    });
    let value = algorithm::value(signature.method, &signature.raw);
    let material = material::inside(signature);
    let stamps = stamps::claims(
        document,
        signature,
        properties.map(|found| found.element),
        &mut faults,
    );
    Ok(Claim {
        format: if properties.is_some() {
            Format::Xades
        } else {
            Format::Xmldsig
        },
        name: document::name(element),
        covered,
        coverage,
        signer: named::signer(signature, properties, &signed, &material),
        signed,
        algorithm,
        value,
        material,
        stamps,
        properties: properties.map_or_else(Properties::default, properties::said),
        faults,
    })
}

fn unreadable(element: Element<'_, '_>, fault: Fault) -> Claim {
    Claim {
        format: Format::Xmldsig,
        name: document::name(element),
        faults: vec![fault],
        covered: Vec::new(),
        coverage: Coverage::Parts,
        signed: Vec::new(),
        algorithm: Algorithm {
            signature: Vec::new(),
            digest: String::new(),
        },
        value: Vec::new(),
        signer: Named::Absent,
        material: Material::default(),
        stamps: Vec::new(),
        properties: Properties::default(),
    }
}

/// What came after a signature, as far as it can tell.
enum Later {
    /// Nothing that matters to it.
    None,
    /// Signatures that were taken away again before it agreed: the national rule, by which a later one covers earlier ones.
    TakenAway,
}

struct Reading<'r, 't, 'a> {
    document: &'r Document<'t, 'a>,
    signature: &'r Signature<'t, 'a>,
    all: &'r [Neighbour<'t, 'a>],
    faults: Vec<String>,
    later: Later,
}

impl<'t, 'a> Reading<'_, 't, 'a> {
    fn covered(&mut self) -> Result<Vec<Covered>, crate::SourceError> {
        let signature = self.signature;
        let mut covered = Vec::with_capacity(signature.references.len());
        let mut uris = std::collections::BTreeSet::new();
        for (number, reference) in signature.references.iter().enumerate() {
            if !uris.insert(reference.uri) {
                self.faults
                    .push(format!("reference {} repeats the URI of another", number + 1));
            }
            let hash = algorithm::hash_of(reference.method);
            let stated = hash.and_then(|hash| hash.parse(&reference.digest).ok());
            let target = self.document.target(reference);
            let what = format!(
                "reference {}, {}",
                number + 1,
                self.what(target.as_ref().ok(), reference)
            );
            let integrity = match (target, hash, stated) {
                (Err(unresolved), _, _) => self.unresolved(unresolved)?,
                (Ok(_), None, _) => Integrity::Unprovable,
                (Ok(_), Some(_), None) => {
                    self.faults.push(format!(
                        "the digest of reference {} has another length than its method's",
                        number + 1
                    ));
                    Integrity::Altered
                }
                (Ok(target), Some(_), Some(stated)) => self.integrity(&target, reference, stated)?,
            };
            covered.push(Covered {
                what,
                integrity,
                digest: stated,
            });
        }
        Ok(covered)
    }

    fn unresolved(&mut self, unresolved: Unresolved) -> Result<Integrity, crate::SourceError> {
        match unresolved {
            Unresolved::Source(error) => return Err(error),
            Unresolved::Missing(_) => {}
            Unresolved::Refused(fault) => self.faults.push(fault),
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
            Ok(found) if found == stated => return Ok(Integrity::Intact),
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
        match self
            .document
            .digest_of_selection(&selection.without(later), &method, hash)
        {
            Ok(found) if found == stated => {
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
        let all = self.all.iter();
        all.filter(move |other| other.element.parent().map(Element::id) == parent)
    }

    /// Those after this one: added later, if every signer appends.
    fn later(&self) -> impl Iterator<Item = &Neighbour<'t, 'a>> {
        let own = self.signature.element.id();
        self.neighbours().filter(move |other| other.element.id() > own)
    }

    /// What a reference points to, told so that nobody mistakes it for something else.
    fn what(&self, target: Option<&Target<'t, 'a>>, reference: &Reference<'t>) -> String {
        let uri = reference
            .uri
            .map_or_else(|| "no URI".to_owned(), |uri| format!("URI {:?}", told(uri)));
        let place = match target {
            None => return uri,
            Some(Target::External(_)) => return format!("{uri}: a file beside"),
            Some(Target::Document) => "the document".to_owned(),
            Some(Target::Element(element)) => format!("element {}", element.path()),
        };
        let transforms = &reference.transforms;
        let without = match (transforms.no_signatures, transforms.enveloped) {
            (true, _) => " without its signatures",
            (false, true) => " without this signature",
            (false, false) => "",
        };
        let comments = match target {
            Some(Target::Element(element)) => self.document.comments(Some(*element)),
            _ => self.document.comments(None),
        };
        let comments = match comments {
            0 => String::new(),
            count => format!("; {count} comments in it are not covered"),
        };
        format!("{uri}: {place}{without}{comments}")
    }

    /// How much of the document all this is.
    fn coverage(&self, covered: &[Covered]) -> Coverage {
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
            return Coverage::Parts;
        };
        let own = self.signature.element;
        let left_out: Vec<_> = match self.later {
            Later::TakenAway => self.later().collect(),
            Later::None if reference.transforms.no_signatures => {
                let outermost = |other: &&Neighbour<'t, 'a>| {
                    let mut around = other.element.lineage().skip(1);
                    !other.element.contains(own.id()) && !around.any(|around| around.is(DSIG, "Signature"))
                };
                self.all.iter().filter(outermost).collect()
            }
            Later::None => Vec::new(),
        };
        if left_out.is_empty() {
            return Coverage::Whole;
        }
        let changes = left_out.iter().map(|other| Change {
            what: format!("signature {} is not covered", document::name(other.element)),
            harmless: other.is_bare,
        });
        Coverage::Revision {
            number: self.neighbours().count() - self.later().count(),
            of: self.neighbours().count(),
            changes: changes.collect(),
        }
    }

    /// A counter-signature is on the value of the signature that it stands in, and on no other.
    fn countersigns(&mut self) {
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
            let fault = "the counter-signature does not cover the value of the signature that it stands in";
            self.faults.push(fault.to_owned());
        }
    }
}

/// Whether a signature has no object but its properties.
fn is_bare(signature: &Signature<'_, '_>) -> bool {
    signature.objects.iter().all(|object| {
        let mut inside = object.children();
        let first = inside.next();
        first.is_some_and(|child| child.is(XADES, "QualifyingProperties")) && inside.next().is_none()
    })
}

/// The words of something that was refused; what is only missing is told by what is covered.
fn fault(unresolved: Unresolved) -> Fault {
    match unresolved {
        Unresolved::Refused(fault) | Unresolved::Missing(fault) => fault,
        Unresolved::Source(error) => error.to_string(),
    }
}
