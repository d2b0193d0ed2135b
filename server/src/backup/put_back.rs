//! Putting a backup back: look at everything, ask both people, fill, catch up with the world, and only then take the place.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use ca::{Event, Holder};
use domain::{LeafKind, Time};
use hsm::Journal as _;
use store::{Database, Store};

use super::{
    BackupError, FORMAT, Kept, Known, MANIFEST, Manifest, Person, file, files,
    world::{self, CaughtUp},
};
use crate::{Act, Present, Settings, authority::salt, operator};

/// A backup of which every byte was looked at.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    manifest: Manifest,
    digest: String,
}

/// A backup that was put back.
#[derive(Debug)]
pub struct Restored {
    /// When it was made.
    pub made_at: String,
    /// The Ledger's entries in it.
    pub entries: u64,
    /// The entries that the world is known to have.
    pub known: Option<u64>,
    /// Certificates that were caught up, by number.
    pub changed: Vec<String>,
    /// Certificates on the world's lists that the backup does not have.
    pub unknown: Vec<String>,
    /// Lists that nobody brought, though the authority makes them.
    pub lists_missing: usize,
}

impl Archive {
    /// Opens a backup and compares every file with the manifest.
    pub fn open(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        if !path.exists() {
            return Err(BackupError::NoManifest(folder.to_owned()));
        }
        let bytes = std::fs::read(&path).map_err(file(&path))?;
        let manifest = parse(&bytes)?;
        let mut told: BTreeMap<&str, &Kept> = manifest
            .files
            .iter()
            .map(|kept| (kept.path.as_str(), kept))
            .collect();
        let damaged = |path: &str, what| BackupError::Damaged {
            path: path.to_owned(),
            what,
        };
        for found in files::below(folder)? {
            let name = found.to_string_lossy();
            if name == MANIFEST {
                continue;
            }
            let kept = told
                .remove(name.as_ref())
                .ok_or_else(|| damaged(&name, "is not in the manifest"))?;
            let (size, digest) = files::sha256_of_file(&folder.join(&found))?;
            if size != kept.size || domain::hexadecimal(&digest) != kept.sha256 {
                return Err(damaged(&name, "is not what the manifest says"));
            }
        }
        if let Some(missing) = told.keys().next() {
            return Err(damaged(missing, "is missing"));
        }
        Ok(Self {
            folder: folder.to_owned(),
            digest: world::digest(&bytes),
            manifest,
        })
    }

    /// What is in it.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

fn parse(bytes: &[u8]) -> Result<Manifest, BackupError> {
    let form = |error: serde_json::Error| BackupError::Form(error.to_string());
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(form)?;
    match value.get("format").and_then(serde_json::Value::as_str) {
        Some(FORMAT) => serde_json::from_value(value).map_err(form),
        other => Err(BackupError::Form(other.unwrap_or("unknown").to_owned())),
    }
}

/// Puts a backup back where the configuration says, and catches up with what the world knows.
pub async fn restore(
    (settings, database): (&Settings, &Database),
    archive: &Archive,
    known: &Known,
    present: &[Present],
    now: Time,
) -> Result<Restored, BackupError> {
    let Manifest {
        folders, operators, ..
    } = &archive.manifest;
    like(&archive.manifest.database, database.archive_name())?;
    let count = |folders: &[PathBuf]| format!("{} folders", folders.len());
    like(&count(folders), &count(&settings.backup.folders))?;
    let act = Act::Restore {
        manifest_sha256: archive.digest.clone(),
    };
    let people: Vec<_> = operators.iter().filter_map(Person::row).collect();
    operator::check(&people, &act, present, now)?;
    if !database.is_blank().await? {
        return Err(BackupError::Occupied(database.to_string()));
    }
    for folder in &settings.backup.folders {
        if !files::is_empty(folder)? {
            return Err(BackupError::Occupied(folder.display().to_string()));
        }
    }
    let filling = match database
        .fill(&archive.folder.join(&archive.manifest.database))
        .await
    {
        Ok(filling) => filling,
        // A program of a restore that was just killed has filled it first.
        Err(_) if !database.is_blank().await? => return Err(BackupError::Occupied(database.to_string())),
        Err(error) => return Err(error.into()),
    };
    let work = async {
        let store = Store::open(filling.database()).await?;
        let restored = in_store(&store, settings, archive, (known, &act, present), now).await;
        store.close().await;
        let restored = restored?;
        for (number, folder) in settings.backup.folders.iter().enumerate() {
            put_folder(archive, number, folder)?;
        }
        Ok(restored)
    };
    match work.await {
        Ok(restored) => {
            filling.finish()?;
            Ok(restored)
        }
        Err(reason) if database.file().is_none() => Err(BackupError::Begun {
            place: database.to_string(),
            reason: Box::new(reason),
        }),
        Err(reason) => Err(reason),
    }
}

fn like(backup: &str, configuration: &str) -> Result<(), BackupError> {
    if backup == configuration {
        return Ok(());
    }
    Err(BackupError::Unlike {
        backup: backup.to_owned(),
        configuration: configuration.to_owned(),
    })
}

/// Everything that is done in the database before anybody serves from it.
async fn in_store(
    store: &Store,
    settings: &Settings,
    archive: &Archive,
    (known, act, present): (&Known, &Act, &[Present]),
    now: Time,
) -> Result<Restored, BackupError> {
    let entries = store.head().await?.position;
    let believed = world::believe(store, &known.lists).await?;
    let checkpoint = match &known.checkpoint {
        None => None,
        Some(told) => Some(world::checkpoint(store, &settings.log.origin, told).await?),
    };
    let demand = operator::order(store, act, present, now).await?;
    let CaughtUp { changed, unknown } = world::catch_up(store, &believed, (demand, now)).await?;
    let known_entries = checkpoint.as_ref().map(|told| told.size);
    let event = Event::Restored {
        manifest_sha256: archive.digest.clone(),
        entries,
        known: known_entries,
        known_root: checkpoint.map(|told| told.root.to_string()),
        lost: known_entries.unwrap_or(0).saturating_sub(entries),
        caught_up: &changed,
        unknown: &unknown,
        statement: demand,
    };
    // The last of all: where it is missing, the restore was cut off.
    store
        .append(vec![event.leaf(
            LeafKind::Restored,
            (Holder::default(), [0; 32]),
            now,
            salt(),
        )?])
        .await?;
    let brought: BTreeSet<_> = believed.iter().map(|list| list.scope).collect();
    Ok(Restored {
        made_at: archive.manifest.made_at.clone(),
        entries,
        known: known_entries,
        changed,
        unknown,
        lists_missing: store
            .list_scopes()
            .await?
            .iter()
            .filter(|scope| !brought.contains(scope))
            .count(),
    })
}

/// Copies a folder beside its place, and puts it there in one step.
fn put_folder(archive: &Archive, number: usize, folder: &Path) -> Result<(), BackupError> {
    let new = folder.with_added_extension("restoring");
    if new.exists() {
        // Left by a restore that was cut off.
        std::fs::remove_dir_all(&new).map_err(file(&new))?;
    }
    files::make_folder(&new)?;
    let prefix = format!("folders/{number}/");
    for kept in &archive.manifest.files {
        if let Some(name) = kept.path.strip_prefix(&prefix) {
            files::copy(&archive.folder.join(&kept.path), (&new, name))?;
        }
    }
    files::settle(&new)?;
    if folder.exists() {
        // It is empty, as was seen before anything was touched.
        std::fs::remove_dir(folder).map_err(file(folder))?;
    }
    std::fs::rename(&new, folder).map_err(file(folder))
}
