//! Gateways: short messages to phones. R047.

use domain::{Id, Phone, word};
use serde::{Deserialize, Serialize};

/// `POST /v1/messages`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Sent again, it is the same message and is delivered once.
    pub id: Id<word::Message>,
    /// To whom.
    pub to: Phone,
    /// The text.
    pub text: String,
}

/// A code is in it.
impl core::fmt::Debug for Message {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Message({})", self.id)
    }
}

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageAnswer {
    /// Which message.
    pub id: Id<word::Message>,
    /// Whether it took it.
    pub taken: Taken,
}

/// What a gateway does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// It will deliver it.
    Accepted,
    /// It cannot.
    Refused,
}
