//! Who may enter PINs, and for which tokens: the part of the configuration that says so.

use core::time::Duration;
use std::path::PathBuf;

use domain::EcPublicKey;
use serde::Deserialize;

use crate::settings::{Settings, Token};

/// Where a token's PIN is.
#[derive(Clone, Debug)]
pub(crate) enum PinPlace {
    /// In this file.
    File(PathBuf),
    /// In two components, with two people.
    TwoPeople,
}

/// The words that stand for [`PinPlace::TwoPeople`].
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) enum EnteredBy {
    /// Two people, one component each.
    #[serde(rename = "entered by two people")]
    TwoPeople,
}

impl PinPlace {
    /// From the two keys that may say it, of which exactly one does.
    pub(crate) fn new(file: Option<PathBuf>, entered: Option<EnteredBy>) -> Result<Self, OfficerError> {
        match (file, entered) {
            (Some(path), None) => Ok(Self::File(path)),
            (None, Some(EnteredBy::TwoPeople)) => Ok(Self::TwoPeople),
            (Some(_), Some(_)) | (None, None) => Err(OfficerError::Place),
        }
    }
}

/// `[pin_entry]`: PINs that two people enter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PinEntrySettings {
    /// How long a start waits for them, in seconds.
    #[serde(default = "wait_seconds")]
    wait_seconds: u32,
    /// Who they may be.
    officers: Vec<OfficerForm>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficerForm {
    /// The person's name, as the Ledger will have it.
    name: String,
    /// A P-256 public key, PEM: the file, or the text itself.
    public_key: String,
}

const fn wait_seconds() -> u32 {
    15 * 60
}

/// The configuration of the entry cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfficerError {
    /// Neither or both keys.
    #[error("say once where the PIN of a token is: pin_file = 'FILE', or pin = 'entered by two people'")]
    Place,
    /// The root's PIN.
    #[error(
        "the root's PIN cannot be entered by two people: give [root] a pin_file, and keep it as you keep the root's token"
    )]
    Root,
    /// Two tokens of one name: a component could not tell them apart.
    #[error(
        "[clients] and [services] both name the token '{0}'; leave [services] out, or give it another token"
    )]
    Twice(String),
    /// A token without officers.
    #[error("the PIN of '{0}' is entered by two people, but [pin_entry] does not say who they may be")]
    Nobody(String),
    /// Officers without a token.
    #[error(
        "[pin_entry] names officers, but no token says pin = 'entered by two people': say so, or leave [pin_entry] out"
    )]
    Nothing,
    /// One alone.
    #[error("[pin_entry] needs two officers at least")]
    Few,
    /// No time to come.
    #[error("wait_seconds of [pin_entry] is from 1 to 3600")]
    Wait,
    /// A name.
    #[error(
        "an officer's name has 1 to 128 bytes, without control characters and without white space at its ends"
    )]
    Name,
    /// A name of two.
    #[error("two officers are called {0}")]
    SameName(String),
    /// A key of two.
    #[error("{0} and {1} have the same key; two people have two")]
    SameKey(String, String),
    /// No key.
    #[error("the key of {0} is no P-256 public key in PEM: openssl pkey -in OFFICER.pem -pubout")]
    Key(String),
    /// The file of a key.
    #[error("the key of {name} cannot be read from {path}: {reason}")]
    File {
        /// Whose.
        name: String,
        /// From where.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
}

/// Someone who may enter a component.
#[derive(Clone, Debug)]
pub(crate) struct Officer {
    pub(super) name: String,
    pub(super) key: EcPublicKey,
}

/// An entry that can be held: which PINs, by whom, how long.
#[derive(Clone, Debug)]
pub(crate) struct PinEntry {
    /// Labels of the tokens.
    pub(crate) tokens: Vec<String>,
    pub(super) officers: Vec<Officer>,
    pub(super) wait: Duration,
}

impl PinEntry {
    /// The entry that the configuration asks for; `None` if every PIN is in a file.
    pub(crate) fn of(settings: &Settings) -> Result<Option<Self>, OfficerError> {
        let by_two = |token: &&Token| matches!(token.pin, PinPlace::TwoPeople);
        if settings.root.iter().any(|root| by_two(&root)) {
            return Err(OfficerError::Root);
        }
        let mut tokens: Vec<String> = Vec::new();
        let both = [Some(&settings.clients), settings.services.as_ref()];
        for token in both.into_iter().flatten().filter(by_two) {
            tokens.push(token.settings.label.clone());
        }
        let Some(first) = tokens.first() else {
            return settings
                .pin_entry
                .as_ref()
                .map_or(Ok(None), |_| Err(OfficerError::Nothing));
        };
        if let Some(services) = &settings.services
            && services.settings.label == settings.clients.settings.label
        {
            return Err(OfficerError::Twice(first.clone()));
        }
        let form = settings.pin_entry.as_ref();
        let form = form.ok_or_else(|| OfficerError::Nobody(first.clone()))?;
        if form.wait_seconds == 0 || form.wait_seconds > 3_600 {
            return Err(OfficerError::Wait);
        }
        Ok(Some(Self {
            tokens,
            officers: officers(&form.officers)?,
            wait: Duration::from_secs(form.wait_seconds.into()),
        }))
    }

    /// The same for these tokens only.
    pub(crate) fn only(mut self, labels: &[String]) -> Self {
        self.tokens.retain(|label| labels.contains(label));
        self
    }
}

fn officers(forms: &[OfficerForm]) -> Result<Vec<Officer>, OfficerError> {
    let mut known: Vec<Officer> = Vec::new();
    for form in forms {
        let name = &form.name;
        if name.is_empty() || name.trim() != name || name.len() > 128 || name.contains(char::is_control) {
            return Err(OfficerError::Name);
        }
        let key = key(form)?;
        for other in &known {
            if other.name == *name {
                return Err(OfficerError::SameName(name.clone()));
            }
            if other.key == key {
                return Err(OfficerError::SameKey(other.name.clone(), name.clone()));
            }
        }
        known.push(Officer {
            name: name.clone(),
            key,
        });
    }
    if known.len() < 2 {
        return Err(OfficerError::Few);
    }
    Ok(known)
}

fn key(form: &OfficerForm) -> Result<EcPublicKey, OfficerError> {
    let text = if form.public_key.trim_start().starts_with("-----BEGIN") {
        form.public_key.clone()
    } else {
        let path = PathBuf::from(&form.public_key);
        std::fs::read_to_string(&path).map_err(|reason| OfficerError::File {
            name: form.name.clone(),
            path,
            reason,
        })?
    };
    EcPublicKey::from_pem(text.trim()).ok_or_else(|| OfficerError::Key(form.name.clone()))
}
