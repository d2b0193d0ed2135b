//! [`Report`]: what was found of a file, for machines as JSON and for people in their language.

mod json;
mod labels;
mod phrases;
mod text;

use domain::{Language, Time};

use crate::judgement::{Indication, SignatureReport, Wanted};

/// What was found of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its name.
    pub file: String,
    /// The time for which it was judged.
    pub at: Time,
    /// Its signatures in their order.
    pub signatures: Vec<SignatureReport>,
}

impl Report {
    /// The worst that was found of a signature; none where there is no signature.
    pub fn indication(&self) -> Option<Indication> {
        self.signatures.iter().map(SignatureReport::indication).max()
    }

    /// Everything that is missing and could be fetched.
    pub fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for signature in &self.signatures {
            wanted.add(signature.wanted.clone());
        }
        wanted
    }

    /// For machines: `docs/validation-report.md`. The names of fields and codes never change; new ones may come. Texts
    /// are in this language.
    pub fn to_json(&self, language: Language) -> serde_json::Value {
        json::report(self, language)
    }

    /// For people.
    pub fn to_text(&self, language: Language) -> String {
        text::report(self, language)
    }
}
