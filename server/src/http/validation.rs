//! `POST /api/v1/validate`: judging a file that anybody sends, as the body, or with the content that it is detached from as
//! a form.
//!
//! Files go to a temporary place that has no name, piece by piece, and are gone when they were judged. How many come at once
//! and in a second, how long one may be, and how long sending it and judging it may take are bounded. A place among those
//! that are judged is taken when a file has come whole, and is kept until the work has truly ended: neither who sends slowly
//! nor who leaves early lets work pile up.

mod refusal;
mod upload;

use core::time::Duration;
use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Query, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::post,
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use hsm::{Clock as _, SystemClock};
use serde::Deserialize;
use signer::Language;
use tokio::{
    sync::Semaphore,
    time::{timeout, timeout_at},
};

use self::{refusal::Refusal, upload::received};
use super::accept::preferred;
use crate::validation::{Effort, Submitted, ValidationError, ValidationSettings, Validator};

/// How long sending may take.
const SENDING: Duration = Duration::from_mins(2);
/// How long a file that has come waits for its place.
const WAITING: Duration = Duration::from_secs(30);
/// How long judging it may take, with all that is fetched.
const JUDGING: Duration = Duration::from_mins(2);
/// Files judged at once: judging computes.
const AT_ONCE: usize = 4;
/// Files that come at once.
const COMING: usize = 64;
/// Signatures of a file.
const MOST_SIGNATURES: usize = 256;
/// How often a file may be read over, for each signature has its own part of it.
const MOST_READINGS: u64 = 64;
/// What small files may be read in any case.
const LEAST_READING: u64 = 256 << 20;

#[derive(Debug)]
struct Surface {
    validator: Validator,
    largest: u64,
    limit: DefaultDirectRateLimiter,
    coming: Semaphore,
    places: Arc<Semaphore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    language: Option<String>,
}

/// What is answered with.
#[derive(Clone, Copy, Debug)]
enum Form {
    Json,
    Text,
}

const FORMS: [(Form, &str); 2] = [(Form::Json, "application/json"), (Form::Text, "text/plain")];
const LANGUAGES: [(Language, &str); 3] = [
    (Language::English, "en"),
    (Language::Kazakh, "kk"),
    (Language::Russian, "ru"),
];

/// The surface.
pub fn validation(validator: Validator, settings: &ValidationSettings) -> Router {
    let surface = Surface {
        validator,
        largest: settings.largest_file,
        limit: RateLimiter::direct(Quota::per_second(settings.files_per_second)),
        coming: Semaphore::new(COMING),
        places: Arc::new(Semaphore::new(AT_ONCE)),
    };
    Router::new()
        .route("/api/v1/validate", post(post_file))
        // The file is counted while it comes.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(surface))
}

async fn post_file(
    State(surface): State<Arc<Surface>>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match surface.answer(asked, &headers, body).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

impl Surface {
    async fn answer(
        &self,
        asked: Result<Query<Asked>, QueryRejection>,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Response, Refusal> {
        let Query(asked) = asked.map_err(|_| Refusal::Language)?;
        let language = match asked.language.as_deref() {
            Some(code) => Language::parse(code).ok_or(Refusal::Language)?,
            // Whoever reads none of the three reads English rather than nothing.
            None => preferred(headers, header::ACCEPT_LANGUAGE.as_str(), &LANGUAGES)
                .copied()
                .unwrap_or(Language::English),
        };
        let form = preferred(headers, header::ACCEPT.as_str(), &FORMS)
            .copied()
            .ok_or(Refusal::Form)?;
        if self.limit.check().is_err() {
            return Err(Refusal::Rate);
        }
        let _coming = self.coming.try_acquire().map_err(|_| Refusal::Rate)?;
        let submitted = timeout(SENDING, received(headers, body, self.largest))
            .await
            .map_err(|_| Refusal::Slow)??;
        let report = self.judged(submitted).await?;
        let (kind, text) = match form {
            Form::Json => ("application/json", report.to_json(language).to_string()),
            Form::Text => ("text/plain; charset=utf-8", report.to_text(language)),
        };
        let headers = [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_LANGUAGE, language.code()),
            (header::VARY, "accept, accept-language"),
        ];
        Ok((headers, text).into_response())
    }

    async fn judged(&self, submitted: Submitted) -> Result<signer::Report, Refusal> {
        let place = timeout(WAITING, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Refusal::Rate)?
            .map_err(|_| Refusal::Trouble)?;
        let deadline = Instant::now() + JUDGING;
        let content = submitted.content.as_ref();
        let length = submitted
            .file
            .length()
            .saturating_add(content.map_or(0, |(_, content)| content.length()));
        let bytes = length.saturating_mul(MOST_READINGS).saturating_add(LEAST_READING);
        let effort = Effort::bounded(deadline, bytes, MOST_SIGNATURES).holding(place);
        let judged = self.validator.judge_within(submitted, SystemClock.now(), effort);
        match timeout_at(deadline.into(), judged).await {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(ValidationError::Reading(error))) => Err(Refusal::Unreadable(error.to_string())),
            Ok(Err(error @ (ValidationError::Signatures { .. } | ValidationError::Effort))) => {
                Err(Refusal::Effort(error.to_string()))
            }
            Ok(Err(error @ ValidationError::Cut(_))) => {
                tracing::error!(%error, "a file could not be judged");
                Err(Refusal::Trouble)
            }
            Err(_) => Err(Refusal::Effort(ValidationError::Effort.to_string())),
        }
    }
}

#[cfg(test)]
mod tests;
