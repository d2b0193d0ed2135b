//! The writer: one connection, and what is queued commits as a group.
//!
//! A durable commit costs a flush of the disk; sixteen Activations in flight share it. Answers leave only after the
//! commit. How a group is committed is in `group.rs`.

use core::time::Duration;

use ca::Scope;
use domain::{Id, Time, word};
use hsm::{
    ChallengeRow, JobRow, JournalError, LeafRow, LedgerHead, NewEnrolment, Reservation, Settlement,
    TokenKeyRow, Update,
};
use tokio::sync::{mpsc, oneshot};

#[cfg(feature = "documents")]
use crate::documents::{DocumentChange, UpkeepChange};
use crate::{
    CertificateStep, Growth, Intention, Issue, KeptOrder, ListRow, OperatorRow, Turn, postgres, sqlite,
    store::Pool,
};

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
    Intend(Box<Intention>),
    Issue(Box<Issue>),
    Step(Box<CertificateStep>),
    KeyGone(Id<word::Certificate>),
    Grow(Box<Growth>),
    #[cfg(feature = "documents")]
    Document(DocumentChange),
    #[cfg(feature = "documents")]
    Upkeep(UpkeepChange),
    KeepOperator(Box<OperatorRow>),
    RemoveOperator([u8; 32], Time),
    KeepOrder(Box<KeptOrder>),
    RaiseList(Scope, u64),
    TakeTurn(Turn),
    KeepTurn(Turn),
    Publish(Id<word::Node>, Vec<ListRow>),
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
    pub(crate) fn start(pool: Pool) -> Self {
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

async fn write_all(pool: Pool, mut receiver: mpsc::Receiver<Queued>) {
    let mut queue = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut queue, GROUP).await > 0 {
        let (changes, answers): (Vec<_>, Vec<_>) = queue.drain(..).unzip();
        let done = match &pool {
            Pool::Sqlite(pool) => sqlite::group::commit(pool, &changes).await,
            Pool::Postgres(pool) => postgres::group::commit(pool, &changes).await,
        };
        let results = match done {
            Ok(results) => results,
            Err(error) => changes.iter().map(|_| Err(error.clone())).collect(),
        };
        for (answer, result) in answers.into_iter().zip(results) {
            // Whoever asked may have stopped waiting; the change stands all the same.
            let _ = answer.send(result);
        }
    }
}
