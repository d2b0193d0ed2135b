//! [`Person`]: what counts against a person whichever Participant they come from. R045.

use domain::Time;
use policies::Proofing;
use serde::{Deserialize, Serialize};

/// Failed checks and a block of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    negatives: Vec<Time>,
    failed_matches: u32,
    block: Option<Block>,
}

/// Liveness is not checked until this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// From when on it is checked again.
    pub until: Time,
}

impl Person {
    /// The block in force.
    pub fn block(&self, now: Time) -> Option<Block> {
        self.block.filter(|block| now < block.until)
    }

    /// Comparisons that failed since the last that did not. R033.
    pub const fn failed_matches(&self) -> u32 {
        self.failed_matches
    }

    /// A check was negative. As many as a Session may have, within the time of a block, block: also if they were spread
    /// over Sessions side by side.
    pub(crate) fn failed(&mut self, rule: &Proofing, now: Time) {
        self.negatives.retain(|at| now.since(*at) < rule.block);
        self.negatives.push(now);
        if self.negatives.len() >= usize::from(rule.checks) {
            self.bar(rule, now);
        }
    }

    /// The last check of a Session was negative.
    pub(crate) fn bar(&mut self, rule: &Proofing, now: Time) {
        let until = now.plus(rule.block);
        let later = self.block.map_or(until, |block| block.until.max(until));
        self.block = Some(Block { until: later });
        self.negatives.clear();
    }

    /// A comparison failed.
    pub(crate) fn mismatched(&mut self) {
        self.failed_matches = self.failed_matches.saturating_add(1);
    }

    /// The person was recognised.
    pub(crate) fn recognised(&mut self) {
        self.negatives.clear();
        self.failed_matches = 0;
    }
}
