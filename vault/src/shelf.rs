//! `tamga-hsm shelf`: one current copy of the Shelf, and the way back from it.
//!
//! The Shelf is in no backup: a copy that nobody replaces would revive what was destroyed since. So there is one copy, and
//! each new one takes the place of the one before.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use store::{Database, Parts};

use crate::settings::Settings;

/// What is done with the Shelf.
#[derive(Debug, Subcommand)]
pub(crate) enum ShelfCommand {
    /// Write the one current copy, in the place of the one before. Safe while tamga-hsm serves.
    Copy {
        /// The copy, a file; not on a medium that keeps old versions.
        file: PathBuf,
    },
    /// Fill an empty shelf from the copy.
    Restore {
        /// The copy.
        file: PathBuf,
    },
}

/// The Shelf was not copied.
#[derive(Debug, thiserror::Error)]
enum ShelfFault {
    /// There is none.
    #[error("{0} is not there")]
    NoCopy(PathBuf),
    /// Parts would be mixed.
    #[error("the shelf {0} holds parts already; a copy fills only an empty one: move it aside first")]
    NotEmpty(Database),
}

pub(crate) fn run(settings: &Settings, command: ShelfCommand) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let place = settings.shelf()?;
        let shelf = Parts::open(&place).await?;
        match command {
            ShelfCommand::Copy { file } => copy(&shelf, &file).await,
            ShelfCommand::Restore { file } => restore(&shelf, place, &file).await,
        }
    })
}

async fn copy(shelf: &Parts, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let new = file.with_added_extension("new");
    // Left by a copy that was cut off; SQLite would read its log together with the new file.
    for end in ["", "-wal", "-shm"] {
        absent(fs::remove_file(format!("{}{end}", new.display())))?;
    }
    let other = Parts::open(&Database::of_file(&new)).await?;
    let parts = shelf.copy_to(&other).await?;
    other.close().await;
    fs::File::open(&new)?.sync_all()?;
    fs::rename(&new, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    tracing::info!(parts, file = %file.display(), "the shelf is copied; keep no older copy");
    Ok(())
}

async fn restore(shelf: &Parts, place: Database, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    if !file.exists() {
        return Err(ShelfFault::NoCopy(file.to_owned()).into());
    }
    if !shelf.is_empty().await? {
        return Err(ShelfFault::NotEmpty(place).into());
    }
    let copy = Parts::open(&Database::of_file(file)).await?;
    let parts = copy.copy_to(shelf).await?;
    copy.close().await;
    tracing::info!(
        parts,
        "the shelf is filled; parts of destroyed keys are swept at the start"
    );
    Ok(())
}

/// What is not there need not be removed.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}
