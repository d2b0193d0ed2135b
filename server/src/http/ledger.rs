//! `/ledger`: checkpoint, tiles and bundles of entries, as static files could be. C2SP tlog-tiles.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hsm::{Clock, Service};
use ledger::{Tile, bundle, parse_bundle_path};

use super::{App, trouble};

/// A tile or bundle never changes.
const FOR_EVER: &str = "max-age=31536000, public, immutable";
/// A checkpoint is asked for again soon.
const A_MOMENT: &str = "max-age=1, public";

pub(super) async fn get_checkpoint<S: Service, C: Clock>(State(app): State<Arc<App<S, C>>>) -> Response {
    match app.authority.store().checkpoint().await {
        Err(error) => trouble(&error),
        Ok(None) => nothing(),
        Ok(Some((_, note, _))) => (
            [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, A_MOMENT),
            ],
            note,
        )
            .into_response(),
    }
}

pub(super) async fn get_tile<S: Service, C: Clock>(
    State(app): State<Arc<App<S, C>>>,
    Path(rest): Path<String>,
) -> Response {
    let path = format!("tile/{rest}");
    let read = if let Ok((index, width)) = parse_bundle_path(&path) {
        entries(&app, index, width).await
    } else if let Ok(tile) = Tile::parse_path(&path) {
        let store = app.authority.store();
        store
            .tile(tile)
            .await
            .map(|found| found.map(|hashes| hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>()))
    } else {
        return nothing();
    };
    match read {
        Err(error) => trouble(&error),
        Ok(None) => nothing(),
        Ok(Some(bytes)) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, FOR_EVER),
            ],
            bytes,
        )
            .into_response(),
    }
}

/// A bundle, once a checkpoint covers all of it.
async fn entries<S: Service, C: Clock>(
    app: &App<S, C>,
    index: u64,
    width: u16,
) -> Result<Option<Vec<u8>>, hsm::JournalError> {
    let store = app.authority.store();
    let size = store.checkpoint().await?.map_or(0, |(size, _, _)| size);
    let first = index.saturating_mul(256);
    if first.saturating_add(u64::from(width)) > size {
        return Ok(None);
    }
    let found = store.entries(first, u32::from(width)).await?;
    Ok(Some(bundle(found.iter().map(<[u8; 74]>::as_slice))))
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "the log has no such file\n").into_response()
}
