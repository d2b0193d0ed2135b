//! The high-water mark: the token remembers how long the Ledger was, so that an older copy of the database put in
//! the place of the newer one is noticed, at start and while running.
//!
//! The mark is written about once a second, not with every leaf: a token takes milliseconds for it. What a copy
//! older by less than that can hide is said in the threat model.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use domain::{LeafKind, Time};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Inner, leaves, refused, rows::journal_fault, unexpected};
use crate::{
    Clock, Journal, LedgerHead, Unavailable,
    worker::{Answer, Ask},
};

/// What the supervisor remembers of the Ledger's length.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: AtomicU64,
    marked: AtomicU64,
    behind: AtomicBool,
}

/// A mark on the token: position, and SHA-256 of the leaf there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    position: u64,
    leaf: [u8; 32],
}

impl Mark {
    fn encode(self) -> Vec<u8> {
        [&self.position.to_be_bytes()[..], &self.leaf].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (position, leaf) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            position: u64::from_be_bytes(*position),
            leaf: leaf.try_into().ok()?,
        })
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
    /// Refuses while the database is known to be behind the token.
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

    /// Compares the database with the token, at start.
    pub(super) async fn compare_with_mark(&self) -> Result<(), Unavailable> {
        let head = self.journal.head().await.map_err(journal_fault)?;
        self.advanced(head);
        let Some(mark) = self.read_mark().await? else {
            return Ok(());
        };
        let same = self.leaf_digest(mark.position).await? == Some(mark.leaf);
        if head.position < mark.position || !same {
            tracing::error!(
                token = mark.position,
                database = head.position,
                "the database is older than the token remembers"
            );
            self.memory.behind.store(true, Ordering::Relaxed);
        }
        self.memory.marked.store(mark.position, Ordering::Relaxed);
        Ok(())
    }

    /// Writes the mark if the Ledger has grown, and looks whether the database went back under our feet.
    pub(super) async fn keep_mark(&self) -> Result<(), Unavailable> {
        let seen = self.memory.seen.load(Ordering::SeqCst);
        let head = self.journal.head().await.map_err(journal_fault)?;
        if head.position < seen {
            tracing::error!(
                seen,
                database = head.position,
                "the database went back while running"
            );
            self.memory.behind.store(true, Ordering::Relaxed);
        }
        self.not_behind()?;
        if head.position == self.memory.marked.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.write_mark(head.position).await
    }

    /// Accepts that the database is behind, on the record, and goes on from it.
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
        self.memory.seen.store(head.position, Ordering::SeqCst);
        self.write_mark(head.position).await?;
        self.memory.behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    async fn write_mark(&self, position: u64) -> Result<(), Unavailable> {
        let Some(leaf) = self.leaf_digest(position).await? else {
            return Ok(());
        };
        match self
            .making
            .ask(Ask::WriteMark(Mark { position, leaf }.encode()))
            .await?
        {
            Answer::Done => {
                self.memory.marked.store(position, Ordering::Relaxed);
                Ok(())
            }
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

    async fn leaf_digest(&self, position: u64) -> Result<Option<[u8; 32]>, Unavailable> {
        let leaf = self.journal.leaf_at(position).await.map_err(journal_fault)?;
        Ok(leaf.map(|leaf| Sha256::digest(leaf).into()))
    }
}
