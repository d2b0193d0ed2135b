//! Certificates: prepared by the builder of `x509-cert`, signed elsewhere.

use domain::{SignatureProfile, Time};
use spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey, SubjectPublicKeyInfoRef,
};
use x509_cert::{
    TbsCertificate,
    builder::{Builder as _, CertificateBuilder, profile::BuilderProfile},
    ext::Extension,
    name::Name,
    serial_number::SerialNumber,
    time::Validity,
};

use crate::{PublicKey, ToSign, tlv, to_sign};

/// From when to when a certificate is valid.
pub fn moments(validity: &Validity) -> (Time, Time) {
    let moment = |time: x509_cert::time::Time| Time::from_unix_duration(time.to_unix_duration());
    (moment(validity.not_before), moment(validity.not_after))
}

/// All that a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its number.
    pub serial: SerialNumber,
    /// Who issues it.
    pub issuer: Name,
    /// Whose it is.
    pub subject: Name,
    /// Valid from.
    pub not_before: Time,
    /// Valid until.
    pub not_after: Time,
    /// The key that it certifies.
    pub key: PublicKey,
    /// Its extensions, in this order.
    pub extensions: Vec<Extension>,
}

impl Content {
    /// The certificate as its issuer's key will sign it.
    pub fn prepare(
        &self,
        issuer_key: &PublicKey,
        profile: SignatureProfile,
    ) -> Result<ToSign, x509_cert::builder::Error> {
        let time = |at: Time| tlv::date(at).map(x509_cert::time::Time::from);
        let validity = Validity::new(time(self.not_before)?, time(self.not_after)?);
        let mut builder = CertificateBuilder::new(
            self.clone(),
            self.serial.clone(),
            validity,
            self.key.spki().clone(),
        )?;
        let signer = Absent {
            key: issuer_key.clone(),
            profile,
        };
        Ok(ToSign::new(builder.finalize(&signer)?, profile))
    }
}

impl BuilderProfile for Content {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        _content: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(self.extensions.clone())
    }
}

/// The signer as the builder needs to know it: its public key and how it signs. The private key is on a token.
struct Absent {
    key: PublicKey,
    profile: SignatureProfile,
}

impl signature::Keypair for Absent {
    type VerifyingKey = PublicKey;

    fn verifying_key(&self) -> PublicKey {
        self.key.clone()
    }
}

impl DynSignatureAlgorithmIdentifier for Absent {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        to_sign::signature_algorithm(self.profile).map_err(spki::Error::Asn1)
    }
}

impl EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        der::Document::try_from(self.der()).map_err(spki::Error::Asn1)
    }
}
