//! Whole files of foreign makers: read by their kind, judged, and compared with what openssl says of the same.

use std::{fs, path::Path, process::Command};

use domain::Time;
use pki::{Presented, path::Anchor};
use signer::{
    Limits, Material, claims,
    judgement::{Constraints, Context, SignatureReport, SubIndication, judge},
};

const EXTENSIONS: &str = "\
[leaf]
keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[ca]
default_ca=d
[d]
database=index.txt
crlnumber=crlnumber
default_md=sha256
default_crl_days=5
";

fn openssl(folder: &Path, arguments: &str) -> bool {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    output.status.success()
}

#[track_caller]
pub(crate) fn must(folder: &Path, arguments: &str) {
    assert!(openssl(folder, arguments), "openssl {arguments}");
}

pub(crate) fn der(folder: &Path, name: &str) -> Vec<u8> {
    der::pem::decode_vec(&fs::read(folder.join(name)).unwrap())
        .unwrap()
        .1
}

/// A root, somebody with a key of this kind, content, and two lists: before and after revoking.
fn found(folder: &Path, key: &str) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("x.cnf", EXTENSIONS);
    write("content.txt", "content");
    write("other.txt", "other content");
    write("index.txt", "");
    write("crlnumber", "01\n");
    must(
        folder,
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out ca.key",
    );
    must(
        folder,
        "req -x509 -new -key ca.key -subj /C=KZ/CN=Root -days 365 -out ca.pem",
    );
    must(folder, &format!("genpkey {key} -out a.key"));
    must(folder, "req -new -key a.key -subj /C=KZ/CN=Alice -out a.csr");
    must(
        folder,
        "x509 -req -in a.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile x.cnf -extensions leaf -days 30 -out a.pem",
    );
    must(
        folder,
        "ca -config x.cnf -gencrl -keyfile ca.key -cert ca.pem -out good.crl",
    );
    must(
        folder,
        "ca -config x.cnf -revoke a.pem -keyfile ca.key -cert ca.pem -crl_reason keyCompromise",
    );
    must(
        folder,
        "ca -config x.cnf -gencrl -keyfile ca.key -cert ca.pem -out bad.crl",
    );
}

fn judged(folder: &Path, file: &str, beside: Option<&str>, list: &str) -> SignatureReport {
    let material = Material {
        lists: [der(folder, list)].into(),
        ..Material::default()
    };
    judged_with(folder, (file, beside), &material, &Constraints::default())
}

/// The one signature of a file, detached from another or not, judged with this at hand by whoever believes `ca.pem`.
pub(crate) fn judged_with(
    folder: &Path,
    (file, beside): (&str, Option<&str>),
    material: &Material,
    constraints: &Constraints,
) -> SignatureReport {
    let bytes = |name: &str| fs::read(folder.join(name)).unwrap();
    let beside = beside.map(|name| (name, bytes(name)));
    let given = beside
        .as_ref()
        .map(|(name, bytes)| (*name, bytes as &dyn signer::Source));
    let found = claims(&bytes(file), given, &Limits::default()).unwrap();
    let anchors = [Anchor::new(Presented::parse(&der(folder, "ca.pem")).unwrap())];
    // The certificates are of today, whenever that is.
    let begun = Presented::parse(&der(folder, "a.pem")).unwrap().not_before();
    let at: Time = begun.plus(core::time::Duration::from_hours(1));
    let context = Context {
        anchors: &anchors,
        material,
        at,
        constraints,
    };
    let [claim] = found.as_slice() else {
        unreachable!("{found:#?}")
    };
    judge(claim, &context)
}

#[test]
fn what_openssl_signs_is_judged_as_openssl_judges_it() {
    for key in [
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        found(folder, key);
        let sign = "cms -sign -cades -binary -in content.txt -signer a.pem -inkey a.key";
        must(folder, &format!("{sign} -outform DER -out detached.p7s"));
        must(
            folder,
            &format!("{sign} -nodetach -outform PEM -out attached.pem"),
        );
        let says = |file: &str, content: Option<&str>, list: &str| {
            judged(folder, file, content, list)
                .sub_indication
                .map_or("PASSED", SubIndication::name)
        };
        let verify = "cms -verify -binary -inform DER -in detached.p7s -CAfile ca.pem -out /dev/null";
        assert!(openssl(folder, &format!("{verify} -content content.txt")));
        assert_eq!(
            says("detached.p7s", Some("content.txt"), "good.crl"),
            "PASSED",
            "{key}"
        );
        assert_eq!(says("attached.pem", None, "good.crl"), "PASSED", "{key}");
        assert!(!openssl(folder, &format!("{verify} -content other.txt")));
        assert_eq!(
            says("detached.p7s", Some("other.txt"), "good.crl"),
            "HASH_FAILURE",
            "{key}"
        );
        assert_eq!(
            says("detached.p7s", None, "good.crl"),
            "SIGNED_DATA_NOT_FOUND",
            "{key}"
        );
        let revoked = "verify -crl_check -CAfile ca.pem -CRLfile";
        assert!(openssl(folder, &format!("{revoked} good.crl a.pem")));
        assert!(!openssl(folder, &format!("{revoked} bad.crl a.pem")));
        assert_eq!(
            says("detached.p7s", Some("content.txt"), "bad.crl"),
            "REVOKED_NO_POE",
            "{key}"
        );
    }
}

#[test]
fn pss_and_weak_digests_of_openssl_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    found(folder, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048");
    let sign = "cms -sign -cades -binary -in content.txt -signer a.pem -inkey a.key -outform DER";
    let pss = "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen";
    for (options, expected) in [
        (format!("-md sha256 {pss}:32"), "PASSED"),
        (format!("-md sha512 {pss}:64"), "PASSED"),
        // A salt of any length: none, that of the default, the longest that there is room for.
        (format!("-md sha256 {pss}:0"), "PASSED"),
        (format!("-md sha256 {pss}:20"), "PASSED"),
        (format!("-md sha256 {pss}:222"), "PASSED"),
        (format!("-md sha512 {pss}:64"), "PASSED"),
        ("-md sha384".to_owned(), "PASSED"),
        ("-md sha1".to_owned(), "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    ] {
        must(folder, &format!("{sign} {options} -out signed.p7s"));
        let report = judged(folder, "signed.p7s", Some("content.txt"), "good.crl");
        let found = report.sub_indication.map_or("PASSED", SubIndication::name);
        assert_eq!(found, expected, "{options}: {:?}", report.findings);
    }
}

/// Moduli whose encoded message is a byte shorter than they are, or has other unused bits; and every altered byte.
#[test]
fn pss_with_salts_of_other_lengths_is_verified_for_keys_of_odd_lengths() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for bits in [2_049, 2_050, 3_072] {
        found(folder, &format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}"));
        must(
            folder,
            "cms -sign -cades -binary -in content.txt -signer a.pem -inkey a.key -outform DER -md sha384 \
             -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:17 -out signed.p7s",
        );
        let report = judged(folder, "signed.p7s", Some("content.txt"), "good.crl");
        assert_eq!(report.sub_indication, None, "{bits}: {:?}", report.findings);
        // The value is the last thing in the file.
        let whole = fs::read(folder.join("signed.p7s")).unwrap();
        for from_the_end in [1, 2, 100, 200, 250] {
            let mut altered = whole.clone();
            let place = altered.len() - from_the_end;
            altered[place] ^= 1;
            fs::write(folder.join("altered.p7s"), altered).unwrap();
            let report = judged(folder, "altered.p7s", Some("content.txt"), "good.crl");
            assert_eq!(
                report.sub_indication,
                Some(SubIndication::SigCryptoFailure),
                "{bits}"
            );
        }
    }
}
