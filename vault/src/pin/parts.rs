//! Parts: what was entered so far, and whether the next component may join it.
//!
//! A refusal takes nothing away: what another person entered stays. Components wait here, one of each officer, in memory
//! that is wiped, and are gone with the process. A false one holds nobody up: its officer may enter another, and two that
//! fit are found among all.

use std::fmt::Write as _;

use domain::{JwsError, Nonce, Time, Unverified, hexadecimal, sha256, typ};
use hsm::{PinActs, PinComponent, PinEntered, PinRefused};

use super::{
    Entered, Pins,
    component::{Component, ComponentError, Number},
    officers::{Officer, PinEntry},
    proof::{self, Missing, Proof},
};

/// A component was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Too long.
    #[error("the line is longer than any component with its proof")]
    Oversize,
    /// Nothing came in time.
    #[error("nothing came within {0} seconds; begin again")]
    Silent(u64),
    /// Another form of conversation.
    #[error("the line is not a proof and a component; use tamga-hsm enter-pin of this version")]
    Form,
    /// A name that is not in the configuration.
    #[error("'{0}' is no officer of [pin_entry]; --as takes the name as it stands there")]
    Stranger(String),
    /// A key that is not this officer's.
    #[error("the proof is not signed with the key of '{0}'")]
    Key(String),
    /// A proof of another conversation.
    #[error("the proof is not for this conversation; a proof is good once")]
    Replayed,
    /// A proof for another component.
    #[error("the proof is for another component than the one that came with it")]
    Unproven,
    /// No component.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// Another token's.
    #[error("this component is of another token; asked for: {0}")]
    Token(String),
    /// The same component again.
    #[error("component {number} of the PIN of '{token}' was entered already; component {other} is missing")]
    Again {
        /// Of which token.
        token: String,
        /// Which.
        number: Number,
        /// Which not.
        other: Number,
    },
    /// Two components that give no PIN together.
    #[error("{why}; '{first}' and '{second}' entered these two, either may enter another")]
    Apart {
        /// Who entered the one that waited.
        first: String,
        /// Who entered this one.
        second: String,
        /// Why they do not fit.
        why: ComponentError,
    },
    /// One person with both.
    #[error("'{0}' entered a component of this PIN already; the other one is for another person")]
    SamePerson(String),
    /// Nothing is missing of this token.
    #[error("the PIN of '{0}' is entered already")]
    Done(String),
}

/// One component with who entered it.
struct Part {
    component: Component,
    witness: PinComponent,
}

enum Progress {
    /// At most one of each officer, in the order in which they came.
    Waiting(Vec<Part>),
    Both,
}

/// What was entered so far.
pub(super) struct Parts {
    officers: Vec<Officer>,
    tokens: Vec<(String, Progress)>,
    entered: Entered,
}

impl Parts {
    /// Nothing yet.
    pub(super) fn new(entry: PinEntry) -> Self {
        let tokens = entry
            .tokens
            .into_iter()
            .map(|label| (label, Progress::Waiting(Vec::new())));
        Self {
            officers: entry.officers,
            tokens: tokens.collect(),
            entered: Entered {
                pins: Pins::new(),
                acts: PinActs::default(),
            },
        }
    }

    /// What is missing.
    pub(super) fn missing(&self) -> Vec<Missing> {
        let of = |(label, progress): &(String, Progress)| {
            let missing = Number::BOTH.into_iter().filter(|number| match progress {
                Progress::Waiting(parts) => parts
                    .first()
                    .is_none_or(|part| part.component.number() != *number),
                Progress::Both => false,
            });
            let missing = missing.map(|number| Missing {
                token: label.clone(),
                component: number.value(),
            });
            missing.collect::<Vec<_>>()
        };
        self.tokens.iter().flat_map(of).collect()
    }

    /// Takes one line of a conversation with this nonce, or refuses it; either is remembered as an act.
    pub(super) fn offer(&mut self, line: &[u8], nonce: Nonce, now: Time) -> Result<(), Refusal> {
        let mut claimed = String::new();
        let taken = self.take(line, (nonce, now), &mut claimed);
        if let Err(refusal) = &taken {
            self.refuse(&claimed, refusal, now);
        }
        taken
    }

    /// Remembers a refusal.
    pub(super) fn refuse(&mut self, claimed: &str, refusal: &Refusal, now: Time) {
        tracing::warn!(claimed, %refusal, "a component of a PIN was refused");
        self.entered.acts.refuse(PinRefused {
            claimed: claimed.to_owned(),
            reason: refusal.to_string(),
            at: now.to_string(),
        });
    }

    /// The PINs, once nothing is missing.
    pub(super) fn finish(&mut self) -> Option<Entered> {
        self.missing()
            .is_empty()
            .then(|| core::mem::take(&mut self.entered))
    }

    fn take(
        &mut self,
        line: &[u8],
        (nonce, now): (Nonce, Time),
        claimed: &mut String,
    ) -> Result<(), Refusal> {
        let line = core::str::from_utf8(line).map_err(|_| Refusal::Form)?;
        let (signed, text) = line.trim_end().split_once(' ').ok_or(Refusal::Form)?;
        let unverified = Unverified::<Proof>::parse(signed, typ::PIN_ENTRY).map_err(|_| Refusal::Form)?;
        claimed.extend(unverified.kid().chars().take(CLAIMED));
        let officer = self
            .officers
            .iter()
            .find(|officer| officer.name == unverified.kid());
        let officer = officer.ok_or_else(|| Refusal::Stranger(claimed.clone()))?.clone();
        let proof = unverified.verify(&officer.key).map_err(|error| match error {
            JwsError::Signature => Refusal::Key(officer.name.clone()),
            JwsError::Form | JwsError::Header | JwsError::Payload | JwsError::OutOfTime => Refusal::Form,
        })?;
        if proof.nonce != nonce {
            return Err(Refusal::Replayed);
        }
        let component = Component::parse(text)?;
        let number = component.number();
        if proof.component != number.value()
            || proof.component_sha256 != proof::digest(text)
            || !component.is_of(&proof.token)
        {
            return Err(Refusal::Unproven);
        }
        let part = Part {
            witness: PinComponent {
                number: number.value(),
                officer: officer.name.clone(),
                key_sha256: hexadecimal(&sha256(&officer.key.point())),
                proof: signed.to_owned(),
            },
            component,
        };
        self.join(&proof.token, part, now)?;
        let token = &proof.token;
        tracing::info!(officer = officer.name, token, %number, "a component of a PIN was taken");
        Ok(())
    }

    fn join(&mut self, label: &str, part: Part, now: Time) -> Result<(), Refusal> {
        let wanted = self.tokens.iter().fold(String::new(), |mut words, (label, _)| {
            let _ = write!(words, "{}'{label}'", if words.is_empty() { "" } else { ", " });
            words
        });
        let progress = self.tokens.iter_mut().find(|(known, _)| known == label);
        let (label, progress) = progress.ok_or(Refusal::Token(wanted))?;
        let waiting = match progress {
            Progress::Both => return Err(Refusal::Done(label.clone())),
            Progress::Waiting(waiting) => waiting,
        };
        let is_own = |other: &Part| other.witness.officer == part.witness.officer;
        let (number, text) = (part.component.number(), label.clone());
        let pairs = |other: &Part| other.component.pairs_with(&part.component);
        if waiting
            .iter()
            .any(|other| is_own(other) && pairs(other) && other.component.number() != number)
        {
            return Err(Refusal::SamePerson(part.witness.officer));
        }
        let joined = waiting.iter().filter(|other| !is_own(other)).find_map(|other| {
            let pin = other.component.join(&part.component, label).ok()?;
            Some((other.witness.clone(), pin))
        });
        let Some((first, pin)) = joined else {
            let is_again =
                |other: &Part| !is_own(other) && pairs(other) && other.component.number() == number;
            if waiting.iter().any(is_again) {
                let other = if number == Number::One {
                    Number::Two
                } else {
                    Number::One
                };
                let token = text;
                return Err(Refusal::Again { token, number, other });
            }
            let apart = waiting.iter().find(|other| !is_own(other)).and_then(|other| {
                let why = other.component.join(&part.component, label).err()?;
                let (first, second) = (other.witness.officer.clone(), part.witness.officer.clone());
                Some(Refusal::Apart { first, second, why })
            });
            // Which of the two is false, nobody can tell yet: both wait, until their officers bring others.
            match waiting.iter_mut().find(|other| is_own(other)) {
                Some(own) => *own = part,
                None => waiting.push(part),
            }
            return apart.map_or(Ok(()), Err);
        };
        let mut components = [first, part.witness];
        components.sort_by_key(|component| component.number);
        self.entered.pins.insert(label.clone(), pin);
        self.entered.acts.entered.push(PinEntered {
            token: label.clone(),
            components,
            at: now.to_string(),
        });
        *progress = Progress::Both;
        Ok(())
    }
}

/// Letters of a claimed name that are remembered.
const CLAIMED: usize = 128;
