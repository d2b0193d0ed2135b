//! Greeting and frames.

use core::time::Duration;
use std::io;

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"TAMGAHSM";
const VERSION: u16 = 1;
const HEADER: usize = 12;

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

/// Writes one frame. The encoded message is wiped: it may hold secrets.
pub(crate) async fn write_frame<W, T>(
    writer: &mut W,
    framing: Framing,
    id: u64,
    message: &T,
) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
    T: Serialize + Sync,
{
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
    let write = async {
        writer.write_all(&frame).await?;
        writer.flush().await
    };
    timeout(framing.limit, write)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Reads frames; a cut-off read is an error, a clean end between frames is `None`.
#[derive(Debug)]
pub(crate) struct FrameReader<R> {
    reader: R,
    framing: Framing,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// Reads frames from `reader`.
    pub(crate) const fn new(reader: R, framing: Framing) -> Self {
        Self { reader, framing }
    }

    /// The next message with its id; waits for its first byte without limit.
    pub(crate) async fn next<T: DeserializeOwned>(
        &mut self,
    ) -> io::Result<Option<(u64, Result<T, postcard::Error>)>> {
        let mut first = [0];
        if self.reader.read(&mut first).await? == 0 {
            return Ok(None);
        }
        let limit = self.framing.limit;
        let read = async {
            let [high] = first;
            let mut low = [0; 3];
            self.reader.read_exact(&mut low).await?;
            let [b, c, d] = low;
            let length = usize::try_from(u32::from_be_bytes([high, b, c, d])).unwrap_or(usize::MAX);
            let id = self.reader.read_u64().await?;
            if length > self.framing.most {
                return Err(invalid("a frame is larger than it may be"));
            }
            let mut payload = Zeroizing::new(vec![0; length]);
            self.reader.read_exact(&mut payload).await?;
            Ok(Some((id, postcard::from_bytes(&payload))))
        };
        timeout(limit, read)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
