//! The configuration of `tamga-hsm`: one TOML file, unknown keys are errors, secrets only in files of their own.

use std::{
    collections::BTreeMap,
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use hsm::{BoundarySettings, LaneSettings, Role, TokenSettings, VerifierMode};
use policies::Policy;
use serde::{Deserialize, Deserializer, de::Error as _};
use store::Database;
use zeroize::Zeroizing;

use crate::pin::{EnteredBy, OfficerError, PinEntry, PinEntrySettings, PinPlace, Pins};

/// The configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// The database that `tamga` uses too: `sqlite:PATH` or `postgres://USER@HOST/NAME`.
    #[serde(deserialize_with = "database")]
    pub(crate) database: Database,
    /// The Shelf: a database of its own with one part for each Client's key, never in a backup; `shelf.db` beside the
    /// database, if that is a file and this is absent.
    #[serde(default, deserialize_with = "shelf")]
    shelf: Option<Database>,
    /// The folder in which the sockets are made: one per role, e.g. `web.sock`.
    pub(crate) sockets: PathBuf,
    /// Users whose processes may connect; this program's own user always may.
    #[serde(default)]
    pub(crate) uids: Vec<u32>,
    /// The root's statement about the challenge key; written by `init`.
    pub(crate) challenge_certificate: PathBuf,
    /// Where `init` writes the root's public key, which devices pin.
    pub(crate) root_key: PathBuf,
    /// Where verifiers are kept: `sealed` or `resident`.
    #[serde(default)]
    pub(crate) verifier: VerifierMode,
    /// Signing workers; one per core if absent.
    pub(crate) signing_workers: Option<usize>,
    /// After how many frames a worker is replaced.
    #[serde(default = "worker_share")]
    pub(crate) worker_share: u64,
    /// At what resident memory a worker is replaced, in KiB.
    #[serde(default = "worker_memory")]
    pub(crate) worker_memory_kib: u64,
    /// Whether other supervisors use the same database.
    #[serde(default)]
    pub(crate) shared_database: bool,
    /// Who enters the PINs that are in no file.
    pub(crate) pin_entry: Option<PinEntrySettings>,
    /// The token with everything that concerns Clients.
    pub(crate) clients: Token,
    /// The token with the service keys; the clients' token if absent.
    pub(crate) services: Option<Token>,
    /// The root's token; needed by `init` only, offline otherwise.
    pub(crate) root: Option<Token>,
    /// Mutual TLS for callers on other hosts.
    pub(crate) tls: Option<Tls>,
}

/// A token and where its PINs are.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "TokenForm")]
pub(crate) struct Token {
    pub(crate) pin: PinPlace,
    pub(crate) so_pin_file: Option<PathBuf>,
    pub(crate) settings: TokenSettings,
}

/// The same as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenForm {
    /// The file with the user PIN.
    pin_file: Option<PathBuf>,
    /// Or that two people enter it.
    pin: Option<EnteredBy>,
    /// The file with the security officer's PIN; only for `init`.
    so_pin_file: Option<PathBuf>,
    /// The token.
    token: TokenSettings,
}

impl TryFrom<TokenForm> for Token {
    type Error = OfficerError;

    fn try_from(form: TokenForm) -> Result<Self, OfficerError> {
        Ok(Self {
            pin: PinPlace::new(form.pin_file, form.pin)?,
            so_pin_file: form.so_pin_file,
            settings: form.token,
        })
    }
}

/// Mutual TLS.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// Where to listen.
    pub(crate) listen: std::net::SocketAddr,
    /// This host's certificate chain, PEM.
    pub(crate) certificate: PathBuf,
    /// Its private key, PEM.
    pub(crate) key: PathBuf,
    /// The authorities that callers' certificates come from, PEM.
    pub(crate) authorities: PathBuf,
    /// Which role a caller has, by SHA-256 of its certificate in lower-case hexadecimal.
    pub(crate) callers: BTreeMap<String, Role>,
}

fn database<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Database, D::Error> {
    let text = Zeroizing::new(String::deserialize(deserializer)?);
    text.parse().map_err(D::Error::custom)
}

fn shelf<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Database>, D::Error> {
    database(deserializer).map(Some)
}

const fn worker_share() -> u64 {
    200_000
}

const fn worker_memory() -> u64 {
    128 * 1024
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The file does not read.
    #[error("{path} cannot be read: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// It is not the configuration. The line itself is not repeated: it may be the database's, with a password.
    #[error("{path}, line {line}: {reason}")]
    Form {
        /// Which.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// Others can read a secret.
    #[error("{path} holds a secret and must be readable by its owner only: chmod 600 {path}")]
    Open {
        /// Which.
        path: PathBuf,
    },
    /// The Shelf has no place.
    #[error("say where the shelf is, e.g. shelf = 'sqlite:/var/lib/tamga/shelf.db': nothing lies beside {0}")]
    NoShelf(Database),
    /// The Shelf would be backed up with the database.
    #[error("shelf and database must be two databases, since the shelf is never in a backup: {0}")]
    SameShelf(Database),
    /// A file with a PIN holds none.
    #[error("{path} holds no PIN")]
    NoPin {
        /// Which.
        path: PathBuf,
    },
    /// The entry of PINs.
    #[error(transparent)]
    Entry(#[from] OfficerError),
    /// A PIN that was to be entered was not.
    #[error("the PIN of '{0}' was not entered")]
    NotEntered(String),
}

impl Settings {
    /// Reads and checks the file.
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = read(path)?;
        toml::from_str(&text).map_err(|reason: toml::de::Error| SettingsError::Form {
            path: path.to_owned(),
            line: line_of(&text, &reason),
            reason: reason.message().to_owned(),
        })
    }

    /// The service keys' token.
    pub(crate) const fn services(&self) -> &Token {
        match &self.services {
            Some(token) => token,
            None => &self.clients,
        }
    }

    /// Where the Shelf is.
    pub(crate) fn shelf(&self) -> Result<Database, SettingsError> {
        let place = self.shelf.clone().or_else(|| self.database.beside("shelf.db"));
        let place = place.ok_or_else(|| SettingsError::NoShelf(self.database.clone()))?;
        if place.to_string() == self.database.to_string() {
            return Err(SettingsError::SameShelf(place));
        }
        Ok(place)
    }

    /// Reads every secret that the configuration names, and forgets it.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        self.shelf()?;
        PinEntry::of(self)?;
        for token in [Some(&self.clients), Some(self.services()), self.root.as_ref()]
            .into_iter()
            .flatten()
        {
            if let PinPlace::File(path) = &token.pin {
                pin(path)?;
            }
        }
        Ok(())
    }

    /// What the boundary is started with.
    pub(crate) fn boundary(&self, pins: &Pins) -> Result<BoundarySettings, Box<dyn std::error::Error>> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(BoundarySettings {
            program: std::env::current_exe()?,
            clients: self.clients.lane(pins)?,
            services: self.services().lane(pins)?,
            challenge_certificate: read(&self.challenge_certificate)?.trim().to_owned(),
            verifier: self.verifier,
            policy: Policy::SHIPPED,
            signing_workers: self.signing_workers.unwrap_or(cores),
            worker_share: self.worker_share,
            worker_memory_kib: self.worker_memory_kib,
            alone: !self.shared_database,
        })
    }
}

impl Token {
    /// The token with its user PIN.
    fn lane(&self, pins: &Pins) -> Result<LaneSettings, SettingsError> {
        let label = &self.settings.label;
        let pin = match &self.pin {
            PinPlace::File(path) => pin(path)?,
            PinPlace::TwoPeople => pins
                .get(label)
                .cloned()
                .ok_or_else(|| SettingsError::NotEntered(label.clone()))?,
        };
        Ok(LaneSettings {
            token: self.settings.clone(),
            pin,
        })
    }
}

/// A PIN from a file that only its owner can read; surrounding white space is not part of it.
pub(crate) fn pin(path: &Path) -> Result<Zeroizing<Vec<u8>>, SettingsError> {
    let failed = |reason| SettingsError::File {
        path: path.to_owned(),
        reason,
    };
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(SettingsError::Open {
            path: path.to_owned(),
        });
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(failed)?);
    let pin = Zeroizing::new(bytes.trim_ascii().to_vec());
    if pin.is_empty() {
        Err(SettingsError::NoPin {
            path: path.to_owned(),
        })
    } else {
        Ok(pin)
    }
}

fn line_of(text: &str, reason: &toml::de::Error) -> usize {
    let before = reason.span().and_then(|span| text.get(..span.start));
    before.map_or(1, |before| before.matches('\n').count() + 1)
}

fn read(path: &Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path).map_err(|reason| SettingsError::File {
        path: path.to_owned(),
        reason,
    })
}
