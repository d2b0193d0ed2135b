//! Liveness: a sequence of signals is drawn, followed and judged. R044, R045, R066, R067.
//!
//! A check is one sequence and those drawn anew because it was not followed. What was drawn is spent: whoever looks at a
//! sequence and lets it pass has not followed it, so nobody waits for an easy one.

use domain::{Id, Iin, Nonce, Time, word};
use policies::Proofing;
use serde::{Deserialize, Serialize};

use super::{Ended, Live, Named, Refusal, Session, Stage};
use crate::{Capture, Person, Reason, Sequence, capture::CaptureError};

/// A sequence waits to be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    named: Named,
    sequence: Sequence,
    nonce: Nonce,
    since: Time,
    until: Time,
}

/// Pictures wait to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Captured {
    drawn: Drawn,
    capture: Capture,
    since: Time,
}

/// One sequence of a check, and what became of it: what the Evidence of the check lists. R068.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// What was drawn.
    pub sequence: Sequence,
    /// When.
    pub drawn_at: Time,
    /// The pictures, if any came.
    pub capture: Option<Capture>,
    /// What they showed.
    pub followed: Followed,
    /// When that was known.
    pub judged_at: Time,
}

/// What became of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Followed {
    /// A living person followed it.
    Yes,
    /// It was not followed.
    No,
    /// No pictures came in time.
    Lapsed,
    /// The pictures do not show a living person.
    Spoofed,
}

/// What a Solution says of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A living person followed the signals; this picture shows the face best.
    Live {
        /// Its number in the series.
        picture: u8,
    },
    /// The signals were not followed.
    NotFollowed,
    /// It is not a living person, or not the capture software.
    Spoofed,
}

/// What a verdict leads to. A check that came to its end is given for its Evidence.
#[derive(Clone, Debug)]
pub enum Judged {
    /// The check is positive.
    Live(Session<Live>, Check),
    /// Another sequence is drawn in the same check.
    Repeat(Session<Named>),
    /// The check is negative and another may begin.
    Negative(Session<Named>, Check),
    /// The check is negative and was the last.
    Over(Session<Ended>, Check),
}

/// A check that came to its end. R068.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which of the Session, from 1 on.
    pub number: u8,
    /// Its sequences; the last decided.
    pub attempts: Vec<Attempt>,
}

/// Series that may come to nothing because no Solution answers; then the Session ends, so that pictures which bring
/// Solutions down do not buy sequences without end.
const UNJUDGED: u8 = 3;

impl Session<Named> {
    /// Draws a sequence, which is spent with this. The nonce binds the pictures to it.
    pub fn draw(
        self,
        (sequence, nonce): (Sequence, Nonce),
        person: &Person,
        rule: &Proofing,
        now: Time,
    ) -> Result<Session<Drawn>, Refusal> {
        let client = Some(self.state.client);
        let session = self.in_time(client, now)?;
        if let Some(block) = person.block(now) {
            return Err(session.refuse(Reason::Blocked { until: block.until }, client, now));
        }
        if session.state.tries.attempts.is_empty() && session.state.tries.checks >= rule.checks {
            return Err(session.refuse(Reason::NotMatched, client, now));
        }
        Ok(session.with(|mut named| {
            if named.tries.attempts.is_empty() {
                named.tries.checks = named.tries.checks.saturating_add(1);
            }
            Drawn {
                named,
                sequence,
                nonce,
                since: now,
                until: now.plus(rule.sequence_life),
            }
        }))
    }
}

impl Drawn {
    /// Who they say they are.
    pub const fn client(&self) -> Iin {
        self.named.client
    }

    /// What the device shows.
    pub const fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// What the pictures are bound to.
    pub const fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// Until when it may be followed.
    pub const fn until(&self) -> Time {
        self.until
    }

    /// Which check this is, from 1 on, and which sequence of it.
    pub const fn place(&self) -> (u8, usize) {
        (self.named.tries.checks, self.named.tries.attempts.len())
    }

    fn attempt(self, capture: Option<Capture>, followed: Followed, judged_at: Time) -> Named {
        let mut named = self.named;
        named.tries.attempts.push(Attempt {
            sequence: self.sequence,
            drawn_at: self.since,
            capture,
            followed,
            judged_at,
        });
        named
    }
}

impl Session<Drawn> {
    /// Takes the pictures, if they are of this sequence and in time. Pictures that are refused here spend nothing: the same
    /// sequence waits on.
    pub fn capture(
        self,
        capture: Capture,
        chain: [u8; 32],
        rule: &Proofing,
        now: Time,
    ) -> Result<Session<Captured>, CaptureError> {
        if now >= self.state.until || self.over(now) {
            return Err(CaptureError::Late);
        }
        capture.fits(self.state.sequence.signals().len(), rule.capture_bytes)?;
        if Capture::chain(self.visit.id, self.state.nonce, &capture.pictures) != chain {
            return Err(CaptureError::Foreign);
        }
        Ok(self.with(|drawn| Captured {
            drawn,
            capture,
            since: now,
        }))
    }

    /// What it is when nobody followed it in time; nothing before that.
    pub fn lapse(self, person: &mut Person, rule: &Proofing, now: Time) -> Option<Judged> {
        if now < self.state.until {
            return None;
        }
        let session = self.with(|drawn| drawn.attempt(None, Followed::Lapsed, now));
        Some(session.not_followed(person, rule, now))
    }
}

impl Captured {
    /// Who they say they are.
    pub const fn client(&self) -> Iin {
        self.drawn.named.client
    }

    /// What was drawn.
    pub const fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// What came.
    pub const fn capture(&self) -> &Capture {
        &self.capture
    }

    /// When it came.
    pub const fn since(&self) -> Time {
        self.since
    }
}

impl Session<Captured> {
    /// Takes a Solution's verdict.
    pub fn judge(
        self,
        verdict: Verdict,
        evidence: Id<word::Evidence>,
        person: &mut Person,
        rule: &Proofing,
        now: Time,
    ) -> Judged {
        let capture = self.state.capture.clone();
        let kept = |followed| move |state: Captured| state.drawn.attempt(Some(state.capture), followed, now);
        match verdict {
            Verdict::NotFollowed => self.with(kept(Followed::No)).not_followed(person, rule, now),
            Verdict::Spoofed => self.with(kept(Followed::Spoofed)).negative(person, rule, now),
            Verdict::Live { picture } => match capture.pictures.get(usize::from(picture)) {
                Some(_) => {
                    let (session, check) = self.with(kept(Followed::Yes)).closed();
                    Judged::Live(
                        session.with(|named| Live::new(named, capture, picture, evidence)),
                        check,
                    )
                }
                // A Solution that names a picture which is not there has judged something else.
                None => self.with(kept(Followed::No)).not_followed(person, rule, now),
            },
        }
    }

    /// No Solution judged it. Another sequence is drawn without spending one, a few times.
    pub fn unjudged(self, now: Time) -> Result<Session<Named>, Refusal> {
        let session = self.with(|captured| {
            let mut named = captured.drawn.named;
            named.tries.unjudged = named.tries.unjudged.saturating_add(1);
            if named.tries.attempts.is_empty() {
                named.tries.checks = named.tries.checks.saturating_sub(1);
            }
            named
        });
        if session.state.tries.unjudged >= UNJUDGED {
            let client = Some(session.state.client);
            return Err(session.refuse(Reason::Unavailable, client, now));
        }
        Ok(session)
    }
}

impl Session<Named> {
    fn not_followed(self, person: &mut Person, rule: &Proofing, now: Time) -> Judged {
        // The first sequence is no repeat.
        if self.state.tries.attempts.len() <= usize::from(rule.repeats) {
            return Judged::Repeat(self);
        }
        self.negative(person, rule, now)
    }

    fn negative(self, person: &mut Person, rule: &Proofing, now: Time) -> Judged {
        person.failed(rule, now);
        let (session, check) = self.closed();
        if session.state.tries.checks >= rule.checks {
            person.bar(rule, now);
        }
        match person.block(now) {
            None => Judged::Negative(session, check),
            Some(block) => {
                let client = Some(session.state.client);
                Judged::Over(
                    session.end(Reason::NotLive { until: block.until }, client, now),
                    check,
                )
            }
        }
    }

    /// The next sequence begins another check.
    fn closed(mut self) -> (Self, Check) {
        let check = Check {
            number: self.state.tries.checks,
            attempts: core::mem::take(&mut self.state.tries.attempts),
        };
        (self, check)
    }
}

impl Judged {
    /// What is kept.
    pub fn into_stage(self) -> Stage {
        match self {
            Self::Live(session, _) => Stage::Live(session),
            Self::Repeat(session) | Self::Negative(session, _) => Stage::Named(session),
            Self::Over(session, _) => Stage::Ended(session),
        }
    }
}
