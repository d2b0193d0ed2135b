//! The configuration of `tamga`: one TOML file; unknown keys are errors; every value can be replaced from the
//! environment, as `TAMGA_SET_PLACES__BASE` replaces `base` in `[places]`.

use core::{net::SocketAddr, num::NonZeroU32, time::Duration};
use std::path::{Path, PathBuf};

use ca::{ClockRule, Places};
use der::asn1::ObjectIdentifier;
use domain::{EcPublicKey, Level, from_hexadecimal};
use policies::{Certificates, CertificatesError, Oid, Policy};
use serde::Deserialize;
use store::{DatabaseError, DocumentPlace, DocumentPlaceError};

use crate::{
    AuthoritySettings, StampSettings, Stamper,
    upkeep::{DocumentSettings, UpkeepSettings},
    validation::ValidationSettings,
};

/// The configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The database that `tamga-hsm` uses too.
    pub database: String,
    /// The folder with the sockets of `tamga-hsm`.
    pub sockets: PathBuf,
    /// The public key of the boundary's root, PEM, as `tamga-hsm init` wrote it for devices to pin.
    pub root_key: PathBuf,
    /// SHA-256 of the root's certificate, hexadecimal, as the ceremony tells it: no other root is believed.
    pub root_sha256: Option<String>,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// Whether this is production: then nothing virtual is accepted.
    #[serde(default = "yes")]
    pub production: bool,
    /// Certificate profiles; the shipped ones if absent.
    pub profiles: Option<PathBuf>,
    /// Where the rules are that differ from the shipped ones.
    policy: Option<PathBuf>,
    /// The rules in force: those of `policy`, or the shipped ones.
    #[serde(skip)]
    rules: Policy,
    /// Status answers that are signed on demand in a second.
    #[serde(default = "signed_answers")]
    pub signed_answers_per_second: u32,
    /// Where publications are found.
    pub places: Places,
    /// The Ledger's log.
    pub log: LogSettings,
    /// Time stamps.
    pub time: TimeSettings,
    /// When the house is not ready.
    #[serde(default)]
    pub health: HealthSettings,
    /// Backups.
    #[serde(default)]
    pub backup: BackupSettings,
    /// Judging of signatures.
    #[serde(default)]
    pub validation: ValidationSettings,
    /// Where signed files are kept.
    pub documents: Option<DocumentSettings>,
    /// How signatures are kept; they stay as they are if absent.
    pub upkeep: Option<UpkeepSettings>,
}

/// What `tamga backup` takes beside the database and this file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupSettings {
    /// Folders: of documents, of tokens that are files.
    #[serde(default)]
    pub folders: Vec<PathBuf>,
    /// Other configuration files; they come back by hand.
    #[serde(default)]
    pub files: Vec<PathBuf>,
}

/// The Ledger's log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Its name, such as `ledger.example.kz`; it stands in every checkpoint and never changes.
    pub origin: String,
}

/// When the house is not ready.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// Revocation lists and the Ledger's tree may be behind for so many seconds before `/readyz` says so.
    pub patience_seconds: NonZeroU32,
}

impl Default for HealthSettings {
    fn default() -> Self {
        Self {
            patience_seconds: const { NonZeroU32::new(60).unwrap() },
        }
    }
}

/// Time stamps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeSettings {
    /// The policy of the stamps.
    pub policy: Oid,
    /// Stamps in a second; more are asked to come back.
    #[serde(default = "stamps")]
    pub stamps_per_second: NonZeroU32,
    /// An NTP server, against which the clock is checked.
    pub second_source: Option<String>,
}

const fn yes() -> bool {
    true
}

const fn stamps() -> NonZeroU32 {
    const { NonZeroU32::new(500).unwrap() }
}

const fn signed_answers() -> u32 {
    500
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file does not read.
    #[error("{path} cannot be read: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// It is not the configuration.
    #[error("{path}: {reason}")]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        reason: Box<toml::de::Error>,
    },
    /// A variable of the environment names no place in the configuration.
    #[error("{0} names no value of the configuration: write TAMGA_SET_KEY, or TAMGA_SET_SECTION__KEY")]
    Variable(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The place of documents.
    #[error("documents.place: {0}")]
    Place(#[from] DocumentPlaceError),
    /// Signatures are to be kept, but no files are.
    #[error("[upkeep] keeps the signatures of kept files, so [documents] must say in place where those are")]
    NoDocuments,
    /// Whom time stamps are asked from.
    #[error(
        "upkeep.time_stamps must be the http:// address of a time-stamping authority, such as http://127.0.0.1:8080/tsa"
    )]
    TimeStamps,
    /// The level.
    #[error("every signature has level B; upkeep.level must be T, LT or LTA")]
    Level,
    /// The profiles.
    #[error(transparent)]
    Profiles(#[from] CertificatesError),
    /// The pin of the root.
    #[error("root_sha256 must be 64 hexadecimal digits, as the ceremony tells them")]
    RootHash,
    /// The boundary's root.
    #[error("{0} holds no P-256 public key in PEM; tamga-hsm init writes it")]
    RootKey(PathBuf),
    /// The policy of time stamps.
    #[error("time.policy is no object identifier that can be encoded")]
    Policy,
    /// Production without a second source of time.
    #[error(
        "production stamps times, so time.second_source must name an NTP server; or set production = false for a trial"
    )]
    NoSecondSource,
    /// Parts of the list.
    #[error("places.shards must be 1 to 1024")]
    Shards,
    /// The Ledger's name.
    #[error("log.origin must be a name such as ledger.example.kz, without white space and +")]
    Origin,
    /// The base of the addresses in certificates.
    #[error(
        "places.base must be an http:// address that verifiers reach, without a slash at its end, such as http://pki.example.kz"
    )]
    Base,
}

impl Settings {
    /// Reads the file, and what the environment replaces in it.
    pub fn read(
        path: &Path,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let form = |reason| SettingsError::Form {
            path: path.to_owned(),
            reason: Box::new(reason),
        };
        let mut table: toml::Table = toml::from_str(&text(path)?).map_err(form)?;
        for (name, value) in environment {
            if let Some(key) = name.strip_prefix("TAMGA_SET_") {
                replace(&mut table, key, &value).ok_or(SettingsError::Variable(name))?;
            }
        }
        let mut settings: Self = toml::Value::Table(table).try_into().map_err(form)?;
        if let Some(path) = &settings.policy {
            settings.rules = read_policy(path)?;
        }
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        self.database()?;
        let host = self.places.base.strip_prefix("http://").unwrap_or_default();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/[]".contains(letter);
        if host.is_empty() || host.starts_with('/') || host.ends_with('/') || !host.chars().all(plain) {
            return Err(SettingsError::Base);
        }
        if !(1..=1_024).contains(&self.places.shards) {
            return Err(SettingsError::Shards);
        }
        let name = &self.log.origin;
        if name.is_empty()
            || !name
                .chars()
                .all(|letter| letter.is_ascii_graphic() && letter != '+')
        {
            return Err(SettingsError::Origin);
        }
        self.documents()?;
        if let Some(upkeep) = &self.upkeep {
            if self.documents.is_none() {
                return Err(SettingsError::NoDocuments);
            }
            if upkeep.level == Level::B {
                return Err(SettingsError::Level);
            }
            let host = upkeep.time_stamps.strip_prefix("http://").unwrap_or_default();
            if host.is_empty() || host.starts_with('/') || Stamper::new(&upkeep.time_stamps).is_err() {
                return Err(SettingsError::TimeStamps);
            }
        }
        self.authority().map(drop)
    }

    /// The rules in force, as they were when the configuration was read.
    pub const fn policy(&self) -> &Policy {
        &self.rules
    }

    /// Where signed files are kept.
    pub fn documents(&self) -> Result<Option<DocumentPlace>, DocumentPlaceError> {
        let place = self.documents.as_ref().map(|settings| settings.place.parse());
        place.transpose()
    }

    /// The database.
    pub fn database(&self) -> Result<store::Database, DatabaseError> {
        self.database.parse()
    }

    /// What the authority is opened with.
    pub fn authority(&self) -> Result<AuthoritySettings, SettingsError> {
        if self.production && self.time.second_source.is_none() {
            return Err(SettingsError::NoSecondSource);
        }
        let profiles = match &self.profiles {
            None => Certificates::shipped()?,
            Some(path) => Certificates::parse(&text(path)?)?,
        };
        Ok(AuthoritySettings {
            places: self.places.clone(),
            profiles,
            root_sha256: self
                .root_sha256
                .as_deref()
                .map(|text| from_hexadecimal(text).ok_or(SettingsError::RootHash))
                .transpose()?,
            root: EcPublicKey::from_pem(&text(&self.root_key)?)
                .ok_or_else(|| SettingsError::RootKey(self.root_key.clone()))?,
            stamps: StampSettings {
                policy: ObjectIdentifier::new(self.time.policy.as_str())
                    .map_err(|_| SettingsError::Policy)?,
                per_second: self.time.stamps_per_second,
                clock: ClockRule {
                    second_source: self.time.second_source.is_some(),
                    ..ClockRule::SHIPPED
                },
            },
            signed_answers_per_second: self.signed_answers_per_second,
            patience: Duration::from_secs(self.health.patience_seconds.get().into()),
        })
    }
}

/// The rules of a file: what it does not name is as shipped, and nothing can be laxer.
pub(crate) fn read_policy(path: &Path) -> Result<Policy, SettingsError> {
    toml::from_str(&text(path)?).map_err(|reason| SettingsError::Form {
        path: path.to_owned(),
        reason: Box::new(reason),
    })
}

fn text(path: &Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path).map_err(|reason| SettingsError::File {
        path: path.to_owned(),
        reason,
    })
}

/// Puts a value where `SECTION__KEY` says: TOML where it is TOML, else text.
fn replace(table: &mut toml::Table, key: &str, value: &str) -> Option<()> {
    let key = key.to_lowercase();
    let parts: Vec<&str> = key.split("__").collect();
    let (last, sections) = parts.split_last()?;
    let mut table = table;
    for section in sections {
        table = table
            .entry(*section)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
            .as_table_mut()?;
    }
    let parsed = toml::from_str::<toml::Table>(&format!("value = {value}"))
        .ok()
        .and_then(|mut read| read.remove("value"));
    let plain = || toml::Value::String(value.to_owned());
    // Only numbers and truth values are meant as TOML; a text needs no quotes here.
    let value = match parsed {
        Some(value @ (toml::Value::Boolean(_) | toml::Value::Integer(_))) => value,
        Some(toml::Value::String(text)) => toml::Value::String(text),
        Some(_) | None => plain(),
    };
    (!last.is_empty()).then(|| {
        table.insert((*last).to_owned(), value);
    })
}

#[cfg(test)]
mod tests;
