//! Files that are sent: as a body, or as the parts of a form (RFC 7578), piece by piece to the disk.

use core::{
    pin::Pin,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    task::{Context, Poll},
};
use std::{fs::File, io, io::Write as _, sync::Arc};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, header},
};
use futures_util::{Stream, StreamExt as _};
use multer::{Field, Multipart};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{super::media, Refusal};
use crate::validation::Submitted;

/// Pieces on their way to the disk.
const UNDER_WAY: usize = 16;
/// Bytes of a form that are held while a part's head or end is looked for; what the parts hold is not counted.
const HELD: usize = 64 * 1_024;
/// Of a name that is repeated in the report.
const LONGEST_NAME: usize = 255;
const FILE: &str = "file";
const CONTENT: &str = "content";

/// What was sent.
pub(super) async fn received(headers: &HeaderMap, body: Body, largest: u64) -> Result<Submitted, Refusal> {
    if media::is(headers, "multipart/form-data") {
        return parts(headers, body, largest).await;
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let foreign = [
        "multipart/",
        "application/json",
        "application/x-www-form-urlencoded",
    ];
    if foreign.iter().any(|foreign| kind.starts_with(foreign)) {
        return Err(Refusal::Kind);
    }
    let stated = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|length| length > largest) {
        return Err(Refusal::Large(largest));
    }
    let mut left = Left {
        bytes: largest,
        largest,
    };
    let mut keeper = Keeper::new();
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Refusal::CutOff)?;
        left.take(&piece)?;
        keeper.put(piece).await?;
    }
    Ok(Submitted {
        name: FILE.to_owned(),
        file: Box::new(keeper.kept().await?),
        content: None,
    })
}

/// The parts of a form: one file, and what it is detached from.
async fn parts(headers: &HeaderMap, body: Body, largest: u64) -> Result<Submitted, Refusal> {
    let form = |error: multer::Error| Refusal::Parts(error.to_string());
    let boundary = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .ok_or(Refusal::Kind)
        .and_then(|kind| multer::parse_boundary(kind).map_err(form))?;
    let paced = Paced::new(body.into_data_stream());
    let progress = Arc::clone(&paced.progress);
    let failed = |error: multer::Error| {
        if progress.is_cut.load(Ordering::Relaxed) {
            Refusal::CutOff
        } else {
            Refusal::Parts(error.to_string())
        }
    };
    let mut form = Multipart::new(paced, boundary);
    let mut left = Left {
        bytes: largest,
        largest,
    };
    let (mut file, mut content) = (None, None);
    while let Some(mut field) = form.next_field().await.map_err(failed)? {
        progress.made();
        let part = field.name().unwrap_or_default().to_owned();
        let place = match part.as_str() {
            FILE => &mut file,
            CONTENT => &mut content,
            other => {
                let other: String = other.escape_default().take(LONGEST_NAME).collect();
                return Err(Refusal::Parts(format!(
                    "the part `{other}` is neither `file` nor `content`"
                )));
            }
        };
        if place.is_some() {
            return Err(Refusal::Parts(format!("the part `{part}` is there twice")));
        }
        let name = name(&field, &part);
        let mut keeper = Keeper::new();
        while let Some(piece) = field.chunk().await.map_err(failed)? {
            progress.made();
            left.take(&piece)?;
            keeper.put(piece).await?;
        }
        *place = Some((name, keeper.kept().await?));
    }
    let (name, file) = file.ok_or_else(|| Refusal::Parts("the part `file` is missing".to_owned()))?;
    Ok(Submitted {
        name,
        file: Box::new(file),
        content: content.map(|(name, content)| (name, Box::new(content) as Box<_>)),
    })
}

/// What the sender calls a file, without what a report could be falsified by.
fn name(field: &Field<'_>, part: &str) -> String {
    let told = field.file_name().unwrap_or(part);
    let name: String = told
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_NAME)
        .collect();
    if name.is_empty() { part.to_owned() } else { name }
}

/// Bytes that may still come.
struct Left {
    bytes: u64,
    largest: u64,
}

impl Left {
    fn take(&mut self, piece: &Bytes) -> Result<(), Refusal> {
        let left = self.bytes.checked_sub(piece.len() as u64);
        self.bytes = left.ok_or(Refusal::Large(self.largest))?;
        Ok(())
    }
}

/// Writes pieces into a file without a name.
struct Keeper {
    sender: mpsc::Sender<Bytes>,
    writing: JoinHandle<io::Result<File>>,
}

impl Keeper {
    fn new() -> Self {
        let (sender, mut pieces) = mpsc::channel::<Bytes>(UNDER_WAY);
        let writing = tokio::task::spawn_blocking(move || {
            let mut file = tempfile::tempfile()?;
            while let Some(piece) = pieces.blocking_recv() {
                file.write_all(&piece)?;
            }
            Ok(file)
        });
        Self { sender, writing }
    }

    async fn put(&mut self, piece: Bytes) -> Result<(), Refusal> {
        self.sender.send(piece).await.map_err(|_| {
            tracing::error!("a file to be judged could not be kept; is there room for temporary files?");
            Refusal::Trouble
        })
    }

    async fn kept(self) -> Result<File, Refusal> {
        drop(self.sender);
        match self.writing.await {
            Ok(Ok(file)) => Ok(file),
            Ok(Err(error)) => {
                tracing::error!(%error, "a file to be judged could not be kept");
                Err(Refusal::Trouble)
            }
            Err(error) => {
                tracing::error!(%error, "keeping a file to be judged was cut off");
                Err(Refusal::Trouble)
            }
        }
    }
}

/// How far the reader of a form has come.
#[derive(Default)]
struct Progress {
    held: AtomicUsize,
    is_cut: AtomicBool,
}

impl Progress {
    fn made(&self) {
        self.held.store(0, Ordering::Relaxed);
    }
}

/// A body that gives one piece at a time. The reader of forms takes all that it can get, so a head without an end, or a fast
/// sender beside a slow disk, would fill the memory.
struct Paced {
    stream: BodyDataStream,
    progress: Arc<Progress>,
    has_given: bool,
}

impl Paced {
    fn new(stream: BodyDataStream) -> Self {
        Self {
            stream,
            progress: Arc::default(),
            has_given: false,
        }
    }
}

impl Stream for Paced {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if core::mem::take(&mut self.has_given) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.progress.held.load(Ordering::Relaxed) > HELD {
            let error = io::Error::other("a part has a head that does not end");
            return Poll::Ready(Some(Err(error)));
        }
        self.stream.poll_next_unpin(context).map(|next| {
            next.map(|piece| match piece {
                Ok(piece) => {
                    self.has_given = true;
                    self.progress.held.fetch_add(piece.len(), Ordering::Relaxed);
                    Ok(piece)
                }
                Err(error) => {
                    self.progress.is_cut.store(true, Ordering::Relaxed);
                    Err(io::Error::other(error))
                }
            })
        })
    }
}
