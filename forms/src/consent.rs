//! [`Consent`]: one of the three kinds that R109 lists, given remotely or at a branch.

use serde::{Deserialize, Serialize};

use crate::{Day, Draft, Form, Number, Organisation, Subject, Words, said::Term, terms, text::Text};

/// What is consented to. R109.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentKind {
    /// Collecting and processing personal data, biometric ones included.
    PersonalData,
    /// Biometric authentication.
    Biometrics,
    /// Making keys and issuing a certificate. R136.
    Certificate,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// Whose.
    pub client: Subject,
    /// To whom it is given.
    pub operator: Organisation,
    /// At which Participant.
    pub participant: Organisation,
    /// Where.
    pub given: Given,
    /// Until when; without a day, until it is withdrawn. R106.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// Where a consent was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Given {
    /// In a Session.
    Session(Number),
    /// At a branch of the Participant.
    Branch(Words),
}

impl ConsentKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::PersonalData, Self::Biometrics, Self::Certificate];

    /// Its wording.
    pub const fn text(self) -> Text {
        match self {
            Self::PersonalData => Text::PERSONAL_DATA,
            Self::Biometrics => Text::BIOMETRICS,
            Self::Certificate => Text::CERTIFICATE,
        }
    }
}

impl Form for Consent {
    const NAME: &'static str = "consent";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new("Келісім", "Согласие", "Consent");

    fn text(&self) -> Option<Text> {
        Some(self.kind.text())
    }

    fn say(&self, draft: &mut Draft) {
        draft.text(self.kind.text());
        draft.heading(terms::CLIENT);
        draft.fields(|fields| {
            self.client.fill(fields);
            match &self.given {
                Given::Session(session) => fields.said(terms::SESSION, session),
                Given::Branch(branch) => fields.said(BRANCH, branch),
            };
            match self.until {
                Some(day) => fields.plain(UNTIL, day.written()),
                None => fields.term(UNTIL, WITHDRAWN),
            };
        });
        draft.heading(terms::OPERATOR);
        draft.fields(|fields| self.operator.fill(fields));
        draft.heading(terms::PARTICIPANT);
        draft.fields(|fields| self.participant.fill(fields));
        draft.signature(terms::SIGNED_BY_CLIENT, self.client.said());
    }
}

const BRANCH: Term = Term::new(
    "Келісім берілген филиал",
    "Филиал, где дано согласие",
    "Branch where it was given",
);
const UNTIL: Term = Term::new("Қолданылу мерзімі", "Срок действия", "Valid until");
const WITHDRAWN: Term = Term::new("Кері қайтарып алынғанға дейін", "До отзыва", "It is withdrawn");
