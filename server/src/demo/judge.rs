//! openssl, which we did not write, judges the signature of the plain file, the certificates, the lists and the responder. It
//! knows no signatures in PDF, XML and containers: those are judged by `tamga validate`.

use std::{path::PathBuf, process::Command};

use super::DemoError;

/// A folder with `root.pem`, `root.crl`, `issuing.pem`, `issuing.crl`, `client.pem`, `sample.bin`, `sample.bin.p7s`.
pub(super) struct Judge {
    folder: PathBuf,
}

impl Judge {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Whether the signature fits the document and leads to the root.
    pub(super) fn signature(&self) -> Result<String, DemoError> {
        self.ask(&[
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-purpose",
            "any",
            "-out",
            "/dev/null",
            "-in",
            "sample.bin.p7s",
            "-content",
            "sample.bin",
            "-CAfile",
            "root.pem",
        ])
    }

    /// Whether the certificate is good by the revocation lists.
    pub(super) fn lists(&self) -> Result<String, DemoError> {
        self.ask(&[
            "verify",
            "-nameopt",
            "utf8,sep_comma_plus_space",
            "-x509_strict",
            "-crl_check_all",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "-CRLfile",
            "root.crl",
            "-CRLfile",
            "issuing.crl",
            "client.pem",
        ])
    }

    /// Whether the certificate is good by the responder.
    pub(super) fn responder(&self, base: &str) -> Result<String, DemoError> {
        let address = format!("{base}/ocsp");
        self.ask(&[
            "ocsp",
            "-issuer",
            "issuing.pem",
            "-cert",
            "client.pem",
            "-url",
            &address,
            "-CAfile",
            "root.pem",
            "-verify_other",
            "issuing.pem",
        ])
    }

    /// Everything openssl says, its lines joined.
    fn ask(&self, arguments: &[&str]) -> Result<String, DemoError> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(&self.folder)
            .output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        Ok(lines.join("; "))
    }
}

/// What openssl said, if it holds the words.
pub(super) fn expect(said: String, words: &str) -> Result<String, DemoError> {
    if said.contains(words) {
        Ok(said)
    } else {
        Err(DemoError::Promise(format!(
            "openssl was to say \"{words}\", but says: {said}"
        )))
    }
}
