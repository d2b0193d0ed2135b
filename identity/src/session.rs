//! [`Session`]: one visit of a Client, in the state that it has reached.

use domain::{Id, Iin, Time, word};
use serde::{Deserialize, Serialize};

use crate::{Browser, Reason, Visit};

mod knowing;
mod living;
mod naming;
mod typing;

pub use knowing::{Conversing, Identified, Known, Live, Matched};
pub use living::{Attempt, Captured, Check, Drawn, Followed, Judged, Verdict};
pub use naming::{Agreed, Named, Opened, Tries};
pub use typing::{CodeSent, NoMessageLeft, Owner, Proven, Typed};

/// One visit of a Client for one Application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session<S> {
    visit: Visit,
    browser: Browser,
    state: S,
}

/// It ended without a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    reason: Reason,
    at: Time,
    client: Option<Iin>,
}

/// A Session as it is kept between steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "stage")]
pub enum Stage {
    /// Nothing has happened yet.
    Opened(Session<Opened>),
    /// The agreement is accepted.
    Agreed(Session<Agreed>),
    /// The IIN is confirmed.
    Named(Session<Named>),
    /// A sequence waits to be followed.
    Drawn(Session<Drawn>),
    /// Pictures wait to be judged.
    Captured(Session<Captured>),
    /// A face waits to be compared.
    Live(Session<Live>),
    /// An operator's decision is waited for.
    Conversing(Session<Conversing>),
    /// Who it is is known; the phone is not reached yet.
    Known(Session<Known>),
    /// A code waits to be typed.
    CodeSent(Session<CodeSent>),
    /// The Client is proven.
    Proven(Session<Proven>),
    /// It ended without a proof.
    Ended(Session<Ended>),
}

/// A step was not taken. The stage is what is kept now: where nothing was spent, the one that was there.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the step is refused: {}", reason.code())]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// What is kept.
    pub stage: Box<Stage>,
}

impl<S> Session<S> {
    /// What it is about.
    pub const fn visit(&self) -> &Visit {
        &self.visit
    }

    /// Where it may be gone on with.
    pub const fn browser(&self) -> &Browser {
        &self.browser
    }

    /// How far it is.
    pub const fn state(&self) -> &S {
        &self.state
    }

    fn with<T>(self, state: impl FnOnce(S) -> T) -> Session<T> {
        Session {
            visit: self.visit,
            browser: self.browser,
            state: state(self.state),
        }
    }

    fn end(self, reason: Reason, client: Option<Iin>, at: Time) -> Session<Ended> {
        self.with(|_| Ended { reason, at, client })
    }

    /// Refuses and ends.
    fn refuse(self, reason: Reason, client: Option<Iin>, now: Time) -> Refusal {
        Refusal {
            reason,
            stage: Box::new(Stage::Ended(self.end(reason, client, now))),
        }
    }

    /// Refuses, if its time is up.
    fn in_time(self, client: Option<Iin>, now: Time) -> Result<Self, Refusal> {
        if self.over(now) {
            return Err(self.refuse(Reason::Expired, client, now));
        }
        Ok(self)
    }

    /// Whether its time is up.
    fn over(&self, now: Time) -> bool {
        now >= self.visit.ends_at
    }
}

impl Session<Ended> {
    /// Why.
    pub const fn reason(&self) -> Reason {
        self.state.reason
    }

    /// When.
    pub const fn ended_at(&self) -> Time {
        self.state.at
    }
}

macro_rules! each {
    ($stage:expr, $session:ident => $body:expr) => {
        match $stage {
            Stage::Opened($session) => $body,
            Stage::Agreed($session) => $body,
            Stage::Named($session) => $body,
            Stage::Drawn($session) => $body,
            Stage::Captured($session) => $body,
            Stage::Live($session) => $body,
            Stage::Conversing($session) => $body,
            Stage::Known($session) => $body,
            Stage::CodeSent($session) => $body,
            Stage::Proven($session) => $body,
            Stage::Ended($session) => $body,
        }
    };
}

impl Stage {
    /// What the Session is about.
    pub const fn visit(&self) -> &Visit {
        each!(self, session => session.visit())
    }

    /// The Session's id.
    pub const fn id(&self) -> Id<word::Session> {
        self.visit().id
    }

    /// Where it may be gone on with.
    pub const fn browser(&self) -> &Browser {
        each!(self, session => session.browser())
    }

    /// The Client, once they said who they are.
    pub fn client(&self) -> Option<Iin> {
        match self {
            Self::Opened(_) | Self::Agreed(_) => None,
            Self::Named(session) => Some(session.state.client()),
            Self::Drawn(session) => Some(session.state.client()),
            Self::Captured(session) => Some(session.state.client()),
            Self::Live(session) => Some(session.state.client()),
            Self::Conversing(session) => Some(session.state.client()),
            Self::Known(session) => Some(session.state.client()),
            Self::CodeSent(session) => Some(session.state.client()),
            Self::Proven(session) => Some(session.state.client()),
            Self::Ended(session) => session.state.client,
        }
    }

    /// The name in tables and answers.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Agreed(_) => "agreed",
            Self::Named(_) => "named",
            Self::Drawn(_) => "drawn",
            Self::Captured(_) => "captured",
            Self::Live(_) => "live",
            Self::Conversing(_) => "conversing",
            Self::Known(_) => "known",
            Self::CodeSent(_) => "code-sent",
            Self::Proven(_) => "proven",
            Self::Ended(_) => "ended",
        }
    }

    /// The Client stops (R059), or its time is up, or rules refuse: it ends here. One that has ended or was proven stays as
    /// it is.
    #[must_use]
    pub fn stop(self, reason: Reason, now: Time) -> Self {
        if matches!(self, Self::Proven(_) | Self::Ended(_)) {
            return self;
        }
        let client = self.client();
        Self::Ended(each!(self, session => session.end(reason, client, now)))
    }

    /// Ends it if its time is up.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        if now >= self.visit().ends_at {
            return self.stop(Reason::Expired, now);
        }
        self
    }

    /// Goes on in another browser, and no longer in this one.
    #[must_use]
    pub fn hand_over(mut self, to: Browser) -> Self {
        each!(&mut self, session => session.browser = to);
        self
    }
}
