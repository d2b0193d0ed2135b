//! [`Agreement`]: what the Client accepted, to the byte. R051, R113, R199-R201.

use domain::{Digest, Time};
use serde::{Deserialize, Serialize};

/// A published text of the user agreement. Its languages have equal force, so each is named by its digest. R201.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Grows with every publication. R200.
    pub number: u32,
    /// The text in Kazakh.
    pub kazakh: Digest,
    /// The text in Russian.
    pub russian: Digest,
    /// The text in English, for information.
    pub english: Digest,
}

/// An acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Of what.
    pub version: Version,
    /// When.
    pub accepted_at: Time,
}
