//! What shall be certified, and the certificate's content that the profile makes of it.

use core::time::Duration;

use der::{
    Encode,
    asn1::{Ia5String, ObjectIdentifier, OctetString},
    flagset::FlagSet,
};
use domain::{CertificateKind, Time};
use pki::{
    Content, PublicKey, ToSign, oid,
    x509_cert::{
        builder,
        ext::{
            Extension,
            pkix::{
                AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage,
                KeyUsages, SubjectAltName, SubjectKeyIdentifier,
                certpolicy::{PolicyInformation, PolicyQualifierInfo},
            },
        },
    },
};
use policies::{CertificateProfile, KeyUsageBit, Oid};

use crate::{Places, Serial, Signer, Subject, SubjectError, host::host_name};

/// Verifiers' clocks may be behind by this much.
const EARLIER: Duration = Duration::from_mins(1);

/// What shall be certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What for.
    pub kind: CertificateKind,
    /// Whom.
    pub subject: Subject,
    /// Which key.
    pub key: PublicKey,
    /// Names of a TLS server.
    pub hosts: Vec<String>,
}

/// The certificate cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The subject does not fit the profile.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// A host's name is not one.
    #[error(
        "{0:?} is no name of a host: write it as it stands in the DNS, such as bank.example.kz, in small letters, and \
         names in other alphabets as xn--…"
    )]
    Host(String),
    /// Its issuer ends too soon.
    #[error("the issuing authority ends at {0}; it must be rolled over first")]
    IssuerEnds(Time),
    /// An identifier of the profile does not encode.
    #[error("the profile's identifier {0} cannot be used")]
    Oid(String),
    /// No name of a server.
    #[error("a certificate of a server names its hosts; give at least one")]
    NoHost,
    /// Names of a server where none belong.
    #[error("a certificate of the kind {0} names no host; leave hosts out")]
    Hosts(CertificateKind),
    /// A value does not encode.
    #[error("the certificate cannot be encoded: {0}")]
    Der(#[from] der::Error),
    /// The builder refuses.
    #[error("the certificate cannot be built: {0}")]
    Builder(#[from] builder::Error),
}

impl Order {
    /// The certificate's content, to be linted and signed.
    pub fn compose(
        &self,
        profile: &CertificateProfile,
        (signer, places): (Signer<'_>, &Places),
        serial: Serial,
        now: Time,
    ) -> Result<ToSign, ComposeError> {
        match (self.kind, self.hosts.is_empty()) {
            (CertificateKind::TlsServer, true) => return Err(ComposeError::NoHost),
            (CertificateKind::TlsServer, false) | (_, true) => {}
            (kind, false) => return Err(ComposeError::Hosts(kind)),
        }
        let subject = self.subject.name(profile)?;
        let (not_before, not_after) = validity(profile, signer, now)?;
        let content = Content {
            serial: serial.number()?,
            issuer: match signer {
                Signer::Itself => subject.clone(),
                Signer::Issuer(issuer) => issuer.name().clone(),
            },
            subject,
            not_before,
            not_after,
            key: self.key.clone(),
            extensions: self.extensions(profile, signer, (places, serial))?,
        };
        let (key, way) = match signer {
            Signer::Itself => (
                &self.key,
                domain::SignatureProfile::default_for(self.key.algorithm()),
            ),
            Signer::Issuer(issuer) => (issuer.key(), issuer.profile()),
        };
        Ok(content.prepare(key, way)?)
    }

    fn extensions(
        &self,
        profile: &CertificateProfile,
        signer: Signer<'_>,
        (places, serial): (&Places, Serial),
    ) -> Result<Vec<Extension>, ComposeError> {
        let mut all = Vec::new();
        if let Signer::Issuer(issuer) = signer {
            let identifier = AuthorityKeyIdentifier {
                key_identifier: Some(OctetString::new(issuer.identifier())?),
                ..AuthorityKeyIdentifier::default()
            };
            all.push(extension(oid::AUTHORITY_KEY_IDENTIFIER, false, &identifier)?);
        }
        let identifier = SubjectKeyIdentifier(OctetString::new(self.key.identifier())?);
        all.push(extension(oid::SUBJECT_KEY_IDENTIFIER, false, &identifier)?);
        if let Some(rule) = profile.authority {
            let constraints = BasicConstraints {
                ca: true,
                path_len_constraint: Some(rule.path_length),
            };
            all.push(extension(oid::BASIC_CONSTRAINTS, true, &constraints)?);
        }
        all.push(extension(oid::KEY_USAGE, true, &usage(profile))?);
        if !profile.extended_key_usage.is_empty() {
            let purposes = profile
                .extended_key_usage
                .iter()
                .map(parsed)
                .collect::<Result<_, _>>()?;
            let critical = profile.extended_key_usage_critical;
            all.push(extension(
                oid::EXTENDED_KEY_USAGE,
                critical,
                &ExtendedKeyUsage(purposes),
            )?);
        }
        if !profile.policies.is_empty() {
            all.push(extension(
                oid::CERTIFICATE_POLICIES,
                false,
                &policies(profile, places)?,
            )?);
        }
        if !self.hosts.is_empty() {
            let names = self
                .hosts
                .iter()
                .map(|host| host_name(host))
                .collect::<Result<_, _>>()?;
            all.push(extension(oid::SUBJECT_ALT_NAME, false, &SubjectAltName(names))?);
        }
        if let Some(store) = &profile.key_store {
            all.push(extension(
                parsed(&store.extension)?,
                false,
                &vec![parsed(&store.storage)?],
            )?);
        }
        if let Signer::Issuer(issuer) = signer {
            pointers(&mut all, profile, places.addresses(issuer.generation(), &serial))?;
        }
        Ok(all)
    }
}

/// Where status and issuer are found. A certificate that needs no check names no list: RFC 6960 §4.2.2.2.1.
fn pointers(
    all: &mut Vec<Extension>,
    profile: &CertificateProfile,
    mut addresses: pki::Addresses,
) -> Result<(), ComposeError> {
    if profile.no_check {
        addresses.ocsp = None;
        all.push(extension(
            oid::AUTHORITY_INFO_ACCESS,
            false,
            &addresses.authority_information()?,
        )?);
        all.push(extension(oid::OCSP_NOCHECK, false, &der::asn1::Null)?);
        return Ok(());
    }
    all.push(extension(
        oid::CRL_DISTRIBUTION_POINTS,
        false,
        &addresses.distribution_points()?,
    )?);
    if let Some(freshest) = addresses.freshest()? {
        all.push(extension(oid::FRESHEST_CRL, false, &freshest)?);
    }
    all.push(extension(
        oid::AUTHORITY_INFO_ACCESS,
        false,
        &addresses.authority_information()?,
    )?);
    Ok(())
}

/// From a minute ago, for the profile's life, within the issuer's.
fn validity(
    profile: &CertificateProfile,
    signer: Signer<'_>,
    now: Time,
) -> Result<(Time, Time), ComposeError> {
    let begin = now.minus(EARLIER).whole_second();
    // RFC 5280 §4.1.2.5: the last second belongs to the validity.
    let end = begin.plus(profile.life()).minus(Duration::from_secs(1));
    match signer {
        Signer::Itself => Ok((begin, end)),
        Signer::Issuer(issuer) => {
            let (from, until) = issuer.validity();
            if until < now.plus(profile.life() / 2) {
                return Err(ComposeError::IssuerEnds(until));
            }
            Ok((begin.max(from), end.min(until)))
        }
    }
}

fn usage(profile: &CertificateProfile) -> KeyUsage {
    let bits = profile.key_usage.iter().map(|bit| match bit {
        KeyUsageBit::DigitalSignature => KeyUsages::DigitalSignature,
        KeyUsageBit::ContentCommitment => KeyUsages::NonRepudiation,
        KeyUsageBit::KeyCertSign => KeyUsages::KeyCertSign,
        KeyUsageBit::CrlSign => KeyUsages::CRLSign,
    });
    KeyUsage(bits.fold(FlagSet::default(), |all, bit| all | bit))
}

fn policies(profile: &CertificateProfile, places: &Places) -> Result<CertificatePolicies, ComposeError> {
    let qualifiers = match &places.practice {
        None => None,
        Some(address) => Some(vec![PolicyQualifierInfo {
            policy_qualifier_id: oid::QT_CPS,
            qualifier: Some(der::Any::encode_from(&Ia5String::new(address)?)?),
        }]),
    };
    let policy = |identifier: &Oid| {
        Ok(PolicyInformation {
            policy_identifier: parsed(identifier)?,
            policy_qualifiers: qualifiers.clone(),
        })
    };
    let all: Result<Vec<_>, ComposeError> = profile.policies.iter().map(policy).collect();
    Ok(CertificatePolicies(all?))
}

pub(crate) fn parsed(identifier: &Oid) -> Result<ObjectIdentifier, ComposeError> {
    ObjectIdentifier::new(identifier.as_str()).map_err(|_| ComposeError::Oid(identifier.as_str().to_owned()))
}

fn extension(
    extn_id: ObjectIdentifier,
    critical: bool,
    value: &impl Encode,
) -> Result<Extension, ComposeError> {
    Ok(Extension {
        extn_id,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}
