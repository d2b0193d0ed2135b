//! Rules as data: numbers, limits and lists that a lawyer could change, each with its requirement id.
//!
//! [`Policy::SHIPPED`] is what Tamga runs with. Where the sources are silent the number is ours, and the rule says
//! so. A file may replace rules, but only by stricter ones: each rule names the least and the most that it may be,
//! and anything else does not parse. Nothing here does anything; other crates ask.
//!
//! ```
//! use policies::Policy;
//!
//! let stricter: Policy = toml::from_str("version = 2\n[lockout]\ntries = 3")?;
//! assert_eq!(stricter.lockout.tries(), 3);
//! assert_eq!(stricter.freshness, Policy::SHIPPED.freshness);
//!
//! let laxer = toml::from_str::<Policy>("version = 2\n[lockout]\ntries = 50");
//! assert!(laxer.unwrap_err().to_string().contains("lockout.tries is 50, but may be 1 to 5"));
//! # Ok::<(), toml::de::Error>(())
//! ```

mod algorithms;
mod bounds;
mod certificates;
mod documents;
mod endurance;
mod freshness;
mod lockout;
mod looks;
mod password;
mod policy;
mod proofing;
mod resident;
mod size;
mod span;

pub use algorithms::Algorithms;
pub use bounds::RuleError;
pub use certificates::{
    AuthorityRule, CertificateProfile, Certificates, CertificatesError, KeyStore, KeyUsageBit, NameAttribute,
    NameRule, Oid,
};
pub use documents::Documents;
pub use endurance::Endurance;
pub use freshness::Freshness;
pub use lockout::Lockout;
pub use looks::{Look, Looks};
pub use password::PasswordRule;
pub use policy::Policy;
pub use proofing::Proofing;
pub use resident::ResidentRule;
