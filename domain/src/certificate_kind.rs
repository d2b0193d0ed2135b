//! What a certificate is for: the name of its profile.

use core::fmt;

use serde::{Deserialize, Serialize};

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// The root certification authority, self-signed.
    Root,
    /// An issuing certification authority.
    Issuing,
    /// The cloud signature of a natural person.
    NaturalPerson,
    /// The signature of a legal person's employee.
    Employee,
    /// An information system of a legal person.
    InformationSystem,
    /// A Participant's client certificate for mutual TLS.
    Participant,
    /// An operator of this authority.
    Operator,
    /// Seals Evidence.
    EvidenceSeal,
    /// Signs checkpoints of the Ledger.
    Ledger,
    /// Answers status questions.
    Ocsp,
    /// Stamps times.
    TimeStamp,
    /// A TLS server of the house.
    TlsServer,
}

/// The text names no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no kind of certificate has this name; known are: {}",
    CertificateKind::names()
)]
pub struct UnknownKind;

impl CertificateKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Root,
        Self::Issuing,
        Self::NaturalPerson,
        Self::Employee,
        Self::InformationSystem,
        Self::Participant,
        Self::Operator,
        Self::EvidenceSeal,
        Self::Ledger,
        Self::Ocsp,
        Self::TimeStamp,
        Self::TlsServer,
    ];

    /// The name in tables, files and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
            Self::NaturalPerson => "natural-person",
            Self::Employee => "employee",
            Self::InformationSystem => "information-system",
            Self::Participant => "participant",
            Self::Operator => "operator",
            Self::EvidenceSeal => "evidence-seal",
            Self::Ledger => "ledger",
            Self::Ocsp => "ocsp",
            Self::TimeStamp => "time-stamp",
            Self::TlsServer => "tls-server",
        }
    }

    /// Whether its certificates promise a key behind the HSM that only its owner can use.
    pub const fn behind_hsm(self) -> bool {
        matches!(self, Self::NaturalPerson | Self::Employee)
    }

    /// Whether it signs for the house: authorities and their services.
    pub const fn of_house(self) -> bool {
        self.certifies()
            || matches!(
                self,
                Self::EvidenceSeal | Self::Ledger | Self::Ocsp | Self::TimeStamp
            )
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(UnknownKind)
    }

    /// Whether such a certificate certifies others.
    pub const fn certifies(self) -> bool {
        matches!(self, Self::Root | Self::Issuing)
    }

    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl core::str::FromStr for CertificateKind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::parse(name)
    }
}

impl fmt::Display for CertificateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
