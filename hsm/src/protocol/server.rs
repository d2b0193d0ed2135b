//! The boundary's side of a connection.

use core::{future::Future, time::Duration};
use std::{io, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::UnixListener,
    sync::Semaphore,
    task::JoinSet,
};
use zeroize::Zeroizing;

use crate::{
    Role, Service, Unavailable,
    protocol::{Call, FrameReader, Framing, Outbox, Reply, encode, greet},
    secret_bytes::SecretBytes,
};

/// Calls in flight on one connection; more are answered with [`Unavailable::Busy`].
const IN_FLIGHT: usize = 256;
/// Connections of one listener; more are closed at once.
const CONNECTIONS: usize = 64;

/// Serves a Unix socket for one role until `stop` resolves, then lets calls in flight finish. Only processes of
/// the users `uids` are heard.
pub async fn serve_listener<S: Service + 'static>(
    service: Arc<S>,
    listener: UnixListener,
    (role, uids): (Role, Vec<u32>),
    stop: impl Future<Output = ()> + Send,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let (stopping, _) = tokio::sync::watch::channel(false);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, role = role.name(), "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        match stream.peer_cred() {
            Ok(peer) if uids.contains(&peer.uid()) => {}
            peer => {
                tracing::warn!(
                    ?peer,
                    role = role.name(),
                    "a process of another user was turned away"
                );
                continue;
            }
        }
        let Ok(place) = places.clone().try_acquire_owned() else {
            tracing::warn!(role = role.name(), "too many connections; one was turned away");
            continue;
        };
        let service = service.clone();
        let stopped = wait_for(stopping.subscribe());
        connections.spawn(async move {
            let _place = place;
            if let Err(error) = serve(service, stream, role, stopped).await {
                tracing::debug!(%error, role = role.name(), "a connection ended");
            }
        });
        while connections.try_join_next().is_some() {}
    }
    stopping.send_replace(true);
    while connections.join_next().await.is_some() {}
}

async fn wait_for(mut stopping: tokio::sync::watch::Receiver<bool>) {
    // An error means that the listener is gone, which is a stop too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Serves one connection for one role until it ends or `stop` resolves; calls in flight are answered first.
pub async fn serve<S, Io>(
    service: Arc<S>,
    mut stream: Io,
    role: Role,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()>
where
    S: Service + 'static,
    Io: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    greet(&mut stream).await?;
    let (reader, writer) = tokio::io::split(stream);
    let mut reader = FrameReader::new(reader, Framing::STANDARD);
    let (outbox, written) = Outbox::open(writer, Framing::STANDARD, || {});
    let places = Arc::new(Semaphore::new(IN_FLIGHT));
    let mut calls = JoinSet::new();
    tokio::pin!(stop);
    let ended = loop {
        let frame = tokio::select! {
            frame = reader.next::<Call>() => frame,
            () = &mut stop => break Ok(()),
            // Nobody would hear what is done from here on.
            () = outbox.closed() => break Err(io::ErrorKind::BrokenPipe.into()),
        };
        let (id, call) = match frame {
            Ok(Some(frame)) => frame,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        let (service, outbox, places) = (service.clone(), outbox.clone(), places.clone());
        calls.spawn(async move {
            let reply = match (call, places.try_acquire()) {
                (Ok(call), Ok(_place)) => answer(&*service, role, call).await,
                (Ok(_), Err(_)) => Reply::Unavailable(Unavailable::Busy {
                    retry_after: Duration::from_secs(1),
                }),
                (Err(error), _) => Reply::Unavailable(Unavailable::Protocol {
                    reason: error.to_string(),
                }),
            };
            // A caller that is gone asks for the outcome when it is back.
            if let Ok(frame) = encode(Framing::STANDARD, id, &reply) {
                let _ = outbox.send(frame).await;
            }
        });
        while calls.try_join_next().is_some() {}
    };
    while calls.join_next().await.is_some() {}
    drop(outbox);
    let _ = written.await;
    ended
}

async fn answer<S: Service>(service: &S, role: Role, call: Call) -> Reply {
    if !role.may(call.operation()) {
        tracing::warn!(role = role.name(), operation = ?call.operation(), "an operation was forbidden");
        return Reply::Unavailable(Unavailable::Forbidden);
    }
    match call {
        Call::Challenge(request) => Reply::Challenge(service.challenge(request).await),
        Call::Enrol(request) => Reply::Enrol(service.enrol(request).await),
        Call::Certify(request) => Reply::Certify(service.certify(request).await),
        Call::Activate(request) => Reply::Activate(service.activate(request).await),
        Call::Outcome(nonce) => Reply::Outcome(service.outcome(nonce).await),
        Call::Destroy(request) => Reply::Destroy(service.destroy(request).await),
        Call::SignAs(request) => Reply::SignAs(service.sign_as(request).await),
        Call::MakeServiceKey(key, algorithm) => {
            Reply::MakeServiceKey(service.make_service_key(key, algorithm).await)
        }
        Call::Rotate(request) => Reply::Rotate(service.rotate(request).await),
        Call::WrapDocumentKey(key) => match <[u8; 32]>::try_from(key.0.as_slice()) {
            Ok(key) => Reply::WrapDocumentKey(service.wrap_document_key(Zeroizing::new(key)).await),
            Err(_) => Reply::Unavailable(Unavailable::Protocol {
                reason: "a document key has 32 bytes".to_owned(),
            }),
        },
        Call::UnwrapDocumentKey(version, blob) => {
            let key = service.unwrap_document_key(version, blob).await;
            Reply::UnwrapDocumentKey(key.map(|key| SecretBytes(Zeroizing::new(key.to_vec()))))
        }
        Call::Status => Reply::Status(service.status().await),
    }
}
