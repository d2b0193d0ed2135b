//! The one-time code: sent to the phone that is the Client's own, and typed. R004, R047, R233.

use domain::{Assertion, Factor, FactorKind, Id, Iin, Time, word};
use policies::{Freshness, Proofing};
use serde::{Deserialize, Serialize};

use super::{Ended, Known, Refusal, Session, Stage};
use crate::{Agreement, Code, CodeDigits, Reason};

/// A code waits to be typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSent {
    known: Known,
    messages: u8,
    /// `None` once it was typed wrongly too often: nothing opens it any more.
    code: Option<Code>,
    until: Time,
    tries_left: u8,
}

/// The Client is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven {
    agreement: Agreement,
    client: Iin,
    factors: Vec<Factor>,
    assertion: Id<word::Assertion>,
    proofed_at: Time,
}

/// Whose the phone is, by a source that knows. R233.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The Client's.
    Client,
    /// Somebody else's, or nobody's.
    Other,
}

/// What typing a code leads to.
#[derive(Clone, Debug)]
pub enum Typed {
    /// It is right.
    Proven(Session<Proven>),
    /// It is wrong; there are tries left.
    Wrong(Session<CodeSent>),
    /// This code is of no use any more; another may be sent.
    Void(Session<CodeSent>),
    /// It is wrong for the last time.
    Over(Session<Ended>),
}

/// No further message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no further message may be sent in this session; type the code that came, or begin again")]
pub struct NoMessageLeft;

impl Session<Known> {
    /// A code is about to be sent; the message is spent with this, whether it arrives or not.
    pub fn send(
        self,
        owner: Owner,
        code: Code,
        rule: &Proofing,
        now: Time,
    ) -> Result<Session<CodeSent>, Refusal> {
        let client = Some(self.state.client());
        let session = self.in_time(client, now)?;
        match owner {
            Owner::Other => Err(session.refuse(Reason::ForeignPhone, client, now)),
            Owner::Client => Ok(session.with(|known| CodeSent {
                known,
                messages: 1,
                code: Some(code),
                until: now.plus(rule.code_life),
                tries_left: rule.code_tries,
            })),
        }
    }
}

impl CodeSent {
    /// Who.
    pub const fn client(&self) -> Iin {
        self.known.named.client
    }

    /// Until when the code may be typed.
    pub const fn until(&self) -> Time {
        self.until
    }

    /// Wrong tries that are left of this code.
    pub const fn tries_left(&self) -> u8 {
        self.tries_left
    }

    /// Messages that are left.
    pub const fn messages_left(&self, rule: &Proofing) -> u8 {
        rule.messages.saturating_sub(self.messages)
    }
}

impl Session<CodeSent> {
    /// Another code takes the place of the one before.
    pub fn send_again(mut self, code: Code, rule: &Proofing, now: Time) -> Result<Self, NoMessageLeft> {
        let state = &mut self.state;
        if state.messages_left(rule) == 0 || now >= self.visit.ends_at {
            return Err(NoMessageLeft);
        }
        state.messages = state.messages.saturating_add(1);
        state.code = Some(code);
        state.until = now.plus(rule.code_life);
        state.tries_left = rule.code_tries;
        Ok(self)
    }

    /// Takes what was typed. `code` is the Evidence that one was sent and typed; `assertion` the name of the proof.
    pub fn enter(
        self,
        digits: &CodeDigits,
        (code, assertion): (Id<word::Evidence>, Id<word::Assertion>),
        rule: &Proofing,
        now: Time,
    ) -> Typed {
        let mut session = self;
        if session.over(now) {
            let client = Some(session.state.client());
            return Typed::Over(session.end(Reason::Expired, client, now));
        }
        let sent = session.state.code.filter(|_| now < session.state.until);
        let Some(sent) = sent else {
            return session.void(rule, now);
        };
        if sent.agrees(digits, session.visit.id) {
            return Typed::Proven(session.with(|sent| sent.proven(code, assertion)));
        }
        let left = session.state.tries_left.saturating_sub(1);
        session.state.tries_left = left;
        if left == 0 {
            session.void(rule, now)
        } else {
            Typed::Wrong(session)
        }
    }

    fn void(mut self, rule: &Proofing, now: Time) -> Typed {
        self.state.code = None;
        self.state.tries_left = 0;
        if self.state.messages_left(rule) > 0 {
            return Typed::Void(self);
        }
        let client = Some(self.state.client());
        Typed::Over(self.end(Reason::WrongCode, client, now))
    }
}

impl CodeSent {
    fn proven(self, code: Id<word::Evidence>, assertion: Id<word::Assertion>) -> Proven {
        let mut factors = self.known.identified.factors();
        factors.push(Factor {
            kind: FactorKind::Code,
            evidence: code,
        });
        Proven {
            agreement: self.known.named.agreement,
            client: self.known.named.client,
            factors,
            assertion,
            // A proof is as fresh as its oldest part.
            proofed_at: self.known.since,
        }
    }
}

impl Proven {
    /// Who.
    pub const fn client(&self) -> Iin {
        self.client
    }

    /// What was accepted.
    pub const fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// By what.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// When the Client was seen.
    pub const fn proofed_at(&self) -> Time {
        self.proofed_at
    }
}

impl Session<Proven> {
    /// What `identity` signs for the boundary. It says the same however often it is asked for. R003, R123.
    pub fn assertion(&self, rule: &Freshness) -> Assertion {
        let Proven {
            client,
            factors,
            assertion,
            proofed_at,
            ..
        } = &self.state;
        Assertion {
            id: *assertion,
            session: self.visit.id,
            client: *client,
            factors: factors.clone(),
            proofed_at: proofed_at.whole_second(),
            expires_at: proofed_at.whole_second().plus(rule.proofing_life),
        }
    }
}

impl Typed {
    /// What is kept.
    pub fn into_stage(self) -> Stage {
        match self {
            Self::Proven(session) => Stage::Proven(session),
            Self::Wrong(session) | Self::Void(session) => Stage::CodeSent(session),
            Self::Over(session) => Stage::Ended(session),
        }
    }
}
