//! Commands of the authority's administrator and of whoever checks it.

mod backup;
mod ca;
mod ceremony;
mod check;
mod doctor;
mod extend;
mod people;
mod registry;
mod told;
mod upkeep;
mod validate;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use policies::Policy;

pub use self::{
    backup::{Backup, Restore},
    ca::CaCommand,
    check::LedgerCommand,
    extend::Extend,
    upkeep::{Begin, UpkeepCommand},
    validate::{Validate, Verdict},
};
use crate::{
    CeremonyError, ChangeError, IssueError, ListError, OrderError, RenewError, ServiceError, Settings,
    SettingsError, settings::read_policy,
};

/// A command of `tamga`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the surfaces and do the jobs until told to stop.
    Serve {
        /// Only check the configuration.
        #[arg(long)]
        check: bool,
    },
    /// The certification authority.
    #[command(subcommand)]
    Ca(CaCommand),
    /// The Ledger.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Save database, folders and configuration into a folder, while the service goes on.
    Backup(backup::Backup),
    /// Put a backup back into an empty place, and catch up with what the world knows.
    Restore(backup::Restore),
    /// Judge signed files.
    Validate(validate::Validate),
    /// Bring the signatures of a file to level T, LT or LTA.
    Extend(extend::Extend),
    /// Signatures of kept files: have them kept, see how far they are, read the files.
    #[command(subcommand)]
    Upkeep(UpkeepCommand),
    /// Check boundary, database, clock and certificates, and say what to do.
    Doctor,
}

/// A command failed; its words are for the person at the console.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The service.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Who orders what.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The ceremony.
    #[error(transparent)]
    Ceremony(#[from] CeremonyError),
    /// A list.
    #[error(transparent)]
    List(#[from] ListError),
    /// A renewal.
    #[error(transparent)]
    Renew(#[from] RenewError),
    /// A certificate.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A change.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A backup.
    #[error(transparent)]
    Backup(Box<crate::backup::BackupError>),
    /// The database.
    #[error(transparent)]
    Store(#[from] hsm::JournalError),
    /// A file.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing was found.
    #[error("{0}")]
    Nothing(String),
    /// Whoever read what was told went away.
    #[error("nobody reads standard output any more")]
    Closed,
    /// Not every signature passed.
    #[error(transparent)]
    Verdict(Verdict),
    /// A check failed.
    #[error("{0}")]
    Check(String),
}

impl CommandError {
    /// What the program ends with.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Verdict(verdict) => verdict.exit_code(),
            // As a program that SIGPIPE ends: nothing is said about what was not told.
            Self::Closed => 141,
            _ => 1,
        }
    }
}

/// Runs a command with the configuration at `config`.
pub async fn run(command: Command, config: &Path) -> Result<(), CommandError> {
    match command {
        Command::Serve { check: true } => {
            settings(config)?;
            println!("{} can be used", config.display());
            Ok(())
        }
        Command::Serve { check: false } => {
            let settings = settings(config)?;
            Ok(crate::serve(&settings, told_to_stop()).await?)
        }
        Command::Ca(command) => ca::run(command, &settings(config)?).await,
        Command::Ledger(command) => check::run(command, || settings(config)).await,
        Command::Backup(how) => backup::back_up(&how, &settings(config)?, config).await,
        Command::Restore(how) => backup::put_back(&how, &settings(config)?).await,
        Command::Validate(how) => validate::run(how, || settings(config), config.exists()).await,
        Command::Extend(how) => extend::run(how, || settings(config), config.exists()).await,
        Command::Upkeep(command) => upkeep::run(command, &settings(config)?).await,
        Command::Doctor => doctor::run(&settings(config)?).await,
    }
}

/// The rules that a command follows: those of a file, else of the configuration, else the shipped ones.
fn rules(file: Option<&Path>, settings: Option<&Settings>) -> Result<Policy, SettingsError> {
    match (file, settings) {
        (Some(path), _) => read_policy(path),
        (None, Some(settings)) => Ok(settings.policy().clone()),
        (None, None) => Ok(Policy::SHIPPED),
    }
}

fn settings(config: &Path) -> Result<Settings, SettingsError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Settings::read(config, environment)
}

/// Resolves at SIGTERM or SIGINT.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let wait = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(error) => {
                tracing::warn!(%error, "a signal cannot be waited for");
                core::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = wait(SignalKind::terminate()) => {}
        () = wait(SignalKind::interrupt()) => {}
    }
    tracing::info!("stopping; what is under way is finished first");
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    std::fs::read(path).map_err(|error| CommandError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<(), CommandError> {
    use std::io::Write as _;
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(content));
    written.map_err(|error| CommandError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}
