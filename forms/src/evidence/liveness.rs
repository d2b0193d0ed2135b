//! [`LivenessEvidence`]: what a check for a living person found. R068.

use domain::Time;
use serde::{Deserialize, Serialize};

use super::{Outcome, Series, say_parties, say_subject};
use crate::{
    Draft, Form, Number, Organisation, Picture, Product, Prose, Subject, Words,
    said::{Said, Term},
    terms,
};

/// The electronic document of a liveness check, with all that R068 lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessEvidence {
    /// How the check ended.
    pub outcome: Outcome,
    /// Who was checked.
    pub subject: Subject,
    /// How they were checked.
    pub way: Way,
    /// For whom.
    pub customer: Organisation,
    /// In which of its Applications.
    pub application: Words,
    /// In which Session.
    pub session: Number,
    /// When.
    pub checked_at: Time,
    /// By whom.
    pub provider: Organisation,
}

/// How a person was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Way {
    /// By signals that were drawn by chance, analysed by a Solution.
    Signals {
        /// The signals and their pictures.
        series: Series,
        /// What analysed them.
        product: Product,
        /// What the capture software said of its own integrity, of an emulated environment and of the camera. R065.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attestation: Option<Prose>,
    },
    /// By conversation with an operator over video, for a person with a disability. R096.
    Conversation {
        /// Who held it.
        operator: Words,
        /// When it began.
        began_at: Time,
        /// What the operator noted.
        notes: Prose,
        /// What was seen.
        pictures: Vec<Picture>,
    },
}

impl Form for LivenessEvidence {
    const NAME: &'static str = "liveness-evidence";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Бейненің шынайылығын тексеру туралы электрондық құжат",
        "Электронный документ о проверке подлинности изображения",
        "Evidence of a liveness check",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.provider)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.verdict(terms::RESULT, self.outcome.term());
            fields.time(CHECKED_AT, self.checked_at);
            fields.said(terms::APPLICATION, &self.application);
            fields.said(terms::SESSION, &self.session);
        });
        say_subject(draft, &self.subject);
        let product = match &self.way {
            Way::Signals { product, .. } => Some(product),
            Way::Conversation { .. } => None,
        };
        say_parties(draft, &self.customer, &self.provider, product);
        match &self.way {
            Way::Signals {
                series, attestation, ..
            } => {
                say_signals(draft, series);
                draft.heading(ATTESTATION);
                match attestation {
                    Some(attestation) => draft.prose(attestation),
                    None => draft.paragraph(NO_ATTESTATION),
                }
                say_pictures(draft, series);
            }
            Way::Conversation {
                operator,
                began_at,
                notes,
                pictures,
            } => {
                draft.heading(CONVERSATION);
                draft.paragraph(WHY_CONVERSATION);
                draft.fields(|fields| {
                    fields.said(terms::OPERATOR, operator);
                    fields.time(BEGAN_AT, *began_at);
                });
                draft.prose(notes);
                let captioned = pictures
                    .iter()
                    .map(|picture| (picture.clone(), Said::plain(&sha256(picture))));
                draft.pictures(3, captioned);
            }
        }
        draft.seal(terms::SEAL);
    }
}

fn say_signals(draft: &mut Draft, series: &Series) {
    let languages = draft.languages;
    draft.heading(SIGNALS);
    let rows = series.signals().iter().enumerate().map(|(at, signal)| {
        let count = series
            .shots()
            .iter()
            .filter(|shot| usize::from(shot.signal) == at)
            .count();
        vec![
            Said::plain(&(at + 1).to_string()),
            signal.name().said(languages),
            signal.description().said(languages),
            Said::plain(&count.to_string()),
        ]
    });
    draft.table(
        SIGNALS,
        &[
            (6, Term::new("№", "№", "No.")),
            (24, SIGNAL),
            (52, DESCRIPTION),
            (18, PICTURES),
        ],
        rows.collect(),
    );
}

fn say_pictures(draft: &mut Draft, series: &Series) {
    let languages = draft.languages;
    draft.heading(TAKEN);
    let captioned = series.shots().iter().map(|shot| {
        let name = series
            .signals()
            .get(usize::from(shot.signal))
            .map(|signal| signal.name());
        let seconds = format!("{}. +{}.{:03} s", shot.signal + 1, shot.at / 1000, shot.at % 1000);
        let caption = Said::plain(&seconds)
            .and(name.map(|name| name.said(languages)).unwrap_or_default())
            .and(Said::plain(&sha256(&shot.picture)));
        (shot.picture.clone(), caption)
    });
    draft.pictures(4, captioned);
}

pub(super) fn sha256(picture: &Picture) -> String {
    format!("SHA-256 {}", picture.digest())
}

const CHECKED_AT: Term = Term::new(
    "Тексеру күні мен уақыты",
    "Дата и время проверки",
    "Date and time of the check",
);
const SIGNALS: Term = Term::new(
    "Жүйе таңдаған сигналдар мен командалар",
    "Сигналы и команды, выбранные системой",
    "Signals and commands chosen by the system",
);
const SIGNAL: Term = Term::new("Сигнал", "Сигнал", "Signal");
const DESCRIPTION: Term = Term::new("Сипаттамасы", "Описание", "Description");
const PICTURES: Term = Term::new("Бейне саны", "Изображений", "Pictures");
const TAKEN: Term = Term::new(
    "Сигналдарға сәйкес түсірілген бейнелер",
    "Изображения, снятые при сигналах",
    "Pictures taken during the signals",
);
const ATTESTATION: Term = Term::new(
    "Түсіру бағдарламасының өзі және ортасы туралы мәліметі",
    "Сведения программы съёмки о себе и своей среде",
    "What the capture software says of itself and its surroundings",
);
const NO_ATTESTATION: Term = Term::new(
    "Түсіру бағдарламасы мәлімет бермеді.",
    "Программа съёмки сведений не передала.",
    "The capture software said nothing.",
);
const CONVERSATION: Term = Term::new("Бейнесұхбат", "Видеобеседа", "Video conversation");
const WHY_CONVERSATION: Term = Term::new(
    "Тексеру мүгедектігі бар адамның қалауы бойынша оператормен бейнесұхбат арқылы жүргізілді.",
    "Проверка проведена в видеобеседе с оператором по желанию лица с инвалидностью.",
    "The check was held in a video conversation with an operator, at the wish of a person with a disability.",
);
const BEGAN_AT: Term = Term::new("Басталған уақыты", "Время начала", "Began");
