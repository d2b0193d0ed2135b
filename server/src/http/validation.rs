//! `POST /api/v1/validate`: judging a file that anybody sends. The body is the file; `?lang=kk|ru|en` is the language.
//!
//! The file goes to a temporary place that has no name, piece by piece, and is gone when it was judged. How many are
//! judged at once, how many in a second, how long one may be and how long sending may take are bounded.

use core::time::Duration;
use std::{fs::File, io::Write as _, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::StreamExt as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use hsm::{Clock as _, SystemClock};
use serde::Deserialize;
use signer::Language;
use tokio::sync::{Semaphore, mpsc};

use crate::validation::{Submitted, ValidationError, ValidationSettings, Validator};

/// How long sending a file may take.
const SENDING: Duration = Duration::from_mins(2);
/// How long judging it may take, with all that is fetched.
const JUDGING: Duration = Duration::from_mins(2);
/// Files judged at once: judging computes.
const AT_ONCE: usize = 4;
/// Pieces on their way to the disk.
const UNDER_WAY: usize = 16;

#[derive(Debug)]
struct Surface {
    validator: Validator,
    largest: u64,
    limit: DefaultDirectRateLimiter,
    places: Semaphore,
}

#[derive(Debug, Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// The surface.
pub fn validation(validator: Validator, settings: &ValidationSettings) -> Router {
    let surface = Surface {
        validator,
        largest: settings.largest_file,
        limit: RateLimiter::direct(Quota::per_second(settings.files_per_second)),
        places: Semaphore::new(AT_ONCE),
    };
    Router::new()
        .route("/api/v1/validate", post(post_file))
        // The file is counted while it comes.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(surface))
}

async fn post_file(State(surface): State<Arc<Surface>>, Query(asked): Query<Asked>, body: Body) -> Response {
    let language = match asked.lang.as_deref() {
        None => Language::English,
        Some(code) => match Language::parse(code) {
            Some(language) => language,
            None => return Refusal::Language.into_response(),
        },
    };
    if surface.limit.check().is_err() {
        return Refusal::Rate.into_response();
    }
    let Ok(_place) = surface.places.try_acquire() else {
        return Refusal::Rate.into_response();
    };
    let file = match tokio::time::timeout(SENDING, kept(body, surface.largest)).await {
        Ok(Ok(file)) => file,
        Ok(Err(refusal)) => return refusal.into_response(),
        Err(_) => return Refusal::Slow.into_response(),
    };
    let submitted = Submitted {
        name: "file".to_owned(),
        file: Box::new(file),
        content: None,
    };
    let judged = surface.validator.judge(submitted, SystemClock.now());
    match tokio::time::timeout(JUDGING, judged).await {
        Ok(Ok(report)) => {
            let json = [(header::CONTENT_TYPE, "application/json")];
            (json, report.to_json(language).to_string()).into_response()
        }
        Ok(Err(ValidationError::Reading(error))) => Refusal::Unreadable(error.to_string()).into_response(),
        Ok(Err(error @ ValidationError::Cut(_))) => {
            tracing::error!(%error, "a file could not be judged");
            Refusal::Trouble.into_response()
        }
        Err(_) => Refusal::Trouble.into_response(),
    }
}

/// The body in a file without a name.
async fn kept(body: Body, largest: u64) -> Result<File, Refusal> {
    let (sender, mut pieces) = mpsc::channel::<Bytes>(UNDER_WAY);
    let writing = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::tempfile()?;
        while let Some(piece) = pieces.blocking_recv() {
            file.write_all(&piece)?;
        }
        Ok::<File, std::io::Error>(file)
    });
    let mut stream = body.into_data_stream();
    let mut length = 0_u64;
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| Refusal::CutOff)?;
        length = length.saturating_add(piece.len() as u64);
        if length > largest {
            return Err(Refusal::Large(largest));
        }
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    drop(sender);
    match writing.await {
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

/// Why a file is not judged, RFC 9457.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("lang is kk, ru or en")]
    Language,
    #[error("sending stopped before its end")]
    CutOff,
    #[error("sending took too long")]
    Slow,
    #[error("files of at most {0} bytes are judged here")]
    Large(u64),
    #[error("{0}")]
    Unreadable(String),
    #[error("too many files are judged now; please come back in a moment")]
    Rate,
    #[error("the file cannot be judged now; please come back in a moment")]
    Trouble,
}

impl Refusal {
    /// Status and the stable end of its type.
    const fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Language => (StatusCode::BAD_REQUEST, "language"),
            Self::CutOff => (StatusCode::BAD_REQUEST, "cut-off"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Large(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::Unreadable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unreadable"),
            Self::Rate => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::Trouble => (StatusCode::SERVICE_UNAVAILABLE, "trouble"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind) = self.kind();
        let problem = serde_json::json!({
            "type": format!("urn:tamga:problem:validation:{kind}"),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        let mut response = (status, problem.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        if matches!(self, Self::Rate | Self::Trouble) {
            headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
        }
        response
    }
}
