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

/// The signed attributes over content of a type, to be signed.
pub(crate) fn prepare(
    (content_type, content): (ObjectIdentifier, &[u8]),
    certificate: &Certificate,
    profile: SignatureProfile,
) -> der::Result<ToSign> {
    let digest = profile.hash().digest(content);
    let mut attributes = [
        attribute(oid::CONTENT_TYPE, &content_type.to_der()?)?,
        attribute(oid::MESSAGE_DIGEST, &wrap(0x04, &[digest.as_bytes()]))?,
        attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate(certificate)?)?,
    ];
    attributes.sort();
    let attributes = attributes.each_ref().map(Vec::as_slice);
    Ok(ToSign::new(wrap(0x31, &attributes), profile))
}

/// The whole `ContentInfo`, with the content inside and the certificates that are given.
pub(crate) fn finish(
    (content_type, content): (ObjectIdentifier, &[u8]),
    certificate: &Certificate,
    profile: SignatureProfile,
    finished: &Finished,
    certificates: &[&[u8]],
) -> der::Result<Vec<u8>> {
    let digest = to_sign::digest_algorithm(profile)?.to_der()?;
    let tbs = certificate.tbs_certificate();
    // The attributes were signed as a SET OF and stand as [0] IMPLICIT: only the tag differs.
    let mut attributes = finished.content().to_vec();
    if let Some(tag) = attributes.first_mut() {
        *tag = 0xA0;
    }
    let signer = sequence(&[
        &1_u8.to_der()?,
        &sequence(&[&tbs.issuer().to_der()?, &tbs.serial_number().to_der()?]),
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
