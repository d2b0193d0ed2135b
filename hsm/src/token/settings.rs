//! How a token is reached and where it differs from others.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

/// A token, as the configuration names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The PKCS#11 module, a shared library.
    pub module: PathBuf,
    /// The token's label.
    pub label: String,
    /// Variables that the module reads, e.g. `SOFTHSM2_CONF`.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// What is known better than the probe at start; usually empty.
    #[serde(default)]
    pub profile: ProfileOverrides,
    /// Whether the module works without the network (SoftHSM and kryoptic do): workers then have none.
    #[serde(default)]
    pub local: bool,
}

/// What an operator knows better than the probe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileOverrides {
    /// The number of the RFC 5649 wrap mechanism, e.g. 0x210A for SoftHSM, 0x210B by the standard.
    pub wrap_mechanism: Option<u64>,
}
