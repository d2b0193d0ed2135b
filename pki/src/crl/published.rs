//! A list as the world has it: read back, and believed only with its issuer's key.
//!
//! Lists are written by joining encoded entries; they are read where the world knows better than we do, after a restore.

use der::{Decode, Encode};
use domain::{SignatureProfile, Time};
use x509_cert::{
    crl::{CertificateList, RevokedCert},
    ext::{
        Extension,
        pkix::{
            IssuingDistributionPoint,
            name::{DistributionPointName, GeneralName},
        },
    },
    serial_number::SerialNumber,
};

use super::Reason;
use crate::{PublicKey, oid};

/// A full list, not believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Who issued it, a DER `Name`.
    pub issuer: Vec<u8>,
    /// Its number.
    pub number: u64,
    /// Which certificates it covers: those that name this address; all of the issuer's if absent.
    pub address: Option<String>,
    /// Certificates with the moment and the reason.
    pub entries: Vec<(SerialNumber, Time, Reason)>,
    content: Vec<u8>,
    signature: Vec<u8>,
}

/// The list cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublishedError {
    /// Not a list.
    #[error("this is no revocation list in DER with a number")]
    Form,
    /// A delta list completes another and says nothing alone.
    #[error("this is a delta list; the full list is needed")]
    Delta,
}

impl Published {
    /// Reads a list.
    pub fn parse(list: &[u8]) -> Result<Self, PublishedError> {
        let form = |_| PublishedError::Form;
        let list = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(list).map_err(form)?;
        let content = &list.tbs_cert_list;
        let extensions = content.crl_extensions.as_deref().unwrap_or_default();
        if find(extensions, oid::DELTA_CRL_INDICATOR).is_some() {
            return Err(PublishedError::Delta);
        }
        let number = find(extensions, oid::CRL_NUMBER).ok_or(PublishedError::Form)?;
        let address = match find(extensions, oid::ISSUING_DISTRIBUTION_POINT) {
            None => None,
            Some(point) => Some(address(point).ok_or(PublishedError::Form)?),
        };
        let revoked = content.revoked_certificates.as_deref().unwrap_or_default();
        Ok(Self {
            issuer: content.issuer.to_der().map_err(form)?,
            number: u64::from_der(number).map_err(form)?,
            address,
            entries: revoked
                .iter()
                .map(|entry| read(entry).ok_or(PublishedError::Form))
                .collect::<Result<_, _>>()?,
            content: content.to_der().map_err(form)?,
            signature: list.signature.as_bytes().ok_or(PublishedError::Form)?.to_vec(),
        })
    }

    /// Whether this key signed it.
    pub fn is_of(&self, key: &PublicKey, profile: SignatureProfile) -> bool {
        key.verifies(profile, &self.content, &self.signature)
    }
}

fn find(extensions: &[Extension], oid: der::asn1::ObjectIdentifier) -> Option<&[u8]> {
    extensions
        .iter()
        .find(|extension| extension.extn_id == oid)
        .map(|extension| extension.extn_value.as_bytes())
}

fn address(point: &[u8]) -> Option<String> {
    let point = IssuingDistributionPoint::from_der(point).ok()?;
    match point.distribution_point? {
        DistributionPointName::FullName(names) => names.into_iter().find_map(|name| match name {
            GeneralName::UniformResourceIdentifier(address) => Some(address.to_string()),
            _ => None,
        }),
        DistributionPointName::NameRelativeToCRLIssuer(_) => None,
    }
}

fn read(entry: &RevokedCert<x509_cert::certificate::Rfc5280>) -> Option<(SerialNumber, Time, Reason)> {
    let extensions = entry.crl_entry_extensions.as_deref().unwrap_or_default();
    let reason = match find(extensions, oid::CRL_REASON) {
        None => Reason::Unspecified,
        // An ENUMERATED of one byte.
        Some([0x0A, 1, code]) => Reason::ALL.into_iter().find(|reason| *reason as u8 == *code)?,
        Some(_) => return None,
    };
    Some((
        entry.serial_number.clone(),
        Time::from_unix_duration(entry.revocation_date.to_unix_duration()),
        reason,
    ))
}
