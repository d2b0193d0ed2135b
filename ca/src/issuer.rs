//! A certification authority as those see it who issue under it: its certificate, its key, how it signs.

use der::{Decode, Encode};
use domain::{SignatureProfile, Time};
use pki::{
    KeyError, PublicKey, moments,
    x509_cert::{Certificate, ext::pkix::SubjectKeyIdentifier, name::Name},
};

/// Who signs a certificate.
#[derive(Clone, Copy, Debug)]
pub enum Signer<'a> {
    /// Its own key: a root.
    Itself,
    /// An authority.
    Issuer(&'a Issuer),
}

/// An authority or a service of it, with its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    certificate: Certificate,
    der: Vec<u8>,
    key: PublicKey,
    identifier: [u8; 20],
    generation: u32,
}

/// The bytes are no certificate of an authority or service of this house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not a certificate.
    #[error("not a certificate in DER")]
    Form,
    /// Its key cannot be used.
    #[error("its key cannot be used: {0}")]
    Key(#[from] KeyError),
    /// It does not say how its key is called.
    #[error("it has no subject key identifier of 20 bytes")]
    Identifier,
}

impl Issuer {
    /// Reads a certificate; `generation` is the version of its key on the token.
    pub fn new(der: &[u8], generation: u32) -> Result<Self, IssuerError> {
        let certificate = Certificate::from_der(der).map_err(|_| IssuerError::Form)?;
        let content = certificate.tbs_certificate();
        let key = PublicKey::new(content.subject_public_key_info().clone())?;
        let (_, identifier) = content
            .get_extension::<SubjectKeyIdentifier>()
            .map_err(|_| IssuerError::Form)?
            .ok_or(IssuerError::Identifier)?;
        let identifier = identifier.0.as_bytes().try_into();
        Ok(Self {
            key,
            identifier: identifier.map_err(|_| IssuerError::Identifier)?,
            der: der.to_vec(),
            certificate,
            generation,
        })
    }

    /// The certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The same, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its subject: the issuer of what it signs.
    pub fn name(&self) -> &Name {
        self.certificate.tbs_certificate().subject()
    }

    /// Its key.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its own key identifier, as its certificate states it.
    pub const fn identifier(&self) -> [u8; 20] {
        self.identifier
    }

    /// The version of its key on the token.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// How it signs.
    pub const fn profile(&self) -> SignatureProfile {
        SignatureProfile::default_for(self.key.algorithm())
    }

    /// From when to when it is valid.
    pub fn validity(&self) -> (Time, Time) {
        moments(self.certificate.tbs_certificate().validity())
    }

    /// The text of an attribute of its name, such as `2.5.4.3`, its common name.
    pub fn named(&self, attribute: &str) -> Option<&str> {
        let attribute = der::asn1::ObjectIdentifier::new(attribute).ok()?;
        let found = self.name().iter().find(|part| part.oid == attribute)?;
        core::str::from_utf8(found.value.value()).ok()
    }

    /// Whether less than a month, or than a quarter of a short life, is left of it.
    pub fn ends_soon(&self, now: Time) -> bool {
        let (from, until) = self.validity();
        until < now.plus(SOON.min(until.since(from) / 4))
    }

    /// Whether its certificate was made of this content.
    pub fn is_over(&self, content: &[u8]) -> bool {
        self.certificate
            .tbs_certificate()
            .to_der()
            .is_ok_and(|der| der == content)
    }

    /// Whether another of the house, or it itself, signed its certificate.
    pub fn is_signed_by(&self, signer: &Self) -> bool {
        let content = self.certificate.tbs_certificate();
        content.issuer() == signer.name()
            && content.to_der().is_ok_and(|signed| {
                let signature = self.certificate.signature().raw_bytes();
                signer.key.verifies(signer.profile(), &signed, signature)
            })
    }
}

/// What ends within this time is told.
const SOON: core::time::Duration = core::time::Duration::from_hours(30 * 24);
