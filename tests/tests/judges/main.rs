//! Programs that are not ours judge every kind of certificate, revocation list, status answer and time stamp.
//!
//! They work in the folder of a world on what is served there, so that a line here is what an auditor would type.
//! A judge that is missing fails the test: `tools/setup.sh test` installs them all.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what only tests run may fail loudly"
)]

mod answers;
mod certificates;
mod docket;
mod gnutls;
mod hearing;
mod lists;
mod stamps;
mod subjects;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use ca::CertificateRecord;
use domain::KeyAlgorithm;
use server::Wish;
use world::{Founding, Pki, judges, pem, run};

/// RSA throughout; the usual house is of elliptic curves. Small keys, since making large ones takes most of the time.
const RSA: Founding = Founding {
    keys: [
        KeyAlgorithm::Rsa3072,
        KeyAlgorithm::Rsa2048,
        KeyAlgorithm::Rsa2048,
    ],
    ..Founding::USUAL
};

/// An authority, and the folder in which it is judged.
struct Court {
    pki: Pki,
}

impl Court {
    /// The certificates of root and issuing authority are `root` and `issuing`, each as `.pem` and `.der`.
    async fn founded(founding: Founding) -> Self {
        let pki = Pki::founded(founding).await;
        let house = pki.authority().house();
        let court = Self { pki };
        court.keep_certificate("root", house.root().unwrap().der());
        court.keep_certificate("issuing", house.issuing().unwrap().der());
        court
    }

    fn path(&self, name: &str) -> PathBuf {
        self.pki.world.tokens.path(name)
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn keep_certificate(&self, name: &str, der: &[u8]) {
        self.keep(&format!("{name}.der"), der);
        self.keep(&format!("{name}.pem"), pem("CERTIFICATE", der).as_bytes());
    }

    /// What a program says on either channel; `{base}` is where the authority is served.
    async fn says(&self, line: &str) -> String {
        let line = line.replace("{base}", &self.pki.base);
        let mut words = line.split_whitespace();
        let mut command = Command::new(words.next().unwrap());
        let output = run(command.args(words).current_dir(self.pki.world.tokens.folder())).await;
        [output.stdout, output.stderr]
            .map(|said| String::from_utf8_lossy(&said).into_owned())
            .concat()
    }

    /// The same of a program that must say this.
    async fn hears(&self, line: &str, expected: &str) -> String {
        let said = self.says(line).await;
        assert!(
            said.contains(expected),
            "{line}: expected {expected:?}, heard: {said}"
        );
        said
    }

    /// Fetches what is published at this path, under this name.
    async fn fetch(&self, path: &str, name: &str) {
        self.keep(name, &self.pki.get(path).await);
    }

    async fn change(&self, issued: &CertificateRecord, wish: Wish) {
        let demand = self.pki.statement();
        self.pki
            .authority()
            .change(issued.id, wish, demand)
            .await
            .unwrap();
    }

    /// Makes every list that is due.
    async fn publish(&self) {
        for scope in self.pki.authority().scopes() {
            self.pki.authority().refresh_lists(scope).await.unwrap();
        }
    }
}

/// What a script of `tests/judges` says.
async fn python(script: &str, arguments: &[String]) -> serde_json::Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("judges");
    // -I: nothing of the folder or of the user comes between the scripts and the pinned libraries.
    let output = run(Command::new(judges())
        .arg("-I")
        .arg(folder.join(script))
        .args(arguments))
    .await;
    let heard = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {arguments:?}: {heard}");
    serde_json::from_slice(&output.stdout).unwrap()
}
