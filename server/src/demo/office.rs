//! The authority of the demonstration: founded by a ceremony, run by two operators, served by `tamga serve`.
//!
//! Everything an operator does is done with the commands that operators have.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use axum::body::{Body, to_bytes};
use ca::{CertificateRecord, Subject};
use domain::{CertificateKind, Id, Leaf, LeafKind};
use hsm::{Clock, Journal as _, SystemClock};
use hyper_util::{client::legacy::Client as HttpClient, rt::TokioExecutor};
use server::{IssueRequest, KeySource, Settings};

use super::{
    DemoError, LIMIT,
    client::{self, Key},
    failed,
    vault::{Vault, program},
};

/// What one answer of the service may hold.
const ANSWER: usize = 1 << 20;
/// Who runs the authority: file name, name, role.
const OPERATORS: [(&str, &str, &str); 2] = [
    ("aigul", "Айгүл Серікова", "administrator"),
    ("daniyar", "Данияр Омаров", "security-officer"),
];

/// A running authority, ended when dropped.
pub(super) struct Office {
    folder: PathBuf,
    base: String,
    settings: Settings,
    service: Service,
}

/// `tamga serve` as a child.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Office {
    /// Writes configuration, operators and ceremony, holds the ceremony, and serves.
    pub(super) async fn found(
        vault: &Vault,
        listen: Option<core::net::SocketAddr>,
    ) -> Result<Self, DemoError> {
        let folder = vault.folder().to_owned();
        let listen = match listen {
            Some(address) => address,
            // Free now; whoever takes it in between makes the start fail, not the result wrong.
            None => TcpListener::bind("127.0.0.1:0")?.local_addr()?,
        };
        let base = format!("http://{listen}");
        let config = folder.join("tamga.toml");
        fs::write(&config, configuration(&folder, &base, listen))?;
        let settings =
            Settings::read(&config, core::iter::empty()).map_err(failed("reading the configuration"))?;
        for (file, name, _) in OPERATORS {
            operator(&folder, file, name)?;
        }
        fs::write(folder.join("ceremony.toml"), ceremony())?;
        let shown = folder.display();
        let held = command(
            &folder,
            &[
                "ca",
                "ceremony",
                &format!("{shown}/ceremony.toml"),
                "--transcript",
                &format!("{shown}/transcript.txt"),
                "--hsm-config",
                &format!("{shown}/hsm.toml"),
            ],
            &OPERATORS,
        )?;
        fs::write(folder.join("ceremony.log"), held)?;
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("tamga.log"))?;
        let service = Command::new(program("tamga")?)
            .arg("--config")
            .arg(&config)
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let mut office = Self {
            folder,
            base,
            settings,
            service: Service(service),
        };
        office.wait().await?;
        Ok(office)
    }

    /// Where it is served.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// A certificate for the client's key.
    pub(super) async fn certify(&self, key: &Key) -> Result<CertificateRecord, DemoError> {
        let authority = server::open(&self.settings)
            .await
            .map_err(failed("opening the authority"))?;
        let request = IssueRequest {
            statement: Id::new(SystemClock.now(), &mut client::random()),
            kind: CertificateKind::NaturalPerson,
            subject: Subject {
                common_name: Some("ТЕСТОВ АЛИХАН".to_owned()),
                surname: Some("ТЕСТОВ".to_owned()),
                given_name: Some("СЕРІКҰЛЫ".to_owned()),
                iin: Some(client::iin()?),
                ..Subject::default()
            },
            key: KeySource::Receipt(key.receipt.clone()),
            hosts: Vec::new(),
            published: true,
            issuer: None,
        };
        authority
            .issue(request)
            .await
            .map_err(failed("issuing the certificate"))
    }

    /// What `tamga …` says to an operator.
    pub(super) fn ordered(&self, arguments: &[&str]) -> Result<String, DemoError> {
        command(&self.folder, arguments, &OPERATORS[1..])
    }

    /// What `tamga …` says to anybody.
    pub(super) fn asked(&self, arguments: &[&str]) -> Result<String, DemoError> {
        command(&self.folder, arguments, &[])
    }

    /// The proof of the newest Ledger entry of a kind, once a checkpoint covers it.
    pub(super) async fn proof(&self, kind: LeafKind) -> Result<String, DemoError> {
        let authority = server::open(&self.settings)
            .await
            .map_err(failed("opening the authority"))?;
        let store = authority.store();
        let mut position = store.head().await.map_err(failed("reading the Ledger"))?.position;
        while position > 0 {
            let kept = store
                .opened_leaf(position)
                .await
                .map_err(failed("reading the Ledger"))?;
            if kept
                .and_then(|kept| Leaf::decode(&kept.entry))
                .is_some_and(|leaf| leaf.kind == kind)
            {
                break;
            }
            position -= 1;
        }
        let begun = Instant::now();
        loop {
            match self.asked(&["ledger", "prove", &position.to_string()]) {
                Err(_) if begun.elapsed() < LIMIT => {
                    tokio::time::sleep(core::time::Duration::from_millis(100)).await;
                }
                said => return said,
            }
        }
    }

    /// Fetches what is published.
    pub(super) async fn fetch(&self, path: &str) -> Result<Vec<u8>, DemoError> {
        let client = HttpClient::builder(TokioExecutor::new()).build_http::<Body>();
        let address = format!("{}{path}", self.base)
            .parse()
            .map_err(failed("writing an address"))?;
        let answer = client.get(address).await.map_err(failed("asking the service"))?;
        if !answer.status().is_success() {
            return Err(failed("asking the service")(format!(
                "{path}: {}",
                answer.status()
            )));
        }
        let content = to_bytes(Body::new(answer.into_body()), ANSWER).await;
        Ok(content.map_err(failed("reading an answer"))?.to_vec())
    }

    async fn wait(&mut self) -> Result<(), DemoError> {
        let begun = Instant::now();
        while begun.elapsed() < LIMIT {
            if self.fetch("/readyz").await.is_ok() {
                return Ok(());
            }
            if self.service.0.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(core::time::Duration::from_millis(20)).await;
        }
        Err(failed("starting tamga serve")(format!(
            "see {}",
            self.folder.join("tamga.log").display()
        )))
    }
}

fn configuration(folder: &Path, base: &str, listen: core::net::SocketAddr) -> String {
    let shown = folder.display();
    format!(
        "# A trial. A production configuration is described in docs/operations.md.\n\
         database = 'sqlite:{shown}/tamga.db'\nsockets = '{shown}/sockets'\nroot_key = '{shown}/root.pub.pem'\nlisten = '{listen}'\nproduction = false\n\
         [places]\nbase = '{base}'\n[log]\norigin = 'ledger.tamga.example'\n\
         [time]\npolicy = '1.3.6.1.4.1.32473.7.6.1'\n"
    )
}

/// A key and a certificate of an operator, as a card would hold them.
fn operator(folder: &Path, file: &str, name: &str) -> Result<(), DemoError> {
    let output = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-noenc",
            "-utf8",
        ])
        .args(["-days", "365", "-subj", &format!("/CN={name}")])
        .arg("-keyout")
        .arg(folder.join(format!("{file}.key")))
        .arg("-out")
        .arg(folder.join(format!("{file}.pem")))
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(failed("making an operator's key")(String::from_utf8_lossy(
        &output.stderr,
    )))
}

fn ceremony() -> String {
    let id: Id<domain::word::Statement> = Id::new(SystemClock.now(), &mut client::random());
    let people = OPERATORS.map(|(file, name, role)| {
        format!("[[operators]]\nname = '{name}'\ncertificate = '{file}.pem'\nroles = ['{role}']\n")
    });
    let people = people.concat();
    format!(
        "id = '{id}'\ntitle = 'Founding of the demonstration authority'\nplace = 'Almaty'\n\
         [root]\nalgorithm = 'p384'\nsubject = {{ common_name = 'Tamga Demo Root', organization = 'Тамға' }}\n\
         [issuing]\nalgorithm = 'p256'\nsubject = {{ common_name = 'Tamga Demo Issuing', organization = 'Тамға' }}\n\
         [ocsp]\nalgorithm = 'p256'\nsubject = {{ common_name = 'OCSP RESPONDER' }}\n\
         [time_stamp]\nalgorithm = 'p256'\nsubject = {{ common_name = 'УАҚЫТ БЕЛГІСІ' }}\n\
         [evidence_seal]\nalgorithm = 'p256'\n\
         subject = {{ common_name = 'Дәлел мөрі', organization = 'Тамға', bin = '960440000151' }}\n\
         [ledger]\nalgorithm = 'p256'\nsubject = {{ common_name = 'Ledger' }}\n{people}"
    )
}

/// A command of `tamga`, in the name of these operators.
fn command(folder: &Path, arguments: &[&str], operators: &[(&str, &str, &str)]) -> Result<String, DemoError> {
    let mut command = Command::new(program("tamga")?);
    command
        .arg("--config")
        .arg(folder.join("tamga.toml"))
        .args(arguments)
        .env("TAMGA_LOG", "error");
    for (file, ..) in operators {
        command
            .arg("--operator")
            .arg(format!("{0}/{file}.pem:{0}/{file}.key", folder.display()));
    }
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(failed("a command of tamga")(
        String::from_utf8_lossy(&output.stderr).trim(),
    ))
}
