//! Officers who enter PINs, with the built `tamga-hsm enter-pin` or by talking to its socket themselves.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    process::Stdio,
};

use domain::{SigningInput, hexadecimal, sha256, typ};
use p256::{
    ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner as _},
    pkcs8::DecodePrivateKey as _,
};
use serde_json::{Value, json};

use crate::{Said, Tokens};

/// Who may enter PINs: file and name.
pub const OFFICERS: [(&str, &str); 3] = [("aigul", "Айгүл"), ("daniyar", "Данияр"), ("saule", "Сәуле")];

/// An officer's key, made if it is not there: the private one in `FILE.key`, the public one in `FILE.pub.pem`.
pub fn officer(tokens: &Tokens, file: &str) -> SigningKey {
    let path = tokens.path(&format!("{file}.key"));
    if !path.exists() {
        let key = rcgen::KeyPair::generate().unwrap();
        tokens.write_secret(&format!("{file}.key"), &key.serialize_pem());
        fs::write(tokens.path(&format!("{file}.pub.pem")), key.public_key_pem()).unwrap();
    }
    SigningKey::from_pkcs8_pem(&fs::read_to_string(path).unwrap()).unwrap()
}

/// `[pin_entry]` with all officers; open for more keys.
pub(crate) fn entry(tokens: &Tokens) -> String {
    let mut officers = String::new();
    for (file, name) in OFFICERS {
        officer(tokens, file);
        let path = tokens.path(&format!("{file}.pub.pem"));
        write!(
            officers,
            "{{ name = '{name}', public_key = '{}' }}, ",
            path.display()
        )
        .unwrap();
    }
    format!("[pin_entry]\nofficers = [{officers}]\n")
}

/// The text of a component of the clients' PIN, as a person copies it from the file.
pub fn component(tokens: &Tokens, number: u8) -> String {
    let text = fs::read_to_string(tokens.path(&format!("tamga-clients-{number}.pin"))).unwrap();
    text.lines()
        .find(|line| !line.starts_with('#'))
        .unwrap()
        .to_owned()
}

/// Runs `tamga-hsm enter-pin` for an officer who types this.
pub fn enter(tokens: &Tokens, (file, name): (&str, &str), typed: &str) -> Said {
    let key = tokens.path(&format!("{file}.key")).display().to_string();
    let mut child = tokens
        .command(&["enter-pin", "--as", name, "--key", &key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses at once reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    Said::from(child.wait_with_output().unwrap())
}

/// A conversation with a `tamga-hsm` that waits for PINs.
#[derive(Debug)]
pub struct Conversation {
    stream: BufReader<UnixStream>,
    /// Its nonce, in base64url.
    pub nonce: String,
    /// The components that are missing.
    pub missing: Vec<u64>,
}

impl Conversation {
    /// Begins one, if somebody waits.
    pub fn begin(tokens: &Tokens) -> Option<Self> {
        let stream = UnixStream::connect(tokens.path("sockets/pin-entry.sock")).ok()?;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let greeting: Value = serde_json::from_str(&line).ok()?;
        let missing = greeting["missing"].as_array()?;
        Some(Self {
            nonce: greeting["nonce"].as_str()?.to_owned(),
            missing: missing
                .iter()
                .filter_map(|one| one["component"].as_u64())
                .collect(),
            stream,
        })
    }

    /// Says something and hears the answer.
    pub fn say(mut self, text: &[u8]) -> String {
        // What is too long is not read to its end.
        let _ = self.stream.get_mut().write_all(text);
        self.hear()
    }

    /// Says nothing, or no more, and hears the answer.
    pub fn hear(mut self) -> String {
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Says a part of a line.
    pub fn begin_to_say(&mut self, text: &[u8]) {
        self.stream.get_mut().write_all(text).unwrap();
    }
}

/// A line with a proof by `key`, in the name of `name`, over this nonce, number and component; and another component, if
/// that is what comes with it.
pub fn proof(
    key: &SigningKey,
    (name, nonce): (&str, &str),
    (number, component): (u8, &str),
    with: &str,
) -> String {
    let content = json!({
        "nonce": nonce,
        "token": "tamga clients",
        "component": number,
        "component_sha256": hexadecimal(&sha256(component.as_bytes())),
    });
    let input = SigningInput::new(typ::PIN_ENTRY, name, &content).unwrap();
    let signature: Signature = key.sign_prehash(input.digest().as_bytes()).unwrap();
    format!("{} {with}\n", input.finish(&signature.to_bytes().into()))
}
