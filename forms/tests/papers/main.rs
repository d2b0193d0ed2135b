//! What forms promise, shown on whole papers.
//!
//! With `TAMGA_FORMS_DIR` set, every paper is also left there, to be looked at.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

mod archive;
mod contents;
mod hostile;
mod reader;
mod sample;
mod screen;

use forms::{ConsentKind, Form, Languages, Paper};

/// Does the same with a paper of each form.
pub(crate) trait Each {
    fn see<F: Form + Clone + PartialEq + std::fmt::Debug>(&mut self, name: &str, paper: Paper<F>);
}

pub(crate) fn each(each: &mut impl Each) {
    each.see("agreement", sample::paper(sample::agreement()));
    each.see("issue", sample::paper(sample::issue()));
    each.see("revoke", sample::paper(sample::revoke()));
    for (kind, name) in ConsentKind::ALL
        .into_iter()
        .zip(["personal-data", "biometrics", "certificate"])
    {
        each.see(name, sample::paper(sample::consent(kind)));
    }
    each.see("liveness", sample::paper(sample::liveness()));
    each.see("conversation", sample::paper(sample::conversation()));
    each.see("match", sample::paper(sample::face_match("97.25")));
    each.see("palm-liveness", sample::paper(sample::palm_liveness()));
    each.see("palm-match", sample::paper(sample::palm_match()));
    each.see("connection", sample::paper(sample::application()));
    each.see("act", sample::paper(sample::act()));
    each.see("accession", sample::paper(sample::accession()));
    each.see("test-agreement", sample::paper(sample::test_agreement()));
    each.see("test-protocol", sample::paper(sample::protocol()));
    each.see("dispute", sample::paper(sample::dispute()));
}

/// Each way in which a paper speaks.
pub(crate) const TONGUES: [Languages; 5] = [
    Languages::Only(forms::Language::Kazakh),
    Languages::Only(forms::Language::Russian),
    Languages::Only(forms::Language::English),
    Languages::Official,
    Languages::All,
];
