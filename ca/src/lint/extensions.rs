//! The extensions: exactly those that the profile asks for, each as critical as it must be.

use std::collections::BTreeSet;

use der::{Decode, asn1::ObjectIdentifier};
use pki::{
    PublicKey, oid,
    x509_cert::{
        TbsCertificate,
        ext::{
            Extension,
            pkix::{
                AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage,
                KeyUsages, SubjectKeyIdentifier,
            },
        },
    },
};
use policies::{CertificateProfile, KeyUsageBit, Oid};

use super::Report;
use crate::Signer;

pub(super) fn look(
    report: &mut Report,
    content: &TbsCertificate,
    profile: &CertificateProfile,
    signer: Signer<'_>,
) {
    let present: Vec<&Extension> = content
        .extensions()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .collect();
    let names: BTreeSet<ObjectIdentifier> = present.iter().map(|extension| extension.extn_id).collect();
    report.demand(names.len() == present.len(), "RFC 5280 §4.2", || {
        "an extension stands twice".to_owned()
    });
    let expected = expected(profile, signer);
    for (oid, critical) in &expected {
        let found = present.iter().find(|extension| extension.extn_id == *oid);
        report.demand(
            found.is_some_and(|extension| extension.critical == *critical),
            "profile: extensions",
            || format!("{oid} is missing, or not as critical as it must be"),
        );
    }
    for extension in &present {
        let known = expected.iter().any(|(oid, _)| *oid == extension.extn_id)
            || extension.extn_id == oid::SUBJECT_ALT_NAME;
        report.demand(known, "profile: extensions", || {
            format!("{} does not belong there", extension.extn_id)
        });
    }
    identifiers(report, content, signer);
    authority(report, content, profile);
    purposes(report, content, profile);
}

/// What must stand there, and whether it is critical.
fn expected(profile: &CertificateProfile, signer: Signer<'_>) -> Vec<(ObjectIdentifier, bool)> {
    let mut all = vec![(oid::SUBJECT_KEY_IDENTIFIER, false), (oid::KEY_USAGE, true)];
    if profile.authority.is_some() {
        all.push((oid::BASIC_CONSTRAINTS, true));
    }
    if !profile.extended_key_usage.is_empty() {
        all.push((oid::EXTENDED_KEY_USAGE, profile.extended_key_usage_critical));
    }
    if !profile.policies.is_empty() {
        all.push((oid::CERTIFICATE_POLICIES, false));
    }
    if let Some(store) = &profile.key_store
        && let Ok(oid) = ObjectIdentifier::new(store.extension.as_str())
    {
        all.push((oid, false));
    }
    if let Signer::Issuer(issuer) = signer {
        all.push((oid::AUTHORITY_KEY_IDENTIFIER, false));
        all.push((oid::AUTHORITY_INFO_ACCESS, false));
        if profile.no_check {
            all.push((oid::OCSP_NOCHECK, false));
        } else {
            all.push((oid::CRL_DISTRIBUTION_POINTS, false));
            if issuer.generation() > 0 {
                all.push((oid::FRESHEST_CRL, false));
            }
        }
    }
    all
}

fn identifiers(report: &mut Report, content: &TbsCertificate, signer: Signer<'_>) {
    let own = content.get_extension::<SubjectKeyIdentifier>().ok().flatten();
    let key = PublicKey::new(content.subject_public_key_info().clone());
    report.demand(
        own.zip(key.ok())
            .is_some_and(|((_, own), key)| own.0.as_bytes() == key.identifier()),
        "RFC 5280 §4.2.1.2",
        || "the subject key identifier is not the SHA-1 of the key".to_owned(),
    );
    if let Signer::Issuer(issuer) = signer {
        let named = content
            .get_extension::<AuthorityKeyIdentifier>()
            .ok()
            .flatten()
            .and_then(|(_, named)| named.key_identifier);
        report.demand(
            named.is_some_and(|named| named.as_bytes() == issuer.identifier()),
            "RFC 5280 §4.2.1.1",
            || "the authority key identifier is not the issuer's own".to_owned(),
        );
    }
}

fn authority(report: &mut Report, content: &TbsCertificate, profile: &CertificateProfile) {
    let constraints = content
        .get_extension::<BasicConstraints>()
        .ok()
        .flatten()
        .map(|(_, constraints)| constraints);
    let holds = match (profile.authority, constraints) {
        (None, None) => true,
        (Some(rule), Some(found)) => found.ca && found.path_len_constraint == Some(rule.path_length),
        (None, Some(_)) | (Some(_), None) => false,
    };
    report.demand(holds, "RFC 5280 §4.2.1.9", || {
        "the basic constraints are not those of the profile".to_owned()
    });
    let usage = content.get_extension::<KeyUsage>().ok().flatten();
    let wanted = profile.key_usage.iter().map(|bit| match bit {
        KeyUsageBit::DigitalSignature => KeyUsages::DigitalSignature,
        KeyUsageBit::ContentCommitment => KeyUsages::NonRepudiation,
        KeyUsageBit::KeyCertSign => KeyUsages::KeyCertSign,
        KeyUsageBit::CrlSign => KeyUsages::CRLSign,
    });
    let wanted = wanted.fold(der::flagset::FlagSet::default(), |all, bit| all | bit);
    report.demand(
        usage.is_some_and(|(_, usage)| usage.0 == wanted),
        "RFC 5280 §4.2.1.3",
        || "the key usage is not that of the profile".to_owned(),
    );
}

fn purposes(report: &mut Report, content: &TbsCertificate, profile: &CertificateProfile) {
    let found = content
        .get_extension::<ExtendedKeyUsage>()
        .ok()
        .flatten()
        .map(|(_, purposes)| purposes.0)
        .unwrap_or_default();
    report.demand(
        same(&profile.extended_key_usage, &found),
        "RFC 5280 §4.2.1.12",
        || "the purposes are not those of the profile".to_owned(),
    );
    let found: Vec<_> = content
        .get_extension::<CertificatePolicies>()
        .ok()
        .flatten()
        .map(|(_, policies)| policies.0)
        .unwrap_or_default()
        .into_iter()
        .map(|policy| policy.policy_identifier)
        .collect();
    report.demand(same(&profile.policies, &found), "RFC 5280 §4.2.1.4", || {
        "the policies are not those of the profile".to_owned()
    });
    let Some(store) = &profile.key_store else {
        return;
    };
    let told = content
        .extensions()
        .into_iter()
        .flatten()
        .find(|extension| extension.extn_id.to_string() == store.extension.as_str())
        .and_then(|extension| Vec::<ObjectIdentifier>::from_der(extension.extn_value.as_bytes()).ok());
    report.demand(
        told.is_some_and(|told| same(core::slice::from_ref(&store.storage), &told)),
        "profile: key store",
        || "the key store is not that of the profile".to_owned(),
    );
}

fn same(wanted: &[Oid], found: &[ObjectIdentifier]) -> bool {
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(found)
            .all(|(wanted, found)| wanted.as_str() == found.to_string())
}
