//! `tamga validate`: judging files. Each has its own result, whatever becomes of the others.

use core::time::Duration;
use std::{fs::File, path::PathBuf, sync::Arc, time::Instant};

use clap::{Args, ValueEnum};
use domain::Time;
use hsm::{Clock as _, SystemClock};
use signer::{Language, Limits, ReadingError, Report, Source, judgement::Indication};

use super::{
    CommandError, rules,
    told::{tell, warn},
};
use crate::{
    Settings, SettingsError, ValidationSettings, Validator,
    validation::{FetchSettings, Fetcher, NotOurs, Submitted, ValidationError, anchors_of, material_of},
};

/// Judges signed files: PDF, XML, CMS and ASiC. Every file is judged, and the program ends with what is worst of all, in
/// this order: 4 a signature is not valid; 1 a file could not be judged; 3 something could not be proven; 5 a file has no
/// signature; 0 every signature of every file passed.
#[derive(Debug, Args)]
pub struct Validate {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The content that a detached signature is over.
    #[arg(long)]
    detached: Option<PathBuf>,
    /// Certificates that are believed: a file or a folder, PEM or DER, and more by the same word again; those of the configuration if absent.
    #[arg(long)]
    anchors: Vec<PathBuf>,
    /// The rules: a policy file; those of the configuration if absent, or the shipped ones where there is none.
    #[arg(long)]
    policy: Option<PathBuf>,
    /// Certificates, revocation lists and status answers at hand: a file or a folder, and more by the same word
    /// again.
    #[arg(long)]
    material: Vec<PathBuf>,
    /// Fetch what is missing from where certificates say that it is.
    #[arg(long)]
    fetch: bool,
    /// Seconds after which nothing more is fetched; what is left is judged by what came.
    #[arg(long, default_value_t = 600)]
    fetch_seconds: u32,
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

/// The configuration is asked for where the command line does not say whom to believe; the rules and how to fetch stand there
/// too, where there is one.
pub(super) async fn run(
    how: Validate,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
    has_settings: bool,
) -> Result<(), CommandError> {
    let language = match how.lang {
        Tongue::Kk => Language::Kazakh,
        Tongue::Ru => Language::Russian,
        Tongue::En => Language::English,
    };
    let wanted = how.anchors.is_empty() || (has_settings && (how.fetch || how.policy.is_none()));
    let settings = wanted.then(settings).transpose()?;
    let policy = rules(how.policy.as_deref(), settings.as_ref())?;
    let mut told = settings.map_or_else(ValidationSettings::default, |settings| settings.validation);
    if !how.anchors.is_empty() {
        told.anchors = how.anchors.into_iter().map(Into::into).collect();
    }
    let fetch = FetchSettings {
        allowed: how.fetch,
        ..told.fetch
    };
    let mut validator = Validator {
        anchors: anchors_of(&told.anchors, |path| warn(NotOurs(path))).map_err(failed)?,
        material: material_of(&how.material, |path| warn(NotOurs(path))).map_err(failed)?,
        constraints: policy.endurance.into(),
        limits: Limits::from(&policy.documents),
        fetcher: Fetcher::new(&fetch).map(Arc::new),
    };
    let at = how.at.unwrap_or_else(|| SystemClock.now());
    let until = Instant::now() + Duration::from_secs(how.fetch_seconds.into());
    let mut worst = Verdict::Passed;
    let mut reports = Vec::new();
    for path in &how.files {
        if Instant::now() >= until {
            validator.fetcher = None;
        }
        let name = path.display().to_string();
        let judged = judged(&validator, path, how.detached.as_ref(), at).await;
        worst = worst.max(judged.as_ref().map_or(Verdict::Unread, verdict));
        match (judged, how.json) {
            (Ok(report), true) => reports.push(report.to_json(language)),
            (Ok(report), false) => tell(report.to_text(language))?,
            (Err(error), true) => {
                reports.push(unread(&name, &error.to_string()));
            }
            (Err(error), false) => warn(error),
        }
    }
    if how.json {
        tell(serde_json::to_string_pretty(&reports).map_err(failed)?)?;
    }
    match worst {
        Verdict::Passed => Ok(()),
        other => Err(CommandError::Verdict(other)),
    }
}

/// What stands in place of the report on a file that could not be judged: `docs/validation-report.md`.
fn unread(file: &str, error: &str) -> serde_json::Value {
    serde_json::json!({ "file": file, "error": error })
}

async fn judged(
    validator: &Validator,
    path: &PathBuf,
    content: Option<&PathBuf>,
    at: Time,
) -> Result<Report, CommandError> {
    let content = match content {
        None => None,
        Some(content) => Some((content.display().to_string(), open(content)?)),
    };
    let submitted = Submitted {
        name: path.display().to_string(),
        file: open(path)?,
        content,
    };
    validator
        .judge(submitted, at)
        .await
        .map_err(|error| CommandError::File {
            path: path.clone(),
            reason: match error {
                ValidationError::Reading(ReadingError::Content) => OWN_CONTENT.to_owned(),
                other => other.to_string(),
            },
        })
}

const OWN_CONTENT: &str = "it carries what it signs, so the file of --detached cannot be that: judge it without --detached, \
                           which is for a signature that lies beside its content";

fn verdict(report: &Report) -> Verdict {
    match report.indication() {
        None => Verdict::Nothing,
        Some(Indication::TotalPassed) => Verdict::Passed,
        Some(Indication::Indeterminate) => Verdict::Unproven,
        Some(Indication::TotalFailed) => Verdict::Failed,
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
    /// A file could not be judged.
    #[error("a file could not be judged")]
    Unread,
    /// A signature is not valid.
    #[error("a signature is not valid")]
    Failed,
}

impl Verdict {
    /// What the program ends with.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Unread => 1,
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

#[cfg(test)]
mod tests;
