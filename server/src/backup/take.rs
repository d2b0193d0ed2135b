//! Making a backup, while the service goes on.
//!
//! The database first, then the folders: a document without its row is only space, and a token that is newer than the
//! database is what the boundary asks about; the other way round something would be missing.

use std::path::{Path, PathBuf};

use domain::Time;
use hsm::Journal as _;
use store::{Database, Store};

use super::{BackupError, FORMAT, Kept, MANIFEST, Manifest, Person, files};
use crate::settings::BackupSettings;

/// A backup that was made.
#[derive(Debug)]
pub struct Taken {
    /// What is in it.
    pub manifest: Manifest,
    /// Configuration files that hold a secret and were left out.
    pub left_out: Vec<PathBuf>,
}

/// Makes a backup of `database`, opened as `store`, and of what the configuration at `config` names.
pub async fn take(
    (store, database): (&Store, &Database),
    (settings, config): (&BackupSettings, &Path),
    to: &Path,
    now: Time,
) -> Result<Taken, BackupError> {
    let secret = secrets(settings, config, database)?;
    for folder in &settings.folders {
        refuse_secrets(folder, &secret)?;
    }
    if !files::is_empty(to)? {
        return Err(BackupError::NotEmpty(to.to_owned()));
    }
    files::make_folder(to)?;
    // Read before the snapshot: it has these entries, and perhaps more.
    let entries = store.head().await?.position;
    let checkpoint = store.checkpoint().await?.map(|(_, note, _)| note);
    let operators = store.operators().await?;

    let name = database.archive_name();
    let unfinished = to.join(name).with_added_extension("unfinished");
    database.save(&unfinished).await?;
    std::fs::rename(&unfinished, to.join(name)).map_err(super::file(&unfinished))?;
    let (size, digest) = files::sha256_of_file(&to.join(name))?;
    let mut kept = vec![Kept {
        path: name.to_owned(),
        size,
        sha256: domain::hexadecimal(&digest),
    }];
    for (number, folder) in settings.folders.iter().enumerate() {
        files::make_folder(&to.join(format!("folders/{number}")))?;
        for path in files::below(folder)? {
            let name = format!("folders/{number}/{}", path.display());
            kept.extend(files::copy(&folder.join(&path), (to, &name))?);
        }
    }
    let mut left_out = Vec::new();
    for (number, path) in configuration(settings, config).enumerate() {
        if tells_a_password(&path)? {
            left_out.push(path.clone());
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| BackupError::Strange(path.clone()))?;
        kept.extend(files::copy(
            &path,
            (to, &format!("configuration/{number}-{name}")),
        )?);
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        made_at: now.to_string(),
        entries,
        checkpoint,
        database: name.to_owned(),
        folders: settings.folders.clone(),
        operators: operators.iter().map(Person::of).collect(),
        files: kept,
    };
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    files::settle(to)?;
    // Last: a folder without it is no backup.
    files::write(&to.join(MANIFEST), &text)?;
    files::settle(to)?;
    Ok(Taken { manifest, left_out })
}

fn configuration<'a>(settings: &'a BackupSettings, config: &'a Path) -> impl Iterator<Item = PathBuf> {
    core::iter::once(config.to_owned()).chain(settings.files.iter().cloned())
}

/// Files that must not be in a backup: those that the configuration files name as secrets, the shelf, and the database's
/// own, which is saved by other means.
fn secrets(
    settings: &BackupSettings,
    config: &Path,
    database: &Database,
) -> Result<Vec<PathBuf>, BackupError> {
    let mut found: Vec<PathBuf> = database.file().map(Path::to_owned).into_iter().collect();
    if let Some(shelf) = database.beside("shelf.db") {
        found.extend(shelf.file().map(Path::to_owned));
    }
    for path in configuration(settings, config) {
        for (key, value) in values(&path)? {
            match key.as_str() {
                "pin_file" | "so_pin_file" | "key" => found.push(value.into()),
                "shelf" => found.extend(value.strip_prefix("sqlite:").map(PathBuf::from)),
                _ => {}
            }
        }
    }
    Ok(found)
}

fn refuse_secrets(folder: &Path, secrets: &[PathBuf]) -> Result<(), BackupError> {
    // A folder that is not there yet holds nothing.
    let Ok(real) = folder.canonicalize() else {
        return Err(BackupError::Strange(folder.to_owned()));
    };
    for path in secrets {
        if path.canonicalize().is_ok_and(|path| path.starts_with(&real)) {
            return Err(BackupError::KeptOut {
                folder: folder.to_owned(),
                path: path.clone(),
            });
        }
    }
    Ok(())
}

/// Whether a database's line in a configuration file has a password.
fn tells_a_password(path: &Path) -> Result<bool, BackupError> {
    Ok(values(path)?.iter().any(|(_, value)| {
        let rest = value
            .strip_prefix("postgres://")
            .or_else(|| value.strip_prefix("postgresql://"));
        rest.and_then(|rest| rest.split_once('@'))
            .is_some_and(|(user, _)| user.contains(':'))
    }))
}

/// Keys with texts of a TOML file, at every depth; nothing of a file of another kind.
fn values(path: &Path) -> Result<Vec<(String, String)>, BackupError> {
    let bytes = std::fs::read(path).map_err(super::file(path))?;
    let table = toml::from_slice::<toml::Table>(&bytes).unwrap_or_default();
    let mut found = Vec::new();
    let mut waiting = vec![table];
    while let Some(table) = waiting.pop() {
        for (key, value) in table {
            match value {
                toml::Value::String(text) => found.push((key, text)),
                toml::Value::Table(inner) => waiting.push(inner),
                toml::Value::Array(_)
                | toml::Value::Boolean(_)
                | toml::Value::Datetime(_)
                | toml::Value::Float(_)
                | toml::Value::Integer(_) => {}
            }
        }
    }
    Ok(found)
}
