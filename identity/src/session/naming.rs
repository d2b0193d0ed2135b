//! Agreement and IIN: who the Client says they are.

use domain::{Iin, Time};
use policies::Proofing;
use serde::{Deserialize, Serialize};

use super::{Attempt, Refusal, Session};
use crate::{Agreement, Browser, Person, Reason, Visit};

/// Nothing has happened yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {}

/// The agreement is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreed {
    pub(super) agreement: Agreement,
}

/// The IIN is confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub(super) agreement: Agreement,
    pub(super) client: Iin,
    pub(super) tries: Tries,
}

/// What was spent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tries {
    /// Checks that were begun.
    pub checks: u8,
    /// The sequences of the check that is going on: the first, and those drawn anew.
    pub attempts: Vec<Attempt>,
    /// Comparisons that failed.
    pub failed_matches: u8,
    /// Series that no Solution judged.
    pub unjudged: u8,
}

/// From this age on people act for themselves. R001.
const OF_AGE: u8 = 18;

impl Session<Opened> {
    /// Begins one, in this browser.
    pub const fn open(visit: Visit, browser: Browser) -> Self {
        Self {
            visit,
            browser,
            state: Opened {},
        }
    }

    /// The Client accepts the agreement. R051.
    pub fn agree(self, agreement: Agreement, now: Time) -> Result<Session<Agreed>, Refusal> {
        Ok(self.in_time(None, now)?.with(|_| Agreed { agreement }))
    }
}

impl Session<Agreed> {
    /// The Client confirms their IIN. R043.
    pub fn name(self, client: Iin, person: &Person, now: Time) -> Result<Session<Named>, Refusal> {
        let session = self.in_time(None, now)?;
        if session.visit.expected.is_some_and(|expected| expected != client) {
            return Err(session.refuse(Reason::OtherPerson, None, now));
        }
        if client.full_years(now) < OF_AGE {
            return Err(session.refuse(Reason::UnderAge, Some(client), now));
        }
        let named = session.with(|agreed| Named {
            agreement: agreed.agreement,
            client,
            tries: Tries::default(),
        });
        if let Some(block) = person.block(now) {
            return Err(named.refuse(Reason::Blocked { until: block.until }, Some(client), now));
        }
        Ok(named)
    }
}

impl Named {
    /// Who.
    pub const fn client(&self) -> Iin {
        self.client
    }

    /// What was accepted.
    pub const fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// What was spent.
    pub const fn tries(&self) -> &Tries {
        &self.tries
    }

    /// Checks that are left.
    pub const fn checks_left(&self, rule: &Proofing) -> u8 {
        rule.checks.saturating_sub(self.tries.checks)
    }
}
