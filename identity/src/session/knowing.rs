//! Who it is: the live face is compared with the reference (R005, R006, R046, R071), or an operator sees the Client in a
//! conversation (R096).

use domain::{Factor, FactorKind, Id, Iin, Percent, Time, word};
use policies::Proofing;
use serde::{Deserialize, Serialize};

use super::{Ended, Named, Refusal, Session, Stage};
use crate::{Capture, Person, Picture, Reason};

/// A face waits to be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    named: Named,
    capture: Capture,
    picture: u8,
    evidence: Id<word::Evidence>,
}

/// An operator's decision is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversing {
    named: Named,
    asked_at: Time,
}

/// Who it is is known; the phone is not reached yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub(super) named: Named,
    pub(super) identified: Identified,
    pub(super) since: Time,
}

/// By what it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum Identified {
    /// A living face that is the reference's.
    Face {
        /// The check of liveness.
        liveness: Id<word::Evidence>,
        /// The comparison.
        comparison: Id<word::Evidence>,
    },
    /// An operator's decision.
    Conversation {
        /// Its record.
        evidence: Id<word::Evidence>,
    },
}

/// What a comparison leads to.
#[derive(Clone, Debug)]
pub enum Matched {
    /// It is the Client.
    Known(Session<Known>),
    /// It is not; another check may begin.
    Again(Session<Named>),
    /// It is not, for the last time.
    Over(Session<Ended>),
}

impl Live {
    pub(super) const fn new(
        named: Named,
        capture: Capture,
        picture: u8,
        evidence: Id<word::Evidence>,
    ) -> Self {
        Self {
            named,
            capture,
            picture,
            evidence,
        }
    }

    /// Who they say they are.
    pub const fn client(&self) -> Iin {
        self.named.client
    }

    /// The series, and the picture of it that is compared. No other picture can be. R006.
    pub fn face(&self) -> (&Capture, Option<&Picture>) {
        (
            &self.capture,
            self.capture.pictures.get(usize::from(self.picture)),
        )
    }

    /// The Evidence of the check.
    pub const fn evidence(&self) -> Id<word::Evidence> {
        self.evidence
    }
}

impl Session<Live> {
    /// Takes the similarity with the reference picture.
    pub fn compare(
        self,
        similarity: Percent,
        comparison: Id<word::Evidence>,
        person: &mut Person,
        rule: &Proofing,
        now: Time,
    ) -> Matched {
        if similarity >= rule.similarity {
            person.recognised();
            return Matched::Known(self.with(|live| Known {
                named: live.named,
                identified: Identified::Face {
                    liveness: live.evidence,
                    comparison,
                },
                since: now,
            }));
        }
        person.mismatched();
        let mut session = self.with(|live| live.named);
        let tries = &mut session.state.tries;
        tries.failed_matches = tries.failed_matches.saturating_add(1);
        if tries.failed_matches >= rule.failed_matches || tries.checks >= rule.checks {
            let client = Some(session.state.client);
            return Matched::Over(session.end(Reason::NotMatched, client, now));
        }
        Matched::Again(session)
    }

    /// The sources have nothing to compare with.
    pub fn without_reference(self, now: Time) -> Session<Ended> {
        let client = Some(self.state.named.client);
        self.end(Reason::NoReference, client, now)
    }
}

impl Session<Named> {
    /// A person with a disability asks to be seen by an operator instead. R096.
    pub fn converse(self, now: Time) -> Result<Session<Conversing>, Refusal> {
        let client = Some(self.state.client);
        Ok(self
            .in_time(client, now)?
            .with(|named| Conversing { named, asked_at: now }))
    }
}

impl Conversing {
    /// Who they say they are.
    pub const fn client(&self) -> Iin {
        self.named.client
    }

    /// Since when they wait.
    pub const fn asked_at(&self) -> Time {
        self.asked_at
    }
}

impl Session<Conversing> {
    /// The operator recognised the Client.
    pub fn recognise(
        self,
        evidence: Id<word::Evidence>,
        person: &mut Person,
        now: Time,
    ) -> Result<Session<Known>, Refusal> {
        let client = Some(self.state.client());
        let session = self.in_time(client, now)?;
        person.recognised();
        Ok(session.with(|conversing| Known {
            named: conversing.named,
            identified: Identified::Conversation { evidence },
            since: now,
        }))
    }

    /// The operator did not.
    pub fn decline(self, person: &mut Person, now: Time) -> Session<Ended> {
        person.mismatched();
        let client = Some(self.state.named.client);
        self.end(Reason::NotRecognised, client, now)
    }

    /// The Client would rather show their face to the camera: at their wish, says R096.
    pub fn return_to_camera(self, now: Time) -> Result<Session<Named>, Refusal> {
        let client = Some(self.state.client());
        Ok(self.in_time(client, now)?.with(|conversing| conversing.named))
    }
}

impl Known {
    /// Who.
    pub const fn client(&self) -> Iin {
        self.named.client
    }

    /// By what.
    pub const fn identified(&self) -> &Identified {
        &self.identified
    }
}

impl Identified {
    pub(super) fn factors(&self) -> Vec<Factor> {
        let factor = |kind, evidence| Factor { kind, evidence };
        match *self {
            Self::Face { liveness, comparison } => vec![
                factor(FactorKind::Liveness, liveness),
                factor(FactorKind::Match, comparison),
            ],
            Self::Conversation { evidence } => vec![factor(FactorKind::Video, evidence)],
        }
    }
}

impl Matched {
    /// What is kept.
    pub fn into_stage(self) -> Stage {
        match self {
            Self::Known(session) => Stage::Known(session),
            Self::Again(session) => Stage::Named(session),
            Self::Over(session) => Stage::Ended(session),
        }
    }
}
