//! [`MatchEvidence`]: what the comparison of two faces found. R072.

use domain::{Percent, Time};
use serde::{Deserialize, Serialize};

use super::{Outcome, liveness::sha256, say_parties, say_subject};
use crate::{
    Draft, Form, Number, Organisation, Picture, Product, Subject, Words,
    said::{Said, Term},
    terms,
};

/// The electronic document of a face match, with all that R072 lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchEvidence {
    /// Whose face was compared.
    pub subject: Subject,
    /// The picture that the liveness check gave. R006, R071.
    pub current: Picture,
    /// The number of that check's Evidence.
    pub liveness: Number,
    /// What it was compared with.
    pub reference: Reference,
    /// How alike they are.
    pub similarity: Percent,
    /// How alike they must be at least.
    pub threshold: Percent,
    /// For whom.
    pub customer: Organisation,
    /// In which of its Applications.
    pub application: Words,
    /// In which Session.
    pub session: Number,
    /// When.
    pub compared_at: Time,
    /// By whom.
    pub provider: Organisation,
    /// With what.
    pub product: Product,
}

/// The picture that a face was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Where it comes from.
    pub source: Source,
    /// What the source is called.
    pub name: Words,
    /// The picture, where the source lets it be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// Where a reference comes from. R064, R076.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A state database.
    Available,
    /// The national biometric authentication system.
    National,
    /// The provider's own verified pictures.
    Verified,
}

impl MatchEvidence {
    /// How the comparison ended: exactly as alike as needed is alike enough. R030.
    pub fn outcome(&self) -> Outcome {
        if self.similarity >= self.threshold {
            Outcome::Passed
        } else {
            Outcome::Failed
        }
    }
}

impl Form for MatchEvidence {
    const NAME: &'static str = "match-evidence";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Бейнелерді салыстырып тексеру туралы электрондық құжат",
        "Электронный документ о сверке изображений",
        "Evidence of a face match",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.provider)
    }

    fn say(&self, draft: &mut Draft) {
        let languages = draft.languages;
        draft.fields(|fields| {
            fields.verdict(terms::RESULT, self.outcome().term());
            fields.plain(SIMILARITY, format!("{} %", self.similarity));
            fields.plain(THRESHOLD, format!("{} %", self.threshold));
            fields.time(COMPARED_AT, self.compared_at);
            fields.said(terms::APPLICATION, &self.application);
            fields.said(terms::SESSION, &self.session);
        });
        say_subject(draft, &self.subject);
        say_parties(draft, &self.customer, &self.provider, Some(&self.product));
        draft.heading(PICTURES);
        draft.fields(|fields| {
            fields.said(LIVENESS, &self.liveness);
            fields.said(
                SOURCE,
                self.reference
                    .source
                    .term()
                    .said(languages)
                    .and((&self.reference.name).into()),
            );
        });
        let current = CURRENT.said(languages).and(Said::plain(&sha256(&self.current)));
        let mut pictures = vec![(self.current.clone(), current)];
        if let Some(picture) = &self.reference.picture {
            let caption = REFERENCE.said(languages).and(Said::plain(&sha256(picture)));
            pictures.push((picture.clone(), caption));
        }
        draft.pictures(2, pictures.into_iter());
        draft.seal(terms::SEAL);
    }
}

impl Source {
    const fn term(self) -> Term {
        match self {
            Self::Available => Term::new("Қолжетімді дереккөз", "Доступный источник", "Available source"),
            Self::National => Term::new(
                "Ұлттық биометриялық аутентификация жүйесі",
                "Национальная система биометрической аутентификации",
                "National biometric authentication system",
            ),
            Self::Verified => Term::new(
                "Провайдердің тексерілген бейнелері",
                "Проверенные изображения провайдера",
                "The provider's verified pictures",
            ),
        }
    }
}

const SIMILARITY: Term = Term::new("Ұқсастық дәрежесі", "Степень схожести", "Similarity");
const THRESHOLD: Term = Term::new(
    "Оң нәтижеге қажетті ең төменгі дәреже",
    "Наименьшая степень для положительного результата",
    "Least similarity for a positive result",
);
const COMPARED_AT: Term = Term::new(
    "Салыстыру күні мен уақыты",
    "Дата и время сверки",
    "Date and time of the comparison",
);
const PICTURES: Term = Term::new(
    "Салыстырылған бейнелер",
    "Сверенные изображения",
    "Compared pictures",
);
const LIVENESS: Term = Term::new(
    "Шынайылықты тексеру құжатының нөмірі",
    "Номер документа о проверке подлинности",
    "Number of the liveness check's evidence",
);
const SOURCE: Term = Term::new("Эталон көзі", "Источник эталона", "Source of the reference");
const CURRENT: Term = Term::new(
    "Шынайылықты тексеруден алынған бейне",
    "Изображение из проверки подлинности",
    "Picture from the liveness check",
);
const REFERENCE: Term = Term::new("Эталондық бейне", "Эталонное изображение", "Reference picture");
