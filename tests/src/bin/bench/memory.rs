//! The most memory that signing a file takes, and reading its signature again: each in a process of its own, whose peak
//! the kernel tells. Goal: within 64 MiB of a process that does neither, however large the file is.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Command,
};

use domain::{HashAlgorithm, SignatureProfile, Time};
use hsm::RawSignature;
use p256::{
    SecretKey,
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner},
    pkcs8::EncodePublicKey,
};
use signer::{
    Output, SigningCertificate, Source,
    cades::{self, Packaging, Said},
    pdf,
};
use world::{digest_of, rng};

use crate::documents::samples;

/// What this program is called with to measure itself.
pub(crate) const ALONE: &str = "--alone";

const MIB: usize = 1 << 20;
const GOAL: f64 = 64.0;

pub(crate) fn table() {
    println!("\npeak memory over a process that does neither, in MiB; goal: {GOAL:.0}\n");
    println!("| file | signed | signature read again |\n| --- | --- | --- |");
    let folder = tempfile::tempdir().unwrap();
    let idle = peak(&["idle"]);
    for (kind, size) in [
        ("blob", MIB),
        ("blob", 100 * MIB),
        ("blob", 1_024 * MIB),
        ("pdf", MIB),
        ("pdf", 30 * MIB),
        ("pdf", 300 * MIB),
    ] {
        let path = folder.path().join(kind);
        match kind {
            "pdf" => samples::pdf_file(&path, size),
            _ => blob_file(&path, size),
        }
        let name = path.to_str().unwrap();
        let [signed, read] = ["sign", "read"].map(|verb| peak(&[verb, kind, name]) - idle);
        println!("| {kind} {} | {signed:.1} | {read:.1} |", samples::told(size));
    }
}

/// The peak of a process that does this, in MiB.
fn peak(arguments: &[&str]) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap())
        .arg(ALONE)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    core::str::from_utf8(&output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn blob_file(path: &Path, size: usize) {
    let mut sink = BufWriter::new(File::create(path).unwrap());
    for number in 0..size / MIB {
        sink.write_all(&samples::blob(MIB, number)).unwrap();
    }
    sink.flush().unwrap();
}

/// Does one thing and prints the peak.
pub(crate) fn alone(arguments: &[String]) {
    let hand = Hand::new();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["idle"] => {}
        ["sign", kind, path] => hand.sign(kind, Path::new(path)),
        ["read", kind, path] => read(kind, Path::new(path)),
        other => panic!("{other:?} cannot be measured"),
    }
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{}", kilobytes / 1_024.0);
}

/// A key in memory: where it is costs the signer nothing.
struct Hand {
    key: SigningKey,
    certificate: SigningCertificate,
}

impl Hand {
    const PROFILE: SignatureProfile = SignatureProfile::EcdsaP256Sha256;

    fn new() -> Self {
        let secret = SecretKey::from_slice(&rng::<32>()).unwrap();
        let spki = secret.public_key().to_public_key_der().unwrap();
        let certificate = world::Authority::new().certify(spki.as_bytes(), (2020, 2049));
        Self {
            key: secret.into(),
            certificate: SigningCertificate::new(certificate, Vec::new(), Self::PROFILE).unwrap(),
        }
    }

    /// Signs a file, a blob attached, and writes what comes of it.
    fn sign(&self, kind: &str, path: &Path) {
        let source = File::open(path).unwrap();
        let output = if kind == "pdf" {
            let prepared = pdf::Prepared::new(&source, &self.certificate, &pdf::Options::default()).unwrap();
            let raw = self.value(&prepared.to_be_signed());
            prepared.finish(&raw).unwrap()
        } else {
            let said = Said {
                time: Some(Time::from_micros(0)),
                mime: None,
            };
            let prepared =
                cades::Prepared::new(&source, Packaging::Attached, &self.certificate, &said).unwrap();
            let raw = self.value(&prepared.to_be_signed());
            prepared.finish(&raw).unwrap()
        };
        write(&output, &source, &signed(path));
    }

    fn value(&self, structure: &hsm::ToBeSigned) -> RawSignature {
        let digest = digest_of(structure, HashAlgorithm::Sha256);
        let value: Signature = self.key.sign_prehash(digest.as_bytes()).unwrap();
        RawSignature::from_token(Self::PROFILE, value.to_vec())
    }
}

/// Reads the signature of what was signed, and whether it covers what is there.
fn read(kind: &str, path: &Path) {
    let source = File::open(signed(path)).unwrap();
    let claims = signer::claims(&source, None, &signer::Limits::default()).unwrap();
    let [claim] = claims.as_slice() else {
        panic!("{kind}: one signature is in it");
    };
    assert!(claim.faults.is_empty(), "{claim:?}");
}

fn signed(path: &Path) -> PathBuf {
    path.with_extension("signed")
}

fn write(output: &Output, source: &File, path: &Path) {
    let mut sink = BufWriter::new(File::create(path).unwrap());
    output.write_to(&[source as &dyn Source], &mut sink).unwrap();
    sink.flush().unwrap();
}
