//! What a worker is told at its start, over the pipe on its standard input.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{secret_bytes::SecretBytes, token::TokenSettings};

/// What a worker is told at its start.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorkerSettings {
    /// The token to open.
    pub(crate) token: TokenSettings,
    /// Its user PIN.
    pub(crate) pin: SecretBytes,
    /// Whether the module works without the network: then the worker has none.
    pub(crate) sealed_off: bool,
}

impl WorkerSettings {
    /// Where the module's own configuration is, for error messages.
    pub fn module(&self) -> &PathBuf {
        &self.token.module
    }
}
