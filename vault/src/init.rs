//! `tamga-hsm init`: tokens, keys, and the root's statement about the challenge key. Running it again changes
//! nothing that exists.
//!
//! Modules read their configuration from the environment, once; so each token is set up by a process of its own
//! with that token's environment, the hidden command `token`.

mod pins;

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use clap::ValueEnum;
use domain::{
    EcPublicKey, KeyAlgorithm, KeyCertificate, KeyUse, SignatureProfile, SigningInput, base64url,
    from_base64url, hpke::Point, typ,
};
use hsm::{Clock, KeyName, KeyRole, ServiceKey, SystemClock, provision, sign_with};
use zeroize::Zeroizing;

pub(crate) use self::pins::{look, split};
use crate::{
    pin::{PinPlace, Pins},
    settings::{Settings, Token, pin},
};

/// How long the root's statement about a challenge key holds.
const CERTIFIED: Duration = Duration::from_hours(366 * 24);

/// Something is wrong that the operator has to mend.
#[derive(Debug, thiserror::Error)]
enum InitError {
    /// The root is needed and not there.
    #[error(
        "no [root] token is configured, and {0} does not exist: the challenge key must be certified by the root"
    )]
    NoRoot(String),
    /// The token is not in the configuration.
    #[error("no {0:?} token is configured")]
    NoToken(Which),
    /// The PIN of a new token has nowhere to go.
    #[error(
        "the PIN of '{0}' is made now: name an existing folder for its two components, init --components FOLDER"
    )]
    NoFolder(String),
    /// A token cannot be initialised.
    #[error(
        "there is no token '{0}' and no so_pin_file to make one with; if there is, its module does not see it"
    )]
    NoOfficer(String),
    /// The process for one token failed; it said why.
    #[error("the {0:?} token could not be set up; the reason is above")]
    Token(Which),
    /// A signature is asked for in another form.
    #[error(
        "a signature is asked for as PROFILE/DIGEST, such as ecdsa-p256-sha256/…, the digest in base64url"
    )]
    Asked,
    /// A process for one token said something else than it should, or a key is not a P-256 key.
    #[error("the {0:?} token gave no usable {1}")]
    Answer(Which, &'static str),
}

/// The tokens of a configuration.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Which {
    /// Everything that concerns Clients.
    Clients,
    /// Service keys.
    Services,
    /// The root.
    Root,
}

pub(crate) fn init(
    settings: &Settings,
    config: &Path,
    components: Option<&Path>,
) -> Result<(), Box<dyn std::error::Error>> {
    let pins = pins::gather(settings, config, components)?;
    let clients = child(settings, config, (Which::Clients, Some(&pins)), &[])?;
    child(settings, config, (Which::Services, Some(&pins)), &[])?;
    drop(pins);
    if settings.challenge_certificate.exists() {
        tracing::info!(path = %settings.challenge_certificate.display(), "the challenge key is certified already");
        return Ok(());
    }
    certify(settings, config, &clients)
}

/// The root signs who the challenge key is; devices trust nothing else.
fn certify(settings: &Settings, config: &Path, clients: &str) -> Result<(), Box<dyn std::error::Error>> {
    if settings.root.is_none() {
        return Err(InitError::NoRoot(settings.challenge_certificate.display().to_string()).into());
    }
    let (challenge, root) = (
        KeyName::new(KeyRole::Challenge, 1),
        KeyName::new(KeyRole::Root, 1),
    );
    let now = SystemClock.now();
    let statement = KeyCertificate::new(
        KeyUse::Challenge,
        &challenge.kid(),
        &point(Which::Clients, clients, challenge)?,
        now.minus(Duration::from_mins(5)),
        now.plus(CERTIFIED),
    );
    let input = SigningInput::new(typ::KEY_CERTIFICATE, &root.kid(), &statement)?;
    let sign = format!(
        "{}/{}",
        SignatureProfile::EcdsaP256Sha256.name(),
        base64url(input.digest().as_bytes())
    );
    let said = child(settings, config, (Which::Root, None), &[format!("--sign={sign}")])?;
    let signature = value(&said, "signature").and_then(|bytes| bytes.try_into().ok());
    let signature: [u8; 64] = signature.ok_or(InitError::Answer(Which::Root, "signature"))?;
    let key = EcPublicKey::from_point(&point(Which::Root, &said, root)?).and_then(|key| key.to_pem());
    write(
        &settings.root_key,
        key.ok_or(InitError::Answer(Which::Root, "key"))?.as_bytes(),
    )?;
    write(
        &settings.challenge_certificate,
        input.finish(&signature).as_bytes(),
    )?;
    tracing::info!(path = %settings.root_key.display(), "the root's public key, for devices to pin");
    Ok(())
}

/// Sets one token up in a process of its own; what it printed. A PIN that was entered goes in over its standard input.
pub(crate) fn child(
    settings: &Settings,
    config: &Path,
    (which, pins): (Which, Option<&Pins>),
    more: &[String],
) -> Result<String, Box<dyn std::error::Error>> {
    let token = settings
        .token(which)
        .ok_or_else(|| InitError::NoRoot("the root's statement".to_owned()))?;
    let name = which
        .to_possible_value()
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default();
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("--config")
        .arg(config)
        .args(["token", &name])
        .envs(&token.settings.environment);
    command.args(more).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn()?;
    let pin = pins.and_then(|pins| pins.get(&token.settings.label));
    if let (Some(mut input), Some(pin)) = (process.stdin.take(), pin) {
        // A process that ended already says why itself.
        let _ = input.write_all(pin);
    }
    let output = process.wait_with_output()?;
    if !output.status.success() {
        return Err(InitError::Token(which).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The hidden command: makes what is missing on one token and prints public keys; signs with the root's keys.
pub(crate) fn token(
    settings: &Settings,
    which: Which,
    authority: Option<KeyAlgorithm>,
    sign: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let token = settings
        .token(which)
        .ok_or_else(|| InitError::NoRoot("the root's statement".to_owned()))?;
    let so_pin = token.so_pin_file.as_deref().map(pin).transpose()?;
    let user_pin = match &token.pin {
        PinPlace::File(path) => pin(path)?,
        PinPlace::TwoPeople => given()?,
    };
    let mut names = names(which);
    let mut signer = KeyName::new(KeyRole::Root, 1);
    if authority.is_some() {
        signer = KeyName::new(KeyRole::RootAuthority, 1);
        names = vec![(signer, authority)];
    }
    let mut out = std::io::stdout().lock();
    for key in provision(
        &token.settings,
        so_pin.as_ref().map(|pin| pin.as_slice()),
        &user_pin,
        &names,
    )? {
        tracing::info!(token = token.settings.label, key = %key.name, made = key.made, "a key of the token");
        writeln!(
            out,
            "{} {}",
            key.name.kid(),
            base64url(key.public_key.as_deref().unwrap_or_default())
        )?;
    }
    for asked in sign {
        let (profile, digest) = asked.split_once('/').ok_or(InitError::Asked)?;
        let profile = SignatureProfile::parse(profile)?;
        let digest = profile.hash().parse_base64url(digest)?;
        let signature = sign_with(&token.settings, &user_pin, signer, (profile, &digest))?;
        writeln!(out, "signature {}", base64url(&signature))?;
    }
    Ok(())
}

/// The PIN that the process above hands over, in room that never grows.
fn given() -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut pin = Zeroizing::new(Vec::with_capacity(256));
    std::io::stdin().take(255).read_to_end(&mut pin)?;
    Ok(pin)
}

/// The keys of a token.
fn names(which: Which) -> Vec<(KeyName, Option<KeyAlgorithm>)> {
    let plain = |role| (KeyName::new(role, 1), None);
    match which {
        Which::Clients => vec![
            plain(KeyRole::Kdk),
            plain(KeyRole::Kek),
            plain(KeyRole::Activation),
            plain(KeyRole::Challenge),
            plain(KeyRole::Tag),
            plain(KeyRole::Documents),
            plain(KeyRole::Health),
        ],
        Which::Services => vec![
            plain(KeyRole::Service(ServiceKey::Identity)),
            plain(KeyRole::Health),
        ],
        Which::Root => vec![plain(KeyRole::Root)],
    }
}

impl Settings {
    fn token(&self, which: Which) -> Option<&Token> {
        match which {
            Which::Clients => Some(&self.clients),
            Which::Services => Some(self.services()),
            Which::Root => self.root.as_ref(),
        }
    }
}

fn value(said: &str, name: &str) -> Option<Vec<u8>> {
    said.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .and_then(|text| from_base64url(text).ok())
}

fn point(which: Which, said: &str, name: KeyName) -> Result<Point, InitError> {
    let spki = value(said, &name.kid());
    spki.and_then(|spki| spki.last_chunk().copied())
        .ok_or(InitError::Answer(which, "key"))
}

fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o644)
        .open(path)?
        .write_all(content)
}
