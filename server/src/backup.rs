//! Backups: everything that the house needs to stand up again, in one folder; and the way back.
//!
//! R248. What is in it: the database as of one instant, folders and files that the configuration names, and a manifest with
//! the digest of each, written last. What is not in it: PINs, private keys of TLS, and the shelf, without whose parts no
//! Client's key in it opens: so a backup revives no destroyed key (design §10).
//!
//! A backup that was cut off has no manifest and is none. A restore looks at everything before it touches anything.

mod files;
mod put_back;
mod take;
mod world;

use std::path::PathBuf;

use domain::{base64url, from_base64url};
use hsm::JournalError;
use pki::crl::PublishedError;
use serde::{Deserialize, Serialize};
use store::{ArchiveError, OpenError, OperatorRow};

pub use self::{
    files::sha256_of_file,
    put_back::{Archive, Restored, restore},
    take::{Taken, take},
    world::{Known, KnownList},
};
use crate::OrderError;

/// The manifest's name.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The form of what is written.
const FORMAT: &str = "tamga-backup/1";

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name and version of the form.
    pub format: String,
    /// When it was begun.
    pub made_at: String,
    /// The Ledger's entries that are in it, at least.
    pub entries: u64,
    /// The newest checkpoint then.
    pub checkpoint: Option<String>,
    /// The database's file; its ending tells the engine.
    pub database: String,
    /// Folders, in the order of the configuration; the first is in `folders/0`.
    pub folders: Vec<PathBuf>,
    /// Who could act then.
    operators: Vec<Person>,
    /// Every file.
    pub files: Vec<Kept>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Where in the backup.
    pub path: String,
    /// Its length.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// An operator, as the manifest names one, so that a restore asks the right people before it touches anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    roles: String,
    certificate: String,
}

impl Person {
    fn of(row: &OperatorRow) -> Self {
        Self {
            name: row.name.clone(),
            roles: row.roles.clone(),
            certificate: base64url(&row.certificate),
        }
    }

    fn row(&self) -> Option<OperatorRow> {
        let certificate = from_base64url(&self.certificate).ok()?;
        Some(OperatorRow {
            certificate_sha256: domain::sha256(&certificate),
            name: self.name.clone(),
            certificate,
            roles: self.roles.clone(),
            added_at: domain::Time::from_micros(0),
        })
    }
}

/// No backup was made, or none put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The target of a backup.
    #[error("{0} is not empty; a backup is written into a new or an empty folder")]
    NotEmpty(PathBuf),
    /// A folder holds what must not be in a backup.
    #[error("{folder} holds {path}, which is never in a backup; keep it outside of the folders of [backup]")]
    KeptOut {
        /// Which folder.
        folder: PathBuf,
        /// What.
        path: PathBuf,
    },
    /// Neither file nor folder, or a name that cannot be written.
    #[error("{0} is neither a file nor a folder with a name in UTF-8")]
    Strange(PathBuf),
    /// A file grows or shrinks all the time.
    #[error("{0} changed each time it was read; try again")]
    Restless(PathBuf),
    /// There is no manifest.
    #[error("{0} has no manifest: it is no backup, or one that was cut off")]
    NoManifest(PathBuf),
    /// A manifest of another form.
    #[error("the manifest is not of the form {FORMAT} but {0}; nothing was touched")]
    Form(String),
    /// A file of the backup is not what the manifest says.
    #[error("{path} {what}; nothing was touched")]
    Damaged {
        /// Which.
        path: String,
        /// What is wrong.
        what: &'static str,
    },
    /// The backup is of another installation.
    #[error("the backup has {backup}, the configuration {configuration}; nothing was touched")]
    Unlike {
        /// What the backup has.
        backup: String,
        /// What is configured.
        configuration: String,
    },
    /// Something is there.
    #[error(
        "{0} holds data already; nothing was touched. If an earlier restore was cut off, remove what it left there and \
         begin again"
    )]
    Occupied(String),
    /// A list.
    #[error("{path}: {reason}; nothing was touched")]
    List {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: PublishedError,
    },
    /// A list of nobody.
    #[error("{0}: no authority in the backup signed this list")]
    ForeignList(PathBuf),
    /// A checkpoint.
    #[error("{path}: {reason}")]
    Checkpoint {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Who orders it.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The registry.
    #[error(transparent)]
    Store(#[from] JournalError),
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database does not come out or in.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A change of a certificate.
    #[error("a revocation could not be caught up: {0}")]
    Change(#[from] crate::ChangeError),
    /// What was begun in a database that cannot be filled beside its place.
    #[error("{reason}\n{place} was filled in part: drop and create it, and begin again")]
    Begun {
        /// Which database.
        place: String,
        /// What went wrong.
        reason: Box<BackupError>,
    },
}

/// The error about a file.
fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> BackupError {
    let path = path.to_owned();
    move |reason| BackupError::File { path, reason }
}
