//! `tamga extend`: signatures of one file brought to a level by hand.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use domain::{Level, Time};
use hsm::{Clock as _, SystemClock};
use signer::{Extension, Kind, Material, Source, Step, Which, asic::Container, judgement::Constraints};

use super::CommandError;
use crate::{
    Extender, FetchSettings, Fetcher, Settings, SettingsError, Shared, Stamper, UpkeepSettings,
    ValidationSettings, Validator, read_anchors,
};

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
    /// Certificates that are believed: files or folders, PEM or DER; those of the configuration if absent.
    #[arg(long, num_args = 1..)]
    anchors: Vec<PathBuf>,
}

/// The configuration is asked for only where the command line does not say everything.
pub(super) async fn run(
    how: Extend,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
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
    let extender = extender(&how, settings)?;
    let content: Option<Shared> = match &how.content {
        None => None,
        Some(path) => Some(Arc::new(open(path)?)),
    };
    let mut work = Work {
        extender,
        file: Arc::new(open(&how.file)?),
        content,
        out: &how.out,
        last: None,
    };
    let all = asked(
        &signatures(&*work.file).map_err(failed)?,
        how.signature.as_deref(),
    )?;
    for level in Level::ALL.into_iter().filter(|level| *level <= how.level) {
        for which in &all {
            work.lead(which, level).await?;
            // A document time stamp is over the whole file, with all of its signatures.
            if level == Level::Lta && matches!(which, Which::Field(_)) {
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
    content: Option<Shared>,
    out: &'a Path,
    /// The newest file, until it gets its name.
    last: Option<tempfile::NamedTempFile>,
}

impl Work<'_> {
    /// Leads one signature up to a level.
    async fn lead(&mut self, which: &Which, to: Level) -> Result<(), CommandError> {
        for _ in Level::ALL {
            if to != Level::Lta && self.level(which)? >= to {
                return Ok(());
            }
            let now: Time = SystemClock.now();
            let step = self
                .extender
                .step((&self.file, self.content.as_ref()), which, now)
                .await;
            let (level, output) =
                step.map_err(|error| failed(format!("signature {}: {error}", name(which))))?;
            let folder = self.out.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut next =
                tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
            let mut sink = std::io::BufWriter::new(next.as_file_mut());
            output.write_to(&[&*self.file], &mut sink).map_err(failed)?;
            sink.flush().map_err(failed)?;
            drop(sink);
            self.file = Arc::new(next.reopen().map_err(failed)?);
            self.last = Some(next);
            println!(
                "Signature {} has level {level}: {}.",
                name(which),
                match level {
                    Level::B => "nothing was added",
                    Level::T => "a time stamp on it was added",
                    Level::Lt => "what it is judged with was added",
                    Level::Lta => "a time stamp over all of it was added",
                }
            );
            if level >= to {
                return Ok(());
            }
        }
        Err(failed(format!("signature {} does not reach {to}", name(which))))
    }

    /// The level of a signature, up to LT.
    fn level(&self, which: &Which) -> Result<Level, CommandError> {
        let extension = Extension {
            file: &*self.file,
            content: self.content.as_deref().map(|content| content as &dyn Source),
            which,
            hash: self.extender.hash,
            chance: [0; 16],
        };
        let step = extension
            .next()
            .map_err(|error| failed(format!("signature {}: {error}", name(which))))?;
        Ok(match step {
            Step::Stamp(_) => Level::B,
            Step::Keep(_) => Level::T,
            Step::Archive(_) => Level::Lt,
        })
    }
}

fn extender(
    how: &Extend,
    settings: impl FnOnce() -> Result<Settings, SettingsError>,
) -> Result<Extender, CommandError> {
    let (validation, address) = match (&how.time_stamps, how.anchors.is_empty()) {
        (Some(address), false) => (ValidationSettings::default(), address.clone()),
        (address, _) => {
            let settings = settings()?;
            let own = settings.upkeep.map(|upkeep| upkeep.time_stamps);
            let address = address.clone().or(own).ok_or_else(|| {
                failed("whom to ask for time stamps is not said: give --time-stamps, or [upkeep] time_stamps")
            })?;
            (settings.validation, address)
        }
    };
    let anchors = if how.anchors.is_empty() {
        &validation.anchors
    } else {
        &how.anchors
    };
    // Whoever extends wants what is missing.
    let fetch = FetchSettings {
        allowed: true,
        ..validation.fetch.clone()
    };
    Ok(Extender {
        validator: Validator {
            anchors: read_anchors(anchors).map_err(failed)?,
            material: Material::default(),
            constraints: Constraints::default(),
            fetcher: Fetcher::new(&fetch).map(Arc::new),
        },
        stamper: Stamper::new(&address).map_err(failed)?,
        hash: UpkeepSettings::HASH,
    })
}

/// The signatures of a file that can be named.
fn signatures(file: &dyn Source) -> Result<Vec<Which>, signer::ReadingError> {
    let kind = Kind::of(file)?.ok_or(signer::ReadingError::Unknown)?;
    if kind == Kind::Asic {
        let all = Container::open(file)?.signatures()?.len();
        return Ok((0..all).map(Which::InContainer).collect());
    }
    let names = signer::claims(file, None)?.into_iter().map(|claim| claim.name);
    Ok(match kind {
        Kind::Pdf => names.map(Which::Field).collect(),
        Kind::Xml => names
            .filter_map(|name| name.rsplit_once(" #").map(|(_, id)| Which::Id(id.to_owned())))
            .collect(),
        // Those of signatures on signatures have longer names.
        Kind::Cms | Kind::Asic => {
            let own = names.filter(|name| {
                let number = name.strip_prefix("signature ");
                number.is_some_and(|number| number.parse::<usize>().is_ok())
            });
            (0..own.count()).map(Which::Number).collect()
        }
    })
}

/// Those that are asked for.
fn asked(all: &[Which], wanted: Option<&str>) -> Result<Vec<Which>, CommandError> {
    let found: Vec<Which> = all
        .iter()
        .filter(|which| wanted.is_none_or(|wanted| name(which) == wanted))
        .cloned()
        .collect();
    if found.is_empty() {
        let names: Vec<String> = all.iter().map(name).collect();
        return Err(CommandError::Nothing(if names.is_empty() {
            "the file has no signature that can be extended".to_owned()
        } else {
            format!("the file has no such signature; it has: {}", names.join(", "))
        }));
    }
    Ok(found)
}

/// What a person calls it.
fn name(which: &Which) -> String {
    match which {
        Which::Field(name) | Which::Id(name) => name.clone(),
        Which::Number(number) | Which::InContainer(number) => number.saturating_add(1).to_string(),
    }
}

fn open(path: &Path) -> Result<File, CommandError> {
    File::open(path).map_err(|error| CommandError::File {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

fn failed(error: impl core::fmt::Display) -> CommandError {
    CommandError::Check(error.to_string())
}
