//! HTTP surfaces: the public ones of the authority, and those by which a machine sees how the service is.

mod accept;
mod conditional;
mod figures;
mod health;
mod ledger;
mod listen;
mod media;
mod ocsp;
mod pki;
mod tsa;
mod validation;

use core::time::Duration;
use std::sync::Arc;

use axum::{
    BoxError, Router,
    error_handling::HandleErrorLayer,
    extract::{DefaultBodyLimit, Request},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hsm::{Clock, Service};
use tower::{ServiceBuilder, limit::GlobalConcurrencyLimitLayer};

pub use self::{
    health::Metrics,
    listen::{ServeError, serve},
    validation::validation,
};
use crate::Authority;

/// The longest question that is read; longer ones are none.
const LONGEST: usize = 16 * 1024;
/// How long sending a question may take.
const SENDING: Duration = Duration::from_secs(5);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Answers in the making; beyond that the asker is told to come back.
const AT_ONCE: usize = 512;

/// What the surfaces share.
#[derive(Debug)]
pub struct App<S, C> {
    /// The authority.
    pub authority: Authority<S, C>,
    /// Figures for machines.
    pub metrics: Metrics,
}

/// Everything that is served.
pub fn router<S: Service + 'static, C: Clock>(app: Arc<App<S, C>>) -> Router {
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(overloaded))
        .load_shed()
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE))
        .timeout(PATIENCE);
    Router::new()
        .route("/pki/{file}", get(pki::get_file))
        .route("/pki/certificates/{serial}", get(pki::get_certificate))
        .route("/ocsp", post(ocsp::post_question))
        .route("/ocsp/{*question}", get(ocsp::get_question))
        .route("/tsa", post(tsa::post_request))
        .route("/ledger/checkpoint", get(ledger::get_checkpoint))
        .route("/ledger/tile/{*path}", get(ledger::get_tile))
        .layer(limits)
        // Outside the limits: who sends slowly takes nobody's place.
        .layer(middleware::from_fn(whole))
        // Asked by those who decide whether to send more: never shed.
        .route("/healthz", get(health::get_alive))
        .route("/readyz", get(health::get_ready))
        .route("/metrics", get(health::get_metrics))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(app)
}

/// Reads all that is sent before anything else is done about it.
async fn whole(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match tokio::time::timeout(SENDING, axum::body::to_bytes(body, LONGEST)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(head, body.into())).await,
        Ok(Err(_)) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("at most {LONGEST} bytes are read\n"),
        )
            .into_response(),
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "sending took too long\n").into_response(),
    }
}

/// Too much is going on, or an answer took too long.
async fn overloaded(error: BoxError) -> Response {
    let why = if error.is::<tower::timeout::error::Elapsed>() {
        "the answer took too long"
    } else {
        "too many questions at once"
    };
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "2")],
        format!("{why}; please come back in a moment\n"),
    )
        .into_response()
}

/// A trouble that is ours: logged here, not told.
pub(crate) fn trouble(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a request could not be answered");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "2")],
        "the service cannot answer now; please come back in a moment\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests;
