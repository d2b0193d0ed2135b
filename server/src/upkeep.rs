//! The job `upkeep`: signatures of kept files are brought to the level that they shall have, and sealed anew in time.
//!
//! Each step takes a turn at one signature, is made from the newest file alone, and is judged before its file takes the
//! place of that one. File, place and leaf become true together, and only in the turn in which the step was begun. Whoever
//! is cut off leaves the file as it was; the turn ends by itself, and the next one goes on.
//!
//! What fails is tried again later and later. Reasons of the world (nobody answers) pass by themselves and are tried for
//! ever; reasons of the file are tried so often, or not at all, and then wait for people.

mod extended;
mod kept;
mod seal;
mod settings;
mod trouble;

use core::time::Duration;
use std::{collections::HashSet, sync::Arc};

use domain::{Id, Leaf, LeafKind, Level, Time, hexadecimal, word};
use futures_util::{StreamExt as _, stream};
use hsm::{Clock, JournalError, LeafRow};
use rand_core::UnwrapErr;
use signer::Which;
use store::{
    DocumentKeys, DocumentRow, Documents, Due, GetError, NewDocument, PutError, Store, Succession,
    UpkeepFailure, UpkeepReason, UpkeepRow, UpkeepState, UpkeepTurn,
};

pub use self::settings::{DocumentSettings, UpkeepRules, UpkeepSettings};
use self::{
    extended::NextFile,
    kept::KeptFile,
    trouble::{Passes, Trouble},
};
use crate::{
    Done, ExtendError, Extendable, Extender, Shared,
    authority::{random, salt},
};

/// Others wait so long for a node that took a turn and says nothing more; whoever is at work says so in time.
const TURN: Duration = Duration::from_secs(12);
/// A turn that claims to last longer is none: whoever took it had a wrong clock.
const LONGEST_TURN: Duration = Duration::from_mins(2);
/// A step that takes longer is given up.
const LONGEST_STEP: Duration = Duration::from_mins(30);
/// Upkeeps that are looked at in one round.
const ROUND: u32 = 32;
/// Steps that are made at once: they wait for others most of the time, but each holds some megabytes.
const AT_ONCE: usize = 4;
/// A file whose name is the longest that is found in use, and more.
const LONGEST_NAME: usize = 4_096;

/// Keeps signatures.
#[derive(Clone, Debug)]
pub struct Upkeep<K, C> {
    /// The database.
    pub store: Store,
    /// Where files are kept.
    pub documents: Documents,
    /// Who wraps their keys.
    pub keys: K,
    /// Makes the steps.
    pub extender: Extender,
    /// The present.
    pub clock: C,
    /// Who takes the turns: this life of this process.
    pub node: Id<word::Node>,
    /// When it tries, and tries again.
    pub rules: UpkeepRules,
}

/// A signature that shall be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUpkeep {
    /// The signed file. It belongs to the upkeep from now on: each step puts another in its place.
    pub document: Id<word::Document>,
    /// What a detached signature is over.
    pub content: Option<Id<word::Document>>,
    /// Which signature.
    pub which: Which,
    /// The level that it shall have; with LTA it is sealed anew whenever its last seal ages.
    pub wanted: Level,
}

/// No upkeep was begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Nothing is to be done for it.
    #[error("every signature has level B-B; ask for T, LT or LTA")]
    Wanted,
    /// The name is no name.
    #[error("the signature's name has more than {LONGEST_NAME} bytes, which no document's has")]
    Name,
    /// The file does not open, or has no such signature.
    #[error(transparent)]
    File(#[from] ExtendError),
    /// The file cannot be read.
    #[error(transparent)]
    Document(#[from] GetError),
    /// It has one.
    #[error("this signature of this document is kept already")]
    Kept,
    /// The database.
    #[error(transparent)]
    Store(JournalError),
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Steps that were made.
    pub made: u64,
    /// Steps that failed.
    pub failed: u64,
}

impl<K: DocumentKeys + Send + 'static, C: Clock> Upkeep<K, C> {
    /// Begins to keep a signature.
    pub async fn begin(&self, new: NewUpkeep) -> Result<Id<word::Upkeep>, BeginError> {
        if new.wanted == Level::B {
            return Err(BeginError::Wanted);
        }
        let which = serde_json::to_string(&new.which).map_err(|_| BeginError::Name)?;
        if which.len() > LONGEST_NAME {
            return Err(BeginError::Name);
        }
        let file = KeptFile::open(&self.documents, new.document, &self.keys).await?;
        let content = match new.content {
            None => None,
            Some(id) => Some(KeptFile::open(&self.documents, id, &self.keys).await?),
        };
        let now = self.clock.now();
        let signature = extendable(file, content, new.which);
        let reached = self.extender.level(&signature, now).await?;
        let row = UpkeepRow {
            id: Id::from_random(now, random()),
            document: new.document,
            content: new.content,
            which,
            wanted: new.wanted,
            reached,
            state: if new.wanted <= reached && new.wanted != Level::Lta {
                UpkeepState::Settled
            } else {
                UpkeepState::Waiting {
                    due_at: now,
                    owed_since: now,
                    failed: None,
                }
            },
            version: 1,
            created_at: now,
            changed_at: now,
        };
        let id = row.id;
        match self.store.begin_upkeep(row).await {
            Ok(()) => Ok(id),
            Err(JournalError::Conflict) => Err(BeginError::Kept),
            Err(error) => Err(BeginError::Store(error)),
        }
    }

    /// Makes one step of each signature whose step is due, as far as others do not. Steps that fail are told in their rows.
    pub async fn round(&self) -> Result<Round, JournalError> {
        let now = self.clock.now();
        let due = Due {
            now,
            longest: now.plus(LONGEST_TURN),
            most: ROUND,
        };
        let rows = self.store.due_upkeeps(due).await?;
        // Signatures of one file one after the other: whoever comes second would work in vain.
        let mut files = HashSet::new();
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| files.insert(*row.document.as_bytes()))
            .collect();
        let done: Vec<_> = stream::iter(rows)
            .map(|row| self.attempt(row, due))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut round = Round::default();
        for one in done {
            match one? {
                Some(true) => round.made += 1,
                Some(false) => round.failed += 1,
                None => {}
            }
        }
        Ok(round)
    }

    /// Removes what rounds left: files that others replaced long enough ago, and objects that no file has.
    pub async fn tidy(&self) -> Result<(), TidyError> {
        let now = self.clock.now();
        self.documents
            .shred_replaced(now.minus(self.rules.keep_replaced), now)
            .await?;
        self.documents.sweep(now.minus(self.rules.arriving)).await?;
        Ok(())
    }

    /// One step in a turn of its own: whether it was made; nothing, if the turn is another's.
    async fn attempt(&self, row: UpkeepRow, due: Due) -> Result<Option<bool>, JournalError> {
        let until = due.now.plus(TURN);
        let Some(turn) = self.store.take_upkeep(&row, self.node, until, due).await? else {
            return Ok(None);
        };
        let keep = async {
            loop {
                tokio::time::sleep(TURN / 3).await;
                let until = self.clock.now().plus(TURN);
                match self.store.keep_upkeep(turn, until).await {
                    Ok(()) => {}
                    Err(error) => break error,
                }
            }
        };
        let step = tokio::time::timeout(LONGEST_STEP, self.step(&row, turn));
        let done = tokio::select! {
            done = step => done.unwrap_or_else(|_| Err(Trouble::slow(LONGEST_STEP))),
            lost = keep => match lost {
                JournalError::Conflict => return Ok(None),
                error => return Err(error),
            },
        };
        match done {
            Ok(true) => Ok(Some(true)),
            Ok(false) => Ok(None),
            Err(trouble) => self.fail(&row, turn, trouble).await.map(Some),
        }
    }

    /// Ends a turn whose step failed.
    async fn fail(&self, row: &UpkeepRow, turn: UpkeepTurn, trouble: Trouble) -> Result<bool, JournalError> {
        let now = self.clock.now();
        let failures = match &row.state {
            UpkeepState::Waiting {
                failed: Some((failures, _)),
                ..
            } => *failures,
            UpkeepState::Waiting { failed: None, .. } | UpkeepState::Settled | UpkeepState::Stuck(_) => 0,
        };
        let again = match trouble.passes {
            Passes::Surely => true,
            Passes::Perhaps => failures.saturating_add(1) < self.rules.most_tries,
            Passes::Never => false,
        };
        let reason = trouble.reason();
        if again {
            tracing::warn!(upkeep = %row.id, reason = reason.text, "a signature was not extended; it is tried again");
        } else {
            tracing::error!(upkeep = %row.id, reason = reason.text, "a signature cannot be extended; it waits for people");
        }
        let failure = UpkeepFailure {
            turn,
            reason,
            again_at: again.then(|| now.plus(self.rules.pause(failures))),
            now,
        };
        match self.store.fail_upkeep(failure).await {
            Ok(()) | Err(JournalError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// From the newest file to the next; false, if the turn was lost on the way.
    async fn step(&self, row: &UpkeepRow, turn: UpkeepTurn) -> Result<bool, Trouble> {
        let now = self.clock.now();
        let which: Which = serde_json::from_str(&row.which).map_err(|error| Trouble::name(&error))?;
        let file = KeptFile::open(&self.documents, row.document, &self.keys).await?;
        let content = match row.content {
            None => None,
            Some(id) => Some(KeptFile::open(&self.documents, id, &self.keys).await?),
        };
        let signature = extendable(Arc::clone(&file), content.clone(), which.clone());
        let stepped = self.extender.step(&signature, now).await;
        let stepped = stepped.map_err(|error| {
            let trouble = file
                .trouble()
                .or_else(|| content.as_ref().and_then(|content| content.trouble()));
            trouble.map_or_else(|| Trouble::of_step(&error, row.reached), Trouble::from)
        })?;
        let level = stepped.level;
        if level < row.reached {
            return Err(Trouble::fallen(row.reached, level));
        }
        let extended = NextFile {
            output: Arc::new(stepped.output),
            file: Arc::clone(&file),
            content: content.map(|content| content as Shared),
        };
        if stepped.step != Done::Kept {
            extended.judged(&self.extender.validator, now).await?;
        }
        let due_at = if level == Level::Lta && row.wanted == Level::Lta {
            let next = extended.extendable(which);
            let due = self.next_seal((&signature, &next), stepped.step, now).await;
            Some(due.map_err(|error| Trouble::of_step(&error, row.reached))?)
        } else {
            (level < row.wanted).then_some(now)
        };
        let new = NewDocument {
            id: Id::from_random(now, random()),
            most: extended.length(),
            now,
        };
        let succession = Succession {
            turn,
            from: row.document,
            reached: level,
            due_at,
            now,
        };
        let told = |next: &DocumentRow| witness(row, file.digest(), next, level, now);
        let mut chance = UnwrapErr(getrandom::SysRng);
        let kept = self
            .documents
            .succeed((succession, new), extended.bytes(), &self.keys, &mut chance, told)
            .await;
        match kept {
            Ok(next) => {
                tracing::info!(upkeep = %row.id, document = %next.id, %level, "a signature was extended");
                Ok(true)
            }
            Err(PutError::Database(JournalError::Conflict)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// A signature of a kept file, over what is in it and over the content beside.
fn extendable(file: Arc<KeptFile>, content: Option<Arc<KeptFile>>, which: Which) -> Extendable {
    let externals = content
        .map(|content| (String::new(), content as Shared))
        .into_iter();
    Extendable {
        file,
        externals: externals.collect(),
        which,
    }
}

/// What a tidying did not do; the next one does.
#[derive(Debug, thiserror::Error)]
pub enum TidyError {
    /// Files that were replaced.
    #[error(transparent)]
    Shred(#[from] store::ShredError),
    /// Objects.
    #[error(transparent)]
    Sweep(#[from] store::SweepError),
}

/// The leaf that tells of a step.
fn witness(row: &UpkeepRow, before: &[u8; 32], next: &DocumentRow, level: Level, now: Time) -> LeafRow {
    let content = serde_json::json!({
        "type": "extended",
        "upkeep": row.id.to_string(),
        "document": next.id.to_string(),
        "replaces": hexadecimal(before),
        "sha256": hexadecimal(&next.digest),
        "level": level.name(),
    });
    let (salt, content) = (salt(), content.to_string().into_bytes());
    LeafRow {
        leaf: Leaf::new(LeafKind::Extended, now, [0; 32], &salt, &content),
        salt,
        content,
        credential: None,
        client: None,
        repeats: None,
    }
}

impl Trouble {
    /// As a row has it.
    fn reason(self) -> UpkeepReason {
        UpkeepReason {
            code: self.fault,
            text: self.text,
        }
    }
}
