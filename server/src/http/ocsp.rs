//! `/ocsp`: questions by POST, and by GET with the question in the address, which caches can keep. RFC 6960 A.1.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64ct::{Base64, Encoding};
use hsm::{Clock, Service};
use pki::ocsp::Unsuccessful;

use super::{App, LONGEST, conditional::Kept, media};
use crate::Reply;

const QUESTION: &str = "application/ocsp-request";
const ANSWER: &str = "application/ocsp-response";

pub(super) async fn post_question<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    headers: HeaderMap,
    question: Bytes,
) -> Response {
    if !media::is(&headers, QUESTION) {
        return (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("a status question is posted as {QUESTION}\n"),
        )
            .into_response();
    }
    answer(&app, &headers, &question).await
}

pub(super) async fn get_question<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    headers: HeaderMap,
    Path(question): Path<String>,
) -> Response {
    match Base64::decode_vec(&question) {
        Ok(question) if question.len() <= LONGEST => answer(&app, &headers, &question).await,
        Ok(_) | Err(_) => response(
            &app,
            &headers,
            Reply::unsuccessful(Unsuccessful::MalformedRequest),
        ),
    }
}

async fn answer<S: Service, C: Clock>(app: &App<S, C>, headers: &HeaderMap, question: &[u8]) -> Response {
    let reply = app.authority.answer(question).await;
    app.metrics.answered();
    response(app, headers, reply)
}

fn response<S: Service, C: Clock>(app: &App<S, C>, headers: &HeaderMap, reply: Reply) -> Response {
    match reply.valid {
        Some((made_at, until)) => Kept {
            kind: ANSWER,
            content: Bytes::from_owner(reply.der),
            edition: reply.tag,
            made_at,
            until,
        }
        .answer(headers, app.authority.now()),
        None => (
            [
                (header::CONTENT_TYPE, ANSWER),
                (header::CACHE_CONTROL, "no-store"),
            ],
            Bytes::from_owner(reply.der),
        )
            .into_response(),
    }
}
