//! Evidence: what is kept of each biometric check, passed or not.
//!
//! A person reads it without any program of ours, a program reads what is attached, and the provider's seal certifies
//! both (R074). All of it lies in one file, so that nothing must be found years later.

mod face_match;
mod liveness;
mod palm;
mod pictures;

pub use face_match::{MatchEvidence, Reference, Source};
pub use liveness::{LivenessEvidence, Way};
pub use palm::{Device, PalmLivenessEvidence, PalmMatchEvidence};
pub use pictures::{Colour, Series, SeriesError, Shot, Signal};

use serde::{Deserialize, Serialize};

use crate::{Organisation, Product, Subject, draft::Draft, said::Term, terms};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The check was passed.
    Passed,
    /// It was not.
    Failed,
}

impl Outcome {
    pub(crate) const fn term(self) -> Term {
        match self {
            Self::Passed => terms::PASSED,
            Self::Failed => terms::FAILED,
        }
    }
}

fn say_subject(draft: &mut Draft, subject: &Subject) {
    draft.heading(Term::new(
        "Сәйкестендіру деректері",
        "Идентификационные данные",
        "Identification data",
    ));
    draft.fields(|fields| subject.fill(fields));
}

/// The customer and the provider, as every Evidence names them.
fn say_parties(
    draft: &mut Draft,
    customer: &Organisation,
    provider: &Organisation,
    product: Option<&Product>,
) {
    draft.heading(Term::new(
        "Аутентификацияға тапсырыс беруші",
        "Заказчик аутентификации",
        "Customer of the authentication",
    ));
    draft.fields(|fields| customer.fill(fields));
    draft.heading(Term::new(
        "Аутентификация провайдері",
        "Провайдер аутентификации",
        "Provider of the authentication",
    ));
    draft.fields(|fields| {
        provider.fill(fields);
        if let Some(product) = product {
            product.fill(fields);
        }
    });
}
