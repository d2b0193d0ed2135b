//! [`Visit`]: what an Application asked for, fixed when the Session begins.

use domain::{Id, Iin, Phone, Time, word};
use policies::Proofing;
use serde::{Deserialize, Serialize};

/// What the Client comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Purpose {
    /// The Participant wants to know who is there.
    Prove,
    /// The Participant wants to know, and asks for personal data.
    Share,
    /// The Client signs Documents.
    Sign {
        /// How many.
        documents: u16,
    },
    /// The Client looks after certificates, consents and signed Documents.
    Cabinet,
}

/// What a Session is about. Nothing of it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The Session.
    pub id: Id<word::Session>,
    /// Whose Application asked.
    pub participant: Id<word::Participant>,
    /// Which Application.
    pub application: Id<word::Application>,
    /// What for.
    pub purpose: Purpose,
    /// Whom the Participant expects (R050); the Cabinet expects nobody.
    pub expected: Option<Iin>,
    /// Where the code goes: the number under which the Client is registered with the Participant (R050).
    pub phone: Phone,
    /// When it began.
    pub opened_at: Time,
    /// From when on it is over, whatever happens.
    pub ends_at: Time,
}

impl Visit {
    /// When a Session that begins now is over.
    pub fn end(now: Time, rule: &Proofing) -> Time {
        now.plus(rule.session_life)
    }
}
