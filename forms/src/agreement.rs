//! [`UserAgreement`]: what a Client accepts before anything begins. R051, R113, R199, R202, R203, R204.

use domain::{Iin, Time};
use serde::{Deserialize, Serialize};

use crate::{Draft, Form, Link, Number, Organisation, Words, said::Term, terms, text::Text};

/// The user agreement, as it is published or as somebody accepted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserAgreement {
    /// Whose agreement it is.
    pub operator: Organisation,
    /// Where the version in force is published. R199.
    pub site: Link,
    /// Who accepted it, if anybody: the record of R113.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Acceptance>,
}

/// An acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The Client's national number.
    pub iin: Iin,
    /// At which Participant.
    pub participant: Words,
    /// In which of its Applications.
    pub application: Words,
    /// In which Session.
    pub session: Number,
    /// When the button was pressed.
    pub accepted_at: Time,
}

impl Form for UserAgreement {
    const NAME: &'static str = "user-agreement";
    const SCHEMA: u32 = 1;
    const TITLE: Term = Term::new(
        "Пайдаланушы келісімі",
        "Пользовательское соглашение",
        "User agreement",
    );

    fn text(&self) -> Option<Text> {
        Some(Text::AGREEMENT)
    }

    fn issuer(&self) -> Option<&Organisation> {
        Some(&self.operator)
    }

    fn say(&self, draft: &mut Draft) {
        draft.text(Text::AGREEMENT);
        draft.heading(OPERATOR);
        draft.fields(|fields| {
            self.operator.fill(fields);
            fields.said(SITE, &self.site);
            fields.plain(VERSION, Text::AGREEMENT.number);
        });
        if let Some(acceptance) = &self.acceptance {
            draft.heading(ACCEPTANCE);
            draft.fields(|fields| {
                fields.plain(terms::IIN, acceptance.iin);
                fields.said(terms::PARTICIPANT, &acceptance.participant);
                fields.said(terms::APPLICATION, &acceptance.application);
                fields.said(terms::SESSION, &acceptance.session);
                fields.time(ACCEPTED_AT, acceptance.accepted_at);
            });
            draft.seal(terms::OPERATORS_SEAL);
        }
    }
}

const OPERATOR: Term = Term::new("Оператордың деректемелері", "Реквизиты Оператора", "The Operator");
const SITE: Term = Term::new(
    "Қолданыстағы редакция жарияланған мекенжай",
    "Адрес, по которому опубликована действующая редакция",
    "Where the version in force is published",
);
const VERSION: Term = Term::new("Нұсқа нөмірі", "Номер версии", "Version");
const ACCEPTANCE: Term = Term::new("Келісімді қабылдау", "Принятие соглашения", "Acceptance");
const ACCEPTED_AT: Term = Term::new(
    "«Жалғастыру» басылған уақыт",
    "Время нажатия «Продолжить»",
    "When \"Continue\" was pressed",
);
