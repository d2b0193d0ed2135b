//! `tamga backup` and `tamga restore`: everything that the house needs, out and back.

use std::path::{Path, PathBuf};

use clap::Args;
use hsm::{Clock as _, SystemClock};
use store::Store;

use super::{CommandError, ca::Who};
use crate::{
    Act, ServiceError, Settings, SettingsError,
    backup::{Archive, BackupError, Known, Restored, restore, take},
    order,
};

/// How a backup is made.
#[derive(Clone, Debug, Args)]
pub struct Backup {
    /// A folder that is new or empty.
    #[arg(long)]
    to: PathBuf,
    /// Who orders it: an administrator.
    #[command(flatten)]
    who: Who,
}

/// How a backup is put back.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    /// The backup.
    #[arg(long)]
    from: PathBuf,
    /// The newest published revocation list; once for each part of it.
    #[arg(long)]
    list: Vec<PathBuf>,
    /// The newest checkpoint that the world is known to have.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Who orders it: an administrator and a security officer.
    #[command(flatten)]
    who: Who,
}

pub(super) async fn back_up(backup: &Backup, settings: &Settings, config: &Path) -> Result<(), CommandError> {
    let database = settings.database().map_err(SettingsError::from)?;
    let store = Store::open(&database).await.map_err(ServiceError::from)?;
    let now = SystemClock.now();
    order(&store, &Act::Backup, &backup.who.present()?, now).await?;
    let taken = take((&store, &database), (&settings.backup, config), &backup.to, now).await?;
    let size: u64 = taken.manifest.files.iter().map(|kept| kept.size).sum();
    println!(
        "{} files, {size} bytes, {} entries of the Ledger are in {}",
        taken.manifest.files.len(),
        taken.manifest.entries,
        backup.to.display()
    );
    for path in &taken.left_out {
        println!(
            "left out, since it holds a password: {}; put the password into a file that PGPASSFILE names",
            path.display()
        );
    }
    println!(
        "Not in it: PINs, the shelf (tamga-hsm shelf copy), and keys on hardware, which its maker's tools back up."
    );
    Ok(())
}

pub(super) async fn put_back(how: &Restore, settings: &Settings) -> Result<(), CommandError> {
    let database = settings.database().map_err(SettingsError::from)?;
    let archive = Archive::open(&how.from)?;
    let known = Known::read(&how.list, how.checkpoint.as_deref())?;
    let present = how.who.present()?;
    let restored = restore(
        (settings, &database),
        &archive,
        &known,
        &present,
        SystemClock.now(),
    )
    .await?;
    tell(&restored);
    Ok(())
}

fn tell(restored: &Restored) {
    println!(
        "The backup of {} is in its place, with {} entries of the Ledger.",
        restored.made_at, restored.entries
    );
    match restored.known {
        None => println!(
            "No checkpoint was given, so nobody knows here how many entries are lost. If the world has a longer log, \
             what is written now forks from it."
        ),
        Some(known) if known > restored.entries => println!(
            "THE LOG FORKS: the world has a checkpoint of {known} entries, so {} at least are lost; those that are \
             written now take their numbers. The entry of this restore says so. Tell witnesses and banks.",
            known - restored.entries
        ),
        Some(_) => {
            println!("The checkpoint that was given is in the log; it lost no entry that the world knows.");
        }
    }
    println!(
        "{} certificates were revoked or put on hold, as the lists say.",
        restored.changed.len()
    );
    for number in &restored.unknown {
        println!(
            "UNKNOWN: certificate {number} is on a list, but was issued after the backup; the next lists do not name it. \
             Keep the old list published until it ends, and tell its owner."
        );
    }
    if restored.lists_missing > 0 {
        println!(
            "{} lists were not given: what they revoked since the backup is not revoked here, and their numbers may be \
             used twice.",
            restored.lists_missing
        );
    }
    println!(
        "Now: 1. give folders of tokens back to their user; 2. tamga-hsm accept-gap, since the token may remember more; \
         3. tamga-hsm, then tamga serve; 4. tamga doctor; 5. tamga ledger verify."
    );
}

impl From<BackupError> for CommandError {
    fn from(error: BackupError) -> Self {
        Self::Backup(Box::new(error))
    }
}
