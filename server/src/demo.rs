//! `tamga demo`: an authority is founded, a client enrolled, certified, signs, is refused where that is right, and
//! revoked; every promise is shown once, in plain words.
//!
//! Everything is real but the people: a SoftHSM token, the programs `tamga-hsm` and `tamga serve`, the operators'
//! commands, Argon2id on "the device", and openssl as the judge. What proves the client (face, code) is played:
//! `identity` is not here yet, so the demo asks its token key for the assertion itself.

mod client;
mod cms;
mod judge;
mod office;
mod vault;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use domain::{HashAlgorithm, Id, LeafKind, Purpose, ShownDocument, hexadecimal, sha256};
use hsm::{ActivateError, ActivateRequest, Clock, Service, SystemClock, ToBeSigned};
use sdk::Password;
use serde::Serialize;
use server::pem;

use self::{
    client::Client,
    judge::{Judge, expect},
    office::Office,
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
const SAMPLE: &str = "Loan agreement No. 1\nThe client borrows 1 000 000 tenge for twelve months.\n";

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
    let request = sign(&vault, &client, &mut story, &out).await?;
    let judge = Judge::new(out.clone());
    before(&office, &judge, &mut story)?;
    revoke(&office, &client, &judge, (&mut story, &out)).await?;
    unusable(&vault, request, &mut story).await?;
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
const FILES: [&str; 13] = [
    "device-root.pub.pem",
    "root.pem",
    "root.crl",
    "issuing.pem",
    "issuing.crl",
    "client.pem",
    "sample.bin",
    "sample.bin.p7s",
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
    let responder = expect(judge.responder(office.base())?, "client.pem: good")?;
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
    let responder =
        eventually(|| async { expect(judge.responder(office.base())?, "client.pem: revoked") }).await?;
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

/// A revoked certificate's key is destroyed: the right password opens nothing.
async fn unusable(vault: &Vault, request: ActivateRequest, story: &mut Story) -> Result<(), DemoError> {
    match vault.web.activate(request).await {
        Err(error) => {
            story.tell(
                "The right password is typed once more",
                format!("refused: {error}"),
            );
            Ok(())
        }
        Ok(_) => Err(DemoError::Promise("a revoked key signed".to_owned())),
    }
}

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

/// Signs, and is refused where it must be. Gives one more request under the right password, not used yet.
async fn sign(
    vault: &Vault,
    client: &Client,
    story: &mut Story,
    out: &Path,
) -> Result<ActivateRequest, DemoError> {
    fs::write(out.join("sample.bin"), SAMPLE)?;
    let right = Password::new(PASSWORD).map_err(failed("typing a password"))?;
    let wrong = Password::new("жасыл алма, көк тау, 7 жол").map_err(failed("typing a password"))?;

    let (request, _) = prepare(vault, client, &wrong).await?;
    match vault.web.activate(request).await {
        Err(error @ ActivateError::WrongPassword { .. }) => {
            story.tell("A wrong password is typed", format!("refused: {error}"));
        }
        other => return Err(DemoError::Promise(format!("a wrong password gave {other:?}"))),
    }
    let (request, attributes) = prepare(vault, client, &right).await?;
    let batch = vault
        .web
        .activate(request.clone())
        .await
        .map_err(failed("signing"))?;
    let (_, signature) = batch
        .signatures
        .first()
        .ok_or_else(|| DemoError::Promise("no signature came".to_owned()))?;
    let signed = cms::finish(
        [&client.certificate, &client.issuer],
        &attributes,
        signature.as_bytes(),
    )?;
    fs::write(out.join("sample.bin.p7s"), signed)?;
    story.tell(
        "The right password is typed",
        format!("activation {} signed sample.bin", batch.activation),
    );

    match vault.web.activate(request.clone()).await {
        Err(ActivateError::Replayed) => story.tell(
            "The same message is sent again",
            format!("refused: {}", ActivateError::Replayed),
        ),
        other => return Err(DemoError::Promise(format!("a replay gave {other:?}"))),
    }
    let (mut swapped, _) = prepare(vault, client, &right).await?;
    let other = HashAlgorithm::Sha256.digest(b"The client borrows 9 000 000 tenge.");
    let altered = cms::attributes(&client.certificate, &other)?;
    swapped
        .list
        .iter_mut()
        .for_each(|(_, structure)| *structure = ToBeSigned::CmsAttributes(altered.clone()));
    match vault.web.activate(swapped).await {
        Err(error @ ActivateError::Structure { .. }) => story.tell(
            "The service swaps the document after it was shown",
            format!("refused: {error}"),
        ),
        other => return Err(DemoError::Promise(format!("a swapped document gave {other:?}"))),
    }
    Ok(prepare(vault, client, &right).await?.0)
}

/// Everything up to the call: proof, challenge, password hashed on the device, structure.
async fn prepare(
    vault: &Vault,
    client: &Client,
    password: &Password,
) -> Result<(ActivateRequest, Vec<u8>), DemoError> {
    let now = SystemClock.now();
    let session = Id::new(now, &mut client::random());
    let assertion = client::proven(vault, session, now).await?;
    let purpose = Purpose::Activate(client.key.credential);
    let challenge = vault
        .web
        .challenge(hsm::ChallengeRequest { session, purpose })
        .await
        .map_err(failed("asking for a challenge"))?;
    let accepted = vault
        .device
        .accept_activation(&challenge, (session, client.key.credential), now)
        .map_err(failed("checking the challenge"))?;
    let nonce = accepted.nonce();
    let document = ShownDocument {
        id: Id::new(now, &mut client::random()),
        digest: HashAlgorithm::Sha256.digest(SAMPLE.as_bytes()),
    };
    let sad = accepted
        .sign(password, vec![document], now, &mut client::random())
        .map_err(failed("sealing the signature activation data"))?;
    let attributes = cms::attributes(&client.certificate, &document.digest)?;
    let list = vec![(vec![document.id], ToBeSigned::CmsAttributes(attributes.clone()))];
    let profile = domain::SignatureProfile::default_for(client.key.algorithm);
    Ok((
        ActivateRequest {
            assertion,
            nonce,
            sad,
            profile,
            list,
        },
        attributes,
    ))
}

/// How long anything in the demonstration may take.
const LIMIT: Duration = Duration::from_secs(30);
