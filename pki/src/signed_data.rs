//! `SignedData` of one signer, RFC 5652 §5.

use der::{Encode, asn1::ObjectIdentifier};
use domain::{HashAlgorithm, SignatureProfile};
use x509_cert::Certificate;

use crate::{
    Finished, ToSign, oid,
    tlv::{sequence, wrap},
    to_sign,
};

/// An attribute of one value, DER.
pub fn attribute(oid: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    Ok(sequence(&[&oid.to_der()?, &wrap(0x31, &[value])]))
}

/// `SigningCertificateV2` by SHA-256, RFC 5035 §3: which certificate the signer means. DER.
pub fn signing_certificate(certificate: &Certificate) -> der::Result<Vec<u8>> {
    let digest = HashAlgorithm::Sha256.digest(&certificate.to_der()?);
    let hash = wrap(0x04, &[digest.as_bytes()]);
    let name = certificate.tbs_certificate().issuer().to_der()?;
    let serial = certificate.tbs_certificate().serial_number().to_der()?;
    let issuer = sequence(&[&sequence(&[&wrap(0xA4, &[&name])]), &serial]);
    Ok(sequence(&[&sequence(&[&sequence(&[&hash, &issuer])])]))
}

/// A signer's certificate as what it signs names and encloses it: encoded once, since a certificate does not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CmsSigner {
    der: Vec<u8>,
    /// The attribute `SigningCertificateV2`.
    attribute: Vec<u8>,
    /// `IssuerAndSerialNumber`.
    named: Vec<u8>,
    profile: SignatureProfile,
}

impl CmsSigner {
    /// Signs with the key of this certificate, so.
    pub fn new(certificate: &Certificate, profile: SignatureProfile) -> der::Result<Self> {
        let der = certificate.to_der()?;
        let tbs = certificate.tbs_certificate();
        let (name, serial) = (tbs.issuer().to_der()?, tbs.serial_number().to_der()?);
        Ok(Self {
            attribute: attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(certificate)?)?,
            named: sequence(&[&name, &serial]),
            der,
            profile,
        })
    }

    /// The certificate.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }
}

/// The signed attributes over content of a type, to be signed.
pub(crate) fn prepare(
    (content_type, content): (ObjectIdentifier, &[u8]),
    signer: &CmsSigner,
) -> der::Result<ToSign> {
    let digest = signer.profile.hash().digest(content);
    let mut attributes = [
        attribute(oid::CONTENT_TYPE, &content_type.to_der()?)?,
        attribute(oid::MESSAGE_DIGEST, &wrap(0x04, &[digest.as_bytes()]))?,
        signer.attribute.clone(),
    ];
    attributes.sort();
    let attributes = attributes.each_ref().map(Vec::as_slice);
    Ok(ToSign::new(wrap(0x31, &attributes), signer.profile))
}

/// The whole `ContentInfo`, with the content inside and the certificates that are given.
pub(crate) fn finish(
    (content_type, content): (ObjectIdentifier, &[u8]),
    signer: &CmsSigner,
    finished: &Finished,
    certificates: &[&[u8]],
) -> der::Result<Vec<u8>> {
    let digest = to_sign::digest_algorithm(signer.profile)?.to_der()?;
    // The attributes were signed as a SET OF and stand as [0] IMPLICIT: only the tag differs.
    let mut attributes = finished.content().to_vec();
    if let Some(tag) = attributes.first_mut() {
        *tag = 0xA0;
    }
    let signer = sequence(&[
        &1_u8.to_der()?,
        &signer.named,
        &digest,
        &attributes,
        finished.algorithm(),
        &wrap(0x04, &[finished.value()]),
    ]);
    let mut sorted = certificates.to_vec();
    sorted.sort_unstable();
    let certificates = if sorted.is_empty() {
        Vec::new()
    } else {
        wrap(0xA0, &sorted)
    };
    let data = sequence(&[
        &3_u8.to_der()?,
        &wrap(0x31, &[&digest]),
        &sequence(&[&content_type.to_der()?, &wrap(0xA0, &[&wrap(0x04, &[content])])]),
        &certificates,
        &wrap(0x31, &[&signer]),
    ]);
    Ok(sequence(&[&oid::SIGNED_DATA.to_der()?, &wrap(0xA0, &[&data])]))
}
