//! `tamga demo`: an authority is founded, a client enrolled, certified, signs, is refused where that is right, and
//! revoked; every promise is shown once, in plain words.
//!
//! Everything is real but the people: a SoftHSM token, the programs `tamga-hsm` and `tamga serve`, the operators'
//! commands, Argon2id on "the device", and openssl as the judge of certificates, lists, answers and the plain file's signature.
//! What proves the client (face, code) is played: the rules of a Session are in `identity`, but no surface leads a client
//! through one yet, so the demo asks its token key for the assertion itself.

mod client;
mod documents;
mod judge;
mod office;
mod signing;
mod vault;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use domain::{LeafKind, hexadecimal, sha256};
use hsm::{Clock, SystemClock};
use sdk::Password;
use serde::Serialize;
use server::pem;

use self::{
    client::Client,
    judge::{Judge, expect},
    office::Office,
    signing::{sign, unusable},
    vault::Vault,
};

/// The demonstration does not go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// A file or program cannot be reached.
    #[error("a file or program cannot be reached: {0}")]
    Io(#[from] std::io::Error),
    /// Something that the demonstration relies on failed.
    #[error("{what} failed: {why}")]
    Failed {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Something was done that must not be done, or the other way round.
    #[error("a promise was broken: {0}")]
    Promise(String),
}

/// Any failure, with what was being done.
pub(crate) fn failed<E: core::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> DemoError {
    move |error| DemoError::Failed {
        what,
        why: error.to_string(),
    }
}

const PASSWORD: &str = "қызыл алма, көк тау, 7 жол";
const WEAK: &str = "482913";
#[derive(Serialize)]
struct Summary {
    began: String,
    client: String,
    credential: String,
    certificate: String,
    algorithm: &'static str,
    files: Vec<File>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct File {
    name: String,
    sha256: String,
}

#[derive(Serialize)]
struct Step {
    what: &'static str,
    result: String,
    milliseconds: u128,
}

/// Tells the steps and remembers how long each took.
struct Story {
    steps: Vec<Step>,
    since: Instant,
}

impl Story {
    fn tell(&mut self, what: &'static str, result: String) {
        println!("{:>2}. {what}\n    {result}", self.steps.len() + 1);
        self.steps.push(Step {
            what,
            result,
            milliseconds: self.since.elapsed().as_millis(),
        });
        self.since = Instant::now();
    }
}

/// How the scenario is played.
#[derive(Debug, clap::Args)]
pub(crate) struct Play {
    /// Where token, database and sockets are made; a temporary folder if absent.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Where the service listens; a free port of this machine if absent.
    #[arg(long)]
    listen: Option<core::net::SocketAddr>,
    /// End after the scenario instead of staying up for a person to try.
    #[arg(long)]
    once: bool,
    /// Where to leave certificates, lists, documents, signatures, proofs and summary.json.
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
}

/// Plays the scenario and leaves its files.
pub(crate) async fn play(how: Play) -> Result<(), DemoError> {
    let began = SystemClock.now();
    fs::create_dir_all(&how.out)?;
    let out = how.out.canonicalize()?;
    let mut story = Story {
        steps: Vec::new(),
        since: Instant::now(),
    };
    let vault = Vault::start(how.dir).await?;
    story.tell(
        "A token is set up and tamga-hsm started",
        format!("{} in {}", vault.token().await?, vault.folder().display()),
    );
    let office = Office::found(&vault, how.listen).await?;
    story.tell(
        "Two operators hold the ceremony: root, issuing authority and services, each key on its token",
        format!("served at {}", office.base()),
    );
    let client = enrol(&vault, &office, &mut story).await?;
    gather(&office, &client, &out).await?;
    let request = sign((&vault, &office), &client, &mut story, &out).await?;
    let judge = Judge::new(out.clone());
    before(&office, &judge, &mut story)?;
    revoke(&office, &client, &judge, (&mut story, &out)).await?;
    unusable(&vault, request, &mut story).await?;
    outlive(&office, &mut story, &out)?;
    remember(&office, &mut story, &out).await?;
    fs::copy(
        vault.folder().join("root.pub.pem"),
        out.join("device-root.pub.pem"),
    )?;
    let summary = Summary {
        began: began.to_string(),
        client: "ТЕСТОВ АЛИХАН".to_owned(),
        credential: client.key.credential.to_string(),
        certificate: client.serial.to_string(),
        algorithm: client.key.algorithm.name(),
        files: FILES
            .into_iter()
            .map(|name| file(&out, name))
            .collect::<Result<_, _>>()?,
        steps: story.steps,
    };
    let text = serde_json::to_string_pretty(&summary).map_err(failed("writing summary.json"))?;
    fs::write(out.join("summary.json"), text + "\n")?;
    println!("\nFiles and summary.json are in {}.", out.display());
    if how.once {
        return Ok(());
    }
    let folder = vault.folder().display();
    println!(
        "The service stays up at {0}; Ctrl-C ends it. Try:\n  \
         curl -s {0}/pki/issuing-1.crl | openssl crl -inform DER -noout -text\n  \
         {1} --config {folder}/tamga.toml ca report --operator {folder}/aigul.pem:{folder}/aigul.key",
        office.base(),
        vault::program("tamga")?.display(),
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// What the scenario leaves.
const FILES: [&str; 18] = [
    "device-root.pub.pem",
    "root.pem",
    "root.crl",
    "issuing.pem",
    "issuing.crl",
    "client.pem",
    "sample.pdf",
    "sample.signed.pdf",
    "sample.xml",
    "sample.signed.xml",
    "sample.bin",
    "sample.bin.p7s",
    "sample.asice",
    "checkpoint",
    "ledger.key",
    "proof-issued.json",
    "proof-signature.json",
    "proof-revoked.json",
];

fn file(out: &Path, name: &str) -> Result<File, DemoError> {
    Ok(File {
        name: name.to_owned(),
        sha256: hexadecimal(&sha256(&fs::read(out.join(name))?)),
    })
}

async fn enrol(vault: &Vault, office: &Office, story: &mut Story) -> Result<Client, DemoError> {
    let weak = Password::new(WEAK).map_err(failed("typing a password"))?;
    match client::enrol(vault, &weak).await {
        Err(DemoError::Failed { why, .. }) => story.tell(
            "The client chooses a six-digit code as password",
            format!("refused on the device: {why}"),
        ),
        Err(other) => return Err(other),
        Ok(_) => return Err(DemoError::Promise("a six-digit code was admitted".to_owned())),
    }
    let password = Password::new(PASSWORD).map_err(failed("typing a password"))?;
    let key = client::enrol(vault, &password).await?;
    story.tell(
        "The client chooses a phrase, and a key is made on the token",
        format!("credential {}", key.credential),
    );
    let issued = office.certify(&key).await?;
    story.tell(
        "The authority certifies the key",
        format!("certificate {} until {}", issued.serial, issued.not_after),
    );
    Ok(Client {
        key,
        issuer: office.fetch(ISSUING).await?,
        serial: issued.serial,
        certificate: issued.der.unwrap_or_default(),
    })
}

/// What a verifier needs: certificates and lists, fetched as anybody fetches them.
async fn gather(office: &Office, client: &Client, out: &Path) -> Result<(), DemoError> {
    let root = office.fetch("/pki/root.crt").await?;
    for (name, der) in [
        ("root.pem", &root),
        ("issuing.pem", &client.issuer),
        ("client.pem", &client.certificate),
    ] {
        fs::write(out.join(name), pem("CERTIFICATE", der))?;
    }
    for (name, path) in LISTS {
        fs::write(out.join(name), pem("X509 CRL", &office.fetch(path).await?))?;
    }
    Ok(())
}

const ISSUING: &str = "/pki/issuing-1.crt";
const LISTS: [(&str, &str); 2] = [
    ("root.crl", "/pki/root.crl"),
    ("issuing.crl", "/pki/issuing-1.crl"),
];

fn before(office: &Office, judge: &Judge, story: &mut Story) -> Result<(), DemoError> {
    let signature = expect(judge.signature()?, "Verification successful")?;
    let lists = expect(judge.lists()?, "client.pem: OK")?;
    let responder = expect(
        expect(judge.responder(office.base())?, "Response verify OK")?,
        "client.pem: good",
    )?;
    story.tell(
        "openssl judges signature, revocation lists and responder",
        format!("{signature}\n    {lists}\n    {responder}"),
    );
    Ok(())
}

async fn revoke(
    office: &Office,
    client: &Client,
    judge: &Judge,
    (story, out): (&mut Story, &Path),
) -> Result<(), DemoError> {
    let serial = client.serial.to_string();
    let said = office.ordered(&["ca", "revoke", &serial, "--reason", "keyCompromise"])?;
    story.tell("An operator revokes the certificate", said);
    let responder = eventually(|| async {
        expect(
            expect(judge.responder(office.base())?, "Response verify OK")?,
            "client.pem: revoked",
        )
    })
    .await?;
    let lists = eventually(|| async {
        let list = office.fetch("/pki/issuing-1.crl").await?;
        fs::write(out.join("issuing.crl"), pem("X509 CRL", &list))?;
        expect(judge.lists()?, "certificate revoked")
    })
    .await?;
    story.tell(
        "openssl judges again, a moment later",
        format!("{responder}\n    {lists}"),
    );
    Ok(())
}

/// What was signed before the revocation stays signed: everything that shows it is inside.
fn outlive(office: &Office, story: &mut Story, out: &Path) -> Result<(), DemoError> {
    let root = out.join("root.pem");
    let mut told = Vec::new();
    for (name, content) in JUDGED {
        let path = out.join(name);
        let mut line = vec!["validate", text(&path)?, "--anchors", text(&root)?];
        let content = content.map(|content| out.join(content));
        if let Some(content) = &content {
            line.extend(["--detached", text(content)?]);
        }
        office.asked(&line)?;
        told.push(format!("{name}: TOTAL-PASSED"));
    }
    story.tell(
        "What was signed before stays valid: tamga validate, offline, with nothing but the root",
        told.join("\n    "),
    );
    Ok(())
}

const JUDGED: [(&str, Option<&str>); 4] = [
    ("sample.signed.pdf", None),
    ("sample.signed.xml", None),
    ("sample.bin.p7s", Some("sample.bin")),
    ("sample.asice", None),
];

/// The Ledger is whole, and proves what happened to whoever holds its key.
async fn remember(office: &Office, story: &mut Story, out: &Path) -> Result<(), DemoError> {
    fs::write(out.join("ledger.key"), office.asked(&["ledger", "key"])? + "\n")?;
    let mut told = Vec::new();
    for (name, kind) in PROOFS {
        let path = out.join(name);
        fs::write(&path, office.proof(kind).await? + "\n")?;
        let key = out.join("ledger.key");
        let said = office.asked(&["ledger", "proof", text(&path)?, "--key", text(&key)?])?;
        told.push(said.lines().next().unwrap_or_default().to_owned());
    }
    fs::write(out.join("checkpoint"), office.fetch("/ledger/checkpoint").await?)?;
    told.push(office.asked(&["ledger", "verify"])?);
    story.tell("The Ledger proves what happened", told.join("\n    "));
    Ok(())
}

const PROOFS: [(&str, LeafKind); 3] = [
    ("proof-issued.json", LeafKind::Issued),
    ("proof-signature.json", LeafKind::Signed),
    ("proof-revoked.json", LeafKind::Revoked),
];

fn text(path: &Path) -> Result<&str, DemoError> {
    path.to_str()
        .ok_or_else(|| failed("naming a file")(format!("{} is not UTF-8", path.display())))
}

/// Tries until it is so, or until it takes too long.
async fn eventually<T, F: Future<Output = Result<T, DemoError>>>(
    mut ask: impl FnMut() -> F,
) -> Result<T, DemoError> {
    let begun = Instant::now();
    loop {
        match ask().await {
            Err(DemoError::Promise(_)) if begun.elapsed() < LIMIT => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            other => return other,
        }
    }
}

/// How long anything in the demonstration may take.
const LIMIT: Duration = Duration::from_secs(30);
