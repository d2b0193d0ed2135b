//! Status answers: without a nonce and about one certificate they are made once and kept until something changes;
//! others are signed on demand, so many in a second.
//!
//! What is signed on demand says what the registry said last, see [`States`]: each change of this process and of
//! others makes that forgotten, as it does the answers that are kept.

use core::{num::NonZeroU32, time::Duration};
use std::sync::Arc;

use ca::{Issuer, Serial};
use domain::{Time, hexadecimal, sha256};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use hsm::{Clock, Service, ServiceKey};
use moka::{ops::compute::Op, sync::Cache};
use pki::ocsp::{Answer, CertId, CertStatus, Question, Single, Unsuccessful};

use super::{Authority, House, SignError, StoreError, states::States};

/// For how long an answer may be relied on.
const LIFE: Duration = Duration::from_hours(1);
/// After this time a kept answer is made anew.
const RENEWED: Duration = Duration::from_mins(30);
/// Kept answers; each takes about a kilobyte.
const KEPT: u64 = 200_000;

/// An answer with what HTTP says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The `OCSPResponse`.
    pub der: Arc<[u8]>,
    /// From when to when it may be kept, if it may.
    pub valid: Option<(Time, Time)>,
    /// The name of exactly these bytes, if they may be kept.
    pub tag: Option<Arc<str>>,
}

/// A kept answer.
#[derive(Clone, Debug)]
struct Kept {
    der: Arc<[u8]>,
    made_at: Time,
    tag: Arc<str>,
}

/// What is kept about one certificate, by the way its issuer was named.
type KeptAnswers = Arc<Vec<(CertId, Kept)>>;

/// Answers that were made already, and how many more may be signed.
#[derive(Debug)]
pub(super) struct Answers {
    kept: Cache<(u32, Serial), KeptAnswers>,
    states: States,
    limit: DefaultDirectRateLimiter,
}

/// Why no answer was signed.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("the answer cannot be encoded: {0}")]
    Der(#[from] der::Error),
}

impl Answers {
    pub(super) fn new(per_second: u32) -> Self {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        Self {
            kept: Cache::new(KEPT),
            states: States::new(KEPT),
            limit: RateLimiter::direct(Quota::per_second(rate)),
        }
    }

    /// Forgets what was said about a certificate.
    pub(super) fn forget(&self, issuer: u32, serial: Serial) {
        self.states.forget((issuer, serial));
        self.kept.invalidate(&(issuer, serial));
    }

    fn find(&self, issuer: u32, serial: Serial, id: &CertId, now: Time) -> Option<Reply> {
        let kept = self.kept.get(&(issuer, serial))?;
        let (_, kept) = kept.iter().find(|(known, _)| known == id)?;
        (kept.made_at <= now && now.since(kept.made_at) < RENEWED).then(|| kept.reply())
    }

    /// Keeps an answer, unless something changed since it was begun. A certificate is asked about in few forms; of more,
    /// the oldest goes.
    fn keep(&self, key: (u32, Serial), id: CertId, kept: Kept, begun: u64) {
        const FORMS: usize = 4;
        self.kept.entry(key).and_compute_with(|known| {
            if self.states.changes() != begun {
                return Op::Nop;
            }
            let mut all = known.map_or_else(Vec::new, |known| known.into_value().to_vec());
            all.retain(|(known, _)| *known != id);
            if all.len() >= FORMS {
                all.remove(0);
            }
            all.push((id, kept));
            Op::Put(Arc::new(all))
        });
        if self.states.changes() != begun {
            self.kept.invalidate(&key);
        }
    }
}

impl Kept {
    fn reply(&self) -> Reply {
        Reply {
            der: Arc::clone(&self.der),
            valid: Some((self.made_at, self.made_at.plus(LIFE))),
            tag: Some(Arc::clone(&self.tag)),
        }
    }
}

impl Reply {
    /// No answer.
    pub fn unsuccessful(what: Unsuccessful) -> Self {
        Self {
            der: what.to_der().into(),
            valid: None,
            tag: None,
        }
    }
}

impl<S: Service, C: Clock> Authority<S, C> {
    /// Answers a question about certificates. RFC 6960, RFC 5019.
    pub async fn answer(&self, question: &[u8]) -> Reply {
        let question = match Question::parse(question) {
            Ok(question) => question,
            Err(error) => {
                tracing::debug!(%error, "a status question does not read");
                return Reply::unsuccessful(Unsuccessful::MalformedRequest);
            }
        };
        let house = self.house();
        // All certificates of one question must be of one authority: one responder signs the answer.
        let Some(issuer) = issuer_of(&house, &question) else {
            return Reply::unsuccessful(Unsuccessful::Unauthorized);
        };
        let Some(responder) = house.responder(issuer.generation()) else {
            return Reply::unsuccessful(Unsuccessful::InternalError);
        };
        let answered = match (question.ids(), question.nonce()) {
            ([id], None) => self.kept_answer(issuer, responder, id).await,
            (ids, nonce) => {
                if self.answers.limit.check().is_err() {
                    return Reply::unsuccessful(Unsuccessful::TryLater);
                }
                self.fresh_answer(issuer, responder, (ids, nonce))
                    .await
                    .map(|(kept, _)| Reply {
                        valid: None,
                        ..kept.reply()
                    })
            }
        };
        answered.unwrap_or_else(|error| {
            tracing::error!(%error, "a status question could not be answered");
            Reply::unsuccessful(Unsuccessful::TryLater)
        })
    }

    async fn kept_answer(
        &self,
        issuer: &Issuer,
        responder: &Issuer,
        id: &CertId,
    ) -> Result<Reply, AnswerError> {
        let generation = issuer.generation();
        let serial = Serial::of(id.serial());
        if let Some(reply) =
            serial.and_then(|serial| self.answers.find(generation, serial, id, self.clock.now()))
        {
            return Ok(reply);
        }
        // What is not kept is signed for the asker alone, so this costs as much as a nonce.
        if self.answers.limit.check().is_err() {
            return Ok(Reply::unsuccessful(Unsuccessful::TryLater));
        }
        let begun = self.answers.states.changes();
        let (kept, known) = self
            .fresh_answer(issuer, responder, (core::slice::from_ref(id), None))
            .await?;
        let reply = kept.reply();
        if let (Some(serial), true) = (serial, known) {
            self.answers.keep((generation, serial), id.clone(), kept, begun);
            return Ok(reply);
        }
        // A number that nobody gave out may be given out any moment.
        Ok(Reply { valid: None, ..reply })
    }

    /// A signed answer, and whether everything that was asked about is known.
    async fn fresh_answer(
        &self,
        issuer: &Issuer,
        responder: &Issuer,
        (ids, nonce): (&[CertId], Option<&[u8]>),
    ) -> Result<(Kept, bool), AnswerError> {
        let now = self.clock.now().whole_second();
        let mut singles = Vec::with_capacity(ids.len());
        let mut all_known = true;
        for id in ids {
            let status = match Serial::of(id.serial()) {
                None => CertStatus::Unknown,
                Some(serial) => self.status((issuer.generation(), serial)).await?,
            };
            all_known &= status != CertStatus::Unknown;
            singles.push(Single::new(id, status, (now, LIFE))?);
        }
        let answer = Answer {
            responder: responder.key(),
            profile: responder.profile(),
            made_at: now,
            nonce,
        };
        let key = (ServiceKey::Ocsp, responder.generation());
        let finished = self.sign(key, answer.prepare(&singles)?, responder.key()).await?;
        let der = Answer::finish(finished, responder.der())?;
        let kept = Kept {
            tag: hexadecimal(sha256(&der).get(..16).unwrap_or_default()).into(),
            der: der.into(),
            made_at: now,
        };
        Ok((kept, all_known))
    }

    /// What became of a certificate: remembered while changes of others are heard, read from the registry otherwise.
    async fn status(&self, certificate: (u32, Serial)) -> Result<CertStatus, StoreError> {
        let remembered = &self.answers.states;
        if let Some(status) = remembered.find(certificate, (self.ticks)()) {
            return Ok(status);
        }
        let begun = remembered.changes();
        let (issuer, serial) = certificate;
        let read = self.store.status(issuer, serial).await?;
        let status = read.map_or(CertStatus::Unknown, ca::State::status);
        remembered.keep(certificate, status, begun);
        Ok(status)
    }

    /// Hears of changes that other processes made: kept answers about them are forgotten. The position up to which
    /// everything was heard.
    pub async fn hear_changes(&self, after: u64) -> Result<u64, StoreError> {
        let mut heard = after;
        loop {
            let asked = (self.ticks)();
            let found = self.store.changed(heard).await?;
            let Some(last) = found.last() else {
                self.answers.states.heard(asked);
                return Ok(heard);
            };
            heard = last.position;
            for change in &found {
                self.answers.forget(change.issuer, change.serial);
            }
            self.changed.notify_waiters();
        }
    }
}

fn issuer_of<'a>(house: &'a House, question: &Question) -> Option<&'a Issuer> {
    house.generations().values().rev().find(|issuer| {
        question
            .ids()
            .iter()
            .all(|id| id.is_of(issuer.name(), issuer.key()))
    })
}
