//! What the boundary is told at its start.

use std::path::PathBuf;

use policies::Policy;
use zeroize::Zeroizing;

use crate::{TokenSettings, VerifierMode};

/// A token with its PIN.
#[derive(Clone, Debug)]
pub struct LaneSettings {
    /// The token.
    pub token: TokenSettings,
    /// Its user PIN.
    pub pin: Zeroizing<Vec<u8>>,
}

/// What the boundary is told at its start.
#[derive(Debug)]
pub struct BoundarySettings {
    /// The program that workers run, with the command `worker`; usually this one.
    pub program: PathBuf,
    /// The token with everything that concerns Clients.
    pub clients: LaneSettings,
    /// The token with the service keys; may be the same.
    pub services: LaneSettings,
    /// The root's statement about the newest challenge key.
    pub challenge_certificate: String,
    /// Where verifiers are kept.
    pub verifier: VerifierMode,
    /// The rules.
    pub policy: Policy,
    /// Signing workers; one per core is best.
    pub signing_workers: usize,
    /// After how many frames a worker is replaced.
    pub worker_share: u64,
    /// At what resident memory a worker is replaced.
    pub worker_memory_kib: u64,
    /// Whether no other supervisor works on this database, so that every open Activation is a leftover.
    pub alone: bool,
}
