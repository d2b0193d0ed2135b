//! The resident keys of the token: what each is for, and the label by which it is found once at start.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A key with which the house itself signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKey {
    /// Signs two-factor assertions.
    Identity,
    /// The issuing certification authority: certificates and CRLs.
    Issuing,
    /// Online certificate status.
    Ocsp,
    /// Time stamps.
    TimeStamp,
    /// Evidence seals.
    Evidence,
    /// Ledger checkpoints.
    Ledger,
    /// Access tokens.
    Tokens,
}

impl ServiceKey {
    /// Every service key.
    pub const ALL: [Self; 7] = [
        Self::Identity,
        Self::Issuing,
        Self::Ocsp,
        Self::TimeStamp,
        Self::Evidence,
        Self::Ledger,
        Self::Tokens,
    ];

    /// The name on the wire, in labels and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Issuing => "issuing",
            Self::Ocsp => "ocsp",
            Self::TimeStamp => "time-stamp",
            Self::Evidence => "evidence",
            Self::Ledger => "ledger",
            Self::Tokens => "tokens",
        }
    }
}

/// What a resident key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyRole {
    /// AES: derives the key that wraps a Client's key.
    Kdk,
    /// AES: wraps verifiers.
    Kek,
    /// EC: what devices seal Sads and Enrolments to.
    Activation,
    /// EC: signs challenges and receipts.
    Challenge,
    /// HMAC: protects rows and makes pseudonyms.
    Tag,
    /// AES: wraps document keys.
    Documents,
    /// EC: signs nothing but the health check.
    Health,
    /// EC: the pinned root of devices; on a token of its own.
    Root,
    /// The root certification authority's key; on the root's token.
    RootAuthority,
    /// A key with which the house itself signs.
    Service(ServiceKey),
}

impl KeyRole {
    const PLAIN: [(Self, &'static str); 9] = [
        (Self::Kdk, "kdk"),
        (Self::Kek, "kek"),
        (Self::Activation, "activation"),
        (Self::Challenge, "challenge"),
        (Self::Tag, "tag"),
        (Self::Documents, "documents"),
        (Self::Health, "health"),
        (Self::Root, "root"),
        (Self::RootAuthority, "root-authority"),
    ];

    /// The name in labels, tables and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service(key) => key.name(),
            plain => Self::PLAIN
                .into_iter()
                .find(|(role, _)| *role == plain)
                .map_or("", |(_, name)| name),
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = Self::PLAIN
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| role);
        plain.or_else(|| {
            ServiceKey::ALL
                .into_iter()
                .find(|key| key.name() == name)
                .map(Self::Service)
        })
    }
}

/// One version of one resident key. Its label on the token is `tamga/ROLE/VERSION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyName {
    /// What it is for.
    pub role: KeyRole,
    /// Which version, from 1.
    pub version: u32,
}

impl KeyName {
    /// A key's name.
    pub const fn new(role: KeyRole, version: u32) -> Self {
        Self { role, version }
    }

    /// Reads a label; `None` for objects that are not ours.
    pub fn parse_label(label: &str) -> Option<Self> {
        let (role, version) = label.strip_prefix("tamga/")?.split_once('/')?;
        let version: u32 = version.parse().ok()?;
        let name = Self {
            role: KeyRole::parse(role)?,
            version,
        };
        (name.to_string() == label).then_some(name)
    }

    /// The name by which devices and statements call it, e.g. `activation/3`.
    pub fn kid(self) -> String {
        format!("{}/{}", self.role.name(), self.version)
    }

    /// Reads a [`KeyName::kid`].
    pub fn parse_kid(kid: &str) -> Option<Self> {
        Self::parse_label(&format!("tamga/{kid}"))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tamga/{}/{}", self.role.name(), self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_kids_round_trip_and_strangers_are_ignored() {
        for role in [
            KeyRole::Kdk,
            KeyRole::Activation,
            KeyRole::Service(ServiceKey::TimeStamp),
        ] {
            let name = KeyName::new(role, 12);
            assert_eq!(KeyName::parse_label(&name.to_string()), Some(name));
            assert_eq!(KeyName::parse_kid(&name.kid()), Some(name));
        }
        for label in [
            "kdk/1",
            "tamga/kdk/01",
            "tamga/kdk/",
            "tamga/other/1",
            "tamga/kdk/+1",
        ] {
            assert_eq!(KeyName::parse_label(label), None, "{label}");
        }
    }
}
