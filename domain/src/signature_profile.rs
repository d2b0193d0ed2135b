//! One type that names how a signature is made, everywhere: key, padding, digest, OID and XML URI.
//!
//! A request chooses a profile, never a mechanism and a key independently; whether the profile fits the key is
//! asked in one place, [`SignatureProfile::fits`].

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{HashAlgorithm, KeyAlgorithm};

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureProfile {
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384Sha384,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSA PSS with SHA-256, MGF1 with the same, salt of 32 bytes.
    RsaPssSha256,
    /// RSA PSS with SHA-384, MGF1 with the same, salt of 48 bytes.
    RsaPssSha384,
    /// RSA PSS with SHA-512, MGF1 with the same, salt of 64 bytes.
    RsaPssSha512,
}

/// The text names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no signature profile has this name")]
pub struct UnknownProfile;

impl SignatureProfile {
    /// Every profile.
    pub const ALL: [Self; 8] = [
        Self::EcdsaP256Sha256,
        Self::EcdsaP384Sha384,
        Self::RsaPkcs1Sha256,
        Self::RsaPkcs1Sha384,
        Self::RsaPkcs1Sha512,
        Self::RsaPssSha256,
        Self::RsaPssSha384,
        Self::RsaPssSha512,
    ];

    /// The name on the wire and in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Self::EcdsaP384Sha384 => "ecdsa-p384-sha384",
            Self::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
            Self::RsaPkcs1Sha384 => "rsa-pkcs1-sha384",
            Self::RsaPkcs1Sha512 => "rsa-pkcs1-sha512",
            Self::RsaPssSha256 => "rsa-pss-sha256",
            Self::RsaPssSha384 => "rsa-pss-sha384",
            Self::RsaPssSha512 => "rsa-pss-sha512",
        }
    }

    /// The profile of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownProfile> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or(UnknownProfile)
    }

    /// What is hashed with.
    pub const fn hash(self) -> HashAlgorithm {
        match self {
            Self::EcdsaP256Sha256 | Self::RsaPkcs1Sha256 | Self::RsaPssSha256 => HashAlgorithm::Sha256,
            Self::EcdsaP384Sha384 | Self::RsaPkcs1Sha384 | Self::RsaPssSha384 => HashAlgorithm::Sha384,
            Self::RsaPkcs1Sha512 | Self::RsaPssSha512 => HashAlgorithm::Sha512,
        }
    }

    /// Whether a key of this kind can sign so.
    pub const fn fits(self, key: KeyAlgorithm) -> bool {
        match self {
            Self::EcdsaP256Sha256 => matches!(key, KeyAlgorithm::P256),
            Self::EcdsaP384Sha384 => matches!(key, KeyAlgorithm::P384),
            Self::RsaPkcs1Sha256
            | Self::RsaPkcs1Sha384
            | Self::RsaPkcs1Sha512
            | Self::RsaPssSha256
            | Self::RsaPssSha384
            | Self::RsaPssSha512 => {
                matches!(
                    key,
                    KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096
                )
            }
        }
    }

    /// The profile that a key of this kind signs with unless asked otherwise.
    pub const fn default_for(key: KeyAlgorithm) -> Self {
        match key {
            KeyAlgorithm::P256 => Self::EcdsaP256Sha256,
            KeyAlgorithm::P384 => Self::EcdsaP384Sha384,
            KeyAlgorithm::Rsa2048 | KeyAlgorithm::Rsa3072 | KeyAlgorithm::Rsa4096 => Self::RsaPkcs1Sha256,
        }
    }

    /// The signature algorithm's object identifier, dotted.
    pub const fn oid(self) -> &'static str {
        match self {
            Self::EcdsaP256Sha256 => "1.2.840.10045.4.3.2",
            Self::EcdsaP384Sha384 => "1.2.840.10045.4.3.3",
            Self::RsaPkcs1Sha256 => "1.2.840.113549.1.1.11",
            Self::RsaPkcs1Sha384 => "1.2.840.113549.1.1.12",
            Self::RsaPkcs1Sha512 => "1.2.840.113549.1.1.13",
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => "1.2.840.113549.1.1.10",
        }
    }

    /// The signature method of XML signatures.
    pub const fn xml_uri(self) -> &'static str {
        match self {
            Self::EcdsaP256Sha256 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Self::EcdsaP384Sha384 => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            Self::RsaPkcs1Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaPkcs1Sha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaPkcs1Sha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            Self::RsaPssSha256 => "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
            Self::RsaPssSha384 => "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
            Self::RsaPssSha512 => "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
        }
    }
}

impl fmt::Display for SignatureProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_found_by_its_name_and_fits_some_key() {
        for profile in SignatureProfile::ALL {
            assert_eq!(SignatureProfile::parse(profile.name()), Ok(profile));
            assert!(KeyAlgorithm::ALL.into_iter().any(|key| profile.fits(key)));
        }
    }

    #[test]
    fn every_key_has_a_default_that_fits() {
        for key in KeyAlgorithm::ALL {
            assert!(SignatureProfile::default_for(key).fits(key));
            assert_eq!(KeyAlgorithm::parse(key.name()), Some(key));
        }
    }
}
