//! A small certification authority for tests, until `ca` is here: it certifies what a receipt says.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SubjectPublicKeyInfo, date_time_ymd,
};

/// A certification authority with a key in memory.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    /// A new one.
    pub fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Tamga Test Authority");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(parameters, key),
            certificate,
        }
    }

    /// Its own certificate, PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A certificate for a public key, DER, valid in these years.
    pub fn certify(&self, public_key: &[u8], (from, until): (i32, i32)) -> Vec<u8> {
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "ТЕСТОВ ТЕСТ");
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(until, 12, 31);
        let key = SubjectPublicKeyInfo::from_der(public_key).unwrap();
        parameters.signed_by(&key, &self.issuer).unwrap().der().to_vec()
    }

    /// A certificate with its key for mutual TLS, both PEM.
    pub fn tls(&self, name: &str) -> (String, String) {
        let parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        (
            parameters.signed_by(&key, &self.issuer).unwrap().pem(),
            key.serialize_pem(),
        )
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}
