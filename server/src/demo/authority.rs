//! The issuing authority of the demonstration: its key is a service key on the token, its certificates are X.509.

use core::str::FromStr;

use der::{Decode, Encode, EncodePem, asn1::BitString, pem::LineEnding};
use domain::{HashAlgorithm, SignatureProfile};
use hsm::{Clock, Remote, Service, ServiceKey, SignAsRequest, SystemClock};
use p256::{ecdsa::VerifyingKey, pkcs8::DecodePublicKey};
use rand_core::TryRng;
use signature::Keypair;
use spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, ObjectIdentifier, SubjectPublicKeyInfoOwned,
    SubjectPublicKeyInfoRef,
};
use x509_cert::{
    Certificate, TbsCertificate,
    builder::{Builder, CertificateBuilder, profile::BuilderProfile},
    ext::{
        Extension, ToExtension,
        pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier},
    },
    name::Name,
    serial_number::SerialNumber,
    time::{Time, Validity},
};

use super::{DemoError, client::Client, failed};

const NAME: &str = "CN=Tamga Demo Issuing,C=KZ";
const YEAR: u64 = 365 * 86_400;

/// An authority whose key is on the token.
pub(super) struct Authority {
    key: TokenKey,
    certificate: Vec<u8>,
}

/// The public half of the token's key: all that a certificate needs to know of its signer.
#[derive(Clone)]
struct TokenKey(VerifyingKey);

impl Keypair for TokenKey {
    type VerifyingKey = VerifyingKey;

    fn verifying_key(&self) -> VerifyingKey {
        self.0
    }
}

impl DynSignatureAlgorithmIdentifier for TokenKey {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        let oid = ObjectIdentifier::new(SignatureProfile::EcdsaP256Sha256.oid())
            .map_err(|_| spki::Error::KeyMalformed)?;
        Ok(AlgorithmIdentifierOwned {
            oid,
            parameters: None,
        })
    }
}

impl Authority {
    /// Makes the key and its self-signed certificate.
    pub(super) async fn new(ca: &Remote) -> Result<Self, DemoError> {
        let made = ca
            .make_service_key(ServiceKey::Issuing, domain::KeyAlgorithm::P256)
            .await;
        let (_, spki) = made.map_err(failed("making the issuing key"))?;
        let key =
            TokenKey(VerifyingKey::from_public_key_der(&spki).map_err(failed("reading the issuing key"))?);
        let issuing = Kind::Authority(Name::from_str(NAME).map_err(failed("naming the authority"))?);
        let certificate = issue(ca, &key, issuing, (&spki, 10 * YEAR)).await?;
        Ok(Self { key, certificate })
    }

    /// Its own certificate, DER.
    pub(super) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// A certificate for the client's key, DER.
    pub(super) async fn certify(&self, ca: &Remote, client: &Client) -> Result<Vec<u8>, DemoError> {
        let name = |text: &str| Name::from_str(text).map_err(failed("naming the client"));
        let subject = format!("CN=ТЕСТОВ АЛИХАН,2.5.4.5=IIN{},C=KZ", super::client::iin()?);
        let kind = Kind::Client {
            subject: name(&subject)?,
            issuer: name(NAME)?,
        };
        issue(ca, &self.key, kind, (&client.public_key, YEAR)).await
    }
}

/// PEM of a certificate.
pub(super) fn pem(der: &[u8]) -> Result<String, DemoError> {
    let certificate = Certificate::from_der(der).map_err(failed("reading a certificate"))?;
    certificate
        .to_pem(LineEnding::LF)
        .map_err(failed("writing a certificate"))
}

enum Kind {
    Authority(Name),
    Client { subject: Name, issuer: Name },
}

impl BuilderProfile for Kind {
    fn get_issuer(&self, _subject: &Name) -> Name {
        match self {
            Self::Authority(name) | Self::Client { issuer: name, .. } => name.clone(),
        }
    }

    fn get_subject(&self) -> Name {
        match self {
            Self::Authority(name) | Self::Client { subject: name, .. } => name.clone(),
        }
    }

    fn build_extensions(
        &self,
        spk: SubjectPublicKeyInfoRef<'_>,
        issuer_spk: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let (ca, usage) = match self {
            Self::Authority(_) => (true, KeyUsages::KeyCertSign | KeyUsages::CRLSign),
            Self::Client { .. } => (false, KeyUsages::DigitalSignature | KeyUsages::NonRepudiation),
        };
        let subject = tbs.subject();
        let mut extensions = vec![
            BasicConstraints {
                ca,
                path_len_constraint: ca.then_some(0),
            }
            .to_extension(subject, &[])?,
            KeyUsage(usage).to_extension(subject, &[])?,
        ];
        extensions.push(SubjectKeyIdentifier::try_from(spk)?.to_extension(subject, &extensions)?);
        extensions.push(AuthorityKeyIdentifier::try_from(issuer_spk)?.to_extension(subject, &extensions)?);
        Ok(extensions)
    }
}

/// Prepare, sign on the token, finish.
async fn issue(
    ca: &Remote,
    key: &TokenKey,
    kind: Kind,
    (spki, span): (&[u8], u64),
) -> Result<Vec<u8>, DemoError> {
    let mut serial = [0; 20];
    getrandom::SysRng
        .try_fill_bytes(&mut serial)
        .map_err(failed("drawing a serial number"))?;
    serial[0] = serial[0] & 0x7F | 0x40;
    let serial = SerialNumber::new(&serial).map_err(failed("drawing a serial number"))?;
    let now = u64::try_from(SystemClock.now().unix_seconds()).unwrap_or(0);
    let time = |seconds: u64| {
        let time = der::DateTime::from_unix_duration(core::time::Duration::from_secs(seconds));
        time.map_err(failed("writing a validity")).map(Time::from)
    };
    let validity = Validity::new(time(now - 300)?, time(now + span)?);
    let spki = SubjectPublicKeyInfoOwned::from_der(spki).map_err(failed("reading a public key"))?;
    let mut builder =
        CertificateBuilder::new(kind, serial, validity, spki).map_err(failed("building a certificate"))?;
    let tbs = builder.finalize(key).map_err(failed("building a certificate"))?;
    let request = SignAsRequest {
        key: ServiceKey::Issuing,
        version: None,
        profile: SignatureProfile::EcdsaP256Sha256,
        digest: HashAlgorithm::Sha256.digest(&tbs),
    };
    let raw = ca
        .sign_as(request)
        .await
        .map_err(failed("signing a certificate"))?;
    let signature = p256::ecdsa::Signature::from_slice(&raw).map_err(failed("signing a certificate"))?;
    let bits =
        BitString::from_bytes(signature.to_der().as_bytes()).map_err(failed("signing a certificate"))?;
    let certificate = builder
        .assemble(bits, key)
        .map_err(failed("building a certificate"))?;
    certificate.to_der().map_err(failed("writing a certificate"))
}
