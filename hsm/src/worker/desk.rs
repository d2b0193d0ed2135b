//! A worker's life: settings and PIN from the pipe, shut in, token opened, then one frame after the other.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    process::ExitCode,
};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    token::{Desk, Ended, OpenError},
    worker::{
        Ask, WorkerSettings,
        process::{EXIT_PIN, MOST},
        seal,
    },
};

const EXIT_GONE: u8 = 70;
const EXIT_SETTINGS: u8 = 78;

/// Lives the life of a worker; the exit code tells the supervisor why it ended.
pub fn run_worker() -> ExitCode {
    match live() {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::Settings(error)) => {
            tracing::error!(%error, "a worker was started without its settings; tamga-hsm starts workers itself");
            ExitCode::from(EXIT_SETTINGS)
        }
        Err(End::Seal(error)) => {
            tracing::error!(%error, "a worker could not be shut in");
            ExitCode::from(EXIT_SETTINGS)
        }
        Err(End::Open(error)) => {
            tracing::error!("{error}");
            match error {
                OpenError::Pin(_) => pin(),
                OpenError::Module { .. }
                | OpenError::NoToken { .. }
                | OpenError::Missing(_)
                | OpenError::Token(_) => ExitCode::from(EXIT_GONE),
            }
        }
        Err(End::Ended(error)) => {
            tracing::error!("{error}");
            match error {
                Ended::Pin(_) => pin(),
                Ended::Gone(_) => ExitCode::from(EXIT_GONE),
            }
        }
    }
}

fn pin() -> ExitCode {
    ExitCode::from(u8::try_from(EXIT_PIN).unwrap_or(EXIT_GONE))
}

enum End {
    Settings(io::Error),
    Seal(seal::SealError),
    Open(OpenError),
    Ended(Ended),
}

fn live() -> Result<(), End> {
    let settings: WorkerSettings = read_frame(&mut io::stdin().lock())
        .and_then(|frame| frame.ok_or_else(|| io::ErrorKind::UnexpectedEof.into()))
        .map_err(End::Settings)?;
    let socket = rustix::io::dup(rustix::stdio::stdout()).map_err(|error| End::Settings(error.into()))?;
    let mut socket = UnixStream::from(socket);
    seal::seal_off(settings.sealed_off).map_err(End::Seal)?;
    let mut desk = Desk::open(&settings.token, &settings.pin.0).map_err(End::Open)?;
    drop(settings);
    // A supervisor that is gone is the end of a worker, not an error.
    if write_frame(&mut socket, &desk.hello()).is_err() {
        return Ok(());
    }
    while let Ok(Some(ask)) = read_frame::<Ask>(&mut socket) {
        let answer = desk.serve(&ask).map_err(End::Ended)?;
        if write_frame(&mut socket, &answer).is_err() {
            break;
        }
    }
    Ok(())
}

/// The next message; `None` when the other side closed between messages.
fn read_frame<T: DeserializeOwned>(reader: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match reader.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut payload = Zeroizing::new(vec![0; length]);
    reader.read_exact(&mut payload)?;
    postcard::from_bytes(&payload)
        .map(Some)
        .map_err(|_| io::ErrorKind::InvalidData.into())
}

fn write_frame(writer: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let payload = Zeroizing::new(postcard::to_allocvec(message).map_err(|_| io::ErrorKind::InvalidData)?);
    let length = u32::try_from(payload.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    let mut frame = Zeroizing::new(Vec::with_capacity(4 + payload.len()));
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&payload);
    writer.write_all(&frame)
}
