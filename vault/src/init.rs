//! `tamga-hsm init`: tokens, keys, and the root's statement about the challenge key. Running it again changes
//! nothing that exists.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path, time::Duration};

use domain::{EcPublicKey, KeyAlgorithm, KeyCertificate, KeyUse, SigningInput, typ};
use hsm::{Clock, KeyName, KeyRole, Provisioned, ServiceKey, SystemClock, provision, sign_with};

use crate::settings::{Settings, Token, pin};

/// How long the root's statement about a challenge key holds.
const CERTIFIED: Duration = Duration::from_secs(366 * 86_400);

/// Something is wrong that the operator has to mend.
#[derive(Debug, thiserror::Error)]
enum InitError {
    /// The root is needed and not there.
    #[error("no [root] token is configured, and {0} does not exist: the challenge key must be certified by the root")]
    NoRoot(String),
    /// A public key is not a P-256 key.
    #[error("the key {0} is not a P-256 key")]
    Key(KeyName),
}

pub(crate) fn init(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    let clients = [
        KeyRole::Kdk,
        KeyRole::Kek,
        KeyRole::Activation,
        KeyRole::Challenge,
        KeyRole::Tag,
        KeyRole::Documents,
        KeyRole::Health,
    ];
    let clients = set_up(&settings.clients, &clients.map(|role| (KeyName::new(role, 1), None)))?;
    let identity = KeyName::new(KeyRole::Service(ServiceKey::Identity), 1);
    set_up(settings.services(), &[(identity, Some(KeyAlgorithm::P256)), (KeyName::new(KeyRole::Health, 1), None)])?;
    if settings.challenge_certificate.exists() {
        tracing::info!(path = %settings.challenge_certificate.display(), "the challenge key is certified already");
        return Ok(());
    }
    let challenge = KeyName::new(KeyRole::Challenge, 1);
    let challenge = clients.iter().find(|key| key.name == challenge).ok_or(InitError::Key(challenge))?;
    certify(settings, challenge)
}

fn set_up(
    token: &Token,
    names: &[(KeyName, Option<KeyAlgorithm>)],
) -> Result<Vec<Provisioned>, Box<dyn std::error::Error>> {
    let so_pin = token.so_pin_file.as_deref().map(pin).transpose()?;
    let user_pin = pin(&token.pin_file)?;
    let keys = provision(&token.token, so_pin.as_ref().map(|pin| pin.as_slice()), &user_pin, names)?;
    for key in &keys {
        tracing::info!(token = token.token.label, key = %key.name, made = key.made, "a key of the token");
    }
    Ok(keys)
}

/// The root signs who the challenge key is; devices trust nothing else.
fn certify(settings: &Settings, challenge: &Provisioned) -> Result<(), Box<dyn std::error::Error>> {
    let missing = || InitError::NoRoot(settings.challenge_certificate.display().to_string());
    let root_token = settings.root.as_ref().ok_or_else(missing)?;
    let name = KeyName::new(KeyRole::Root, 1);
    let root = set_up(root_token, &[(name, None)])?;
    let root = root.first().ok_or(InitError::Key(name))?;
    let now = SystemClock.now();
    let statement = KeyCertificate::new(
        KeyUse::Challenge,
        &challenge.name.kid(),
        &point(challenge)?,
        now.minus(Duration::from_secs(300)),
        now.plus(CERTIFIED),
    );
    let input = SigningInput::new(typ::KEY_CERTIFICATE, &name.kid(), &statement)?;
    let signature = sign_with(&root_token.token, &pin(&root_token.pin_file)?, name, &input.digest())?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| InitError::Key(name))?;
    let key = EcPublicKey::from_point(&point(root)?).and_then(|key| key.to_pem()).ok_or(InitError::Key(name))?;
    write(&settings.root_key, key.as_bytes())?;
    write(&settings.challenge_certificate, input.finish(&signature).as_bytes())?;
    tracing::info!(path = %settings.root_key.display(), "the root's public key, for devices to pin");
    Ok(())
}

fn point(key: &Provisioned) -> Result<domain::hpke::Point, InitError> {
    let point = key.public_key.as_deref().and_then(|spki| spki.last_chunk().copied());
    point.ok_or(InitError::Key(key.name))
}

fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)?.write_all(content)
}
