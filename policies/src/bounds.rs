//! What a rule may be changed to, and how a change beyond that is refused.

use core::{fmt::Display, ops::RangeInclusive};

/// A rule in a file is laxer than Tamga admits, or makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A number outside its bounds.
    #[error("{rule} is {found}, but may be {least} to {most}")]
    OutOfBounds {
        /// Which rule.
        rule: &'static str,
        /// What the file says.
        found: String,
        /// The least that it may be.
        least: String,
        /// The most that it may be.
        most: String,
    },
    /// A lock shorter than the one before it.
    #[error("lockout.locks must not become shorter")]
    ShrinkingLocks,
    /// A list without entries, or with one entry twice.
    #[error("{rule} must name something, and nothing twice")]
    List {
        /// Which rule.
        rule: &'static str,
    },
    /// A default that is not admitted.
    #[error("algorithms.default is {0}, which algorithms.keys does not admit")]
    Default(domain::KeyAlgorithm),
    /// A kind of key that could be made but never sign.
    #[error("algorithms.profiles names nothing that a key of kind {0} can sign with")]
    Unused(domain::KeyAlgorithm),
}

/// `found`, if it lies within `bounds`.
pub(crate) fn within<T: PartialOrd + Display>(
    rule: &'static str,
    found: T,
    bounds: &RangeInclusive<T>,
) -> Result<T, RuleError> {
    if bounds.contains(&found) {
        return Ok(found);
    }
    Err(RuleError::OutOfBounds {
        rule,
        found: found.to_string(),
        least: bounds.start().to_string(),
        most: bounds.end().to_string(),
    })
}
