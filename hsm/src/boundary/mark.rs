//! The high-water mark: the token remembers how long the record was and what stood in it, so that an older copy of the
//! database put in the place of the newer one, or an altered record, is noticed, at start and while running.
//!
//! The mark is written about once a second, not with every leaf: a token takes milliseconds for it. What a copy
//! older by less than that can hide is said in the threat model.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use domain::{Leaf, LeafKind, Time};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{Inner, leaves, refused, rows::journal_fault, unexpected};
use crate::{
    Clock, Journal, JournalError, LedgerHead, PastLeaf, Unavailable,
    worker::{Answer, Ask},
};

/// Leaves that are read at once.
const PAGE: u64 = 2_048;
/// Pages of the record that are read over in one step: some hundred thousand leaves, within a second.
const STEP: u64 = 100;

/// What the supervisor remembers of the record.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: AtomicU64,
    behind: AtomicBool,
    /// How far the token's mark is.
    mark: Mutex<Mark>,
    /// How far the record was read over since the start, and up to which mark it is to be.
    review: Mutex<Option<(Mark, Mark)>>,
}

/// A position, and a hash over every leaf up to it: `h(n) = SHA-256(h(n-1) ‖ leaf n)`, zeros at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    position: u64,
    hash: [u8; 32],
}

impl Mark {
    fn encode(self) -> Vec<u8> {
        [&self.position.to_be_bytes()[..], &self.hash].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (position, hash) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            position: u64::from_be_bytes(*position),
            hash: hash.try_into().ok()?,
        })
    }

    fn take(&mut self, entry: &[u8; Leaf::LENGTH]) {
        self.hash = Sha256::new()
            .chain_update(self.hash)
            .chain_update(entry)
            .finalize()
            .into();
        self.position += 1;
    }
}

#[derive(Serialize)]
struct GapAccepted<'a> {
    token_remembers: u64,
    database_has: u64,
    by: &'a str,
    reason: &'a str,
}

impl<J: Journal, C: Clock> Inner<J, C> {
    /// Refuses while the database is known not to be what the token remembers.
    pub(super) fn not_behind(&self) -> Result<(), Unavailable> {
        if self.memory.behind.load(Ordering::Relaxed) {
            Err(Unavailable::DatabaseBehind)
        } else {
            Ok(())
        }
    }

    /// Notes a new head; one that does not lie beyond all before it means that the database went back.
    pub(super) fn advanced(&self, head: LedgerHead) {
        self.memory.seen.fetch_max(head.position, Ordering::SeqCst);
    }

    /// Compares the database with the token, at start; a long record is read over to its end while serving.
    pub(super) async fn compare_with_mark(&self) -> Result<(), Unavailable> {
        let head = self.journal.head().await.map_err(journal_fault)?;
        self.advanced(head);
        let Some(mark) = self.read_mark().await? else {
            return Ok(());
        };
        if head.position < mark.position {
            self.fell_behind("shorter", mark.position, head.position);
            return Ok(());
        }
        *self.memory.mark.lock().await = mark;
        *self.memory.review.lock().await = Some((Mark::default(), mark));
        self.review().await
    }

    /// Reads over the next part of what the token remembers: whoever altered a leaf below the mark is found here.
    pub(super) async fn review(&self) -> Result<(), Unavailable> {
        let mut review = self.memory.review.lock().await;
        let Some((read, goal)) = *review else {
            return Ok(());
        };
        let until = goal.position.min(read.position + STEP * PAGE);
        let reached = self.read_over(read, until).await?;
        if reached.position < until || (until == goal.position && reached != goal) {
            self.fell_behind("altered", goal.position, reached.position);
            *review = None;
        } else if until == goal.position {
            *review = None;
        } else {
            *review = Some((reached, goal));
        }
        Ok(())
    }

    /// Writes the mark if the record has grown, and looks whether the database went back under our feet.
    pub(super) async fn keep_mark(&self) -> Result<(), Unavailable> {
        let seen = self.memory.seen.load(Ordering::SeqCst);
        let head = self.journal.head().await.map_err(journal_fault)?;
        if head.position < seen {
            self.fell_behind("shorter", seen, head.position);
        }
        self.not_behind()?;
        let mut mark = self.memory.mark.lock().await;
        let reached = self.read_over(*mark, head.position).await?;
        if reached.position < head.position {
            self.fell_behind("altered", head.position, reached.position);
        }
        self.not_behind()?;
        if reached != *mark {
            self.write_mark(reached).await?;
            *mark = reached;
        }
        Ok(())
    }

    /// Accepts the database as it is, on the record, and goes on from it.
    pub(super) async fn accept_gap(&self, by: &str, reason: &str, now: Time) -> Result<(), Unavailable> {
        let remembered = self.read_mark().await?.map_or(0, |mark| mark.position);
        let head = self.journal.head().await.map_err(journal_fault)?;
        let content = GapAccepted {
            token_remembers: remembered,
            database_has: head.position,
            by,
            reason,
        };
        let leaf = leaves::leaf(LeafKind::GapAccepted, now, leaves::About::HOUSE, &content, None)?;
        let head = self.journal.append(vec![leaf]).await.map_err(journal_fault)?;
        let mut mark = Mark::default();
        while let Some(page) = self.page(mark).await? {
            for past in &page {
                mark.take(&past.entry);
            }
        }
        *self.memory.review.lock().await = None;
        self.memory.seen.store(head.position, Ordering::SeqCst);
        self.write_mark(mark).await?;
        *self.memory.mark.lock().await = mark;
        self.memory.behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn fell_behind(&self, how: &'static str, token: u64, database: u64) {
        tracing::error!(
            token,
            database,
            how,
            "the record is not the one that the token remembers"
        );
        self.memory.behind.store(true, Ordering::Relaxed);
    }

    /// The mark after the leaves up to a position; it stops before the first that is missing or not whole.
    async fn read_over(&self, mut mark: Mark, until: u64) -> Result<Mark, Unavailable> {
        while mark.position < until {
            let Some(page) = self.page(mark).await? else { break };
            let left = usize::try_from(until - mark.position).unwrap_or(usize::MAX);
            for past in page.iter().take(left) {
                if past.position != mark.position + 1 || !leaves::is_whole(past) {
                    return Ok(mark);
                }
                mark.take(&past.entry);
            }
        }
        Ok(mark)
    }

    async fn page(&self, mark: Mark) -> Result<Option<Vec<PastLeaf>>, Unavailable> {
        let most = u32::try_from(PAGE).unwrap_or(u32::MAX);
        match self.journal.leaves_after(mark.position, most).await {
            Ok(page) => Ok((!page.is_empty()).then_some(page)),
            // A leaf that does not even read was altered as much as one that reads otherwise.
            Err(error @ JournalError::Unreadable { .. }) => {
                tracing::error!(%error, "a leaf does not read");
                Ok(None)
            }
            Err(error) => Err(journal_fault(error)),
        }
    }

    async fn write_mark(&self, mark: Mark) -> Result<(), Unavailable> {
        match self.making.ask(Ask::WriteMark(mark.encode())).await? {
            Answer::Done => Ok(()),
            Answer::Refused(refusal) => Err(refused(&refusal)),
            _ => Err(unexpected("the mark")),
        }
    }

    async fn read_mark(&self) -> Result<Option<Mark>, Unavailable> {
        match self.making.ask(Ask::ReadMark).await? {
            Answer::Mark(Some(bytes)) => Mark::decode(&bytes).map(Some).ok_or_else(|| unexpected("a mark")),
            Answer::Mark(None) => Ok(None),
            Answer::Refused(refusal) => Err(refused(&refusal)),
            _ => Err(unexpected("the mark")),
        }
    }
}
