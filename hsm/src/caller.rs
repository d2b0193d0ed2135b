//! Who may ask for what: one role per socket or client certificate, and one closed table.

use serde::{Deserialize, Serialize};

use crate::ServiceKey;

/// The part of the service that stands behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Serves devices.
    Web,
    /// The certification authority.
    Ca,
    /// Proves Clients.
    Identity,
    /// Background work.
    Jobs,
}

/// One operation, as far as authorisation tells operations apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// `challenge`.
    Challenge,
    /// `enrol`.
    Enrol,
    /// `activate`.
    Activate,
    /// `outcome`.
    Outcome,
    /// `certify`.
    Certify,
    /// `destroy`.
    Destroy,
    /// `sign_as` with this key.
    SignAs(ServiceKey),
    /// `make_service_key`.
    MakeServiceKey,
    /// `rotate`.
    Rotate,
    /// `wrap_document_key` and `unwrap_document_key`.
    DocumentKey,
    /// `status`.
    Status,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Web, Self::Ca, Self::Identity, Self::Jobs];

    /// The name of its socket and in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Ca => "ca",
            Self::Identity => "identity",
            Self::Jobs => "jobs",
        }
    }

    /// Whether callers of this role may ask for this operation; what is not listed is refused.
    pub const fn may(self, operation: Operation) -> bool {
        match operation {
            Operation::Status => true,
            Operation::Challenge | Operation::Enrol | Operation::Activate | Operation::Outcome => {
                matches!(self, Self::Web)
            }
            Operation::Certify | Operation::Destroy | Operation::MakeServiceKey => matches!(self, Self::Ca),
            Operation::Rotate => matches!(self, Self::Jobs),
            Operation::DocumentKey => matches!(self, Self::Web | Self::Identity | Self::Jobs),
            Operation::SignAs(key) => match key {
                ServiceKey::Issuing | ServiceKey::Ocsp => matches!(self, Self::Ca),
                ServiceKey::TimeStamp => matches!(self, Self::Ca | Self::Jobs),
                ServiceKey::Identity => matches!(self, Self::Identity),
                ServiceKey::Evidence => matches!(self, Self::Identity | Self::Jobs),
                ServiceKey::Ledger | ServiceKey::Tokens => matches!(self, Self::Jobs),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_key_has_its_callers_and_web_signs_as_nobody() {
        for key in ServiceKey::ALL {
            assert!(!Role::Web.may(Operation::SignAs(key)));
            assert!(
                Role::ALL.into_iter().any(|role| role.may(Operation::SignAs(key))),
                "{key:?}"
            );
        }
    }

    #[test]
    fn only_web_reaches_a_clients_key() {
        for role in [Role::Ca, Role::Identity, Role::Jobs] {
            for operation in [
                Operation::Challenge,
                Operation::Enrol,
                Operation::Activate,
                Operation::Outcome,
            ] {
                assert!(!role.may(operation));
            }
        }
    }
}
