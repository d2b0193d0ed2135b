//! `tamga-hsm enter-pin`: one person enters one component.
//!
//! What can be judged here is judged before anything is sent, so that a typing error costs nobody a conversation.

use core::time::Duration;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

use domain::SigningInput;
use p256::{
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner as _},
    pkcs8::DecodePrivateKey as _,
};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{
    component::{Component, ComponentError},
    officers::{OfficerError, PinEntry},
    proof::{self, Answer, Greeting, Proof, SOCKET, in_words},
    terminal,
};
use crate::settings::Settings;

/// Longest wait for the supervisor's answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest line that a supervisor says.
const LINE: u64 = 64 * 1024;

/// The component was not entered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnterError {
    /// The configuration.
    #[error(transparent)]
    Officer(#[from] OfficerError),
    /// Nothing is to be entered.
    #[error("every PIN of this configuration is in a file; nothing is to be entered")]
    Nothing,
    /// The file of the officer's key.
    #[error("{path} cannot be read: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The officer's key.
    #[error("{0} holds no P-256 key in PKCS#8, unencrypted")]
    Key(PathBuf),
    /// Nobody waits.
    #[error("no tamga-hsm waits for a PIN at {path} ({reason}); start it first, then enter the components")]
    NobodyWaits {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The component.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// Another token's.
    #[error("this component is of no token whose PIN is entered here")]
    Token,
    /// The supervisor's refusal.
    #[error("refused: {0}")]
    Refused(String),
    /// The supervisor said something else.
    #[error("tamga-hsm ended the conversation; look into its log")]
    Ended,
    /// The terminal or the conversation failed.
    #[error(transparent)]
    Input(#[from] std::io::Error),
}

/// Reads the component of the officer with this name and key, and enters it.
pub(crate) fn enter(settings: &Settings, name: &str, key: &Path) -> Result<(), EnterError> {
    let entry = PinEntry::of(settings)?.ok_or(EnterError::Nothing)?;
    let key = read_key(key)?;
    let path = settings.sockets.join(SOCKET);
    let (_, greeting) = greeted(&path)?;
    let asked = format!(
        "{name}, this is missing: {}.\nComponent (not shown): ",
        in_words(&greeting.missing)
    );
    let typed = terminal::secret(&asked, Component::MOST)?;
    let component = Component::parse(&typed)?;
    let text = component.text().ok_or(ComponentError::Form)?;
    let token = entry.tokens.iter().find(|label| component.is_of(label));
    let token = token.ok_or(EnterError::Token)?;
    let (stream, greeting) = greeted(&path)?;
    let proof = Proof {
        nonce: greeting.nonce,
        token: token.clone(),
        component: component.number().value(),
        component_sha256: proof::digest(&text),
    };
    let signed = sign(name, &proof, &key).ok_or(EnterError::Ended)?;
    let mut line = Zeroizing::new(Vec::with_capacity(signed.len() + text.len() + 2));
    for part in [signed.as_bytes(), b" ", text.as_bytes(), b"\n"] {
        line.extend_from_slice(part);
    }
    (&stream).write_all(&line)?;
    match heard(&mut BufReader::new(&stream))? {
        Answer::Taken(missing) if missing.is_empty() => {
            println!("Taken; nothing is missing any more, and tamga-hsm starts.");
            Ok(())
        }
        Answer::Taken(missing) => {
            println!("Taken; still missing: {}.", in_words(&missing));
            Ok(())
        }
        Answer::Refused(reason) => Err(EnterError::Refused(reason)),
    }
}

fn read_key(path: &Path) -> Result<SigningKey, EnterError> {
    let pem = std::fs::read_to_string(path).map_err(|reason| EnterError::File {
        path: path.to_owned(),
        reason,
    })?;
    SigningKey::from_pkcs8_pem(&Zeroizing::new(pem)).map_err(|_| EnterError::Key(path.to_owned()))
}

/// A conversation, just begun.
fn greeted(path: &Path) -> Result<(UnixStream, Greeting), EnterError> {
    let stream = UnixStream::connect(path).map_err(|reason| EnterError::NobodyWaits {
        path: path.to_owned(),
        reason,
    })?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // Nothing follows the greeting until we have spoken, so the reader holds back nothing.
    let greeting = heard(&mut BufReader::new(&stream))?;
    Ok((stream, greeting))
}

fn heard<T: DeserializeOwned>(reader: &mut BufReader<&UnixStream>) -> Result<T, EnterError> {
    let mut line = String::new();
    reader.take(LINE).read_line(&mut line)?;
    serde_json::from_str(&line).map_err(|_| EnterError::Ended)
}

fn sign(name: &str, proof: &Proof, key: &SigningKey) -> Option<String> {
    let input = SigningInput::new(domain::typ::PIN_ENTRY, name, proof).ok()?;
    let signature: Signature = key.sign_prehash(input.digest().as_bytes()).ok()?;
    Some(input.finish(&signature.to_bytes().into()))
}
