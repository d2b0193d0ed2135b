//! [`Caution`]: what about a document may look different to different readers, or is not signed though it is there. It
//! is told to the signer, and a bank may refuse it.

use std::collections::BTreeSet;

use policies::{Look, Looks};
use serde::{Deserialize, Serialize};

use crate::{
    pdf::{self, Hazard},
    xml,
};

/// A thing to be told before a document is signed, with its particulars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Caution {
    /// Of a PDF, with its page.
    Pdf(pdf::Finding),
    /// Of an XML document.
    Xml(xml::Caution),
}

impl Caution {
    /// Its kind, as policy names it.
    pub const fn look(&self) -> Look {
        match self {
            Self::Pdf(finding) => match &finding.hazard {
                Hazard::Script => Look::Script,
                Hazard::Automatic => Look::Automatic,
                Hazard::Launch => Look::Launch,
                Hazard::ExternalContent => Look::ExternalContent,
                Hazard::Submission => Look::Submission,
                Hazard::Switch => Look::Switch,
                Hazard::Link(_) => Look::Link,
                Hazard::ExternalDocument => Look::ExternalDocument,
                Hazard::Multimedia => Look::Multimedia,
                Hazard::OptionalContent => Look::OptionalContent,
                Hazard::FontNotEmbedded(_) => Look::FontNotEmbedded,
                Hazard::Xfa => Look::Xfa,
                Hazard::Calculation => Look::Calculation,
                Hazard::ViewerDrawsForm => Look::ViewerDrawsForm,
                Hazard::AnnotationWithoutLook(_) => Look::AnnotationWithoutLook,
                Hazard::Attachment => Look::Attachment,
                Hazard::Unexamined => Look::Unexamined,
            },
            Self::Xml(xml::Caution::Stylesheet) => Look::Stylesheet,
            Self::Xml(xml::Caution::Comments(_)) => Look::Comments,
        }
    }

    /// What it says, for the bound on what an act holds.
    const fn length(&self) -> usize {
        let words = match self {
            Self::Pdf(finding) => match &finding.hazard {
                Hazard::Link(words)
                | Hazard::FontNotEmbedded(words)
                | Hazard::AnnotationWithoutLook(words) => words.len(),
                _ => 0,
            },
            Self::Xml(_) => 0,
        };
        size_of::<Self>() + words
    }
}

/// The cautions of one document: every kind at least once, and of a kind that is everywhere not all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cautions {
    told: Vec<Caution>,
    further: u64,
}

/// So many are told, and the first of every kind beyond.
const MOST_TOLD: usize = 100;

impl Cautions {
    /// Takes all cautions of a document, in their order; or refuses it by the first of a kind that is refused.
    pub(crate) fn new(found: impl IntoIterator<Item = Caution>, looks: &Looks) -> Result<Self, Box<Caution>> {
        let mut kinds = BTreeSet::new();
        let mut cautions = Self::default();
        for caution in found {
            if looks.refuse(caution.look()) {
                return Err(Box::new(caution));
            }
            if kinds.insert(caution.look()) || cautions.told.len() < MOST_TOLD {
                cautions.told.push(caution);
            } else {
                cautions.further = cautions.further.saturating_add(1);
            }
        }
        Ok(cautions)
    }

    /// Those that are told.
    pub fn told(&self) -> &[Caution] {
        &self.told
    }

    /// How many more there are, of kinds that are told.
    pub const fn further(&self) -> u64 {
        self.further
    }

    pub(crate) fn held(&self) -> usize {
        self.told.iter().map(Caution::length).sum()
    }
}
