//! `tamga validate`: judging files.

use std::{fs::File, path::PathBuf, sync::Arc};

use clap::{Args, ValueEnum};
use domain::Time;
use hsm::{Clock as _, SystemClock};
use signer::{
    Language, Source,
    judgement::{Constraints, Indication},
};

use super::CommandError;
use crate::{
    SettingsError, ValidationSettings, Validator,
    validation::{FetchSettings, Fetcher, Submitted, read_anchors, read_material},
};

/// Judges signed files: PDF and CMS. Exit codes: 0 every signature of every file passed; 1 a file could not be judged;
/// 3 something could not be proven; 4 a signature is not valid; 5 a file has no signature.
#[derive(Debug, Args)]
pub struct Validate {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The content that a detached signature is over.
    #[arg(long)]
    detached: Option<PathBuf>,
    /// Certificates that are believed: files or folders, PEM or DER; those of the configuration if absent.
    #[arg(long, num_args = 1..)]
    anchors: Vec<PathBuf>,
    /// Certificates, revocation lists and status answers at hand: files or folders.
    #[arg(long, num_args = 1..)]
    material: Vec<PathBuf>,
    /// Fetch what is missing from where certificates say that it is.
    #[arg(long)]
    fetch: bool,
    /// Judge for this time, RFC 3339; now if absent.
    #[arg(long, value_parser = time)]
    at: Option<Time>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// The language of the report.
    #[arg(long, value_enum, default_value = "en")]
    lang: Tongue,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    Kk,
    Ru,
    En,
}

fn time(text: &str) -> Result<Time, String> {
    Time::parse_rfc3339(text).map_err(|error| error.to_string())
}

/// The configuration is asked for only where the command line does not say whom to believe.
pub(super) async fn run(
    how: Validate,
    settings: impl FnOnce() -> Result<ValidationSettings, SettingsError>,
) -> Result<(), CommandError> {
    let language = match how.lang {
        Tongue::Kk => Language::Kazakh,
        Tongue::Ru => Language::Russian,
        Tongue::En => Language::English,
    };
    let told = if how.anchors.is_empty() {
        settings()?
    } else {
        ValidationSettings {
            anchors: how.anchors,
            ..ValidationSettings::default()
        }
    };
    let fetch = FetchSettings {
        allowed: how.fetch,
        ..told.fetch
    };
    let validator = Validator {
        anchors: read_anchors(&told.anchors).map_err(failed)?,
        material: read_material(&how.material).map_err(failed)?,
        constraints: Constraints::default(),
        fetcher: Fetcher::new(&fetch).map(Arc::new),
    };
    let at = how.at.unwrap_or_else(|| SystemClock.now());
    let mut worst = Verdict::Passed;
    let mut reports = Vec::new();
    for path in &how.files {
        let content = match &how.detached {
            None => None,
            Some(content) => Some((content.display().to_string(), open(content)?)),
        };
        let submitted = Submitted {
            name: path.display().to_string(),
            file: open(path)?,
            content,
        };
        let report = validator
            .judge(submitted, at)
            .await
            .map_err(|error| CommandError::File {
                path: path.clone(),
                reason: error.to_string(),
            })?;
        worst = worst.max(match report.indication() {
            None => Verdict::Nothing,
            Some(Indication::TotalPassed) => Verdict::Passed,
            Some(Indication::Indeterminate) => Verdict::Unproven,
            Some(Indication::TotalFailed) => Verdict::Failed,
        });
        if how.json {
            reports.push(report.to_json(language));
        } else {
            println!("{}", report.to_text(language));
        }
    }
    if how.json {
        println!("{}", serde_json::to_string_pretty(&reports).map_err(failed)?);
    }
    match worst {
        Verdict::Passed => Ok(()),
        other => Err(CommandError::Verdict(other)),
    }
}

/// What came out of all files together; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Verdict {
    /// Every signature passed.
    #[error("every signature is valid")]
    Passed,
    /// A file has none.
    #[error("a file has no signature")]
    Nothing,
    /// Something could not be proven.
    #[error("not every signature is proven")]
    Unproven,
    /// A signature is not valid.
    #[error("a signature is not valid")]
    Failed,
}

impl Verdict {
    /// What the program ends with.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Unproven => 3,
            Self::Failed => 4,
            Self::Nothing => 5,
        }
    }
}

fn open(path: &PathBuf) -> Result<Box<dyn Source + Send>, CommandError> {
    let file = File::open(path).map_err(|error| CommandError::File {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    Ok(Box::new(file))
}

fn failed(error: impl core::fmt::Display) -> CommandError {
    CommandError::Check(error.to_string())
}
