//! How a Client is proven: liveness, face match, one-time code, and how often each may be tried.
//!
//! Where the sources contradict each other the strictest reading holds (requirements 1.21, items 1 and 2). A class of
//! Participants may have rules of its own; [`Proofing::strictest`] of both is what counts for a Session.

use core::time::Duration;

use domain::Percent;
use serde::Deserialize;

use crate::{RuleError, bounds::within, span::Span};

/// Limits of one Session's two-factor authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Proofing {
    /// Signals that one drawn sequence has. R066.
    pub signals: u8,
    /// How often a sequence that was not followed is drawn anew before the check is negative. R067.
    pub repeats: u8,
    /// Liveness checks of one Session. R044.
    pub checks: u8,
    /// How long a person waits after the last of them failed, with whichever Participant. R045.
    pub block: Duration,
    /// What the face must at least agree with the reference picture. R028-R030.
    pub similarity: Percent,
    /// Failed matches after which only another way helps. R033.
    pub failed_matches: u8,
    /// Messages with a code of one Session. R047.
    pub messages: u8,
    /// Digits of a code. R004; the number is ours (requirements 1.21, item 5), as are those that follow.
    pub code_digits: u8,
    /// How long a code may be typed.
    pub code_life: Duration,
    /// Wrong tries of one code.
    pub code_tries: u8,
    /// How long a drawn sequence may be followed.
    pub sequence_life: Duration,
    /// How long a Session may take until the Client is proven.
    pub session_life: Duration,
    /// Bytes of a series of pictures. R159.
    pub capture_bytes: u32,
    /// Sessions that one person may begin in an hour, with whichever Participant. R057, R099.
    pub sessions_an_hour: u16,
    /// Sessions that one phone may be named in in an hour. R057, R099.
    pub phone_an_hour: u16,
    /// Sessions that one address may begin in an hour. R057, R099.
    pub address_an_hour: u16,
}

impl Proofing {
    /// As the sources have it, and where they are silent as we have it.
    pub const SHIPPED: Self = Self {
        signals: 3,
        repeats: 3,
        checks: 4,
        block: Duration::from_mins(15),
        similarity: Percent::new(85),
        failed_matches: 3,
        messages: 2,
        code_digits: 6,
        code_life: Duration::from_mins(3),
        code_tries: 3,
        sequence_life: Duration::from_mins(2),
        session_life: Duration::from_mins(20),
        capture_bytes: 5_000_000,
        sessions_an_hour: 10,
        phone_an_hour: 10,
        address_an_hour: 300,
    };

    /// The stricter of each rule. It is never laxer than either.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        Self {
            signals: self.signals.max(other.signals),
            repeats: self.repeats.min(other.repeats),
            checks: self.checks.min(other.checks),
            block: self.block.max(other.block),
            similarity: self.similarity.max(other.similarity),
            failed_matches: self.failed_matches.min(other.failed_matches),
            messages: self.messages.min(other.messages),
            code_digits: self.code_digits.max(other.code_digits),
            code_life: self.code_life.min(other.code_life),
            code_tries: self.code_tries.min(other.code_tries),
            sequence_life: self.sequence_life.min(other.sequence_life),
            session_life: self.session_life.min(other.session_life),
            capture_bytes: self.capture_bytes.min(other.capture_bytes),
            sessions_an_hour: self.sessions_an_hour.min(other.sessions_an_hour),
            phone_an_hour: self.phone_an_hour.min(other.phone_an_hour),
            address_an_hour: self.address_an_hour.min(other.address_an_hour),
        }
    }
}

impl Default for Proofing {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    signals: u8,
    repeats: u8,
    checks: u8,
    block: Span,
    similarity: Percent,
    failed_matches: u8,
    messages: u8,
    code_digits: u8,
    code_life: Span,
    code_tries: u8,
    sequence_life: Span,
    session_life: Span,
    capture_bytes: u32,
    sessions_an_hour: u16,
    phone_an_hour: u16,
    address_an_hour: u16,
}

impl Default for Written {
    fn default() -> Self {
        let shipped = Proofing::SHIPPED;
        Self {
            signals: shipped.signals,
            repeats: shipped.repeats,
            checks: shipped.checks,
            block: Span::new(shipped.block),
            similarity: shipped.similarity,
            failed_matches: shipped.failed_matches,
            messages: shipped.messages,
            code_digits: shipped.code_digits,
            code_life: Span::new(shipped.code_life),
            code_tries: shipped.code_tries,
            sequence_life: Span::new(shipped.sequence_life),
            session_life: Span::new(shipped.session_life),
            capture_bytes: shipped.capture_bytes,
            sessions_an_hour: shipped.sessions_an_hour,
            phone_an_hour: shipped.phone_an_hour,
            address_an_hour: shipped.address_an_hour,
        }
    }
}

impl TryFrom<Written> for Proofing {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let shipped = Self::SHIPPED;
        let span = |name, found, least, most| {
            within(name, found, &(Span::new(least)..=Span::new(most))).map(Span::duration)
        };
        let minute = Duration::from_mins(1);
        Ok(Self {
            signals: within("proofing.signals", written.signals, &(shipped.signals..=6))?,
            repeats: within("proofing.repeats", written.repeats, &(0..=shipped.repeats))?,
            checks: within("proofing.checks", written.checks, &(1..=shipped.checks))?,
            block: span(
                "proofing.block",
                written.block,
                shipped.block,
                Duration::from_hours(24),
            )?,
            similarity: within(
                "proofing.similarity",
                written.similarity,
                &(shipped.similarity..=Percent::WHOLE),
            )?,
            failed_matches: within(
                "proofing.failed_matches",
                written.failed_matches,
                &(1..=shipped.failed_matches),
            )?,
            messages: within("proofing.messages", written.messages, &(1..=shipped.messages))?,
            code_digits: within(
                "proofing.code_digits",
                written.code_digits,
                &(shipped.code_digits..=10),
            )?,
            code_life: span("proofing.code_life", written.code_life, minute, shipped.code_life)?,
            code_tries: within(
                "proofing.code_tries",
                written.code_tries,
                &(1..=shipped.code_tries),
            )?,
            sequence_life: span(
                "proofing.sequence_life",
                written.sequence_life,
                Duration::from_secs(30),
                shipped.sequence_life,
            )?,
            session_life: span(
                "proofing.session_life",
                written.session_life,
                Duration::from_mins(5),
                shipped.session_life,
            )?,
            capture_bytes: within(
                "proofing.capture_bytes",
                written.capture_bytes,
                &(500_000..=shipped.capture_bytes),
            )?,
            sessions_an_hour: within(
                "proofing.sessions_an_hour",
                written.sessions_an_hour,
                &(1..=shipped.sessions_an_hour),
            )?,
            phone_an_hour: within(
                "proofing.phone_an_hour",
                written.phone_an_hour,
                &(1..=shipped.phone_an_hour),
            )?,
            address_an_hour: within("proofing.address_an_hour", written.address_an_hour, &(1..=10_000))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_only_be_stricter() {
        let read = toml::from_str::<Proofing>;
        let stricter = read("similarity = '90.5'\nchecks = 1\nblock = '1 h'").unwrap();
        assert_eq!(stricter.similarity.hundredths(), 9_050);
        assert_eq!(stricter.messages, 2);
        for (text, why) in [
            (
                "similarity = '84.99'",
                "proofing.similarity is 84.99, but may be 85 to 100",
            ),
            ("checks = 5", "proofing.checks is 5, but may be 1 to 4"),
            ("checks = 0", "proofing.checks is 0"),
            ("signals = 2", "proofing.signals is 2, but may be 3 to 6"),
            ("repeats = 4", "proofing.repeats is 4, but may be 0 to 3"),
            ("messages = 3", "proofing.messages is 3, but may be 1 to 2"),
            (
                "block = '14 min'",
                "proofing.block is 14 min, but may be 15 min to 1 d",
            ),
            ("code_digits = 5", "proofing.code_digits is 5, but may be 6 to 10"),
            ("code_life = '4 min'", "proofing.code_life is 4 min"),
            ("code_tries = 4", "proofing.code_tries is 4"),
            ("failed_matches = 4", "proofing.failed_matches is 4"),
            ("capture_bytes = 5000001", "proofing.capture_bytes is 5000001"),
            ("session_life = '21 min'", "proofing.session_life is 21 min"),
            ("sequence_life = '3 min'", "proofing.sequence_life is 3 min"),
            ("similarity = 85", "invalid type"),
            ("similarities = '90'", "unknown field"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }

    #[test]
    fn of_two_rules_the_stricter_counts() {
        let mine = Proofing {
            similarity: Percent::new(95),
            checks: 2,
            signals: 5,
            ..Proofing::SHIPPED
        };
        let theirs = Proofing {
            block: Duration::from_hours(1),
            code_life: Duration::from_mins(1),
            ..Proofing::SHIPPED
        };
        let both = mine.strictest(theirs);
        assert_eq!(
            (both.similarity, both.checks, both.signals),
            (Percent::new(95), 2, 5)
        );
        assert_eq!((both.block, both.code_life), (theirs.block, theirs.code_life));
        assert_eq!(both, theirs.strictest(mine));
        assert_eq!(both, both.strictest(Proofing::SHIPPED));
    }
}
