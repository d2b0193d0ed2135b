//! Certificate profiles as data: what a certificate of each kind says, how long it lives, and how its owner is named.
//! R140.

use core::{fmt, time::Duration};
use std::collections::BTreeMap;

use domain::CertificateKind;
use serde::{Deserialize, Serialize};

use crate::span::Span;

const SHIPPED: &str = include_str!("certificates.toml");

/// The profiles in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Certificates {
    /// Grows with every change; the shipped profiles are version 1.
    pub version: u32,
    #[serde(flatten)]
    profiles: BTreeMap<CertificateKind, CertificateProfile>,
}

/// The profiles cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// A profile lacks what makes its kind.
    #[error("the profile {0} must have `{1}`: a certificate of this kind is nothing without it")]
    Lacks(CertificateKind, &'static str),
    /// A profile has what makes another kind.
    #[error("the profile {0} must not have `{1}`: it belongs to other kinds")]
    Foreign(CertificateKind, &'static str),
    /// The text does not read.
    #[error("the certificate profiles do not read: {0}")]
    Form(#[from] toml::de::Error),
    /// A kind has no profile.
    #[error("there is no profile for {0}")]
    Missing(CertificateKind),
}

/// What certificates of one kind say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateProfile {
    life: Span,
    /// The subject's attributes, in order.
    pub name: Vec<NameRule>,
    /// Exactly these usages, critical.
    pub key_usage: Vec<KeyUsageBit>,
    /// Exactly these purposes.
    #[serde(default)]
    pub extended_key_usage: Vec<Oid>,
    /// Whether a verifier that does not know the purposes must refuse.
    #[serde(default)]
    pub extended_key_usage_critical: bool,
    /// Under which policies.
    #[serde(default)]
    pub policies: Vec<Oid>,
    /// Where the private key is kept: the national "key store" extension.
    pub key_store: Option<KeyStore>,
    /// Whether verifiers need not ask for this certificate's own status.
    #[serde(default)]
    pub no_check: bool,
    /// Whether it certifies others.
    pub authority: Option<AuthorityRule>,
}

/// A certificate that certifies others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityRule {
    /// Authorities that may stand below it.
    pub path_length: u8,
}

/// The extension that tells where the private key is kept, and what it tells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStore {
    /// The extension's own identifier.
    pub extension: Oid,
    /// The kind of storage.
    pub storage: Oid,
}

/// A bit of the key usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUsageBit {
    /// `digitalSignature`.
    DigitalSignature,
    /// `nonRepudiation`, called content commitment since.
    ContentCommitment,
    /// `keyCertSign`.
    KeyCertSign,
    /// `cRLSign`.
    CrlSign,
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// An attribute of a subject's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NameAttribute { $($(#[$doc])* $variant,)+ }

        impl NameAttribute {
            /// The name in profiles and commands.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The attribute of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

attributes! {
    /// `CN`.
    CommonName = "common-name";
    /// `SN`.
    Surname = "surname";
    /// `GN`: the patronymic, as national certificates have it.
    GivenName = "given-name";
    /// `serialNumber` with the individual identification number.
    Iin = "iin";
    /// `OU` with the business identification number.
    Bin = "bin";
    /// `O`.
    Organization = "organization";
    /// `organizationIdentifier`.
    OrganizationIdentifier = "organization-identifier";
    /// `UID` with the identifier of an information system.
    System = "system";
    /// `C=KZ`.
    Country = "country";
}

/// One place in a subject's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NameRule {
    /// What stands there.
    pub attribute: NameAttribute,
    /// Whether it must.
    pub required: bool,
}

impl TryFrom<String> for NameRule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.strip_suffix('?').unwrap_or(&text);
        let attribute =
            NameAttribute::parse(name).ok_or_else(|| format!("{name} is no attribute of a name"))?;
        Ok(Self {
            attribute,
            required: !text.ends_with('?'),
        })
    }
}

/// An object identifier, dotted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Oid(String);

impl Oid {
    /// The dotted text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Oid {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let plain = |arc: &str| arc.parse::<u32>().is_ok_and(|number| number.to_string() == arc);
        // X.660: three roots, of which the first two have forty arcs.
        let rooted = match text.split_once('.') {
            Some(("0" | "1", rest)) => rest
                .split('.')
                .next()
                .is_some_and(|arc| arc.parse::<u8>().is_ok_and(|arc| arc < 40)),
            Some(("2", _)) => true,
            Some(_) | None => false,
        };
        if rooted && text.split('.').count() >= 3 && text.split('.').all(plain) {
            Ok(Self(text))
        } else {
            Err(format!("{text} is no object identifier such as 1.3.6.1"))
        }
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CertificateProfile {
    /// How long such a certificate is valid.
    pub const fn life(&self) -> Duration {
        self.life.duration()
    }
}

impl Certificates {
    /// The profiles as shipped.
    pub fn shipped() -> Result<Self, CertificatesError> {
        Self::parse(SHIPPED)
    }

    /// Profiles from a file; it must have one for each kind.
    pub fn parse(text: &str) -> Result<Self, CertificatesError> {
        let read: Self = toml::from_str(text)?;
        for kind in CertificateKind::ALL {
            let profile = read.profile(kind)?;
            // What a kind is stands fast, whatever its certificates say.
            for (what, there, belongs) in [
                ("authority", profile.authority.is_some(), kind.certifies()),
                ("key_store", profile.key_store.is_some(), kind.behind_hsm()),
                ("no_check", profile.no_check, kind == CertificateKind::Ocsp),
            ] {
                match (there, belongs) {
                    (false, true) => return Err(CertificatesError::Lacks(kind, what)),
                    (true, false) => return Err(CertificatesError::Foreign(kind, what)),
                    (true, true) | (false, false) => {}
                }
            }
        }
        Ok(read)
    }

    /// What a certificate of this kind says.
    pub fn profile(&self, kind: CertificateKind) -> Result<&CertificateProfile, CertificatesError> {
        self.profiles.get(&kind).ok_or(CertificatesError::Missing(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profiles_read_and_each_kind_has_one() {
        let profiles = Certificates::shipped().unwrap();
        let person = profiles.profile(CertificateKind::NaturalPerson).unwrap();
        assert_eq!(person.life(), Duration::from_hours(365 * 24));
        assert!(!person.name.last().unwrap().required);
        for kind in CertificateKind::ALL {
            assert!(profiles.profile(kind).is_ok());
        }
    }

    #[test]
    fn a_profile_that_is_misspelt_or_missing_does_not_read() {
        for (from, to, why) in [
            ("\"surname\"", "\"sirname\"", "sirname is no attribute"),
            ("2.5.29.32.0", "2.5.029.32", "is no object identifier"),
            ("life = \"30 d\"", "life = \"month\"", "a span of time"),
            ("no_check = true", "nocheck = true", "unknown field `nocheck`"),
            ("no_check = true", "", "the profile ocsp must have `no_check`"),
            (
                "[participant]",
                "[participant]\nauthority = { path_length = 0 }",
                "must not have `authority`",
            ),
            (
                "key_store = {",
                "#",
                "the profile natural-person must have `key_store`",
            ),
            ("[tls-server]", "[tls]", "tls"),
        ] {
            let text = SHIPPED.replacen(from, to, 1);
            let refused = Certificates::parse(&text).unwrap_err().to_string();
            assert!(refused.contains(why), "{to}: {refused}");
        }
        let start = SHIPPED.split("[ocsp]").next().unwrap();
        let refused = Certificates::parse(start).unwrap_err();
        assert_eq!(refused.to_string(), "there is no profile for ocsp");
    }
}
