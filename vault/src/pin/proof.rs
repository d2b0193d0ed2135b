//! What goes over the socket of an entry: a greeting, one line with proof and component, one answer.
//!
//! The proof is the officer's signature over the greeting's nonce and the component's digest, so that it is good for this
//! conversation and this component only. Secrets are on the one line, in buffers that are wiped.

use domain::{Nonce, hexadecimal, sha256};
use serde::{Deserialize, Serialize};

/// The socket's name in the folder of sockets.
pub(super) const SOCKET: &str = "pin-entry.sock";

/// A component that is still missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Missing {
    /// The token's label.
    pub(super) token: String,
    /// 1 or 2.
    pub(super) component: u8,
}

/// The first line, from the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Greeting {
    /// What the proof is over; another for each conversation.
    pub(super) nonce: Nonce,
    /// What is missing.
    pub(super) missing: Vec<Missing>,
}

/// What an officer signs; the name is the `kid` of the JWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    /// The greeting's.
    pub(super) nonce: Nonce,
    /// The token's label.
    pub(super) token: String,
    /// 1 or 2.
    pub(super) component: u8,
    /// SHA-256 of the component's text, hexadecimal.
    pub(super) component_sha256: String,
}

/// The last line, from the supervisor.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    /// The component was taken; this is missing now.
    Taken(Vec<Missing>),
    /// It was not, in words.
    Refused(String),
}

/// The digest that a proof names.
pub(super) fn digest(component: &str) -> String {
    hexadecimal(&sha256(component.as_bytes()))
}

/// What is missing, in words.
pub(super) fn in_words(missing: &[Missing]) -> String {
    let words = missing
        .iter()
        .map(|one| format!("component {} of the PIN of '{}'", one.component, one.token));
    words.collect::<Vec<_>>().join(", ")
}
