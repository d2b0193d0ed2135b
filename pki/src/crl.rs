//! Certificate revocation lists, RFC 5280 §5.
//!
//! An entry is encoded once, when its certificate is revoked, and lists are joined from encoded entries: a list of a
//! million entries costs a copy and a signature. The list names its issuer's key by the issuer's own identifier;
//! naming the parent's, as builders at hand do for a subordinate authority, makes verifiers reject it.

mod published;
mod received;

use core::time::Duration;

use der::{Encode, asn1::OctetString};
use domain::{SignatureProfile, Time};
use x509_cert::{
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, FreshestCrl, IssuingDistributionPoint,
            name::{DistributionPointName, GeneralName},
        },
    },
    name::Name,
    serial_number::SerialNumber,
};

pub use self::{
    published::{Published, PublishedError},
    received::{Listed, OutOfScope, Received},
};
use crate::{
    ToSign, oid,
    points::{distribution_point, uri},
    tlv::{self, sequence, wrap},
    to_sign,
};

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal;)+) => {
        /// Why a certificate is revoked, RFC 5280 §5.3.1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $variant = $code,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The name of RFC 5280.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

reasons! {
    /// None is told.
    Unspecified = 0, "unspecified";
    /// The key may be known to others.
    KeyCompromise = 1, "keyCompromise";
    /// The authority's key may be known to others.
    CaCompromise = 2, "cACompromise";
    /// Name or other data of the subject changed.
    AffiliationChanged = 3, "affiliationChanged";
    /// A new certificate stands in its place.
    Superseded = 4, "superseded";
    /// No longer needed.
    CessationOfOperation = 5, "cessationOfOperation";
    /// On hold; may be released.
    CertificateHold = 6, "certificateHold";
    /// A right that it states was withdrawn.
    PrivilegeWithdrawn = 9, "privilegeWithdrawn";
}

impl Reason {
    /// The reason of this name, in any case: people type `cACompromise` as they remember it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.name().eq_ignore_ascii_case(name))
    }

    /// The reason of an ENUMERATED's content, as others wrote it; none that is known here tells none.
    pub(crate) fn of_code(content: &[u8]) -> Self {
        let told = Self::ALL.into_iter().find(|reason| content == [*reason as u8]);
        told.unwrap_or(Self::Unspecified)
    }
}

/// `removeFromCRL`, which only a delta list may say.
const REMOVE_FROM_CRL: u8 = 8;

/// One `revokedCertificates` element, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry(Vec<u8>);

impl Entry {
    /// A certificate that is revoked or on hold since `at`.
    pub fn revoked(serial: &SerialNumber, at: Time, reason: Reason) -> der::Result<Self> {
        // RFC 5280 §5.3.1: "unspecified" is said by leaving the extension out.
        match reason {
            Reason::Unspecified => Self::new(serial, at, None),
            told => Self::new(serial, at, Some(told as u8)),
        }
    }

    /// For a delta list: no longer on hold, or expired since the base list.
    pub fn removed(serial: &SerialNumber, at: Time) -> der::Result<Self> {
        Self::new(serial, at, Some(REMOVE_FROM_CRL))
    }

    fn new(serial: &SerialNumber, at: Time, reason: Option<u8>) -> der::Result<Self> {
        let (serial, at) = (serial.to_der()?, tlv::time(at)?);
        let Some(code) = reason else {
            return Ok(Self(sequence(&[&serial, &at])));
        };
        let extension = extension(oid::CRL_REASON, false, wrap(0x0A, &[&[code]]))?;
        Ok(Self(sequence(&[
            &serial,
            &at,
            &sequence(&[&extension.to_der()?]),
        ])))
    }

    /// Its DER.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// An entry that was encoded before.
    pub const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// Everything that a list says beside its entries.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Who issues it.
    pub issuer: &'a Name,
    /// The issuer's own key identifier.
    pub issuer_key: [u8; 20],
    /// How it will be signed.
    pub profile: SignatureProfile,
    /// Its number: larger than that of every list before it in its scope.
    pub number: u64,
    /// When it was made.
    pub made_at: Time,
    /// For how long verifiers may rely on it.
    pub valid: Duration,
    /// Which certificates it covers: those that name this address; all of the issuer's if absent.
    pub distribution_point: Option<&'a str>,
    /// The number of the full list that this one completes, if it is a delta.
    pub base: Option<u64>,
    /// Where the delta list is.
    pub freshest: Option<&'a str>,
}

impl List<'_> {
    /// The list over these entries, joined, to be signed.
    pub fn prepare(&self, entries: &[u8]) -> der::Result<ToSign> {
        // RFC 5280 §5.1.2.6: no element at all when nothing is revoked.
        let begin = if entries.is_empty() {
            Vec::new()
        } else {
            tlv::head(0x30, entries.len())
        };
        let content = sequence(&[
            &1_u8.to_der()?,
            &to_sign::signature_algorithm(self.profile)?.to_der()?,
            &self.issuer.to_der()?,
            &tlv::time(self.made_at)?,
            &tlv::time(self.made_at.plus(self.valid))?,
            &begin,
            entries,
            &wrap(0xA0, &[&self.extensions()?]),
        ]);
        Ok(ToSign::new(content, self.profile))
    }

    fn extensions(&self) -> der::Result<Vec<u8>> {
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(OctetString::new(self.issuer_key)?),
            ..AuthorityKeyIdentifier::default()
        };
        let mut extensions = vec![
            extension(oid::AUTHORITY_KEY_IDENTIFIER, false, authority.to_der()?)?,
            extension(oid::CRL_NUMBER, false, self.number.to_der()?)?,
        ];
        if let Some(base) = self.base {
            extensions.push(extension(oid::DELTA_CRL_INDICATOR, true, base.to_der()?)?);
        }
        if let Some(address) = self.distribution_point {
            let point = IssuingDistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![
                    GeneralName::UniformResourceIdentifier(uri(address)?),
                ])),
                only_contains_user_certs: false,
                only_contains_ca_certs: false,
                only_some_reasons: None,
                indirect_crl: false,
                only_contains_attribute_certs: false,
            };
            extensions.push(extension(oid::ISSUING_DISTRIBUTION_POINT, true, point.to_der()?)?);
        }
        if let Some(address) = self.freshest {
            let freshest = FreshestCrl(vec![distribution_point(address)?]);
            extensions.push(extension(oid::FRESHEST_CRL, false, freshest.to_der()?)?);
        }
        extensions.to_der()
    }
}

/// An extension around a value.
pub(crate) fn extension(
    oid: der::asn1::ObjectIdentifier,
    critical: bool,
    value: Vec<u8>,
) -> der::Result<Extension> {
    Ok(Extension {
        extn_id: oid,
        critical,
        extn_value: OctetString::new(value)?,
    })
}
