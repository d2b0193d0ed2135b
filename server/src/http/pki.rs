//! `/pki`: certificates of authorities, revocation lists, and certificates whose owners agreed to that.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use ca::{Scope, Serial, State as CertificateState};
use hsm::{Clock, Service};
use store::{ListRow, Search};

use super::{App, conditional::Kept, trouble};

const CERTIFICATE: &str = "application/pkix-cert";
const LIST: &str = "application/pkix-crl";

/// A list that all its readers share.
struct Shown(Arc<ListRow>);

impl AsRef<[u8]> for Shown {
    fn as_ref(&self) -> &[u8] {
        &self.0.der
    }
}

pub(super) async fn get_file<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Response {
    let now = app.authority.now();
    if let Some((scope, delta)) = Scope::parse_file(&file) {
        return match app.authority.list_shown(scope, delta).await {
            Err(error) => trouble(&error),
            Ok(None) => nothing(),
            Ok(Some(list)) => Kept {
                kind: LIST,
                edition: Some(list.number.to_string().into()),
                made_at: list.made_at,
                until: list.until,
                content: Bytes::from_owner(Shown(list)),
            }
            .answer(&headers, now),
        };
    }
    let house = app.authority.house();
    let generation = match file.as_str() {
        "root.crt" => Some(0),
        name => name
            .strip_prefix("issuing-")
            .and_then(|name| name.strip_suffix(".crt"))
            .and_then(|number| number.parse().ok())
            .filter(|number| *number > 0 && ca::Places::certificate_file(*number) == name),
    };
    match generation.and_then(|generation| house.generation(generation)) {
        None => nothing(),
        Some(issuer) => Kept {
            kind: CERTIFICATE,
            content: Bytes::copy_from_slice(issuer.der()),
            edition: None,
            made_at: issuer.validity().0,
            until: issuer.validity().1,
        }
        .answer(&headers, now),
    }
}

pub(super) async fn get_certificate<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    headers: HeaderMap,
    Path(serial): Path<String>,
) -> Response {
    let serial = serial
        .strip_suffix(".crt")
        .and_then(|serial| serial.parse::<Serial>().ok());
    let Some(serial) = serial else { return nothing() };
    let search = Search {
        serial: Some(serial),
        published_only: true,
        most: 1,
        ..Search::default()
    };
    match app.authority.store().certificates(&search).await {
        Err(error) => trouble(&error),
        Ok(found) => match found.into_iter().next() {
            Some(record) if record.state != CertificateState::Prepared => Kept {
                kind: CERTIFICATE,
                content: record.der.unwrap_or_default().into(),
                edition: None,
                made_at: record.not_before,
                until: record.not_after,
            }
            .answer(&headers, app.authority.now()),
            Some(_) | None => nothing(),
        },
    }
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "there is no such file here\n").into_response()
}
