//! `tamga upkeep`: signatures that wait for people.

use clap::Subcommand;
use domain::{Id, word};
use hsm::{Clock as _, SystemClock};
use store::{Store, UpkeepState};

use super::{CommandError, told::tell};
use crate::{ServiceError, Settings, SettingsError};

/// What is done about signatures that are kept.
#[derive(Debug, Subcommand)]
pub enum UpkeepCommand {
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
                (tried, _) => {
                    println!("{tried} are tried again.");
                    Ok(())
                }
            }
        }
    }
}
