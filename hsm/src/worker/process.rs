//! One worker process, as the supervisor holds it.

use core::time::Duration;
use std::{io, os::fd::OwnedFd, path::PathBuf, process::Stdio};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::{Child, Command},
    time::timeout,
};
use zeroize::Zeroizing;

use crate::worker::{Answer, Ask, Hello, WorkerSettings};

/// Exit code of a worker whose token refused the PIN.
pub(crate) const EXIT_PIN: i32 = 77;
/// Largest frame between supervisor and worker.
pub(crate) const MOST: usize = 4 * 1024 * 1024;
const START: Duration = Duration::from_secs(30);

/// A worker could not be started, or broke.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The token refused the PIN.
    #[error("the token refused its PIN")]
    Pin,
    /// It ended, did not answer in time, or answered nonsense.
    #[error("the worker broke: {0}")]
    Worker(#[from] io::Error),
}

/// How workers are started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The program, which knows the command `worker`.
    pub(crate) path: PathBuf,
}

/// A worker process; killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    socket: UnixStream,
    /// Which generation of keys it knows.
    pub(crate) generation: u64,
    /// What it has served, in uses of the token.
    pub(crate) served: u64,
    /// How often its memory was looked at.
    pub(crate) looked: u64,
}

impl Process {
    /// Starts a worker and waits until its token is open.
    pub(crate) async fn start(
        program: &Program,
        settings: &WorkerSettings,
        generation: u64,
    ) -> Result<(Self, Hello), Broken> {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut child = Command::new(&program.path)
            .arg("worker")
            .env_clear()
            .envs(&settings.token.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .kill_on_drop(true)
            .spawn()?;
        let mut socket = UnixStream::from_std(ours)?;
        let greeting = async {
            let mut pipe = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            pipe.write_all(&encode(settings)?).await?;
            pipe.shutdown().await?;
            drop(pipe);
            read_frame(&mut socket).await
        };
        let payload = match timeout(START, greeting).await {
            Ok(Ok(payload)) => payload,
            Ok(Err(error)) => return Err(why(&mut child, error).await),
            Err(_) => return Err(Broken::Worker(io::ErrorKind::TimedOut.into())),
        };
        let hello =
            postcard::from_bytes(&payload).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok((
            Self {
                child,
                socket,
                generation,
                served: 0,
                looked: 0,
            },
            hello,
        ))
    }

    /// Asks one thing. After an error the process is of no more use.
    pub(crate) async fn ask(&mut self, ask: &Ask, limit: Duration) -> Result<Answer, Broken> {
        self.served += ask.uses();
        let exchange = async {
            self.socket.write_all(&encode(ask)?).await?;
            read_frame(&mut self.socket).await
        };
        match timeout(limit, exchange).await {
            Ok(Ok(payload)) => Ok(
                postcard::from_bytes(&payload).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?
            ),
            Ok(Err(error)) => Err(why(&mut self.child, error).await),
            Err(_) => Err(Broken::Worker(io::ErrorKind::TimedOut.into())),
        }
    }

    /// Its process id, while it lives.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Its resident memory.
    pub(crate) fn memory_kib(&self) -> u64 {
        let pages = self
            .id()
            .and_then(|id| std::fs::read_to_string(format!("/proc/{id}/statm")).ok())
            .and_then(|statm| {
                statm
                    .split_ascii_whitespace()
                    .nth(1)
                    .and_then(|pages| pages.parse::<u64>().ok())
            });
        pages.unwrap_or(0) * (rustix::param::page_size() as u64) / 1024
    }
}

/// An ended worker says by its exit code whether the PIN was the reason.
async fn why(child: &mut Child, error: io::Error) -> Broken {
    match timeout(Duration::from_secs(1), child.wait()).await {
        Ok(Ok(status)) if status.code() == Some(EXIT_PIN) => Broken::Pin,
        _ => Broken::Worker(error),
    }
}

fn encode(message: &impl serde::Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    let payload = Zeroizing::new(
        postcard::to_allocvec(message).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?,
    );
    let length = u32::try_from(payload.len())
        .ok()
        .filter(|_| payload.len() <= MOST);
    let length = length.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut frame = Zeroizing::new(Vec::with_capacity(4 + payload.len()));
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&payload);
    Ok(frame)
}

async fn read_frame(socket: &mut UnixStream) -> io::Result<Zeroizing<Vec<u8>>> {
    let length = usize::try_from(socket.read_u32().await?).unwrap_or(usize::MAX);
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut payload = Zeroizing::new(vec![0; length]);
    socket.read_exact(&mut payload).await?;
    Ok(payload)
}
