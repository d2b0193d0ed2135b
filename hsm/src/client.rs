//! [`Remote`]: the boundary as its callers see it, over a connection that is made anew when it breaks.

use core::{future::Future, pin::Pin, time::Duration};
use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{
        Arc, Mutex as StdMutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{KeyAlgorithm, Nonce, SignedChallenge};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadHalf},
    net::UnixStream,
    sync::{Mutex, oneshot},
    time::timeout,
};
use zeroize::Zeroizing;

use crate::{
    ActivateError, ActivateRequest, CertifyError, CertifyRequest, ChallengeError, ChallengeRequest,
    DestroyError, DestroyRequest, EnrolError, EnrolRequest, Enrolled, Outcome, RotateError, RotateRequest,
    Rotation, Service, ServiceKey, ServiceKeyError, SignAsError, SignAsRequest, SignedBatch, Status,
    Unavailable,
    protocol::{Call, FrameReader, Framing, Outbox, Reply, encode, greet},
    secret_bytes::SecretBytes,
};

/// A stream to the boundary, whatever it runs over.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type Connecting = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send>>;
type Connector = Box<dyn Fn() -> Connecting + Send + Sync>;
/// Who waits for which reply; nothing once the line is cut.
type Waiting = Arc<StdMutex<Option<HashMap<u64, oneshot::Sender<Reply>>>>>;

/// A boundary in another process, or on another host.
pub struct Remote {
    connect: Connector,
    line: Mutex<Option<Line>>,
    next: AtomicU64,
    limit: Duration,
}

struct Line {
    outbox: Outbox,
    waiting: Waiting,
    reader: tokio::task::JoinHandle<()>,
}

impl Line {
    fn is_open(&self) -> bool {
        lock(&self.waiting).is_some()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl core::fmt::Debug for Remote {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Remote")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl Remote {
    /// How long a call may take; making an RSA-4096 key is the longest.
    const LIMIT: Duration = Duration::from_mins(1);

    /// Over the Unix socket at `path`; connects at the first call.
    pub fn unix(path: PathBuf) -> Self {
        Self::over(move || {
            let path = path.clone();
            Box::pin(async move { Ok(Box::new(UnixStream::connect(path).await?) as Box<dyn Stream>) })
        })
    }

    /// Over whatever `connect` opens, mutual TLS for example.
    pub fn over(connect: impl Fn() -> Connecting + Send + Sync + 'static) -> Self {
        Self {
            connect: Box::new(connect),
            line: Mutex::new(None),
            next: AtomicU64::new(1),
            limit: Self::LIMIT,
        }
    }

    async fn call(&self, call: Call) -> Result<Reply, Unavailable> {
        match timeout(self.limit, self.exchange(call)).await {
            Ok(Ok(Reply::Unavailable(unavailable))) => Err(unavailable),
            Ok(result) => result,
            Err(_) => Err(Unavailable::Cut),
        }
    }

    async fn exchange(&self, call: Call) -> Result<Reply, Unavailable> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        // Refused before anything was sent: too large for a frame.
        let frame = encode(Framing::STANDARD, id, &call).map_err(|error| Unavailable::Protocol {
            reason: error.to_string(),
        })?;
        drop(call);
        let (sender, receiver) = oneshot::channel();
        let (outbox, waiting) = self.line(id, sender).await?;
        let forget = Forget { id, waiting };
        outbox.send(frame).await.map_err(|_| Unavailable::Cut)?;
        let reply = receiver.await.map_err(|_| Unavailable::Cut);
        drop(forget);
        reply
    }

    /// The open line with a place to wait on it, opened first if need be.
    async fn line(&self, id: u64, sender: oneshot::Sender<Reply>) -> Result<(Outbox, Waiting), Unavailable> {
        let mut line = self.line.lock().await;
        let open = match line.take().filter(Line::is_open) {
            Some(open) => open,
            None => self.open().await.map_err(|error| {
                tracing::warn!(%error, "the boundary cannot be reached");
                Unavailable::Unreachable {
                    retry_after: Duration::from_secs(1),
                }
            })?,
        };
        // Cut in this very moment, it drops the sender, which tells the caller.
        if let Some(waiting) = &mut *lock(&open.waiting) {
            waiting.insert(id, sender);
        }
        let ends = (open.outbox.clone(), open.waiting.clone());
        *line = Some(open);
        Ok(ends)
    }

    async fn open(&self) -> io::Result<Line> {
        let mut stream = timeout(Duration::from_secs(5), (self.connect)())
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        greet(&mut stream).await?;
        let (reader, writer) = tokio::io::split(stream);
        let waiting = Waiting::new(StdMutex::new(Some(HashMap::new())));
        let reader = tokio::spawn(distribute(reader, waiting.clone()));
        let cut = waiting.clone();
        let (outbox, _) = Outbox::open(writer, Framing::STANDARD, move || drop(lock(&cut).take()));
        Ok(Line {
            outbox,
            waiting,
            reader,
        })
    }
}

/// A caller that stopped waiting, by time or by choice, leaves no entry behind.
struct Forget {
    id: u64,
    waiting: Waiting,
}

impl Drop for Forget {
    fn drop(&mut self) {
        if let Some(waiting) = &mut *lock(&self.waiting) {
            waiting.remove(&self.id);
        }
    }
}

/// Hands replies to those who wait; at the end, everyone left is told by a dropped sender.
async fn distribute(reader: ReadHalf<Box<dyn Stream>>, waiting: Waiting) {
    let mut reader = FrameReader::new(reader, Framing::STANDARD);
    while let Ok(Some((id, Ok(reply)))) = reader.next::<Reply>().await {
        let sender = lock(&waiting).as_mut().and_then(|waiting| waiting.remove(&id));
        // Whoever asked may have gone.
        if let Some(sender) = sender {
            let _ = sender.send(reply);
        }
    }
    lock(&waiting).take();
}

fn lock<T>(mutex: &StdMutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wrong_reply() -> Unavailable {
    Unavailable::Protocol {
        reason: "the reply belongs to another call".to_owned(),
    }
}

macro_rules! call {
    ($self:ident, $call:expr, $reply:ident) => {
        match $self.call($call).await? {
            Reply::$reply(result) => result,
            _ => Err(wrong_reply().into()),
        }
    };
}

impl Service for Remote {
    async fn challenge(&self, request: ChallengeRequest) -> Result<SignedChallenge, ChallengeError> {
        call!(self, Call::Challenge(request), Challenge)
    }

    async fn enrol(&self, request: EnrolRequest) -> Result<Enrolled, EnrolError> {
        call!(self, Call::Enrol(request), Enrol)
    }

    async fn certify(&self, request: CertifyRequest) -> Result<(), CertifyError> {
        call!(self, Call::Certify(request), Certify)
    }

    async fn activate(&self, request: ActivateRequest) -> Result<SignedBatch, ActivateError> {
        call!(self, Call::Activate(request), Activate)
    }

    async fn outcome(&self, nonce: Nonce) -> Result<Outcome, Unavailable> {
        call!(self, Call::Outcome(nonce), Outcome)
    }

    async fn destroy(&self, request: DestroyRequest) -> Result<(), DestroyError> {
        call!(self, Call::Destroy(request), Destroy)
    }

    async fn sign_as(&self, request: SignAsRequest) -> Result<Vec<u8>, SignAsError> {
        call!(self, Call::SignAs(request), SignAs)
    }

    async fn make_service_key(
        &self,
        key: ServiceKey,
        algorithm: KeyAlgorithm,
    ) -> Result<(u32, Vec<u8>), ServiceKeyError> {
        call!(self, Call::MakeServiceKey(key, algorithm), MakeServiceKey)
    }

    async fn rotate(&self, request: RotateRequest) -> Result<Rotation, RotateError> {
        call!(self, Call::Rotate(request), Rotate)
    }

    async fn wrap_document_key(&self, key: Zeroizing<[u8; 32]>) -> Result<(u32, Vec<u8>), Unavailable> {
        let key = SecretBytes(Zeroizing::new(key.to_vec()));
        call!(self, Call::WrapDocumentKey(key), WrapDocumentKey)
    }

    async fn unwrap_document_key(
        &self,
        version: u32,
        blob: Vec<u8>,
    ) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
        let key: SecretBytes = call!(self, Call::UnwrapDocumentKey(version, blob), UnwrapDocumentKey)?;
        <[u8; 32]>::try_from(key.0.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| wrong_reply())
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        call!(self, Call::Status, Status)
    }
}
