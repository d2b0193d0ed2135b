//! Who may say that a certificate is not revoked, and by which algorithms anything is believed: openssl plays the authority.

use std::fs;

use domain::{Time, hexadecimal};
use pki::Presented;
use signer::{
    Material, Stated as _,
    judgement::{Constraints, SignatureReport},
};

use crate::files::{der, judged_with, must};

const EXTENSIONS: &str = "\
[leaf]
keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[responder]
keyUsage=critical,digitalSignature
extendedKeyUsage=OCSPSigning
noCheck=ignored
[machine]
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
noCheck=ignored
";

/// An authority by RSA-3072 and SHA-384 whose people sign by P-384, so that a test can end other algorithms alone.
struct House(tempfile::TempDir);

impl House {
    fn new() -> Self {
        let house = Self(tempfile::tempdir().unwrap());
        let folder = house.0.path();
        fs::write(folder.join("x.cnf"), EXTENSIONS).unwrap();
        fs::write(folder.join("content.txt"), "content").unwrap();
        house.ran("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out ca.key");
        house.ran("req -x509 -new -sha384 -key ca.key -subj /C=KZ/CN=Root -days 365 -out ca.pem");
        house.certify(
            "a",
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
            "leaf",
            "-sha384",
        );
        house.ran(
            "cms -sign -cades -binary -md sha384 -in content.txt -signer a.pem -inkey a.key -outform DER -out signed.p7s",
        );
        let certificate = Presented::parse(&der(folder, "a.pem")).unwrap();
        let serial = hexadecimal(certificate.serial()).to_uppercase();
        let index = format!("V\t491231235959Z\t\t{serial}\tunknown\t/C=KZ/CN=a\n");
        fs::write(folder.join("index.txt"), index).unwrap();
        fs::write(folder.join("index.txt.attr"), "unique_subject = no\n").unwrap();
        house.ran("ocsp -issuer ca.pem -cert a.pem -no_nonce -reqout question.der");
        house
    }

    fn ran(&self, arguments: &str) {
        must(self.0.path(), arguments);
    }

    /// A key of this kind and a certificate for it.
    fn certify(&self, name: &str, key: &str, section: &str, digest: &str) {
        self.ran(&format!("genpkey {key} -out {name}.key"));
        self.ran(&format!(
            "req -new -key {name}.key -subj /C=KZ/CN={name} -out {name}.csr"
        ));
        self.ran(&format!(
            "x509 -req {digest} -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile x.cnf -extensions \
             {section} -days 30 -out {name}.pem"
        ));
    }

    /// An answer of this one about the signer.
    fn answer(&self, who: &str, options: &str) -> Vec<u8> {
        self.ran(&format!(
            "ocsp -index index.txt -CA ca.pem -rsigner {who}.pem -rkey {who}.key {options} -ndays 1 -reqin question.der \
             -respout answer.der"
        ));
        fs::read(self.0.path().join("answer.der")).unwrap()
    }

    fn judged(&self, answer: Vec<u8>, constraints: &Constraints) -> SignatureReport {
        let material = Material {
            answers: [answer].into(),
            ..Material::default()
        };
        judged_with(
            self.0.path(),
            ("signed.p7s", Some("content.txt")),
            &material,
            constraints,
        )
    }
}

/// What was believed of this function ended long ago.
fn without_sha256() -> Constraints {
    let mut constraints = Constraints::default();
    constraints.endurance.sha256 = Time::from_unix_seconds(0);
    constraints
}

#[track_caller]
fn is(report: &SignatureReport, expected: &str) {
    let found = report.sub_indication.map_or("PASSED", |sub| sub.name());
    assert_eq!(found, expected, "{:?}", report.findings);
}

#[test]
fn an_answer_of_the_issuer_itself_is_believed_as_long_as_its_algorithm() {
    let house = House::new();
    let (strong, weak) = (
        house.answer("ca", "-rmd sha384"),
        house.answer("ca", "-rmd sha256"),
    );
    is(&house.judged(weak.clone(), &Constraints::default()), "PASSED");
    is(&house.judged(strong, &without_sha256()), "PASSED");
    is(
        &house.judged(weak, &without_sha256()),
        "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    );
    is(
        &house.judged(house.answer("ca", "-rmd sha1"), &Constraints::default()),
        "TRY_LATER",
    );
}

#[test]
fn an_answer_of_a_delegate_is_believed_as_long_as_its_algorithm_and_its_certificate_s() {
    let house = House::new();
    let rsa = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072";
    house.certify("strong", rsa, "responder", "-sha384");
    house.certify("weak", rsa, "responder", "-sha256");
    let until = without_sha256();
    is(
        &house.judged(house.answer("strong", "-rmd sha384"), &until),
        "PASSED",
    );
    for (who, digest) in [("strong", "-rmd sha256"), ("weak", "-rmd sha384")] {
        let answer = house.answer(who, digest);
        is(&house.judged(answer.clone(), &Constraints::default()), "PASSED");
        is(&house.judged(answer, &until), "REVOCATION_OUT_OF_BOUNDS_NO_POE");
    }
}

#[test]
fn an_answer_of_a_responder_with_another_purpose_or_a_short_key_is_not_believed() {
    let house = House::new();
    house.certify(
        "machine",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "machine",
        "-sha384",
    );
    house.certify(
        "short",
        "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "responder",
        "-sha384",
    );
    for who in ["machine", "short"] {
        let report = house.judged(house.answer(who, "-rmd sha256"), &Constraints::default());
        is(&report, "TRY_LATER");
        let refused = report
            .findings
            .iter()
            .any(|finding| finding.statement().code() == "status-refused");
        assert!(refused, "{who}: {:?}", report.findings);
    }
}

/// The table of the policy: an algorithm is believed until its end, and SHA-1 and RSA-1024 never.
#[test]
fn algorithms_are_believed_by_the_table_of_their_ends() {
    let house = House::new();
    let answer = |house: &House| house.answer("ca", "-rmd sha384");
    let sign = |house: &House, who: &str, digest: &str| {
        house.ran(&format!(
            "cms -sign -cades -binary -md {digest} -in content.txt -signer {who}.pem -inkey {who}.key -outform DER -out \
             signed.p7s"
        ));
    };
    let ended = |change: fn(&mut Constraints)| {
        let mut constraints = Constraints::default();
        change(&mut constraints);
        constraints
    };
    is(&house.judged(answer(&house), &Constraints::default()), "PASSED");
    let ended_curves = ended(|constraints| constraints.endurance.curves = Time::from_unix_seconds(0));
    let ended_384 = ended(|constraints| constraints.endurance.sha384 = Time::from_unix_seconds(0));
    for constraints in [ended_curves, ended_384] {
        let report = house.judged(answer(&house), &constraints);
        is(&report, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
        assert_eq!(report.findings[0].statement().code(), "algorithm-ended");
    }
    sign(&house, "a", "sha1");
    let report = house.judged(answer(&house), &Constraints::default());
    is(&report, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    let short = "-algorithm RSA -pkeyopt rsa_keygen_bits:1024";
    house.certify("short", short, "leaf", "-sha384");
    sign(&house, "short", "sha256");
    let report = house.judged(answer(&house), &Constraints::default());
    is(&report, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    assert_eq!(report.findings[0].statement().code(), "algorithm-weak");
}
