//! The programs of others: pyHanko, xmlsec1, openssl. Each is given what it is fast with.

use core::fmt;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Instant,
};

use domain::KeyAlgorithm;
use signer::cades::Packaging;
use tempfile::TempDir;
use world::{PIN, Tokens};

/// Programs at a time.
const WORKERS: usize = 2;

/// pyHanko on a token.
pub(crate) struct PyHanko {
    python: PathBuf,
    module: String,
    configuration: String,
}

/// Why pyHanko is not measured.
pub(crate) struct Missing(PathBuf);

impl PyHanko {
    /// Python with what `tests/judges.txt` lists: in `TAMGA_JUDGES`, or where `tools/setup.sh` puts it.
    pub(crate) fn find(tokens: &Tokens) -> Result<Self, Missing> {
        let folder = env::var_os("TAMGA_JUDGES").map_or_else(
            || {
                let here = env::current_exe().unwrap();
                let mut folders = here.ancestors().map(|folder| folder.join("python"));
                folders
                    .find(|folder| folder.is_dir())
                    .unwrap_or_else(|| PathBuf::from("target/python"))
            },
            PathBuf::from,
        );
        let python = folder.join("bin/python");
        let is_there = Command::new(&python)
            .args(["-c", "import pkcs11, pyhanko.sign.pkcs11"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !is_there {
            return Err(Missing(python));
        }
        Ok(Self {
            python,
            module: tokens.setting("module"),
            configuration: tokens.setting("environment"),
        })
    }

    /// Signatures per second of so many processes together.
    pub(crate) fn rate(&self, file: &Path, processes: usize) -> f64 {
        const COUNT: usize = 60;
        let running: Vec<Child> = (0..processes)
            .map(|number| {
                let copy = file.with_extension(format!("pyhanko-{number}"));
                fs::copy(file, &copy).unwrap();
                Command::new(&self.python)
                    .args(["-c", include_str!("pyhanko.py")])
                    .args([self.module.as_str(), "tamga clients", PIN])
                    .arg(copy)
                    .arg(COUNT.to_string())
                    .env("SOFTHSM2_CONF", &self.configuration)
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        running.into_iter().map(|child| figure(&done(child))).sum()
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} has no pyHanko with PKCS#11: run tools/setup.sh test",
            self.0.display()
        )
    }
}

/// xmlsec1 with a key in a file.
pub(crate) struct XmlSec {
    folder: PathBuf,
}

impl XmlSec {
    /// With a document that has an empty signature in it.
    pub(crate) fn new(folder: &TempDir, algorithm: KeyAlgorithm, document: &[u8]) -> Self {
        let folder = folder.path().to_owned();
        key(&folder, algorithm);
        let text = core::str::from_utf8(document).unwrap();
        let (content, end) = text.rsplit_once("</").unwrap();
        let method = match algorithm {
            KeyAlgorithm::P256 => "ecdsa-sha256",
            _ => "rsa-sha256",
        };
        let signature = TEMPLATE.replace("METHOD", method);
        fs::write(folder.join("template"), format!("{content}{signature}</{end}")).unwrap();
        Self { folder }
    }

    /// Signatures per second, signing the document this often.
    pub(crate) fn repeated(&self, count: usize) -> f64 {
        let share = count / WORKERS;
        let begun = Instant::now();
        let running: Vec<Child> = (0..WORKERS).map(|worker| self.start(worker, share)).collect();
        for child in running {
            done(child);
        }
        (share * WORKERS) as f64 / begun.elapsed().as_secs_f64()
    }

    /// Signatures per second, starting it for each.
    pub(crate) fn each(&self, count: usize) -> f64 {
        in_turns(count, |number| self.start(number, 1))
    }

    fn start(&self, number: usize, repeat: usize) -> Child {
        Command::new("xmlsec1")
            .args(["--sign", "--privkey-pem", "key.pem,cert.pem", "--repeat"])
            .arg(repeat.to_string())
            .args(["--output", &format!("{number}.xmlsec"), "template"])
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

/// openssl with a key in a file.
pub(crate) struct OpenSsl {
    folder: PathBuf,
    packaging: Packaging,
}

impl OpenSsl {
    pub(crate) fn new(folder: &TempDir, packaging: Packaging) -> Self {
        let folder = folder.path().to_owned();
        key(&folder, KeyAlgorithm::P256);
        Self { folder, packaging }
    }

    /// Files per second.
    pub(crate) fn rate(&self, files: &[PathBuf]) -> f64 {
        in_turns(files.len(), |number| {
            let mut command = Command::new("openssl");
            command
                .args(
                    "cms -sign -cades -binary -md sha256 -signer cert.pem -inkey key.pem -outform DER"
                        .split(' '),
                )
                .arg("-in")
                .arg(&files[number])
                .arg("-out")
                .arg(files[number].with_extension("openssl"))
                .current_dir(&self.folder)
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
            if self.packaging == Packaging::Attached {
                command.args(["-nodetach", "-stream"]);
            }
            command.spawn().unwrap()
        })
    }
}

/// Starts so many, two at a time; how many end in a second.
fn in_turns(count: usize, start: impl Fn(usize) -> Child + Sync) -> f64 {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let start = &start;
            scope.spawn(move || {
                for number in (worker..count).step_by(WORKERS) {
                    done(start(number));
                }
            });
        }
    });
    count as f64 / begun.elapsed().as_secs_f64()
}

/// A key with its certificate.
fn key(folder: &Path, algorithm: KeyAlgorithm) {
    let kind = match algorithm {
        KeyAlgorithm::P256 => "ec -pkeyopt ec_paramgen_curve:P-256",
        _ => "rsa:2048",
    };
    let child = Command::new("openssl")
        .args("req -x509 -nodes -keyout key.pem -out cert.pem -subj /CN=bench -days 9 -newkey".split(' '))
        .args(kind.split(' '))
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    done(child);
}

fn done(child: Child) -> Output {
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn figure(output: &Output) -> f64 {
    core::str::from_utf8(&output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

const TEMPLATE: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
    <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>\
    <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#METHOD\"/><ds:Reference URI=\"\"><ds:Transforms>\
    <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>\
    <ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/></ds:Transforms>\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>\
    <ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>";
