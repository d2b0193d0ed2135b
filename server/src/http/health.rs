//! How the service is: alive, ready, in figures.

use core::{fmt::Write as _, time::Duration};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hsm::{Clock, Journal as _, Service, Status};
use tokio::sync::Mutex;

use super::App;

/// The boundary is asked so often at most: its answer costs a signature, and anybody may ask us.
const PULSE: Duration = Duration::from_secs(1);
/// It is waited for so long at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Figures of this process.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: AtomicU64,
    stamps: AtomicU64,
    lists: AtomicU64,
    pulse: Mutex<Option<(Instant, Pulse)>>,
}

/// What the boundary said lately; nothing if it did not answer.
type Pulse = Option<Arc<Status>>;

/// The boundary's word of the last second.
async fn pulse<S: Service, C: Clock>(app: &App<S, C>) -> Pulse {
    // Held while asking: who comes meanwhile hears the same answer.
    let mut last = app.metrics.pulse.lock().await;
    if let Some((at, pulse)) = &*last
        && at.elapsed() < PULSE
    {
        return pulse.clone();
    }
    let asked = tokio::time::timeout(PATIENCE, app.authority.hsm().status()).await;
    let pulse = match asked {
        Ok(Ok(status)) => Some(Arc::new(status)),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the boundary does not answer");
            None
        }
        Err(_) => {
            tracing::warn!("the boundary does not answer in time");
            None
        }
    };
    *last = Some((Instant::now(), pulse.clone()));
    pulse
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
    match pulse(&app).await {
        Some(status) if status.healthy => {}
        Some(_) => wrong.push("the boundary is not healthy"),
        None => wrong.push("the boundary does not answer"),
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
    if let Some(status) = pulse(&app).await {
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
