//! What operators order, and whom each order needs.

use ca::Subject;
use serde::{Deserialize, Serialize};

/// What an operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorRole {
    /// Runs the authority.
    Administrator,
    /// Registers owners of certificates.
    RegistrationOfficer,
    /// Guards keys and people.
    SecurityOfficer,
    /// Looks at everything and changes nothing.
    Auditor,
}

use OperatorRole::{Administrator, Auditor, RegistrationOfficer, SecurityOfficer};

impl OperatorRole {
    const ALL: [Self; 4] = [Administrator, RegistrationOfficer, SecurityOfficer, Auditor];

    /// The name in files and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Administrator => "administrator",
            RegistrationOfficer => "registration-officer",
            SecurityOfficer => "security-officer",
            Auditor => "auditor",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What is ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "act")]
pub(crate) enum Act {
    /// Hold the ceremony of this file.
    Ceremony {
        /// SHA-256 of the file, hexadecimal.
        file_sha256: String,
        /// SHA-256 of the operators' certificates that it names, hexadecimal.
        operators_sha256: Vec<String>,
    },
    /// Replace the issuing authority.
    Rollover {
        /// SHA-256 of the file, hexadecimal.
        file_sha256: String,
    },
    /// Make the root's revocation list.
    RootList,
    /// Renew a service of the house.
    RenewService {
        /// Which.
        kind: String,
    },
    /// Issue a certificate on a request.
    Issue {
        /// What for.
        kind: String,
        /// SHA-256 of the certificate request, hexadecimal.
        request_sha256: String,
        /// Whom it names.
        subject: Box<Subject>,
        /// Names of a TLS server.
        hosts: Vec<String>,
        /// Whether it is published.
        publish: bool,
    },
    /// Change a certificate's state.
    Change {
        /// Which.
        serial: String,
        /// To what: hold, release, or a reason to revoke.
        wish: String,
    },
    /// Change the state of an authority or of a service of the house.
    ChangeHouse {
        /// Which.
        serial: String,
        /// What it is.
        kind: String,
        /// To what: hold, release, or a reason to revoke.
        wish: String,
    },
    /// Save everything into a backup.
    Backup,
    /// Put a backup back.
    Restore {
        /// SHA-256 of its manifest, hexadecimal.
        manifest_sha256: String,
    },
    /// Search the registry.
    Look,
    /// Add an operator.
    AddOperator {
        /// The person's name.
        name: String,
        /// SHA-256 of the certificate, hexadecimal.
        certificate_sha256: String,
        /// Roles.
        roles: Vec<OperatorRole>,
    },
    /// Remove an operator.
    RemoveOperator {
        /// SHA-256 of the certificate, hexadecimal.
        certificate_sha256: String,
    },
}

impl Act {
    /// One line per person that is needed: the roles of which that person must have one.
    pub(super) const fn rule(&self) -> &'static [&'static [OperatorRole]] {
        match self {
            Self::Ceremony { .. }
            | Self::Rollover { .. }
            | Self::RootList
            | Self::ChangeHouse { .. }
            | Self::Restore { .. }
            | Self::AddOperator { .. }
            | Self::RemoveOperator { .. } => &[&[Administrator], &[SecurityOfficer]],
            Self::RenewService { .. } | Self::Backup => &[&[Administrator]],
            Self::Issue { .. } => &[&[RegistrationOfficer]],
            Self::Change { .. } => &[&[RegistrationOfficer, SecurityOfficer]],
            Self::Look => &[&[Administrator, RegistrationOfficer, SecurityOfficer, Auditor]],
        }
    }
}
