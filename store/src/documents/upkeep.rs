//! Upkeep: one signature of a Document, kept at a level by steps that may each be cut off.
//!
//! A step reads the newest file and gives the next one. Whoever makes it takes a turn, which ends by itself; the next file,
//! its place in the upkeep and the leaf that tells of it become true in one transaction, and only if the turn is still the
//! same. So two files are never both the newest, and what a crash leaves is an object that is listed as loose.

use bytes::Bytes;
use domain::{Id, Level, Time, word};
use futures_util::Stream;
use hsm::{JournalError, LeafRow};
use rand_core::CryptoRng;

use super::{DocumentChange, DocumentKeys, DocumentRow, Documents, NewDocument, PutError};
use crate::{Store, reading::read, writer::Change};

/// The upkeep of one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpkeepRow {
    /// Which.
    pub id: Id<word::Upkeep>,
    /// The newest file.
    pub document: Id<word::Document>,
    /// What a detached signature is over.
    pub content: Option<Id<word::Document>>,
    /// Which of the file's signatures, in the words of whoever extends it.
    pub which: String,
    /// The level that it shall have.
    pub wanted: Level,
    /// The level that it has.
    pub reached: Level,
    /// What is to be done.
    pub state: UpkeepState,
    /// Raised by every change.
    pub version: u64,
    /// When it was begun.
    pub created_at: Time,
    /// When a step was made or failed.
    pub changed_at: Time,
}

/// The life of an upkeep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpkeepState {
    /// A step is due at a time.
    Waiting {
        /// When it is tried.
        due_at: Time,
        /// When it was due first.
        owed_since: Time,
        /// How often it failed so far, and why the last time.
        failed: Option<(u32, UpkeepReason)>,
    },
    /// Nothing is left to do.
    Settled,
    /// The step fails for a reason that does not pass by itself.
    Stuck(UpkeepReason),
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpkeepReason {
    /// For machines.
    pub code: UpkeepFault,
    /// For people, with what to do.
    pub text: String,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// What kind of trouble stopped a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum UpkeepFault { $($(#[$doc])* $variant,)+ }

        impl UpkeepFault {
            /// The name in tables.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The fault of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

faults! {
    /// The time-stamping authority does not answer, or refuses.
    Authority = "authority";
    /// What the signature is judged with cannot be had.
    Evidence = "evidence";
    /// The file cannot be extended.
    File = "file";
    /// The file cannot be read or kept: its place, its key, its size.
    Document = "document";
    /// The step took longer than it may.
    Slow = "slow";
}

/// What is due at a time, and who has no right to it.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Now.
    pub now: Time,
    /// A turn that claims to last longer is none.
    pub longest: Time,
    /// How many at most.
    pub most: u32,
}

/// A turn at an upkeep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpkeepTurn {
    /// At which.
    pub upkeep: Id<word::Upkeep>,
    /// Whose.
    pub node: Id<word::Node>,
    /// The version that the upkeep has in this turn.
    pub version: u64,
}

/// How a failed step leaves its upkeep.
#[derive(Clone, Debug)]
pub struct UpkeepFailure {
    /// The turn, which ends.
    pub turn: UpkeepTurn,
    /// Why.
    pub reason: UpkeepReason,
    /// When it is tried again; never, if absent, until people have looked.
    pub again_at: Option<Time>,
    /// Now.
    pub now: Time,
}

/// The file that a step gave takes the place of the one that it was made from.
#[derive(Clone, Debug)]
pub struct Succession {
    /// The turn, which ends.
    pub turn: UpkeepTurn,
    /// The file that the step was made from.
    pub from: Id<word::Document>,
    /// The level that is reached.
    pub reached: Level,
    /// When the next step is due; none is, if absent.
    pub due_at: Option<Time>,
    /// Now.
    pub now: Time,
}

/// Upkeeps that need somebody's eyes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpkeepStanding {
    /// Upkeeps whose step is owed.
    pub owed: u64,
    /// Since when the first of them is.
    pub owed_since: Option<Time>,
    /// Why the first of them failed, if it did.
    pub reason: Option<String>,
    /// Upkeeps that are stuck.
    pub stuck: u64,
}

/// A change of upkeeps' rows.
#[derive(Debug)]
pub(crate) enum UpkeepChange {
    Begin(Box<UpkeepRow>),
    /// Takes a turn at this version, until a time, if nobody else has one.
    Take(UpkeepTurn, Time, Due),
    /// Keeps a turn until a time.
    Keep(UpkeepTurn, Time),
    Fail(Box<UpkeepFailure>),
    Succeed(Box<(Succession, DocumentRow, LeafRow)>),
    /// Has stuck ones tried again: this, or all.
    Retry(Option<Id<word::Upkeep>>, Time),
    /// A replaced file is gone for good.
    Gone(Id<word::Document>),
}

impl Store {
    /// Begins an upkeep; a conflict, if that signature of that file has one.
    pub async fn begin_upkeep(&self, row: UpkeepRow) -> Result<(), JournalError> {
        self.change_upkeep(UpkeepChange::Begin(Box::new(row)))
            .await
            .map(drop)
    }

    /// One upkeep.
    pub async fn upkeep(&self, id: Id<word::Upkeep>) -> Result<Option<UpkeepRow>, JournalError> {
        read!(self, upkeep::find(id))
    }

    /// Upkeeps whose step is due and whose turn nobody has, the longest owed first. Signatures of one file go up together:
    /// one that is behind goes first, and while one has its turn, the others wait.
    pub async fn due_upkeeps(&self, due: Due) -> Result<Vec<UpkeepRow>, JournalError> {
        read!(self, upkeep::due(due))
    }

    /// Takes a turn at an upkeep as it was read; nothing, if somebody was faster.
    pub async fn take_upkeep(
        &self,
        row: &UpkeepRow,
        node: Id<word::Node>,
        until: Time,
        due: Due,
    ) -> Result<Option<UpkeepTurn>, JournalError> {
        let turn = UpkeepTurn {
            upkeep: row.id,
            node,
            version: row.version,
        };
        match self.change_upkeep(UpkeepChange::Take(turn, until, due)).await {
            Ok(version) => Ok(Some(UpkeepTurn { version, ..turn })),
            Err(JournalError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a turn for longer; a conflict, if it went to another.
    pub async fn keep_upkeep(&self, turn: UpkeepTurn, until: Time) -> Result<(), JournalError> {
        self.change_upkeep(UpkeepChange::Keep(turn, until))
            .await
            .map(drop)
    }

    /// Ends a turn whose step failed; a conflict, if it went to another.
    pub async fn fail_upkeep(&self, failure: UpkeepFailure) -> Result<(), JournalError> {
        self.change_upkeep(UpkeepChange::Fail(Box::new(failure)))
            .await
            .map(drop)
    }

    /// Has stuck upkeeps tried again, this one or all; how many there were.
    pub async fn retry_upkeeps(
        &self,
        which: Option<Id<word::Upkeep>>,
        now: Time,
    ) -> Result<u64, JournalError> {
        self.change_upkeep(UpkeepChange::Retry(which, now)).await
    }

    /// Upkeeps that are stuck, the longest first; a hundred at most.
    pub async fn stuck_upkeeps(&self) -> Result<Vec<UpkeepRow>, JournalError> {
        read!(self, upkeep::stuck())
    }

    /// What is owed at a time, and what is stuck.
    pub async fn upkeep_standing(&self, now: Time) -> Result<UpkeepStanding, JournalError> {
        read!(self, upkeep::standing(now))
    }

    async fn change_upkeep(&self, change: UpkeepChange) -> Result<u64, JournalError> {
        let written = self.writer.write(Change::Upkeep(change)).await?;
        Ok(written.0)
    }
}

impl Documents {
    /// Keeps the file that a step gave in the place of the one that it was made from, with the leaf that tells of it:
    /// all three or nothing. A conflict, if the turn went to another; then what arrived is removed at once or by
    /// [`sweep`](Self::sweep). The old file can be read until [`shred_replaced`](Self::shred_replaced).
    pub async fn succeed<E>(
        &self,
        (succession, new): (Succession, NewDocument),
        content: impl Stream<Item = Result<Bytes, E>> + Send,
        keys: &impl DocumentKeys,
        rng: &mut (impl CryptoRng + Send),
        witness: impl FnOnce(&DocumentRow) -> LeafRow + Send,
    ) -> Result<DocumentRow, PutError>
    where
        E: Into<Box<dyn core::error::Error + Send + Sync>> + Send,
    {
        let row = self.bring(new, content, keys, rng).await?;
        let witness = witness(&row);
        let succeed = UpkeepChange::Succeed(Box::new((succession, row.clone(), witness)));
        match self.store.change_upkeep(succeed).await {
            Ok(_) => Ok(row),
            Err(JournalError::Conflict) => {
                // As after a put that was swept: listed, should it not be, and removed now or by the next sweep.
                let loose = DocumentChange::Arrive(row.object, new.now);
                let _ = self.store.change_document(loose).await;
                let _ = self.discard(row.object).await;
                Err(PutError::Database(JournalError::Conflict))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Shreds files that were replaced before a time and that no upkeep reads: a hundred at most, and says how many.
    pub async fn shred_replaced(&self, before: Time, now: Time) -> Result<u64, super::ShredError> {
        let replaced = self.store.replaced_documents(before).await?;
        let mut shredded = 0;
        for id in replaced {
            self.shred(id, now).await?;
            match self.store.change_upkeep(UpkeepChange::Gone(id)).await {
                Ok(_) => shredded += 1,
                // Somebody else was faster.
                Err(JournalError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(shredded)
    }
}

impl Store {
    async fn replaced_documents(&self, before: Time) -> Result<Vec<Id<word::Document>>, JournalError> {
        read!(self, upkeep::replaced(before))
    }
}
