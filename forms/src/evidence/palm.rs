//! Evidence of palms: [`PalmLivenessEvidence`] and [`PalmMatchEvidence`]. R093, R094.
//!
//! Palms are scanned by devices that a provider registered; a person's own telephone is none of them (R090), so every
//! paper names its [`Device`].

use domain::Time;
use serde::{Deserialize, Serialize};

use super::{Outcome, say_parties, say_subject};
use crate::{Draft, Form, Number, Organisation, Subject, Words, draft::Fields, said::Term, terms};

/// A registered scanner. R089.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// What it is called.
    pub name: Words,
    /// Its identifier with the provider.
    pub identifier: Number,
}

/// The electronic document of a check that a palm is real. R093.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PalmLivenessEvidence {
    /// How the check ended.
    pub outcome: Outcome,
    /// Whose palm was scanned.
    pub subject: Subject,
    /// With which device.
    pub device: Device,
    /// For whom.
    pub customer: Organisation,
    /// When.
    pub checked_at: Time,
    /// By whom.
    pub provider: Organisation,
}

/// The electronic document of a palm match. R094.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PalmMatchEvidence {
    /// The identifier of the palm's template.
    pub template: Number,
    /// How the comparison ended.
    pub outcome: Outcome,
    /// Whose palm was scanned.
    pub subject: Subject,
    /// With which device.
    pub device: Device,
    /// For whom.
    pub customer: Organisation,
    /// When.
    pub compared_at: Time,
    /// By whom.
    pub provider: Organisation,
}

impl Device {
    fn fill(&self, fields: &mut Fields) {
        fields.said(DEVICE, &self.name);
        fields.said(IDENTIFIER, &self.identifier);
    }
}

impl Form for PalmLivenessEvidence {
    const NAME: &'static str = "palm-liveness-evidence";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Алақан ізінің шынайылығын тексеру туралы электрондық құжат",
        "Электронный документ о проверке подлинности отпечатка ладони",
        "Evidence that a palm print is real",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.provider)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.verdict(terms::RESULT, self.outcome.term());
            fields.time(AT, self.checked_at);
            self.device.fill(fields);
        });
        say_subject(draft, &self.subject);
        say_parties(draft, &self.customer, &self.provider, None);
        draft.seal(terms::SEAL);
    }
}

impl Form for PalmMatchEvidence {
    const NAME: &'static str = "palm-match-evidence";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Алақан іздерін салыстырып тексеру туралы электрондық құжат",
        "Электронный документ о сверке отпечатков ладони",
        "Evidence of a palm match",
    );

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.provider)
    }

    fn say(&self, draft: &mut Draft) {
        draft.fields(|fields| {
            fields.verdict(terms::RESULT, self.outcome.term());
            fields.said(TEMPLATE, &self.template);
            fields.time(AT, self.compared_at);
            self.device.fill(fields);
        });
        say_subject(draft, &self.subject);
        say_parties(draft, &self.customer, &self.provider, None);
        draft.seal(terms::SEAL);
    }
}

const AT: Term = Term::new("Күні мен уақыты", "Дата и время", "Date and time");
const DEVICE: Term = Term::new("Құрылғы", "Устройство", "Device");
const IDENTIFIER: Term = Term::new(
    "Құрылғының идентификаторы",
    "Идентификатор устройства",
    "Identifier of the device",
);
const TEMPLATE: Term = Term::new(
    "Алақан үлгісінің идентификаторы",
    "Идентификатор шаблона ладони",
    "Identifier of the palm template",
);
