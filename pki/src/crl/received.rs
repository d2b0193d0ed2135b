//! A list as somebody received it, believed not yet.
//!
//! A list may have a million entries. They are not collected: they stay the bytes that they are, and a certificate is
//! looked for by walking over them, which costs milliseconds and no memory.

use der::{Decode, asn1::ObjectIdentifier};
use domain::Time;
use x509_cert::ext::pkix::{
    IssuingDistributionPoint, crl::dp::DistributionPoint, name::DistributionPointName,
};

use super::{REMOVE_FROM_CRL, Reason};
use crate::{
    NotIssued, Presented, Scheme, VerificationKey, distinguished,
    elements::{
        BIT_STRING, BOOLEAN, ENUMERATED, Elements, FormError, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER,
        OCTET_STRING, SEQUENCE, UTC_TIME,
    },
    oid,
};

const WHAT: &str = "a revocation list";

/// A list, with its entries where they are.
#[derive(Clone, Debug)]
pub struct Received<'a> {
    content: &'a [u8],
    algorithm: &'a [u8],
    value: &'a [u8],
    issuer: &'a [u8],
    this_update: Time,
    next_update: Option<Time>,
    entries: Elements<'a>,
    number: Option<Vec<u8>>,
    base: Option<Vec<u8>>,
    authority_key: Option<&'a [u8]>,
    scope: Option<IssuingDistributionPoint>,
    scope_der: Option<&'a [u8]>,
    expired_since: Option<Time>,
}

/// What a list says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Nothing.
    No,
    /// It is revoked or on hold.
    Revoked {
        /// Since when.
        at: Time,
        /// Why.
        reason: Reason,
    },
    /// A delta list takes it off the full one.
    Removed,
}

/// A list is not about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfScope {
    /// Another issuer's.
    #[error("the list is another issuer's")]
    Issuer,
    /// It covers certificates of the other sort.
    #[error("the list does not cover certificates of this sort")]
    Sort,
    /// It covers certificates that name another place.
    #[error("the list covers certificates that name another distribution point")]
    Point,
    /// It covers some reasons only.
    #[error("the list covers some reasons for revoking only")]
    Reasons,
    /// It speaks for other issuers too.
    #[error("indirect lists are not believed here")]
    Indirect,
}

impl<'a> Received<'a> {
    /// Reads a `CertificateList`, DER.
    pub fn parse(der: &'a [u8]) -> Result<Self, FormError> {
        let mut outer = Elements::sequence(der, WHAT)?;
        let wrong = outer.wrong();
        let content = outer.take(SEQUENCE)?;
        let algorithm = outer.take(SEQUENCE)?.whole;
        let value = outer.take(BIT_STRING)?.bits()?;
        outer.end()?;
        let mut fields = content.elements();
        if let Some(version) = fields.optional(INTEGER)?
            && version.number()? != 1
        {
            return Err(wrong);
        }
        if fields.take(SEQUENCE)?.whole != algorithm {
            return Err(wrong);
        }
        let issuer = fields.take(SEQUENCE)?.whole;
        let this_update = fields.any()?.time()?;
        let next_update = if fields.at(UTC_TIME) || fields.at(GENERALIZED_TIME) {
            Some(fields.any()?.time()?)
        } else {
            None
        };
        let entries = fields
            .optional(SEQUENCE)?
            .map_or_else(|| Elements::new(&[], WHAT), |entries| entries.elements());
        let mut list = Self {
            content: content.whole,
            algorithm,
            value,
            issuer,
            this_update,
            next_update,
            entries,
            number: None,
            base: None,
            authority_key: None,
            scope: None,
            scope_der: None,
            expired_since: None,
        };
        if let Some(extensions) = fields.optional(0xA0)? {
            list.read(extensions.single(SEQUENCE)?.elements())?;
        }
        fields.end()?;
        Ok(list)
    }

    fn read(&mut self, mut extensions: Elements<'a>) -> Result<(), FormError> {
        while !extensions.is_empty() {
            let mut fields = extensions.take(SEQUENCE)?.elements();
            let wrong = fields.wrong();
            let id = fields.take(OBJECT_IDENTIFIER)?.oid()?;
            let critical = fields
                .optional(BOOLEAN)?
                .map_or(Ok(false), |flag| flag.boolean())?;
            let value = fields.take(OCTET_STRING)?.content;
            fields.end()?;
            let number = || {
                Elements::new(value, WHAT)
                    .take(INTEGER)
                    .map(|number| magnitude(number.content))
            };
            match id {
                oid::CRL_NUMBER => self.number = Some(number()?),
                oid::DELTA_CRL_INDICATOR => self.base = Some(number()?),
                oid::AUTHORITY_KEY_IDENTIFIER => {
                    let mut authority = Elements::sequence(value, WHAT)?;
                    self.authority_key = authority.optional(0x80)?.map(|key| key.content);
                }
                oid::ISSUING_DISTRIBUTION_POINT => {
                    self.scope = Some(IssuingDistributionPoint::from_der(value).map_err(|_| wrong)?);
                    self.scope_der = Some(value);
                }
                EXPIRED_CERTS_ON_CRL => {
                    self.expired_since = Some(Elements::new(value, WHAT).take(GENERALIZED_TIME)?.time()?);
                }
                _ if critical => return Err(wrong),
                _ => {}
            }
        }
        Ok(())
    }

    /// Who issued it, a DER `Name`.
    pub const fn issuer(&self) -> &'a [u8] {
        self.issuer
    }

    /// When it was made.
    pub const fn this_update(&self) -> Time {
        self.this_update
    }

    /// Until when the next one comes.
    pub const fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// Whether it completes another list.
    pub const fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    /// Since when certificates that expired are kept on it.
    pub const fn expired_since(&self) -> Option<Time> {
        self.expired_since
    }

    /// The issuer's key, as it names it.
    pub const fn authority_key(&self) -> Option<&'a [u8]> {
        self.authority_key
    }

    /// How it is signed.
    pub fn scheme(&self) -> Result<Scheme, crate::SchemeError> {
        Scheme::parse(self.algorithm, None)
    }

    /// Whether this key signed it.
    pub fn verify(&self, issuer: &VerificationKey) -> Result<(), NotIssued> {
        Ok(issuer.verify(self.scheme()?, self.content, self.value)?)
    }

    /// Whether this delta list completes that full one, RFC 5280 §5.2.4.
    pub fn completes(&self, full: &Self) -> bool {
        let (Some(base), Some(own), Some(number)) = (&self.base, &self.number, &full.number) else {
            return false;
        };
        full.base.is_none()
            && distinguished::same(self.issuer, full.issuer)
            && self.scope_der == full.scope_der
            && self.authority_key == full.authority_key
            && order(number, base).is_ge()
            && order(own, number).is_ge()
    }

    /// Whether it is about a certificate at all, RFC 5280 §6.3.3 (b).
    pub fn covers(&self, certificate: &Presented) -> Result<(), OutOfScope> {
        if !distinguished::same(self.issuer, certificate.issuer()) {
            return Err(OutOfScope::Issuer);
        }
        let Some(scope) = &self.scope else { return Ok(()) };
        if scope.indirect_crl {
            return Err(OutOfScope::Indirect);
        }
        if scope.only_some_reasons.is_some() {
            return Err(OutOfScope::Reasons);
        }
        let is_authority = certificate.extensions().authority.is_some();
        if scope.only_contains_attribute_certs
            || (scope.only_contains_ca_certs && !is_authority)
            || (scope.only_contains_user_certs && is_authority)
        {
            return Err(OutOfScope::Sort);
        }
        let points = &certificate.extensions().points;
        match &scope.distribution_point {
            Some(own) if !points.iter().any(|point| agrees(own, point)) => Err(OutOfScope::Point),
            _ => Ok(()),
        }
    }

    /// What it says of the certificate with this serial number. Later entries of a certificate count, as the list grew.
    pub fn find(&self, serial: &[u8]) -> Result<Listed, FormError> {
        let mut entries = self.entries;
        let mut listed = Listed::No;
        while !entries.is_empty() {
            let mut fields = entries.take(SEQUENCE)?.elements();
            if fields.take(INTEGER)?.content != serial {
                continue;
            }
            let at = fields.any()?.time()?;
            let code = match fields.optional(SEQUENCE)? {
                None => None,
                Some(extensions) => reason(extensions.elements())?,
            };
            fields.end()?;
            listed = match code {
                Some([code]) if *code == REMOVE_FROM_CRL => Listed::Removed,
                Some(code) => Listed::Revoked {
                    at,
                    reason: Reason::of_code(code),
                },
                None => Listed::Revoked {
                    at,
                    reason: Reason::Unspecified,
                },
            };
        }
        Ok(listed)
    }
}

/// `expiredCertsOnCRL`, X.509 §9.5.2.8.
const EXPIRED_CERTS_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// The reason's code. A critical entry extension that is not known could change what the entry is about.
fn reason(mut extensions: Elements<'_>) -> Result<Option<&[u8]>, FormError> {
    let wrong = extensions.wrong();
    let mut code = None;
    while !extensions.is_empty() {
        let mut fields = extensions.take(SEQUENCE)?.elements();
        let id = fields.take(OBJECT_IDENTIFIER)?.oid()?;
        let critical = fields
            .optional(BOOLEAN)?
            .map_or(Ok(false), |flag| flag.boolean())?;
        let value = fields.take(OCTET_STRING)?.content;
        if id == oid::CRL_REASON {
            code = Some(Elements::new(value, WHAT).take(ENUMERATED)?.content);
        } else if critical {
            return Err(wrong);
        }
    }
    Ok(code)
}

fn agrees(own: &DistributionPointName, point: &DistributionPoint) -> bool {
    match (own, &point.distribution_point) {
        (DistributionPointName::FullName(own), Some(DistributionPointName::FullName(theirs))) => {
            own.iter().any(|name| theirs.contains(name))
        }
        _ => false,
    }
}

/// A number without leading zeros; numbers of lists are never negative.
fn magnitude(integer: &[u8]) -> Vec<u8> {
    integer.iter().copied().skip_while(|byte| *byte == 0).collect()
}

fn order(one: &[u8], other: &[u8]) -> core::cmp::Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}
