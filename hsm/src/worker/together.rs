//! Digests for service keys: those that come while the worker is busy go to it together, in one frame, since a frame
//! costs more than a signature on a curve.
//!
//! Nobody waits for company, and nobody suffers from it: a frame that fails as a whole, because the worker broke or the
//! token refuses something in it, is asked again one by one.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Answer, Ask, Pool, SignAsAsk, pool::PoolError};

/// Digests of one frame: on curves about a millisecond, with the longest RSA keys about a tenth of a second.
const MOST: usize = 32;

/// The way to a lane of one worker that signs.
#[derive(Debug)]
pub(crate) struct Together {
    queue: mpsc::Sender<Waiting>,
    pool: Pool,
}

#[derive(Debug)]
struct Waiting {
    ask: SignAsAsk,
    /// Taken into a frame by the one side, or withdrawn by the other.
    taken: Arc<AtomicBool>,
    reply: oneshot::Sender<Result<Answer, PoolError>>,
}

impl Together {
    /// Signs in this lane from now on.
    pub(crate) fn start(pool: Pool) -> Self {
        let (queue, waiting) = mpsc::channel(pool.settings().queue);
        tokio::spawn(serve(waiting, pool.clone()));
        Self { queue, pool }
    }

    /// Asks for one signature.
    pub(crate) async fn sign(&self, ask: SignAsAsk) -> Result<Answer, PoolError> {
        let taken = Arc::new(AtomicBool::new(false));
        let (reply, mut answer) = oneshot::channel();
        let waiting = Waiting {
            ask,
            taken: Arc::clone(&taken),
            reply,
        };
        self.queue.try_send(waiting).map_err(|_| PoolError::Busy)?;
        let answered = match timeout(self.pool.settings().wait, &mut answer).await {
            Ok(answered) => answered,
            Err(_) if !taken.swap(true, Ordering::SeqCst) => return Err(PoolError::Busy),
            Err(_) => answer.await,
        };
        answered.unwrap_or(Err(PoolError::Down))
    }
}

async fn serve(mut queue: mpsc::Receiver<Waiting>, pool: Pool) {
    let mut came = Vec::with_capacity(MOST);
    while queue.recv_many(&mut came, MOST).await > 0 {
        let together: Vec<_> = came
            .drain(..)
            .filter(|one| !one.reply.is_closed() && !one.taken.swap(true, Ordering::SeqCst))
            .collect();
        ask(together, &pool).await;
    }
}

async fn ask(together: Vec<Waiting>, pool: &Pool) {
    if together.len() > 1 {
        let asks = together.iter().map(|one| one.ask).collect();
        match pool.ask(Ask::SignEach(asks)).await {
            Ok(Answer::Each(answers)) if answers.len() == together.len() => {
                for (one, answer) in together.into_iter().zip(answers) {
                    // Whoever asked may have gone.
                    let _ = one.reply.send(Ok(answer));
                }
                return;
            }
            Err(error @ (PoolError::Busy | PoolError::Pin)) => {
                for one in together {
                    let _ = one.reply.send(Err(error));
                }
                return;
            }
            Ok(_) | Err(PoolError::Down) => {}
        }
    }
    for one in together {
        let _ = one.reply.send(pool.ask(Ask::SignAs(one.ask)).await);
    }
}
