//! What a certificate's extensions say.

use der::{Decode, asn1::ObjectIdentifier};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, NameConstraints, PolicyConstraints, PolicyMappings, SubjectAltName,
    crl::dp::DistributionPoint,
    name::{DistributionPointName, GeneralName},
};

use super::WHAT;
use crate::{
    elements::{
        BIT_STRING, BOOLEAN, Element, Elements, FormError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE,
    },
    oid,
};

/// More extensions than any certificate has.
const MOST: usize = 64;

/// What the key may be used for, RFC 5280 §4.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u32);

impl KeyUsage {
    /// Signatures other than those of certificates and lists.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// Signatures that commit: `nonRepudiation`, now `contentCommitment`.
    pub const CONTENT_COMMITMENT: Self = Self(1 << 1);
    /// Certificates.
    pub const CERTIFICATES: Self = Self(1 << 5);
    /// Revocation lists.
    pub const LISTS: Self = Self(1 << 6);

    /// Whether it allows any of these.
    pub const fn allows(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// This or that.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a certificate says of policies, RFC 5280 §4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Under which it was issued.
    pub stated: Option<Vec<ObjectIdentifier>>,
    /// Which of the issuer's policies its subject calls how.
    pub mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    /// After how many certificates a policy must be stated.
    pub require_explicit: Option<u32>,
    /// After how many certificates none is mapped any more.
    pub inhibit_mapping: Option<u32>,
    /// After how many certificates `anyPolicy` means nothing.
    pub inhibit_any: Option<u32>,
}

/// An authority, RFC 5280 §4.2.1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// How many authorities may follow, if that is limited.
    pub below: Option<u64>,
}

/// What the extensions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// `basicConstraints` with `cA`.
    pub authority: Option<Authority>,
    /// `keyUsage`.
    pub usage: Option<KeyUsage>,
    /// `extKeyUsage`, and whether it is critical.
    pub purposes: Option<(Vec<ObjectIdentifier>, bool)>,
    /// `subjectKeyIdentifier`.
    pub subject_key: Option<Vec<u8>>,
    /// The key identifier in `authorityKeyIdentifier`.
    pub authority_key: Option<Vec<u8>>,
    /// `subjectAltName`.
    pub names: Vec<GeneralName>,
    /// `nameConstraints`.
    pub constraints: Option<NameConstraints>,
    /// Policies.
    pub policies: Policies,
    /// Where status questions are answered.
    pub responders: Vec<String>,
    /// Where its issuer's certificate is.
    pub issuers: Vec<String>,
    /// `cRLDistributionPoints`.
    pub points: Vec<DistributionPoint>,
    /// `freshestCRL`.
    pub freshest: Vec<DistributionPoint>,
    /// `id-pkix-ocsp-nocheck`: its status need not be asked.
    pub no_check: bool,
    /// Critical extensions that are not known here.
    pub unknown: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// Addresses of revocation lists: of the full ones, then of the deltas.
    pub fn lists(&self) -> impl Iterator<Item = String> {
        self.points.iter().chain(&self.freshest).flat_map(addresses)
    }

    pub(super) fn parse(all: &Element<'_>) -> Result<Self, FormError> {
        let mut said = Self::default();
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        let mut extensions = all.elements();
        let wrong = extensions.wrong();
        while !extensions.is_empty() {
            let mut fields = extensions.take(SEQUENCE)?.elements();
            let id = fields.take(OBJECT_IDENTIFIER)?.oid()?;
            let critical = fields
                .optional(BOOLEAN)?
                .map_or(Ok(false), |flag| flag.boolean())?;
            let value = fields.take(OCTET_STRING)?.content;
            fields.end()?;
            // RFC 5280 §4.2: one instance of an extension; two would have two readings.
            if seen.contains(&id) || seen.len() == MOST {
                return Err(wrong);
            }
            seen.push(id);
            if !said.read(id, critical, value)? && critical {
                said.unknown.push(id);
            }
        }
        Ok(said)
    }

    /// Reads one extension; false if it is not known here.
    fn read(&mut self, id: ObjectIdentifier, critical: bool, value: &[u8]) -> Result<bool, FormError> {
        match id {
            oid::BASIC_CONSTRAINTS => self.authority = basic_constraints(value)?,
            oid::KEY_USAGE => self.usage = Some(KeyUsage(one(value, BIT_STRING)?.flags()?)),
            oid::EXTENDED_KEY_USAGE => {
                self.purposes = Some((decode::<ExtendedKeyUsage>(value)?.0, critical));
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key = Some(one(value, OCTET_STRING)?.content.to_vec());
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                let authority: AuthorityKeyIdentifier = decode(value)?;
                self.authority_key = authority.key_identifier.map(|key| key.as_bytes().to_vec());
            }
            oid::SUBJECT_ALT_NAME => self.names = decode::<SubjectAltName>(value)?.0,
            oid::NAME_CONSTRAINTS => self.constraints = Some(decode(value)?),
            oid::CERTIFICATE_POLICIES => {
                let stated = decode::<CertificatePolicies>(value)?.0;
                self.policies.stated = Some(
                    stated
                        .into_iter()
                        .map(|policy| policy.policy_identifier)
                        .collect(),
                );
            }
            oid::POLICY_MAPPINGS => {
                let mappings = decode::<PolicyMappings>(value)?.0;
                let pairs = mappings
                    .into_iter()
                    .map(|pair| (pair.issuer_domain_policy, pair.subject_domain_policy));
                self.policies.mappings = pairs.collect();
            }
            oid::POLICY_CONSTRAINTS => {
                let constraints: PolicyConstraints = decode(value)?;
                self.policies.require_explicit = constraints.require_explicit_policy;
                self.policies.inhibit_mapping = constraints.inhibit_policy_mapping;
            }
            oid::INHIBIT_ANY_POLICY => {
                let skip = one(value, INTEGER)?.number()?;
                self.policies.inhibit_any = Some(u32::try_from(skip).unwrap_or(u32::MAX));
            }
            oid::AUTHORITY_INFO_ACCESS => self.places(&decode(value)?),
            oid::CRL_DISTRIBUTION_POINTS => self.points = decode::<CrlDistributionPoints>(value)?.0,
            oid::FRESHEST_CRL => self.freshest = decode::<CrlDistributionPoints>(value)?.0,
            oid::OCSP_NOCHECK => self.no_check = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn places(&mut self, places: &AuthorityInfoAccessSyntax) {
        for place in &places.0 {
            if let GeneralName::UniformResourceIdentifier(address) = &place.access_location {
                match place.access_method {
                    oid::AD_OCSP => self.responders.push(address.to_string()),
                    oid::AD_CA_ISSUERS => self.issuers.push(address.to_string()),
                    _ => {}
                }
            }
        }
    }
}

/// The addresses in a distribution point.
pub(crate) fn addresses(point: &DistributionPoint) -> Vec<String> {
    match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => names
            .iter()
            .filter_map(|name| match name {
                GeneralName::UniformResourceIdentifier(address) => Some(address.to_string()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn basic_constraints(value: &[u8]) -> Result<Option<Authority>, FormError> {
    let mut fields = Elements::sequence(value, WHAT)?;
    // Some authorities write the default out.
    let authority = fields
        .optional(BOOLEAN)?
        .map_or(Ok(false), |flag| flag.boolean())?;
    let below = fields
        .optional(INTEGER)?
        .map(|length| length.number())
        .transpose()?;
    fields.end()?;
    Ok(authority.then_some(Authority { below }))
}

fn one(value: &[u8], tag: u8) -> Result<Element<'_>, FormError> {
    let mut elements = Elements::new(value, WHAT);
    let one = elements.take(tag)?;
    elements.end()?;
    Ok(one)
}

fn decode<'a, T: Decode<'a>>(value: &'a [u8]) -> Result<T, FormError> {
    T::from_der(value).map_err(|_| FormError(WHAT))
}
