//! How the service is: alive, ready, in figures.

use core::fmt::Write as _;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hsm::{Clock, Journal as _, Service};

use super::App;

/// Figures of this process.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: AtomicU64,
    stamps: AtomicU64,
    lists: AtomicU64,
}

impl Metrics {
    pub(super) fn answered(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stamped(&self) {
        self.stamps.fetch_add(1, Ordering::Relaxed);
    }

    /// A revocation list was made.
    pub fn listed(&self) {
        self.lists.fetch_add(1, Ordering::Relaxed);
    }
}

/// The process runs.
pub(super) async fn get_alive() -> &'static str {
    "alive\n"
}

/// Everything that is needed answers: database, boundary, authority, clock.
pub(super) async fn get_ready<S: Service, C: Clock>(State(app): State<Arc<App<S, C>>>) -> Response {
    let mut wrong = Vec::new();
    if let Err(error) = app.authority.store().head().await {
        tracing::warn!(%error, "the database does not answer");
        wrong.push("the database does not answer");
    }
    match app.authority.hsm().status().await {
        Ok(status) if status.healthy => {}
        Ok(_) => wrong.push("the boundary is not healthy"),
        Err(error) => {
            tracing::warn!(%error, "the boundary does not answer");
            wrong.push("the boundary does not answer");
        }
    }
    if app.authority.house().issuing().is_none() {
        wrong.push("there is no issuing authority");
    }
    if app.authority.watch().judge(app.authority.reading()).is_err() {
        wrong.push("the clock cannot be trusted");
    }
    if wrong.is_empty() {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, wrong.join("\n") + "\n").into_response()
    }
}

/// Figures as Prometheus reads them; so few that they are written by hand.
pub(super) async fn get_metrics<S: Service, C: Clock>(State(app): State<Arc<App<S, C>>>) -> Response {
    let mut text = String::new();
    let mut figure = |name: &str, kind: &str, help: &str, value: u64| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    };
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let metrics = &app.metrics;
    figure(
        "tamga_ocsp_answers_total",
        "counter",
        "Status questions answered.",
        count(&metrics.answers),
    );
    figure(
        "tamga_time_stamps_total",
        "counter",
        "Time-stamp requests answered.",
        count(&metrics.stamps),
    );
    figure(
        "tamga_crl_made_total",
        "counter",
        "Revocation lists made here.",
        count(&metrics.lists),
    );
    if let Ok(status) = app.authority.hsm().status().await {
        figure(
            "tamga_hsm_healthy",
            "gauge",
            "Whether the boundary signs.",
            u64::from(status.healthy),
        );
        figure(
            "tamga_hsm_workers",
            "gauge",
            "Worker processes of the boundary.",
            u64::from(status.workers),
        );
        figure(
            "tamga_hsm_workers_replaced_total",
            "counter",
            "Workers replaced.",
            status.replaced,
        );
        figure(
            "tamga_ledger_entries",
            "gauge",
            "Entries of the Ledger.",
            status.leaves,
        );
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
