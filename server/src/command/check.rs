//! `tamga ledger …`: checking the log, online and offline.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::Leaf;
use hsm::{Journal as _, Remote, Role, SystemClock};
use ledger::{
    Checkpoint, Consistency, Edge, Fault, Hash, Proof, SignedNote, Tile, Tiles, VerifierKeys, audit,
    bundle_path, needed_for_consistency, parse_bundle,
};
use store::Store;

use super::{CommandError, read, told::tell};
use crate::{Log, Settings, SettingsError, check_proof, serve, witnessed};

/// A command about the Ledger.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Print the keys with which checkpoints are verified, a line each, with the sizes of the tree that each signed.
    Key,
    /// Check the whole log: of the database, or offline of a folder with `checkpoint` and `tile/…`.
    Verify {
        /// The folder; the database of the configuration if absent.
        #[arg(long, requires = "key")]
        folder: Option<PathBuf>,
        /// The verifier keys, as `tamga ledger key` prints them, or a file with them.
        #[arg(long)]
        key: Option<String>,
        /// An earlier checkpoint that the log must hold.
        #[arg(long)]
        earlier: Option<PathBuf>,
        /// Compare the registry of certificates with the log too.
        #[arg(long, conflicts_with = "folder")]
        registry: bool,
    },
    /// Print the proof that an entry is in the log, with what it commits to, JSON; for those whom it concerns.
    Prove {
        /// The entry's number, from 1.
        entry: u64,
    },
    /// Check a proof offline.
    Proof {
        /// The proof, JSON.
        file: PathBuf,
        /// The verifier keys, as `tamga ledger key` prints them, or a file with them.
        #[arg(long)]
        key: String,
    },
    /// Write the log as static files into a folder.
    Export {
        /// The folder.
        folder: PathBuf,
    },
}

/// Entries read from the database at once.
const PAGE: u32 = 4_096;

pub(super) async fn run(
    command: LedgerCommand,
    settings: impl Fn() -> Result<Settings, SettingsError>,
) -> Result<(), CommandError> {
    match command {
        LedgerCommand::Key => tell(own_log(&settings()?).await?.0),
        LedgerCommand::Prove { entry } => {
            let proof = own_log(&settings()?)
                .await?
                .1
                .proof(entry)
                .await
                .map_err(failed)?;
            tell(serde_json::to_string_pretty(&proof).map_err(failed)?)
        }
        LedgerCommand::Verify {
            folder: Some(folder),
            key,
            earlier,
            registry: _,
        } => verify_folder(
            &folder,
            &parse_key(key.as_deref().unwrap_or_default())?,
            earlier.as_deref(),
        ),
        LedgerCommand::Verify {
            folder: None,
            key,
            earlier,
            registry,
        } => {
            let settings = settings()?;
            // With the key in hand, a copy of the database is enough: no boundary is asked.
            let (key, store) = if let Some(key) = key {
                let database = settings.database().map_err(failed)?;
                (parse_key(&key)?, Store::open(&database).await.map_err(failed)?)
            } else {
                let (key, log) = own_log(&settings).await?;
                (key, log.store().clone())
            };
            let size = verify_database(&store, &key, earlier.as_deref()).await?;
            if registry {
                let certificates = witnessed::compare(&store, size).await.map_err(failed)?;
                println!("the registry of {certificates} certificates says what the log witnessed");
            }
            Ok(())
        }
        LedgerCommand::Proof { file, key } => {
            if let (Some(entry), false) = (number(&file), file.exists()) {
                return Err(CommandError::Nothing(format!(
                    "there is no file {entry}; this checks the proof in a file, and tamga ledger prove {entry} prints one"
                )));
            }
            let proof: Proof = serde_json::from_slice(&read(&file)?).map_err(|error| CommandError::File {
                path: file.clone(),
                reason: error.to_string(),
            })?;
            let leaf = check_proof(&proof, &parse_key(&key)?).map_err(failed)?;
            println!(
                "entry {} of {}: {} at {}",
                proof.inclusion.index + 1,
                proof.inclusion.size,
                leaf.kind,
                leaf.at
            );
            if let Some(opening) = &proof.opening {
                println!("it commits to {}", opening.content);
            }
            Ok(())
        }
        LedgerCommand::Export { folder } => export(own_log(&settings()?).await?.1.store(), &folder).await,
    }
}

/// The number that was given in place of a file.
fn number(file: &Path) -> Option<u64> {
    file.to_str()?.parse().ok()
}

fn no_checkpoint() -> CommandError {
    CommandError::Nothing("the log has no checkpoint yet".to_owned())
}

fn failed(error: impl core::fmt::Display) -> CommandError {
    CommandError::Check(error.to_string())
}

/// The log of this house, and its key from the registry.
async fn own_log(settings: &Settings) -> Result<(VerifierKeys, Log<Remote, SystemClock>), CommandError> {
    let authority = crate::open(settings).await?;
    let jobs = serve::remote(settings, Role::Jobs);
    let log = Log::new(
        authority.store().clone(),
        jobs,
        SystemClock,
        settings.log.origin.clone(),
    );
    Ok((log.keys(&authority.house()).await.map_err(failed)?, log))
}

fn parse_key(text: &str) -> Result<VerifierKeys, CommandError> {
    VerifierKeys::parse(text)
        .or_else(|error| {
            std::fs::read_to_string(text)
                .map_err(|_| error)
                .and_then(|text| VerifierKeys::parse(&text))
        })
        .map_err(failed)
}

fn checkpoint(note: &str, key: &VerifierKeys) -> Result<Checkpoint, CommandError> {
    SignedNote::parse(note)
        .and_then(|note| key.verify(&note))
        .map_err(failed)
}

fn verify_folder(folder: &Path, key: &VerifierKeys, earlier: Option<&Path>) -> Result<(), CommandError> {
    let note = String::from_utf8(read(&folder.join("checkpoint"))?).map_err(failed)?;
    let state = checkpoint(&note, key)?;
    let size = state.size;
    let tile = |tile: Tile| -> Result<Option<Vec<Hash>>, String> {
        match std::fs::read(folder.join(tile.path())) {
            Ok(bytes) => Ok(tile.parse(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{}: {error}", tile.path())),
        }
    };
    let bundles = Tile::all(size, 0).map(|tile| (tile.index, tile.width));
    let entries = bundles.flat_map(|(index, width)| {
        let path = folder.join(bundle_path(index, width));
        let read = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()));
        let entries: Vec<Result<Vec<u8>, String>> = match read {
            Err(error) => vec![Err(error)],
            Ok(bytes) => match parse_bundle(&bytes) {
                None => vec![Err(format!("{} is cut off", path.display()))],
                Some(entries) => entries.into_iter().map(|entry| Ok(entry.to_vec())).collect(),
            },
        };
        entries
    });
    audit(entries, tile, &state).map_err(failed)?;
    if let Some(path) = earlier {
        let note = String::from_utf8(read(path)?).map_err(failed)?;
        let before = checkpoint(&note, key)?;
        let wanted = needed_for_consistency(before.size, size).map_err(failed)?;
        let mut tiles = Tiles::new();
        for name in wanted {
            if let Some(hashes) = tile(name).map_err(failed)? {
                tiles.insert(name, hashes);
            }
        }
        consistent(&before, &state, &tiles)?;
    }
    println!("the log of {size} entries is whole");
    Ok(())
}

async fn verify_database(
    store: &Store,
    key: &VerifierKeys,
    earlier: Option<&Path>,
) -> Result<u64, CommandError> {
    let (_, note, _) = store.checkpoint().await?.ok_or_else(no_checkpoint)?;
    let state = checkpoint(&note, key)?;
    let size = state.size;
    // Read page by page and handed to the audit through a channel, so that memory does not grow with the log.
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Result<[u8; Leaf::LENGTH], String>>(2 * 4_096);
    let handle = tokio::runtime::Handle::current();
    let log = store.clone();
    let audited = tokio::task::spawn_blocking(move || {
        audit(
            core::iter::from_fn(|| receiver.blocking_recv()),
            |tile| handle.block_on(log.tile(tile)).map_err(|error| error.to_string()),
            &state,
        )
        .map(|()| state)
    });
    let mut after = 0;
    'pages: while after < size {
        let page = store.leaves_after(after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        after += page.len() as u64;
        for past in page {
            if !past.commits() {
                return Err(CommandError::Check(format!(
                    "what is kept beside entry {} is not what it commits to: it was edited",
                    past.position
                )));
            }
            // The audit stops reading at the first fault.
            if sender.send(Ok(past.entry)).await.is_err() {
                break 'pages;
            }
        }
    }
    drop(sender);
    let state = audited.await.map_err(failed)?.map_err(failed)?;
    if let Some(path) = earlier {
        let note = String::from_utf8(read(path)?).map_err(failed)?;
        let before = checkpoint(&note, key)?;
        let wanted: Vec<Tile> = needed_for_consistency(before.size, size)
            .map_err(failed)?
            .into_iter()
            .collect();
        consistent(&before, &state, &store.tiles(&wanted).await?)?;
    }
    println!("the log of {size} entries is whole");
    Ok(size)
}

fn consistent(before: &Checkpoint, state: &Checkpoint, tiles: &Tiles) -> Result<(), CommandError> {
    Consistency::make(before.size, state.size, tiles)
        .and_then(|proof| proof.verify(before.root, state.root))
        .map_err(failed)?;
    println!("it holds the earlier one of {} entries", before.size);
    Ok(())
}

/// Writes checkpoint, tiles and bundles; what is there already and complete is left.
async fn export(store: &Store, folder: &Path) -> Result<(), CommandError> {
    let (size, note, _) = store.checkpoint().await?.ok_or_else(no_checkpoint)?;
    let put = |path: &str, bytes: &[u8]| -> Result<(), CommandError> {
        let path = folder.join(path);
        let written = match path.parent() {
            None => Ok(()),
            Some(parent) => std::fs::create_dir_all(parent),
        };
        written
            .and_then(|()| std::fs::write(&path, bytes))
            .map_err(|error| CommandError::File {
                path,
                reason: error.to_string(),
            })
    };
    for tile in Tile::all(size, 0) {
        let name = bundle_path(tile.index, tile.width);
        if tile.width == 256 && folder.join(&name).exists() {
            continue;
        }
        let entries = store.entries(tile.index * 256, u32::from(tile.width)).await?;
        put(&name, &ledger::bundle(entries.iter().map(<[u8; 74]>::as_slice)))?;
    }
    let levels = Edge::needed(size)
        .iter()
        .map(|tile| tile.level)
        .max()
        .unwrap_or(0);
    for tile in (0..=levels).flat_map(|level| Tile::all(size, level)) {
        let hashes = store
            .tile(tile)
            .await?
            .ok_or_else(|| failed(Fault::NoTile(tile)))?;
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
        put(&tile.path(), &bytes)?;
    }
    // Last, so that whoever reads a checkpoint finds what it tells of.
    put("checkpoint", note.as_bytes())?;
    println!("{size} entries are in {}", folder.display());
    Ok(())
}
