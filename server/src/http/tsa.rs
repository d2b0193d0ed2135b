//! `/tsa`: time stamps. RFC 3161 §3.4.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use hsm::{Clock, Service};

use super::{App, media};

const REQUEST: &str = "application/timestamp-query";
const RESPONSE: &str = "application/timestamp-reply";

pub(super) async fn post_request<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    headers: HeaderMap,
    request: Bytes,
) -> Response {
    if !media::is(&headers, REQUEST) {
        return (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("a time stamp is asked for as {REQUEST}\n"),
        )
            .into_response();
    }
    if !app.authority.may_stamp() {
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, "1")],
            "too many time stamps are asked for; please come back in a moment\n",
        )
            .into_response();
    }
    let stamp = app.authority.stamp(&request).await;
    app.metrics.stamped();
    (
        [
            (header::CONTENT_TYPE, RESPONSE),
            (header::CACHE_CONTROL, "no-store"),
        ],
        stamp,
    )
        .into_response()
}
