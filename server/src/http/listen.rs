//! Listening: one address, slow askers cut off, and a stop that lets answers under way finish.

use core::{future::Future, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// An asker must have said what it wants within this time.
pub(super) const HEADERS: Duration = Duration::from_secs(10);
/// A connection lasts so long at most, however slowly its other end reads.
pub(super) const LONGEST: Duration = Duration::from_mins(5);
/// Answers under way at a stop get so long.
const GRACE: Duration = Duration::from_secs(20);
/// Connections at once.
const CONNECTIONS: usize = 4_096;

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("connections cannot be accepted: {0}")]
pub struct ServeError(#[from] std::io::Error);

/// Serves until `stop` resolves, and then until what is under way is answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    // HTTP/1 alone: its timer runs from the first moment, also for who says nothing at all.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .keep_alive(true);
    let graceful = GracefulShutdown::new();
    let places = std::sync::Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            // Out of descriptors, or the asker is gone: the next one may fare better, but not at once.
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = std::sync::Arc::clone(&places).try_acquire_owned() else {
            tracing::warn!("all {CONNECTIONS} places for connections are taken; one was turned away");
            continue;
        };
        // An answer that waits for more to send helps nobody.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            match tokio::time::timeout(LONGEST, watched).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "a connection ended early"),
                Err(_) => tracing::debug!("a connection lasted too long and was ended"),
            }
            drop(place);
        });
    }
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished in time");
    }
    Ok(())
}
