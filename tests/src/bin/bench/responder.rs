//! The responder that is compared with: `openssl ocsp` with two children, on a P-256 key in memory.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use pki::{PublicKey, x509_cert::Certificate};
use tempfile::TempDir;
use world::rng;

/// The responder, ended when dropped.
pub(crate) struct Responder {
    child: Child,
    folder: TempDir,
    pub(crate) address: SocketAddr,
    pub(crate) serials: Vec<[u8; 20]>,
}

impl Responder {
    /// Starts it over an index of so many certificates.
    pub(crate) fn start(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let serials: Vec<_> = (0..count)
            .map(|_| *ca::Serial::from_random(rng()).as_bytes())
            .collect();
        let line = |serial: &[u8; 20]| {
            let digits = domain::hexadecimal(serial).to_uppercase();
            format!("V\t491231235959Z\t\t{digits}\tunknown\t/CN={digits}\n")
        };
        let index: String = serials.iter().map(line).collect();
        fs::write(folder.path().join("index"), index).unwrap();
        openssl(
            folder.path(),
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out ca -subj /CN=CA -days 9",
        );
        openssl(folder.path(), "x509 -in ca -outform DER -out ca.der");
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new("openssl")
            .args("ocsp -index index -CA ca -rsigner ca -rkey key -multi 2 -port".split(' '))
            .arg(address.port().to_string())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let responder = Self {
            child,
            folder,
            address,
            serials,
        };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "openssl ocsp does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        responder
    }

    /// The authority that it answers for.
    pub(crate) fn issuer(&self) -> (Certificate, PublicKey) {
        use pki::x509_cert::der::Decode;
        let der = fs::read(self.folder.path().join("ca.der")).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        let key = certificate.tbs_certificate().subject_public_key_info().clone();
        (certificate, PublicKey::new(key).unwrap())
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        // Asked to end, it waits for children that nobody asks; and it replaces those that end before it.
        let id = self.child.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = Command::new("kill")
            .args(children.split_ascii_whitespace())
            .status();
    }
}

fn openssl(folder: &Path, line: &str) {
    let mut command = Command::new("openssl");
    let output = command
        .args(line.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
