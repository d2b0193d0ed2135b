//! A small house of certificates with software keys: a root, signers of every profile, a time-stamping authority.

use std::{fs, path::Path};

use domain::{KeyAlgorithm, SignatureProfile};
use hsm::{Expected, RawSignature, ToBeSigned};
use pki::{
    timestamp::{Asking, Token},
    tlv::Cursor,
};
use signer::SigningCertificate;
use tempfile::TempDir;

use crate::openssl::must;

const EXTENSIONS: &str = "\
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[unit]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_cert = unit.pem
certs = root.pem
signer_key = unit.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ca]
default_ca = root
[root]
database = index
default_md = sha256
default_crl_days = 30
crlnumber = crlnumber
[crl]
authorityKeyIdentifier = keyid
";

/// Root and time-stamping unit.
pub(crate) struct House {
    folder: TempDir,
}

/// Somebody with a key.
pub(crate) struct Hand<'a> {
    house: &'a House,
    name: String,
    pub(crate) certificate: SigningCertificate,
}

impl House {
    pub(crate) fn new() -> Self {
        let house = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(house.path().join("extensions"), EXTENSIONS).unwrap();
        fs::write(house.path().join("serial"), "01\n").unwrap();
        fs::write(house.path().join("index"), "").unwrap();
        fs::write(house.path().join("crlnumber"), "01\n").unwrap();
        house.key("root", KeyAlgorithm::P256);
        must(
            house.path(),
            &[
                "req",
                "-x509",
                "-new",
                "-key",
                "root.key",
                "-subj",
                "/C=KZ/CN=Root",
                "-days",
                "3650",
                "-out",
                "root.pem",
            ],
        );
        house.key("unit", KeyAlgorithm::P256);
        house.certify("unit", "unit");
        house
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn der(&self, name: &str) -> Vec<u8> {
        must(
            self.path(),
            &["x509", "-in", &format!("{name}.pem"), "-outform", "DER"],
        )
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    /// Somebody whose key and certificate are of this profile.
    pub(crate) fn hand(&self, name: &str, profile: SignatureProfile) -> Hand<'_> {
        let key = KeyAlgorithm::ALL
            .into_iter()
            .find(|key| profile.fits(*key))
            .unwrap();
        self.key(name, key);
        self.certify(name, "leaf");
        Hand {
            house: self,
            name: name.to_owned(),
            certificate: SigningCertificate::new(self.der(name), vec![self.der("root")], profile).unwrap(),
        }
    }

    /// The root's revocation list, DER.
    pub(crate) fn list(&self) -> Vec<u8> {
        must(
            self.path(),
            &[
                "ca",
                "-gencrl",
                "-config",
                "extensions",
                "-crlexts",
                "crl",
                "-cert",
                "root.pem",
                "-keyfile",
                "root.key",
                "-out",
                "list.pem",
            ],
        );
        must(self.path(), &["crl", "-in", "list.pem", "-outform", "DER"])
    }

    /// What the authority answers.
    pub(crate) fn answer(&self, request: &[u8]) -> Vec<u8> {
        self.write("request.tsq", request);
        must(
            self.path(),
            &[
                "ts",
                "-reply",
                "-config",
                "extensions",
                "-section",
                "tsa1",
                "-queryfile",
                "request.tsq",
                "-out",
                "answer.tsr",
            ],
        );
        fs::read(self.path().join("answer.tsr")).unwrap()
    }

    /// A token over these bytes.
    pub(crate) fn token(&self, stamped: &[u8]) -> Token {
        self.stamp(domain::HashAlgorithm::Sha256.digest(stamped))
    }

    /// A token over this digest.
    pub(crate) fn stamp(&self, stamped: domain::Digest) -> Token {
        let asking = Asking::new(stamped, [0x91; 16]);
        asking.accept(&self.answer(&asking.to_der().unwrap())).unwrap()
    }

    fn key(&self, name: &str, algorithm: KeyAlgorithm) {
        let kind: &[&str] = match algorithm {
            KeyAlgorithm::P256 => &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            KeyAlgorithm::P384 => &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            KeyAlgorithm::Rsa2048 => &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            KeyAlgorithm::Rsa3072 => &["RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
            KeyAlgorithm::Rsa4096 => &["RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
        };
        let out = format!("{name}.key");
        let arguments = [&["genpkey", "-out", &out, "-algorithm"], kind].concat();
        must(self.path(), &arguments);
    }

    fn certify(&self, name: &str, section: &str) {
        let (key, request, out) = (
            format!("{name}.key"),
            format!("{name}.csr"),
            format!("{name}.pem"),
        );
        let subject = format!("/C=KZ/CN={name}");
        must(
            self.path(),
            &["req", "-new", "-key", &key, "-subj", &subject, "-out", &request],
        );
        must(
            self.path(),
            &[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-days",
                "365",
                "-extfile",
                "extensions",
                "-extensions",
                section,
                "-out",
                &out,
            ],
        );
    }
}

impl Hand<'_> {
    /// What the boundary would do: check, then sign.
    pub(crate) fn sign(&self, structure: &ToBeSigned, shown: &domain::Digest) -> RawSignature {
        let profile = self.certificate.profile();
        let expected = Expected {
            shown: &[*shown],
            profile,
            certificate: &self.certificate.fingerprint(),
        };
        structure.check(&expected).unwrap();
        let ToBeSigned::CmsAttributes(der) = structure else {
            panic!("not CMS: {structure:?}");
        };
        self.sign_bytes(der)
    }

    /// What a careless token would do.
    pub(crate) fn sign_bytes(&self, bytes: &[u8]) -> RawSignature {
        let profile = self.certificate.profile();
        self.house.write("to-sign", bytes);
        let (hash, key) = (
            format!("-{}", profile.hash().name()),
            format!("{}.key", self.name),
        );
        let mut arguments = vec!["dgst", &hash, "-sign", &key];
        if profile.name().starts_with("rsa-pss") {
            arguments.extend([
                "-sigopt",
                "rsa_padding_mode:pss",
                "-sigopt",
                "rsa_pss_saltlen:digest",
            ]);
        }
        arguments.push("to-sign");
        let value = must(self.house.path(), &arguments);
        let raw = match profile {
            SignatureProfile::EcdsaP256Sha256 => joined(&value, 32),
            SignatureProfile::EcdsaP384Sha384 => joined(&value, 48),
            _ => value,
        };
        RawSignature::from_token(profile, raw)
    }
}

/// `Ecdsa-Sig-Value` as `r ‖ s`.
fn joined(der: &[u8], length: usize) -> Vec<u8> {
    let mut numbers = Cursor::only(der).unwrap().enter(0x30).unwrap();
    let mut raw = Vec::new();
    for _ in 0..2 {
        let number = numbers.expect(0x02).unwrap().content;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        raw.extend(vec![0; length - number.len()]);
        raw.extend_from_slice(number);
    }
    raw
}
