//! `tamga upkeep begin`: a file is kept, and its signatures are registered.
//!
//! What can be refused is refused before anything is kept. If nothing could be registered after all, the file is shredded
//! again; a crash in between leaves a kept file that nobody's signature is in.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use clap::Args;
use domain::{Id, Level, word};
use futures_util::stream;
use hsm::{Clock as _, SystemClock};
use rand_core::UnwrapErr;
use signer::{Source as _, Which};
use store::{NewDocument, Store};

use super::{failed, level};
use crate::{
    Extendable, NewUpkeep, ProgramUpkeep, Settings, Shared, Validator,
    authority::random,
    command::{
        CommandError,
        extend::{asked, open},
        told::tell,
    },
};

/// A file is read in pieces of so many bytes.
const PIECE: usize = 64 * 1024;

/// A file whose signatures shall be kept.
#[derive(Debug, Args)]
pub struct Begin {
    /// The signed file.
    file: PathBuf,
    /// What a detached signature is over; it is kept too.
    #[arg(long)]
    content: Option<PathBuf>,
    /// Only this signature: the field of a PDF, the `Id` in XML, or its number, from 1 on; all of them if absent.
    #[arg(long)]
    signature: Option<String>,
    /// The level: T, LT or LTA; the one of `[upkeep]` if absent.
    #[arg(long, value_parser = level)]
    level: Option<Level>,
}

pub(super) async fn run(how: &Begin, settings: &Settings, store: &Store) -> Result<(), CommandError> {
    let none = || failed("the configuration must have [documents] and [upkeep], so that signatures are kept");
    let wanted = how.level.or(settings.upkeep.as_ref().map(|upkeep| upkeep.level));
    let wanted = wanted.ok_or_else(none)?;
    let validator = Validator::new(&settings.validation, settings.policy()).map_err(failed)?;
    let upkeep = crate::upkeep(settings, store, &validator)?.ok_or_else(none)?;
    let all = extendable(&upkeep, how).await?;

    let document = keep(&upkeep, &how.file).await?;
    let content = match &how.content {
        None => None,
        Some(path) => match keep(&upkeep, path).await {
            Ok(id) => Some(id),
            Err(error) => return Err(undone(&upkeep, &[document], error).await),
        },
    };
    let mut begun = 0;
    for (name, which) in all {
        let new = NewUpkeep {
            document,
            content,
            which,
            wanted,
        };
        match upkeep.begin(new).await {
            Ok(id) => {
                begun += 1;
                // Whoever does not listen has it kept all the same.
                let _ = tell(format_args!("{id}  signature {name}, to have level {wanted}"));
            }
            Err(error) => {
                let error = failed(format!("signature {name}: {error}"));
                if begun > 0 {
                    return Err(error);
                }
                let kept: Vec<_> = [Some(document), content].into_iter().flatten().collect();
                return Err(undone(&upkeep, &kept, error).await);
            }
        }
    }
    Ok(())
}

/// The signatures that are meant, each of which can be extended.
async fn extendable(upkeep: &ProgramUpkeep, how: &Begin) -> Result<Vec<(String, Which)>, CommandError> {
    let file: Shared = Arc::new(open(&how.file)?);
    let externals: Vec<(String, Shared)> = match &how.content {
        None => Vec::new(),
        Some(path) => vec![(String::new(), Arc::new(open(path)?))],
    };
    let all = asked(Which::all(&*file).map_err(failed)?, how.signature.as_deref())?;
    for (name, which) in &all {
        let signature = Extendable {
            file: Arc::clone(&file),
            externals: externals.clone(),
            which: which.clone(),
        };
        let found = upkeep.extender.level(&signature, SystemClock.now()).await;
        found.map_err(|error| failed(format!("signature {name}: {error}")))?;
    }
    Ok(all)
}

/// Keeps a file as it is.
async fn keep(upkeep: &ProgramUpkeep, path: &Path) -> Result<Id<word::Document>, CommandError> {
    let file = open(path)?;
    let now = SystemClock.now();
    let new = NewDocument {
        id: Id::from_random(now, random()),
        most: file.length(),
        now,
    };
    let mut chance = UnwrapErr(getrandom::SysRng);
    let pieces = stream::iter(Pieces(file));
    let kept = upkeep.documents.put(new, pieces, &upkeep.keys, &mut chance).await;
    Ok(kept.map_err(failed)?.id)
}

/// Takes back what was kept for nothing.
async fn undone(upkeep: &ProgramUpkeep, kept: &[Id<word::Document>], error: CommandError) -> CommandError {
    for id in kept {
        if let Err(left) = upkeep.documents.shred(*id, SystemClock.now()).await {
            return failed(format!(
                "{error}; document {id} was kept and could not be shredded again: {left}"
            ));
        }
    }
    error
}

/// A file, piece by piece.
struct Pieces(File);

impl Iterator for Pieces {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::with_capacity(PIECE);
        match (&self.0).take(PIECE as u64).read_to_end(&mut piece) {
            Ok(0) => None,
            Ok(_) => Some(Ok(piece.into())),
            Err(error) => Some(Err(error)),
        }
    }
}
