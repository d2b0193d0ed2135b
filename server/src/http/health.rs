//! How the service is: alive, ready, in figures.

use core::{future::Future, time::Duration};
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

use super::{App, figures::Figures};
use crate::Standing;

/// The boundary is asked so often at most: its answer costs a signature, and anybody may ask us.
const PULSE: Duration = Duration::from_secs(1);
/// It is waited for so long at most.
const PATIENCE: Duration = Duration::from_secs(5);
/// What the jobs owe is looked for so often at most: a large house has a thousand lists.
const LOOK: Duration = Duration::from_secs(2);

/// Figures of this process.
#[derive(Debug, Default)]
pub struct Metrics {
    answers: AtomicU64,
    stamps: AtomicU64,
    lists: AtomicU64,
    pulse: Lately<Option<Arc<Status>>>,
    standing: Lately<Option<Arc<Standing>>>,
}

/// What was heard last, for as long as it counts.
#[derive(Debug)]
struct Lately<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for Lately<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone> Lately<T> {
    async fn or(&self, life: Duration, asking: impl Future<Output = T>) -> T {
        // Held while asking: who comes meanwhile hears the same answer.
        let mut last = self.0.lock().await;
        if let Some((at, heard)) = &*last
            && at.elapsed() < life
        {
            return heard.clone();
        }
        let heard = asking.await;
        *last = Some((Instant::now(), heard.clone()));
        heard
    }
}

/// The boundary's word of the last second; nothing if it did not answer.
async fn pulse<S: Service, C: Clock>(app: &App<S, C>) -> Option<Arc<Status>> {
    let asking = async {
        match tokio::time::timeout(PATIENCE, app.authority.hsm().status()).await {
            Ok(Ok(status)) => Some(Arc::new(status)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the boundary does not answer");
                None
            }
            Err(_) => {
                tracing::warn!("the boundary does not answer in time");
                None
            }
        }
    };
    app.metrics.pulse.or(PULSE, asking).await
}

/// What the jobs owed a moment ago; nothing if the database did not tell.
async fn standing<S: Service, C: Clock>(app: &App<S, C>) -> Option<Arc<Standing>> {
    let asking = async {
        match app.authority.standing().await {
            Ok(standing) => Some(Arc::new(standing)),
            Err(error) => {
                tracing::warn!(%error, "what the jobs owe cannot be read");
                None
            }
        }
    };
    app.metrics.standing.or(LOOK, asking).await
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

/// Everything that is needed answers: database, boundary, authority, clock; and no job is stuck.
pub(super) async fn get_ready<S: Service, C: Clock>(State(app): State<Arc<App<S, C>>>) -> Response {
    let mut wrong: Vec<String> = Vec::new();
    if let Err(error) = app.authority.store().head().await {
        tracing::warn!(%error, "the database does not answer");
        wrong.push("the database does not answer".to_owned());
    }
    match pulse(&app).await {
        Some(status) if status.healthy => {}
        Some(_) => wrong.push("the boundary is not healthy".to_owned()),
        None => wrong.push("the boundary does not answer".to_owned()),
    }
    if app.authority.house().issuing().is_none() {
        wrong.push("there is no issuing authority".to_owned());
    }
    if app.authority.watch().judge(app.authority.reading()).is_err() {
        wrong.push("the clock cannot be trusted".to_owned());
    }
    let mut beside = String::new();
    match standing(&app).await {
        Some(standing) => {
            wrong.extend(standing.wrong());
            if standing.upkeep.stuck > 0 {
                beside = format!(
                    "beside that: {} signatures cannot be extended and wait for people; tamga doctor says why\n",
                    standing.upkeep.stuck
                );
            }
        }
        None => wrong.push("what the jobs owe cannot be read".to_owned()),
    }
    if wrong.is_empty() {
        format!("ready\n{beside}").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, wrong.join("\n") + "\n" + &beside).into_response()
    }
}

/// Figures as Prometheus reads them.
pub(super) async fn get_metrics<S: Service, C: Clock>(State(app): State<Arc<App<S, C>>>) -> Response {
    let mut figures = Figures::default();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let metrics = &app.metrics;
    for (name, help, value) in [
        (
            "tamga_ocsp_answers_total",
            "Status questions answered.",
            &metrics.answers,
        ),
        (
            "tamga_time_stamps_total",
            "Time-stamp requests answered.",
            &metrics.stamps,
        ),
        (
            "tamga_crl_made_total",
            "Revocation lists made here.",
            &metrics.lists,
        ),
    ] {
        figures.counter(name, help, count(value));
    }
    if let Some(status) = pulse(&app).await {
        let healthy = u64::from(status.healthy);
        figures.gauge("tamga_hsm_healthy", "Whether the boundary signs.", healthy);
        let workers = u64::from(status.workers);
        figures.gauge("tamga_hsm_workers", "Worker processes of the boundary.", workers);
        figures.counter(
            "tamga_hsm_workers_replaced_total",
            "Workers replaced.",
            status.replaced,
        );
        figures.gauge("tamga_ledger_entries", "Entries of the Ledger.", status.leaves);
    }
    if let Some(standing) = standing(&app).await {
        standing_figures(&mut figures, &standing);
    }
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        figures.text(),
    )
        .into_response()
}

fn standing_figures(figures: &mut Figures, standing: &Standing) {
    figures.gauge(
        "tamga_crl_behind_seconds",
        "For how long the revocation list that waits longest should have been made.",
        standing.lists_behind().as_secs(),
    );
    for (name, help, root) in [
        (
            "tamga_crl_remaining_seconds",
            "What is left of the revocation list that ends first.",
            false,
        ),
        (
            "tamga_root_crl_remaining_seconds",
            "What is left of the root's revocation list.",
            true,
        ),
    ] {
        if let Some(left) = standing.lists_left(root) {
            figures.gauge(name, help, left.as_secs());
        }
    }
    figures.gauge(
        "tamga_ledger_covered_entries",
        "Entries of the Ledger under its newest checkpoint.",
        standing.tree.covered,
    );
    figures.gauge(
        "tamga_ledger_behind_seconds",
        "For how long the first entry waits that is under no checkpoint.",
        standing.tree_behind().as_secs(),
    );
    for (name, help, value) in [
        (
            "tamga_upkeep_owed",
            "Signatures that are to be extended now.",
            standing.upkeep.owed,
        ),
        (
            "tamga_upkeep_behind_seconds",
            "For how long the signature that waits longest should have been extended.",
            standing.upkeep_behind().as_secs(),
        ),
        (
            "tamga_upkeep_stuck",
            "Signatures that cannot be extended and wait for people.",
            standing.upkeep.stuck,
        ),
    ] {
        figures.gauge(name, help, value);
    }
    figures.gauges(
        "tamga_certificate_remaining_seconds",
        "What is left of the certificates of the house; 0 where none is valid.",
        standing
            .certificates
            .iter()
            .map(|one| (one.to_string(), one.left(standing.now).as_secs())),
    );
}
