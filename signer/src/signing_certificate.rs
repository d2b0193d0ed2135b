//! [`SigningCertificate`]: with which certificate, and how, a document is to be signed. Every document of an act keeps one,
//! so a copy shares what was read of it.

use std::sync::Arc;

use domain::{SignatureProfile, sha256};
use pki::{
    KeyError, PublicKey,
    signed_data::signing_certificate,
    tlv::sequence,
    x509_cert::{
        Certificate,
        der::{Decode, Encode},
    },
};

/// The certificate cannot sign so.
#[derive(Debug, thiserror::Error)]
pub enum SigningCertificateError {
    /// Not a certificate.
    #[error("the signing certificate is not DER of a certificate: {0}")]
    Form(#[from] pki::x509_cert::der::Error),
    /// Its key is of a kind that we do not sign with.
    #[error("the signing certificate's key: {0}")]
    Key(#[from] KeyError),
    /// The profile is one of another kind of key.
    #[error("a key of this certificate cannot sign by {profile}")]
    Profile {
        /// The profile that was asked for.
        profile: SignatureProfile,
    },
}

/// A certificate, the rest of its chain, and the way to sign.
#[derive(Clone, Debug)]
pub struct SigningCertificate(Arc<Read>);

#[derive(Debug)]
struct Read {
    certificate: Certificate,
    der: Vec<u8>,
    chain: Vec<Vec<u8>>,
    key: PublicKey,
    profile: SignatureProfile,
    /// The value of the attribute `SigningCertificateV2`.
    reference: Vec<u8>,
    /// `IssuerAndSerialNumber`.
    named: Vec<u8>,
}

impl SigningCertificate {
    /// Takes the certificate and those above it (without or with the root), DER.
    pub fn new(
        der: Vec<u8>,
        chain: Vec<Vec<u8>>,
        profile: SignatureProfile,
    ) -> Result<Self, SigningCertificateError> {
        let certificate = Certificate::from_der(&der)?;
        let spki = certificate.tbs_certificate().subject_public_key_info().to_der()?;
        let key = PublicKey::from_der(&spki)?;
        if !profile.fits(key.algorithm()) {
            return Err(SigningCertificateError::Profile { profile });
        }
        let content = certificate.tbs_certificate();
        let named = sequence(&[&content.issuer().to_der()?, &content.serial_number().to_der()?]);
        Ok(Self(Arc::new(Read {
            reference: signing_certificate(&certificate)?,
            named,
            certificate,
            der,
            chain,
            key,
            profile,
        })))
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.0.certificate
    }

    /// The same, DER.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificates above it.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.0.chain
    }

    /// Its key.
    pub fn key(&self) -> &PublicKey {
        &self.0.key
    }

    /// How it signs.
    pub fn profile(&self) -> SignatureProfile {
        self.0.profile
    }

    /// What CMS signs of it, DER.
    pub(crate) fn reference(&self) -> &[u8] {
        &self.0.reference
    }

    /// By what CMS names it, DER.
    pub(crate) fn named(&self) -> &[u8] {
        &self.0.named
    }

    /// What names it inside a signature.
    pub fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.0.der)
    }
}
