//! The gate: a start waits here until two people have entered each PIN that is not in a file.
//!
//! Its socket is for this program's own user. Conversations run side by side, each with a nonce and an end of its own, so
//! that one who is slow or silent holds nobody up; what they bring is judged one after the other, here.

use core::time::Duration;
use std::{io, os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc};

use domain::Nonce;
use hsm::{Clock as _, SystemClock};
use rand_core::TryRng as _;
use sd_notify::NotifyState;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::{Semaphore, mpsc},
    time::timeout,
};
use zeroize::Zeroizing;

use super::{
    Entered,
    component::Component,
    officers::PinEntry,
    parts::{Parts, Refusal},
    proof::{Answer, Greeting, SOCKET, in_words},
};
use crate::{listen, settings::Settings};

/// How long one conversation may take; its person has typed before it begins.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long nobody is let in after the system refused a connection: what it lacks does not come back at once.
const PAUSE: Duration = Duration::from_millis(200);
/// Conversations at once; more are closed.
const CONVERSATIONS: usize = 16;
/// Longest line with proof and component.
const LINE: usize = 4 * 1_024 + Component::MOST;

/// The PINs were not entered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GateError {
    /// Nobody came, or one alone.
    #[error(
        "not entered within {seconds} seconds: {missing}; start again when both people are there (wait_seconds of \
         [pin_entry])"
    )]
    Late {
        /// The limit.
        seconds: u64,
        /// What is missing.
        missing: String,
    },
    /// Another start waits at the same socket.
    #[error("another tamga-hsm waits for PINs at {0} already; enter them there, or stop it")]
    Waiting(PathBuf),
    /// The socket cannot be opened.
    #[error("the socket {path} cannot be opened: {reason}")]
    Socket {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The system has no randomness.
    #[error("no randomness from the system")]
    Chance,
}

/// A line that came, or why none came.
struct Offer {
    stream: UnixStream,
    nonce: Nonce,
    line: Result<Zeroizing<Vec<u8>>, Refusal>,
}

/// Waits until every PIN of the entry is entered. Nothing is waited for if every PIN is in a file.
pub(crate) async fn entered(
    settings: &Settings,
    entry: Option<PinEntry>,
) -> Result<Entered, Box<dyn std::error::Error>> {
    let Some(entry) = entry.filter(|entry| !entry.tokens.is_empty()) else {
        return Ok(Entered::default());
    };
    let path = settings.sockets.join(SOCKET);
    let listener = open(settings, &path).await?;
    let held = hold(listener, entry).await;
    // A socket that nobody hears any more; the next start would remove it too.
    let _ = std::fs::remove_file(&path);
    Ok(held?)
}

async fn open(settings: &Settings, path: &PathBuf) -> Result<UnixListener, GateError> {
    let failed = |reason| GateError::Socket {
        path: path.clone(),
        reason,
    };
    listen::folder(settings).map_err(failed)?;
    if UnixStream::connect(path).await.is_ok() {
        return Err(GateError::Waiting(path.clone()));
    }
    listen::forget(path).map_err(failed)?;
    let listener = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

async fn hold(listener: UnixListener, entry: PinEntry) -> Result<Entered, GateError> {
    let wait = entry.wait;
    let mut parts = Parts::new(entry);
    let (offers, mut offered) = mpsc::channel(CONVERSATIONS);
    let places = Arc::new(Semaphore::new(CONVERSATIONS));
    let end = tokio::time::sleep(wait);
    tokio::pin!(end);
    tell(&parts, wait);
    let mut is_full = false;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let stream = match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "a connection to the entry of PINs failed");
                        tokio::time::sleep(PAUSE).await;
                        continue;
                    }
                };
                if !own(&stream) {
                    tracing::warn!("a process of another user was turned away from the entry of PINs");
                    continue;
                }
                let Ok(place) = places.clone().try_acquire_owned() else {
                    // Once, until somebody is let in again: the log is not to be filled from outside.
                    if !is_full {
                        tracing::warn!(
                            conversations = CONVERSATIONS,
                            "all conversations of the entry of PINs are taken; further ones are closed"
                        );
                    }
                    is_full = true;
                    continue;
                };
                is_full = false;
                let greeting = Greeting { nonce: nonce()?, missing: parts.missing() };
                let offers = offers.clone();
                tokio::spawn(async move {
                    let _place = place;
                    if let Some(offer) = converse(stream, &greeting).await {
                        // The gate is closed: both were entered, or it is too late.
                        let _ = offers.send(offer).await;
                    }
                });
            }
            Some(offer) = offered.recv() => {
                judge(&mut parts, offer).await;
                if let Some(entered) = parts.finish() {
                    tracing::info!("every PIN is entered");
                    return Ok(entered);
                }
            }
            () = &mut end => return Err(GateError::Late {
                seconds: wait.as_secs(),
                missing: in_words(&parts.missing()),
            }),
        }
    }
}

/// Says to the log and to a service manager what this start waits for.
fn tell(parts: &Parts, wait: Duration) {
    let missing = in_words(&parts.missing());
    tracing::info!(
        missing,
        seconds = wait.as_secs(),
        "waiting for two people to enter PINs: tamga-hsm enter-pin --as NAME --key OFFICER.pem"
    );
    let micros = u32::try_from(wait.saturating_add(PATIENCE).as_micros()).unwrap_or(u32::MAX);
    // Without a service manager there is nobody to tell.
    let _ = sd_notify::notify(&[
        NotifyState::ExtendTimeoutUsec(micros),
        NotifyState::Status(&format!("waits for two people: {missing}")),
    ]);
}

fn own(stream: &UnixStream) -> bool {
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == rustix::process::getuid().as_raw())
}

fn nonce() -> Result<Nonce, GateError> {
    let mut bytes = [0; Nonce::LENGTH];
    let drawn = getrandom::SysRng.try_fill_bytes(&mut bytes);
    drawn.map_err(|_| GateError::Chance)?;
    Ok(Nonce::new(bytes))
}

/// Greets and hears one line; `None` if the other side only wanted to know what is missing.
async fn converse(mut stream: UnixStream, greeting: &Greeting) -> Option<Offer> {
    let mut line = Zeroizing::new(Vec::with_capacity(LINE));
    let mut oversize = false;
    let heard = timeout(PATIENCE, async {
        send(&mut stream, greeting).await?;
        while line.last() != Some(&b'\n') {
            if line.len() == LINE {
                // Read to its end all the same: a connection that is closed before loses the answer.
                oversize = true;
                line.clear();
            }
            // The buffer never grows, and so leaves no copy behind.
            let mut room = (&mut stream).take((LINE - line.len()) as u64);
            if room.read_buf(&mut *line).await? == 0 {
                break;
            }
        }
        Ok::<_, io::Error>(())
    });
    let heard = heard.await;
    let line = match heard {
        Ok(Err(_)) => return None,
        Ok(Ok(())) | Err(_) if oversize => Err(Refusal::Oversize),
        Ok(Ok(())) if line.is_empty() => return None,
        Ok(Ok(())) => Ok(line),
        Err(_) => Err(Refusal::Silent(PATIENCE.as_secs())),
    };
    Some(Offer {
        stream,
        nonce: greeting.nonce,
        line,
    })
}

async fn judge(parts: &mut Parts, mut offer: Offer) {
    let now = SystemClock.now();
    let judged = match offer.line {
        Ok(line) => parts.offer(&line, offer.nonce, now),
        Err(refusal) => {
            parts.refuse("", &refusal, now);
            Err(refusal)
        }
    };
    let answer = match judged {
        Ok(()) => {
            let missing = parts.missing();
            tracing::info!(missing = in_words(&missing), "a component of a PIN was entered");
            Answer::Taken(missing)
        }
        Err(refusal) => Answer::Refused(refusal.to_string()),
    };
    // Who does not wait for the answer finds it in the log.
    let _ = timeout(PATIENCE, send(&mut offer.stream, &answer)).await;
}

async fn send(stream: &mut UnixStream, message: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    stream.write_all(&line).await
}
