//! `tamga upkeep`: signatures that are kept: begun, looked at, read, and those that wait for people.

mod begin;
mod kept;

use std::path::PathBuf;

use clap::Subcommand;
use domain::{Id, Level, word};
use hsm::{Clock as _, SystemClock};
use store::{Store, UpkeepState};

use super::{CommandError, told::tell};
use crate::{ServiceError, Settings, SettingsError};

pub use self::begin::Begin;

/// What is done about signatures that are kept.
#[derive(Debug, Subcommand)]
pub enum UpkeepCommand {
    /// Keep a file, and have `tamga serve` bring its signatures to a level and hold them there. Prints an id for each.
    Begin(Begin),
    /// Say how far a signature is, and why not further.
    Show {
        /// Which.
        id: Id<word::Upkeep>,
    },
    /// Write the kept file as it is now.
    File {
        /// Of which signature.
        id: Id<word::Upkeep>,
        /// Where to; it must not be there yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Name those that cannot be extended, with the reason; a hundred at most.
    Stuck,
    /// Have one that cannot be extended tried again, or all of them.
    Retry {
        /// Which; all if absent.
        id: Option<Id<word::Upkeep>>,
    },
}

pub(super) async fn run(command: UpkeepCommand, settings: &Settings) -> Result<(), CommandError> {
    let database = settings.database().map_err(SettingsError::from)?;
    let store = Store::open(&database).await.map_err(ServiceError::from)?;
    match command {
        UpkeepCommand::Begin(how) => begin::run(&how, settings, &store).await,
        UpkeepCommand::Show { id } => kept::show(&store, id).await,
        UpkeepCommand::File { id, out } => kept::file(settings, &store, (id, &out)).await,
        UpkeepCommand::Stuck => {
            let stuck = store.stuck_upkeeps().await?;
            if stuck.is_empty() {
                tell("No signature waits for people.")?;
            }
            for row in stuck {
                if let UpkeepState::Stuck(reason) = &row.state {
                    let since = row.changed_at;
                    tell(format_args!(
                        "{} of document {}, level {}, since {since}: {}",
                        row.id, row.document, row.reached, reason.text
                    ))?;
                }
            }
            Ok(())
        }
        UpkeepCommand::Retry { id } => {
            let tried = store.retry_upkeeps(id, SystemClock.now()).await?;
            match (tried, id) {
                (0, Some(id)) => Err(CommandError::Nothing(format!(
                    "{id} does not wait for people; tamga upkeep stuck names those that do"
                ))),
                (tried, _) => tell(format_args!("{tried} are tried again.")),
            }
        }
    }
}

/// A level that is more than what every signature has.
fn level(text: &str) -> Result<Level, String> {
    match text.parse() {
        Ok(Level::B) => Err("every signature has level B; ask for T, LT or LTA".to_owned()),
        Ok(level) => Ok(level),
        Err(_) => Err("levels are T, LT and LTA".to_owned()),
    }
}

fn failed(error: impl core::fmt::Display) -> CommandError {
    CommandError::Check(error.to_string())
}
