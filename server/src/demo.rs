//! `tamga demo`: one client, one token, every promise of the boundary shown once, in plain words.
//!
//! Everything is real but the people: a SoftHSM token, the `tamga-hsm` program, Argon2id on "the device", and openssl
//! as the judge. What proves the client (face, code) is played: `identity` is not here yet, so the demo asks its
//! token key for the assertion itself.

mod authority;
mod client;
mod cms;
mod vault;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use domain::{HashAlgorithm, Id, Purpose, ShownDocument};
use hsm::{
    ActivateError, ActivateRequest, CertificateChange, CertifyRequest, Clock, Service, SystemClock,
    ToBeSigned,
};
use sdk::Password;
use serde::Serialize;

use self::{authority::Authority, client::Client, vault::Vault};

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
    /// The boundary did what it must not do, or the other way round.
    #[error("the boundary broke its promise: {0}")]
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

/// Plays the scenario and leaves its files in `out`.
pub(crate) async fn play(dir: Option<PathBuf>, once: bool, out: &Path) -> Result<(), DemoError> {
    let began = SystemClock.now();
    fs::create_dir_all(out)?;
    let mut story = Story {
        steps: Vec::new(),
        since: Instant::now(),
    };
    let vault = Vault::start(dir).await?;
    story.tell(
        "A token is set up and tamga-hsm started",
        format!("{} in {}", vault.token().await?, vault.folder().display()),
    );
    let authority = Authority::new(&vault.ca).await?;
    story.tell(
        "An issuing authority is made on the token",
        "its private key never leaves it".to_owned(),
    );
    let client = enrol(&vault, &authority, &mut story).await?;
    sign(&vault, &client, &mut story, out).await?;
    let summary = Summary {
        began: began.to_string(),
        client: "ТЕСТОВ АЛИХАН".to_owned(),
        credential: client.credential.to_string(),
        algorithm: client.algorithm.name(),
        files: leave(out, &authority, &client, &vault)?,
        steps: story.steps,
    };
    let text = serde_json::to_string_pretty(&summary).map_err(failed("writing summary.json"))?;
    fs::write(out.join("summary.json"), text + "\n")?;
    println!("\nFiles and summary.json are in {}.", out.display());
    if once {
        return Ok(());
    }
    println!(
        "tamga-hsm stays up; its sockets are in {}/sockets. Ctrl-C ends it.",
        vault.folder().display()
    );
    println!(
        "Try: openssl cms -verify -binary -inform DER -in {0}/sample.bin.p7s -content {0}/sample.bin -CAfile {0}/issuing.pem -purpose any",
        out.display()
    );
    tokio::signal::ctrl_c().await?;
    Ok(())
}

async fn enrol(vault: &Vault, authority: &Authority, story: &mut Story) -> Result<Client, DemoError> {
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
    let mut client = client::enrol(vault, &password).await?;
    story.tell(
        "The client chooses a phrase, and a key is made on the token",
        format!("credential {}", client.credential),
    );
    client.certificate = authority.certify(&vault.ca, &client).await?;
    let change = CertificateChange::Issued(client.certificate.clone());
    let request = CertifyRequest {
        credential: client.credential,
        change,
    };
    vault
        .ca
        .certify(request)
        .await
        .map_err(failed("binding the certificate"))?;
    story.tell(
        "The authority certifies the key on the boundary's receipt",
        "valid for one year".to_owned(),
    );
    Ok(client)
}

async fn sign(vault: &Vault, client: &Client, story: &mut Story, out: &Path) -> Result<(), DemoError> {
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
    let signed = cms::finish(&client.certificate, &attributes, signature.as_bytes())?;
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
    Ok(())
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
    let purpose = Purpose::Activate(client.credential);
    let challenge = vault
        .web
        .challenge(hsm::ChallengeRequest { session, purpose })
        .await
        .map_err(failed("asking for a challenge"))?;
    let accepted = vault
        .device
        .accept_activation(&challenge, (session, client.credential), now)
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
    let profile = domain::SignatureProfile::default_for(client.algorithm);
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

/// Writes the certificates, has openssl judge the signature, and lists what is there.
fn leave(out: &Path, authority: &Authority, client: &Client, vault: &Vault) -> Result<Vec<File>, DemoError> {
    fs::write(out.join("issuing.pem"), authority::pem(authority.certificate())?)?;
    fs::write(out.join("client.pem"), authority::pem(&client.certificate)?)?;
    fs::copy(
        vault.folder().join("root.pub.pem"),
        out.join("device-root.pub.pem"),
    )?;
    judge(out)?;
    let names = [
        "device-root.pub.pem",
        "issuing.pem",
        "client.pem",
        "sample.bin",
        "sample.bin.p7s",
    ];
    let file = |name: &str| {
        let digest = HashAlgorithm::Sha256.digest(&fs::read(out.join(name))?);
        Ok(File {
            name: name.to_owned(),
            sha256: digest.to_string(),
        })
    };
    names.into_iter().map(file).collect()
}

/// openssl, which we did not write, has the last word.
fn judge(out: &Path) -> Result<(), DemoError> {
    let output = Command::new("openssl")
        .args([
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
        ])
        .arg(out.join("sample.bin.p7s"))
        .arg("-content")
        .arg(out.join("sample.bin"))
        .arg("-CAfile")
        .arg(out.join("issuing.pem"))
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        return Err(DemoError::Promise(format!(
            "openssl refuses the signature: {said}"
        )));
    }
    println!("    openssl cms -verify: {said}");
    Ok(())
}

/// How long anything in the demonstration may take.
const LIMIT: Duration = Duration::from_secs(30);
