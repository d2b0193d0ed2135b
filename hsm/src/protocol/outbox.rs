//! Frames on their way out. One task writes them, so that a caller who stops waiting never leaves half a frame on the
//! stream; what came together leaves in one write, since a write costs more than a frame.

use std::io;

use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::mpsc,
    task::JoinHandle,
    time::timeout,
};
use zeroize::{Zeroize, Zeroizing};

use super::frame::{Frame, Framing};

/// Frames that may wait; more senders wait themselves.
const WAITING: usize = 256;
/// Frames are written together up to so many bytes.
const TOGETHER: usize = 64 * 1024;

/// Where frames are handed in. The last one dropped ends the task, after everything is written.
#[derive(Clone, Debug)]
pub(crate) struct Outbox(mpsc::Sender<Frame>);

/// The stream takes no more frames.
#[derive(Debug)]
pub(crate) struct Closed;

impl Outbox {
    /// Starts the task that writes; it ends with `after` if the stream breaks, and when nobody sends any more.
    pub(crate) fn open<W>(
        writer: W,
        framing: Framing,
        after: impl FnOnce() + Send + 'static,
    ) -> (Self, JoinHandle<()>)
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (sender, waiting) = mpsc::channel(WAITING);
        let task = tokio::spawn(async move {
            if let Err(error) = write_all(waiting, writer, framing).await {
                tracing::debug!(%error, "a frame could not be written");
            }
            after();
        });
        (Self(sender), task)
    }

    /// Until the stream takes no more frames.
    pub(crate) async fn closed(&self) {
        self.0.closed().await;
    }

    /// Hands a frame in.
    pub(crate) async fn send(&self, frame: Frame) -> Result<(), Closed> {
        self.0.send(frame).await.map_err(|_| Closed)
    }
}

async fn write_all<W>(mut waiting: mpsc::Receiver<Frame>, mut writer: W, framing: Framing) -> io::Result<()>
where
    W: AsyncWrite + Send + Unpin,
{
    let mut together = Zeroizing::new(Vec::with_capacity(TOGETHER));
    let mut held = waiting.recv().await;
    while let Some(frame) = held {
        // Whoever is ready to send does so before this goes on: nobody waits for company, but takes what there is.
        tokio::task::yield_now().await;
        let mut alone = Some(frame);
        while let Some(next) = alone.take_if(|next| together.len() + next.len() <= TOGETHER) {
            together.extend_from_slice(&next);
            alone = waiting.try_recv().ok();
        }
        let write = async {
            writer.write_all(&together).await?;
            if let Some(frame) = alone.take_if(|frame| frame.len() > TOGETHER) {
                writer.write_all(&frame).await?;
            }
            writer.flush().await
        };
        timeout(framing.limit, write)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        // What was used of it: wiping the whole of it would cost more than writing.
        together.as_mut_slice().zeroize();
        together.clear();
        held = match alone {
            Some(frame) => Some(frame),
            None => waiting.recv().await,
        };
    }
    Ok(())
}
