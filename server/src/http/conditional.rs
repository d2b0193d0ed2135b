//! Answers that may be kept: how long, and "you have that already".

use core::time::Duration;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Time, hexadecimal, sha256};

/// Nobody keeps anything longer than this: a revocation is seen within a minute.
const LONGEST: Duration = Duration::from_mins(1);

/// Something that was made at one time and is good until another.
pub(super) struct Kept {
    pub(super) kind: &'static str,
    pub(super) content: Bytes,
    /// What tells this edition from others at its address, if that is known: a list of many megabytes is not hashed for
    /// each reader.
    pub(super) edition: Option<Arc<str>>,
    pub(super) made_at: Time,
    pub(super) until: Time,
}

impl Kept {
    /// The answer, or "not modified" for who has it.
    pub(super) fn answer(self, asked: &HeaderMap, now: Time) -> Response {
        let edition = self.edition.unwrap_or_else(|| {
            let digest = sha256(&self.content);
            hexadecimal(digest.get(..16).unwrap_or_default()).into()
        });
        let tag = format!("\"{edition}\"");
        let age = self.until.since(now).min(LONGEST).as_secs();
        let known = asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.split(',').any(|one| one.trim() == tag || one.trim() == "*"));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = Response::new(Body::from(self.content));
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
            response
        };
        let control = format!("max-age={age}, public, no-transform, must-revalidate");
        for (name, value) in [
            (header::ETAG, tag),
            (header::CACHE_CONTROL, control),
            (header::LAST_MODIFIED, date(self.made_at)),
            (header::EXPIRES, date(now.plus(Duration::from_secs(age)))),
        ] {
            // Dates, digits and quotes always fit a header.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

fn date(at: Time) -> String {
    let seconds = u64::try_from(at.unix_seconds()).unwrap_or(0);
    let at: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds);
    httpdate::fmt_http_date(at)
}
