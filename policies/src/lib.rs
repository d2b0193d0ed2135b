//! Rules as data: numbers, limits and profiles that a lawyer could change, each with its requirement id.
//!
//! [`Policy::SHIPPED`] is what Tamga runs with. Where the sources are silent the number is ours, and the rule says
//! so. Nothing here does anything; other crates ask.

mod algorithms;
mod freshness;
mod lockout;
mod password;
mod resident;

use domain::Argon2Parameters;

pub use algorithms::Algorithms;
pub use freshness::Freshness;
pub use lockout::Lockout;
pub use password::PasswordRule;
pub use resident::ResidentRule;

/// The rules in force, in one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Grows with every change of a rule.
    pub version: u32,
    /// How wrong passwords lock.
    pub lockout: Lockout,
    /// What Argon2id costs a device, and so a thief. R125; the number is ours (requirements 1.21, item 5).
    pub argon2: Argon2Parameters,
    /// Which passwords are admitted.
    pub password: PasswordRule,
    /// How long proofs, nonces and keys live.
    pub freshness: Freshness,
    /// Which keys and signatures are made.
    pub algorithms: Algorithms,
    /// How many verifiers live on the token.
    pub resident: ResidentRule,
}

impl Policy {
    /// The rules as shipped.
    pub const SHIPPED: Self = Self {
        version: 1,
        lockout: Lockout::SHIPPED,
        argon2: Argon2Parameters::STANDARD,
        password: PasswordRule::SHIPPED,
        freshness: Freshness::SHIPPED,
        algorithms: Algorithms::SHIPPED,
        resident: ResidentRule::SHIPPED,
    };
}

impl Default for Policy {
    fn default() -> Self {
        Self::SHIPPED
    }
}
