//! [`Refusal`]: why a file is not judged, RFC 9457.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Why a file is not judged.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The question is not one.
    #[error("language is kk, ru or en; nothing else is asked in the address")]
    Language,
    /// No form that there is.
    #[error("the report is application/json or text/plain")]
    Form,
    /// The body is something else than a file or a form of files.
    #[error(
        "send the file as the body, or as the part `file` of multipart/form-data with what it is detached from as the part \
         `content`"
    )]
    Kind,
    /// The form is not one.
    #[error("the form cannot be read: {0}")]
    Parts(String),
    /// The end did not come.
    #[error("sending stopped before its end")]
    CutOff,
    /// Nor in time.
    #[error("sending took too long")]
    Slow,
    /// More than is taken.
    #[error("files of at most {0} bytes are judged here")]
    Large(u64),
    /// Not a file that has signatures.
    #[error("{0}")]
    Unreadable(String),
    /// More work than is done for one file.
    #[error("{0}")]
    Effort(String),
    /// Too many.
    #[error("too many files are judged now; please come back in a moment")]
    Rate,
    /// Ours.
    #[error("the file cannot be judged now; please come back in a moment")]
    Trouble,
}

impl Refusal {
    /// Status and the stable end of its type.
    const fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Language => (StatusCode::BAD_REQUEST, "language"),
            Self::Form => (StatusCode::NOT_ACCEPTABLE, "not-acceptable"),
            Self::Kind => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type"),
            Self::Parts(_) => (StatusCode::BAD_REQUEST, "form"),
            Self::CutOff => (StatusCode::BAD_REQUEST, "cut-off"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Large(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::Unreadable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unreadable"),
            Self::Effort(_) => (StatusCode::UNPROCESSABLE_ENTITY, "too-much-work"),
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
            HeaderValue::from_static("application/problem+json"),
        );
        if matches!(self, Self::Rate | Self::Trouble) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}
