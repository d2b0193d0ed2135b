//! The writer: one connection, and what is queued commits as a group.
//!
//! A durable commit costs a flush of the disk; sixteen Activations in flight share it. A group first runs without
//! savepoints; if one of it fails, the group is rolled back and run again with a savepoint around each, so that a
//! refused change never takes its neighbours with it. Answers leave only after the commit.

use core::time::Duration;

use domain::{Id, Time, word};
use hsm::{
    ChallengeRow, JobRow, JournalError, LeafRow, LedgerHead, NewEnrolment, Reservation, Settlement,
    TokenKeyRow, Update,
};
use sqlx::{Sqlite, SqliteConnection, SqlitePool, pool::PoolConnection};
use tokio::sync::{mpsc, oneshot};

use crate::{activation, challenge, credential, enrolment, fault::meaning, job, leaf, token_key};

/// Changes that may wait.
const QUEUE: usize = 4_096;
/// Changes that commit together at most.
const GROUP: usize = 128;
/// How long a change may wait for its commit.
const LIMIT: Duration = Duration::from_secs(15);

/// A change of the database.
#[derive(Debug)]
pub(crate) enum Change {
    KeepChallenge(ChallengeRow),
    Enrol(Box<NewEnrolment>),
    Update(Box<Update>),
    Reserve(Box<Reservation>),
    Settle(Box<Settlement>),
    Fail(Id<word::Activation>, Box<LeafRow>),
    Append(Vec<LeafRow>),
    KeepTokenKey(Box<TokenKeyRow>, Box<LeafRow>),
    KeepJob(JobRow),
    ForgetChallenges(Time),
}

/// What a change gives back: the Ledger's head after it, or how many rows it touched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written(pub(crate) u64);

impl From<Written> for LedgerHead {
    fn from(written: Written) -> Self {
        Self { position: written.0 }
    }
}

type Queued = (Change, oneshot::Sender<Result<Written, JournalError>>);

/// A handle of the writer.
#[derive(Clone, Debug)]
pub(crate) struct Writer(mpsc::Sender<Queued>);

impl Writer {
    /// Starts the writer on its connection.
    pub(crate) fn start(pool: SqlitePool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(pool, receiver));
        Self(sender)
    }

    /// Makes a change and waits until it is durable.
    pub(crate) async fn write(&self, change: Change) -> Result<Written, JournalError> {
        let (sender, receiver) = oneshot::channel();
        let queued = async {
            self.0.send((change, sender)).await.map_err(|_| stopped())?;
            receiver.await.map_err(|_| stopped())?
        };
        let late = || Err(JournalError::Database("the writer is too slow".to_owned()));
        tokio::time::timeout(LIMIT, queued)
            .await
            .unwrap_or_else(|_| late())
    }
}

fn stopped() -> JournalError {
    JournalError::Database("the writer has stopped".to_owned())
}

async fn write_all(pool: SqlitePool, mut receiver: mpsc::Receiver<Queued>) {
    let mut queue = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut queue, GROUP).await > 0 {
        let (changes, answers): (Vec<_>, Vec<_>) = queue.drain(..).unzip();
        let results = match commit(&pool, &changes).await {
            Ok(results) => results,
            Err(error) => changes.iter().map(|_| Err(error.clone())).collect(),
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // Whoever asked may have stopped waiting; the change stands all the same.
            let _ = answer.send(result);
        }
    }
}

type Results = Vec<Result<Written, JournalError>>;

async fn commit(pool: &SqlitePool, changes: &[Change]) -> Result<Results, JournalError> {
    let database = |error: sqlx::Error| JournalError::Database(error.to_string());
    let mut connection = pool.acquire().await.map_err(database)?;
    if let Some(results) = together(&mut connection, changes).await? {
        return Ok(results);
    }
    one_by_one(&mut connection, changes).await
}

/// The group without savepoints; nothing, when one of it failed and all was rolled back.
async fn together(
    connection: &mut PoolConnection<Sqlite>,
    changes: &[Change],
) -> Result<Option<Results>, JournalError> {
    run(connection, "BEGIN IMMEDIATE").await?;
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        match apply(connection, change).await {
            Ok(written) => results.push(Ok(written)),
            Err(error) if changes.len() == 1 => {
                run(connection, "ROLLBACK").await?;
                return Ok(Some(vec![Err(error)]));
            }
            Err(_) => {
                run(connection, "ROLLBACK").await?;
                return Ok(None);
            }
        }
    }
    end(connection).await?;
    Ok(Some(results))
}

async fn one_by_one(
    connection: &mut PoolConnection<Sqlite>,
    changes: &[Change],
) -> Result<Results, JournalError> {
    run(connection, "BEGIN IMMEDIATE").await?;
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        run(connection, "SAVEPOINT change").await?;
        let result = apply(connection, change).await;
        if result.is_err() {
            run(connection, "ROLLBACK TO change").await?;
        }
        run(connection, "RELEASE change").await?;
        results.push(result);
    }
    end(connection).await?;
    Ok(results)
}

/// Commits; a commit that fails leaves no transaction open.
async fn end(connection: &mut PoolConnection<Sqlite>) -> Result<(), JournalError> {
    if let Err(error) = run(connection, "COMMIT").await {
        // The transaction may be gone already; what counts is that none is left.
        let _ = run(connection, "ROLLBACK").await;
        return Err(error);
    }
    Ok(())
}

async fn run(connection: &mut PoolConnection<Sqlite>, statement: &'static str) -> Result<(), JournalError> {
    sqlx::query(statement)
        .execute(&mut **connection)
        .await
        .map(drop)
        .map_err(|error| meaning(&error))
}

async fn apply(connection: &mut SqliteConnection, change: &Change) -> Result<Written, JournalError> {
    let position = match change {
        Change::KeepChallenge(row) => challenge::insert(connection, row).await?,
        Change::Enrol(new) => enrolment::insert(connection, new).await?,
        Change::Update(update) => credential::update(connection, update).await?,
        Change::Reserve(reservation) => activation::reserve(connection, reservation).await?,
        Change::Settle(settlement) => activation::settle(connection, settlement).await?,
        Change::Fail(id, row) => activation::fail(connection, *id, row).await?,
        Change::Append(rows) => leaf::insert(connection, rows).await?,
        Change::KeepTokenKey(row, witness) => {
            token_key::upsert(connection, row).await?;
            leaf::insert(connection, core::slice::from_ref(witness)).await?
        }
        Change::KeepJob(row) => job::upsert(connection, row).await?,
        Change::ForgetChallenges(before) => challenge::forget(connection, *before).await?,
    };
    Ok(Written(position))
}
