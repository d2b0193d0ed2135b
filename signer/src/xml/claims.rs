//! Signatures as [`Claim`]s: what each covers, whether it agrees, and what can be said against it.

mod named;
mod properties;
mod reading;
mod strangers;

use std::collections::BTreeSet;

use self::{
    reading::{Later, Reading},
    strangers::{Stranger, strangers},
};
pub use super::document::Externals;
use super::{
    Limits, algorithm,
    document::{self, Document, Target, Unresolved},
    error::told,
    material,
    names::XADES,
    prepare::{SignError, whole},
    signature::{Fault, Signature},
    stamps,
    tree::Element,
};
use crate::{Algorithm, Claim, Coverage, Format, Material, Named, Properties, Source};

/// Every signature of a document, counter-signatures too, in the order in which they stand. What a detached one covers is
/// given beside.
pub fn claims(
    source: &(impl Source + ?Sized),
    externals: &Externals<'_>,
    limits: &Limits,
) -> Result<Vec<Claim>, SignError> {
    let claims = claims_beside(source, externals, limits)?;
    Ok(claims.into_iter().map(|(claim, _)| claim).collect())
}

/// The same, each with the names of what it covers beside the document.
pub(crate) fn claims_beside(
    source: &(impl Source + ?Sized),
    externals: &Externals<'_>,
    limits: &Limits,
) -> Result<Vec<(Claim, BTreeSet<String>)>, SignError> {
    let limits = &limits.of_signed();
    let bytes = whole(source, limits)?;
    let tree = document::read(&bytes, limits)?;
    let document = Document::new(&tree, externals, limits);
    let read: Vec<_> = document
        .signatures()
        .map(|element| (element, Signature::read(element, limits)))
        .collect();
    let strangers = strangers(&document);
    let all: Vec<_> = read
        .iter()
        .map(|(element, read)| Neighbour {
            element: *element,
            is_bare: read.as_ref().is_ok_and(is_bare)
                && !strangers
                    .iter()
                    .any(|stranger| element.contains(stranger.element.id())),
        })
        .collect();
    let around = Around {
        all: &all,
        strangers: &strangers,
    };
    let mut references = 0;
    let mut claims = Vec::with_capacity(read.len());
    for (element, read) in read {
        references += read.as_ref().map_or(0, |signature| signature.references.len());
        claims.push(match read {
            Ok(_) if references > limits.references => {
                let most = limits.references;
                let fault = format!("the signatures of the document have more than {most} references");
                (unreadable(element, fault), BTreeSet::new())
            }
            Ok(signature) => claim(&document, &signature, around).map_err(SignError::Source)?,
            Err(fault) => (unreadable(element, fault), BTreeSet::new()),
        });
    }
    Ok(claims)
}

/// The `Id`s of a document's signatures, in the order of their claims; none where a signature has none.
pub fn signature_ids(
    source: &(impl Source + ?Sized),
    limits: &Limits,
) -> Result<Vec<Option<String>>, SignError> {
    let limits = &limits.of_signed();
    let bytes = whole(source, limits)?;
    let tree = document::read(&bytes, limits)?;
    let document = Document::new(&tree, &[], limits);
    let ids = document
        .signatures()
        .map(|element| element.attribute("", "Id").map(str::to_owned));
    Ok(ids.collect())
}

/// A signature as others see it.
struct Neighbour<'t, 'a> {
    element: Element<'t, 'a>,
    /// Whether it holds nothing but itself: no content in an object, where a program could take it for the document's.
    is_bare: bool,
}

/// What else stands in the signatures' document.
#[derive(Clone, Copy)]
struct Around<'r, 't, 'a> {
    all: &'r [Neighbour<'t, 'a>],
    strangers: &'r [Stranger<'t, 'a>],
}

fn claim<'t, 'a>(
    document: &Document<'t, 'a>,
    signature: &Signature<'t, 'a>,
    around: Around<'_, 't, 'a>,
) -> Result<(Claim, BTreeSet<String>), crate::SourceError> {
    let element = signature.element;
    let mut reading = Reading {
        document,
        signature,
        around,
        intact: Vec::new(),
        beside: BTreeSet::new(),
        faults: Vec::new(),
        later: Later::None,
    };
    let covered = reading.covered()?;
    let coverage = reading.coverage(&covered);
    reading.countersigns();
    let (mut faults, beside) = (reading.faults, reading.beside);
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
    let claim = Claim {
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
    };
    Ok((claim, beside))
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
