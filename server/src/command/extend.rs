//! `tamga extend`: signatures of one file brought to a level by hand.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use domain::Level;
use hsm::{Clock as _, SystemClock};
use signer::{Limits, Material, Output, Which};

use super::{CommandError, rules, told::warn};
use crate::{
    Believed, Done, Extendable, Extender, FetchSettings, Fetcher, Settings, SettingsError, Shared, Stamper,
    UpkeepSettings, Validator,
    validation::{NotOurs, anchors_of},
};

/// More steps than lead from B to a second seal.
const MOST_STEPS: usize = 8;

/// Extends the signatures of a file: T adds a time stamp, LT what each is judged with, LTA a time stamp over all of it. The
/// file itself is not changed.
#[derive(Debug, Args)]
pub struct Extend {
    /// The signed file.
    file: PathBuf,
    /// What a detached signature is over.
    #[arg(long)]
    content: Option<PathBuf>,
    /// Only this signature: the field of a PDF, the `Id` in XML, or its number, from 1 on; all of them if absent.
    #[arg(long)]
    signature: Option<String>,
    /// The level: T, LT or LTA.
    #[arg(long)]
    level: Level,
    /// Where the extended file is written; it must not be there yet.
    #[arg(long)]
    out: PathBuf,
    /// Whom time stamps are asked from, an http:// address; the one of `[upkeep]` if absent.
    #[arg(long)]
    time_stamps: Option<String>,
    /// Certificates that are believed: a file or a folder, PEM or DER, and more by the same word again; those of the configuration if absent.
    #[arg(long)]
    anchors: Vec<PathBuf>,
    /// The rules: a policy file; those of the configuration if absent, or the shipped ones where there is none.
    #[arg(long)]
    policy: Option<PathBuf>,
}

/// The configuration is asked for where the command line does not say everything; the rules stand there too, where there is
/// one.
pub(super) async fn run(
    how: Extend,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
    has_settings: bool,
) -> Result<(), CommandError> {
    if how.level == Level::B {
        return Err(failed("every signature has level B; ask for T, LT or LTA"));
    }
    if how.out.exists() {
        return Err(failed(format!(
            "{} is there already; name another file",
            how.out.display()
        )));
    }
    let extender = extender(&how, settings, has_settings)?;
    let mut externals: Vec<(String, Shared)> = Vec::new();
    if let Some(path) = &how.content {
        externals.push((path.display().to_string(), Arc::new(open(path)?)));
    }
    let mut work = Work {
        extender,
        file: Arc::new(open(&how.file)?),
        externals,
        out: &how.out,
        last: None,
    };
    let all = asked(Which::all(&*work.file).map_err(failed)?, how.signature.as_deref())?;
    for level in Level::ALL.into_iter().filter(|level| *level <= how.level) {
        for one in &all {
            work.lead(one, level).await?;
            // A document time stamp is over the whole file, with all of its signatures.
            if level == Level::Lta && matches!(one.1, Which::Field(_)) {
                break;
            }
        }
    }
    match work.last {
        None => {
            println!("Nothing is to be done: the file has level {} or more.", how.level);
            Ok(())
        }
        Some(last) => {
            last.as_file().sync_all().map_err(failed)?;
            last.persist_noclobber(&how.out).map_err(failed)?;
            println!("{} is written.", how.out.display());
            Ok(())
        }
    }
}

struct Work<'a> {
    extender: Extender,
    file: Shared,
    externals: Vec<(String, Shared)>,
    out: &'a Path,
    /// The newest file, until it gets its name.
    last: Option<tempfile::NamedTempFile>,
}

impl Work<'_> {
    /// Leads one signature up to a level; one that is sealed is sealed anew.
    async fn lead(&mut self, (name, which): &(String, Which), to: Level) -> Result<(), CommandError> {
        let failed_at = |error| failed(format!("signature {name}: {error}"));
        for _ in 0..MOST_STEPS {
            let signature = Extendable {
                file: Arc::clone(&self.file),
                externals: self.externals.clone(),
                which: which.clone(),
            };
            let now = SystemClock.now();
            if to != Level::Lta && self.extender.level(&signature, now).await.map_err(failed_at)? >= to {
                return Ok(());
            }
            let done = self.extender.step(&signature, now).await.map_err(failed_at)?;
            self.keep(&done.output)?;
            let what = match done.step {
                Done::Stamped => "a time stamp on it was added",
                Done::Kept => "what it is judged with was added",
                Done::Archived => "a time stamp over all of it was added",
            };
            println!("Signature {name} has level {}: {what}.", done.level);
            if done.step == Done::Archived {
                return Ok(());
            }
        }
        Err(failed(format!("signature {name} does not reach {to}")))
    }

    /// Writes what a step gave beside its place.
    fn keep(&mut self, output: &Output) -> Result<(), CommandError> {
        let folder = self.out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut next = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
        let mut sink = std::io::BufWriter::new(next.as_file_mut());
        output.write_to(&[&*self.file], &mut sink).map_err(failed)?;
        sink.flush().map_err(failed)?;
        drop(sink);
        self.file = Arc::new(next.reopen().map_err(failed)?);
        self.last = Some(next);
        Ok(())
    }
}

fn extender(
    how: &Extend,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
    has_settings: bool,
) -> Result<Extender, CommandError> {
    let wanted = has_settings || how.time_stamps.is_none() || how.anchors.is_empty();
    let settings = wanted.then(settings).transpose()?;
    let policy = rules(how.policy.as_deref(), settings.as_ref())?;
    let (validation, own) = settings.map_or_else(Default::default, |settings| {
        let own = settings.upkeep.map(|upkeep| upkeep.time_stamps);
        (settings.validation, own)
    });
    let address = how.time_stamps.clone().or(own).ok_or_else(|| {
        failed("whom to ask for time stamps is not said: give --time-stamps, or [upkeep] time_stamps")
    })?;
    let anchors = if how.anchors.is_empty() {
        validation.anchors
    } else {
        how.anchors.iter().cloned().map(Believed::from).collect()
    };
    // Whoever extends wants what is missing.
    let fetch = FetchSettings {
        allowed: true,
        ..validation.fetch
    };
    Ok(Extender {
        validator: Validator {
            anchors: anchors_of(&anchors, |path| warn(NotOurs(path))).map_err(failed)?,
            material: Material::default(),
            constraints: policy.endurance.into(),
            limits: Limits::from(&policy.documents),
            fetcher: Fetcher::new(&fetch).map(Arc::new),
        },
        stamper: Stamper::new(&address).map_err(failed)?,
        hash: UpkeepSettings::HASH,
    })
}

/// Those that are asked for, with what a person calls them.
pub(super) fn asked(all: Vec<Which>, wanted: Option<&str>) -> Result<Vec<(String, Which)>, CommandError> {
    let named = all.into_iter().enumerate().map(|(number, which)| {
        let name = match &which {
            Which::Field(name) | Which::Id(name) => name.clone(),
            Which::Value(_) | Which::Within { .. } => number.saturating_add(1).to_string(),
        };
        (name, which)
    });
    let all: Vec<_> = named.collect();
    let known: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let none = if known.is_empty() {
        "the file has no signature that can be extended".to_owned()
    } else {
        format!("the file has no such signature; it has: {}", known.join(", "))
    };
    let found = all.into_iter();
    let found: Vec<_> = found
        .filter(|(name, _)| wanted.is_none_or(|wanted| name == wanted))
        .collect();
    if found.is_empty() {
        return Err(CommandError::Nothing(none));
    }
    Ok(found)
}

pub(super) fn open(path: &Path) -> Result<File, CommandError> {
    File::open(path).map_err(|error| CommandError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn failed(error: impl core::fmt::Display) -> CommandError {
    CommandError::Check(error.to_string())
}
