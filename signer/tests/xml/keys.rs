//! Keys in software, in place of the token: what the boundary would give back.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{self, EcdsaKeyPair, RsaKeyPair},
};
use domain::SignatureProfile;
use rcgen::{CertificateParams, DnType, KeyPair, KeyUsagePurpose, RsaKeySize};
use signer::SigningCertificate;

/// A key with a certificate that it signed itself.
pub(crate) struct Key {
    pair: KeyPair,
    profile: SignatureProfile,
    certificate: rcgen::Certificate,
}

impl Key {
    pub(crate) fn new(name: &str, profile: SignatureProfile) -> Self {
        let pair = match profile {
            SignatureProfile::EcdsaP256Sha256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            SignatureProfile::EcdsaP384Sha384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
            _ => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
        };
        let pair = pair.unwrap();
        let mut certificate = CertificateParams::default();
        certificate.distinguished_name.push(DnType::CommonName, name);
        certificate.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
        ];
        let certificate = certificate.self_signed(&pair).unwrap();
        Self {
            pair,
            profile,
            certificate,
        }
    }

    pub(crate) fn signer(&self) -> SigningCertificate {
        SigningCertificate::new(self.certificate.der().to_vec(), Vec::new(), self.profile).unwrap()
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    pub(crate) fn private_pem(&self) -> String {
        self.pair.serialize_pem()
    }

    /// What the token would give back for a message of this profile: `r ‖ s` for curves.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let (random, key) = (SystemRandom::new(), self.pair.serialize_der());
        let ecdsa = |algorithm| {
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, &key).unwrap();
            pair.sign(&random, message).unwrap().as_ref().to_vec()
        };
        let padding: &dyn signature::RsaEncoding = match self.profile {
            SignatureProfile::EcdsaP256Sha256 => return ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING),
            SignatureProfile::EcdsaP384Sha384 => return ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING),
            SignatureProfile::RsaPkcs1Sha256 => &signature::RSA_PKCS1_SHA256,
            SignatureProfile::RsaPkcs1Sha384 => &signature::RSA_PKCS1_SHA384,
            SignatureProfile::RsaPkcs1Sha512 => &signature::RSA_PKCS1_SHA512,
            SignatureProfile::RsaPssSha256 => &signature::RSA_PSS_SHA256,
            SignatureProfile::RsaPssSha384 => &signature::RSA_PSS_SHA384,
            SignatureProfile::RsaPssSha512 => &signature::RSA_PSS_SHA512,
        };
        let pair = RsaKeyPair::from_pkcs8(&key).unwrap();
        let mut value = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &random, message, &mut value).unwrap();
        value
    }
}
