//! Greeting and frames.

use core::{ops::Range, time::Duration};
use std::io;

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use zeroize::{Zeroize, Zeroizing};

const MAGIC: &[u8; 8] = b"TAMGAHSM";
const VERSION: u16 = 1;
const HEADER: usize = 12;
/// Read at once.
const BUFFER: usize = 16 * 1024;

/// The limits of one connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    /// Largest payload.
    pub(crate) most: usize,
    /// How long a begun frame may take to arrive or leave.
    pub(crate) limit: Duration,
}

impl Framing {
    /// A thousand structures of the usual size fit.
    pub(crate) const STANDARD: Self = Self {
        most: 16 * 1024 * 1024,
        limit: Duration::from_secs(20),
    };
}

/// Exchanges magic and version; both sides speak first.
pub(crate) async fn greet<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> io::Result<()> {
    let exchange = async {
        stream.write_all(MAGIC).await?;
        stream.write_all(&VERSION.to_be_bytes()).await?;
        stream.flush().await?;
        let mut magic = [0; MAGIC.len()];
        stream.read_exact(&mut magic).await?;
        let version = stream.read_u16().await?;
        if &magic != MAGIC {
            return Err(invalid("the other side does not speak the boundary's protocol"));
        }
        if version != VERSION {
            return Err(invalid(
                "the other side speaks another version of the boundary's protocol",
            ));
        }
        Ok(())
    };
    timeout(Duration::from_secs(5), exchange)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// A frame as it goes out, wiped after: the message may hold secrets.
pub(crate) type Frame = Zeroizing<Vec<u8>>;

/// Encodes one frame.
pub(crate) fn encode<T: Serialize>(framing: Framing, id: u64, message: &T) -> io::Result<Frame> {
    let payload =
        Zeroizing::new(postcard::to_allocvec(message).map_err(|_| invalid("a message does not encode"))?);
    if payload.len() > framing.most {
        return Err(invalid("a message is larger than a frame may be"));
    }
    let length =
        u32::try_from(payload.len()).map_err(|_| invalid("a message is larger than a frame may be"))?;
    let mut frame = Zeroizing::new(Vec::with_capacity(HEADER + payload.len()));
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&id.to_be_bytes());
    frame.extend_from_slice(&payload);
    Ok(frame)
}

/// Reads frames; a cut-off read is an error, a clean end between frames is `None`.
///
/// What has arrived is read at once, however many frames it holds, and wiped as it is taken.
#[derive(Debug)]
pub(crate) struct FrameReader<R> {
    reader: R,
    framing: Framing,
    buffer: Zeroizing<Vec<u8>>,
    /// The part of the buffer that was read and not taken.
    arrived: Range<usize>,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// Reads frames from `reader`.
    pub(crate) fn new(reader: R, framing: Framing) -> Self {
        Self {
            reader,
            framing,
            buffer: Zeroizing::new(vec![0; BUFFER]),
            arrived: 0..0,
        }
    }

    /// The next message with its id; waits for its first byte without limit.
    pub(crate) async fn next<T: DeserializeOwned>(
        &mut self,
    ) -> io::Result<Option<(u64, Result<T, postcard::Error>)>> {
        if self.arrived.is_empty() && !self.read_more().await? {
            return Ok(None);
        }
        timeout(self.framing.limit, self.rest())
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map(Some)
    }

    /// The message whose first byte is here.
    async fn rest<T: DeserializeOwned>(&mut self) -> io::Result<(u64, Result<T, postcard::Error>)> {
        let mut header = [0; HEADER];
        self.take(&mut header).await?;
        let [a, b, c, d, id @ ..] = header;
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let id = u64::from_be_bytes(id);
        if length > self.framing.most {
            return Err(invalid("a frame is larger than it may be"));
        }
        let mut payload = Zeroizing::new(vec![0; length]);
        self.take(&mut payload).await?;
        Ok((id, postcard::from_bytes(&payload)))
    }

    /// Fills `target`: with what has arrived, and what is missing straight from the stream.
    async fn take(&mut self, target: &mut [u8]) -> io::Result<()> {
        let mut filled = 0;
        while let Some(missing) = target.get_mut(filled..).filter(|missing| !missing.is_empty()) {
            if self.arrived.is_empty() && missing.len() >= BUFFER {
                self.reader.read_exact(missing).await?;
                return Ok(());
            }
            if self.arrived.is_empty() && !self.read_more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let arrived = self.buffer.get_mut(self.arrived.clone()).unwrap_or_default();
            let count = arrived.len().min(missing.len());
            let (taken, into) = (arrived.get_mut(..count), missing.get_mut(..count));
            if let (Some(taken), Some(into)) = (taken, into) {
                into.copy_from_slice(taken);
                taken.zeroize();
            }
            self.arrived.start += count;
            filled += count;
        }
        Ok(())
    }

    /// Reads into the empty buffer; whether there was anything.
    async fn read_more(&mut self) -> io::Result<bool> {
        self.arrived = 0..self.reader.read(&mut self.buffer).await?;
        Ok(!self.arrived.is_empty())
    }
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
