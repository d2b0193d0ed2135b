//! What goes on beside the surfaces: revocation lists, changes of other nodes, the Ledger's sequencer, renewal, the keeping
//! of signatures, and the second source of time. Each job may be cut off at any point; the next round goes on.

use core::time::Duration;
use std::sync::Arc;

use ca::Reading;
use domain::Time;
use hsm::{Clock, Service};
use rsntp::AsyncSntpClient;
use store::DocumentKeys;
use tokio::sync::watch;

use crate::{Log, Upkeep, http::App};

/// Lists of one scope are made at most so often.
const LISTS: Duration = Duration::from_secs(1);
/// Other nodes' changes are heard so often.
const CHANGES: Duration = Duration::from_millis(250);
/// Leaves become part of the tree so often.
const SEQUENCE: Duration = Duration::from_millis(500);
/// Cut-off work is taken up so often.
const HOUSE: Duration = Duration::from_secs(30);
/// The second source is asked so often.
const SECOND_SOURCE: Duration = Duration::from_mins(2);
/// What ends soon is looked for so often.
const RENEWAL: Duration = Duration::from_hours(1);
/// Signatures that are due are looked for so often.
const UPKEEP: Duration = Duration::from_secs(2);
/// What their steps left is removed so often.
const TIDYING: Duration = Duration::from_mins(10);

type Shared<S, C> = Arc<App<S, C>>;

/// Waits; whether the job shall go on.
async fn pause(span: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(span) => true,
        _ = stopped.wait_for(|stop| *stop) => false,
    }
}

/// Makes lists when something changed, and on schedule.
pub(crate) async fn lists<S: Service, C: Clock>(app: Shared<S, C>, mut stopped: watch::Receiver<bool>) {
    let changed = app.authority.changed();
    loop {
        // Enabled before looking, so that a change during the round is not missed.
        let again = changed.notified();
        for scope in app.authority.scopes() {
            match app.authority.refresh_lists(scope).await {
                Ok(true) => app.metrics.listed(),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, ?scope, "no revocation list was made"),
            }
        }
        if !pause(LISTS, &mut stopped).await {
            return;
        }
        // A change wakes; without one, the next round comes anyway, for other nodes and the schedule.
        tokio::select! {
            () = again => {}
            () = tokio::time::sleep(LISTS) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Hears what other processes changed after a position.
pub(crate) async fn changes<S: Service, C: Clock>(
    app: Shared<S, C>,
    mut heard: u64,
    mut stopped: watch::Receiver<bool>,
) {
    while pause(CHANGES, &mut stopped).await {
        match app.authority.hear_changes(heard).await {
            Ok(position) => heard = position,
            // What was kept may be wrong by now: it is forgotten as soon as the database answers again.
            Err(error) => tracing::warn!(%error, "changes of other nodes cannot be heard"),
        }
    }
}

/// Takes leaves into the tree.
pub(crate) async fn sequence<S: Service, C: Clock>(
    app: Shared<S, C>,
    log: Log<impl Service, impl Clock>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let house = app.authority.house();
        let more = match log.integrate(&house).await {
            Ok(taken) => taken > 0,
            Err(crate::LogError::NoKey) if house.issuing().is_none() => false,
            Err(error) => {
                tracing::error!(%error, "the Ledger's tree does not grow");
                false
            }
        };
        if !more && !pause(SEQUENCE, &mut stopped).await {
            return;
        }
        if *stopped.borrow() {
            return;
        }
    }
}

/// Has the boundary catch up, and renews what ends.
pub(crate) async fn keep_house<S: Service, C: Clock>(app: Shared<S, C>, mut stopped: watch::Receiver<bool>) {
    let rounds = RENEWAL.as_secs() / HOUSE.as_secs();
    let mut round = 0;
    loop {
        catch_up(&app).await;
        if round % rounds == 0 {
            match app.authority.renew_due().await {
                Ok(renewed) => renewed.iter().for_each(
                    |record| tracing::info!(serial = %record.serial, kind = %record.kind, "renewed"),
                ),
                Err(error) => tracing::error!(%error, "a service's certificate was not renewed"),
            }
        }
        round += 1;
        if !pause(HOUSE, &mut stopped).await {
            return;
        }
        // Authorities and services that a command added.
        if let Err(error) = app.authority.reload().await {
            tracing::warn!(%error, "authorities and services cannot be read anew");
        }
    }
}

/// Has the boundary follow what a crash, or its own absence, kept from it.
async fn catch_up<S: Service, C: Clock>(app: &App<S, C>) {
    let authority = &app.authority;
    let behind = async {
        let mut behind = authority.store().lagging().await?;
        let left = authority.store().keys_left().await?;
        behind.extend(left.into_iter().map(|(certificate, _)| certificate));
        Ok::<_, hsm::JournalError>(behind)
    };
    match behind.await {
        Err(error) => {
            tracing::warn!(%error, "certificates that the boundary must hear of cannot be looked for");
        }
        Ok(behind) => {
            for certificate in behind {
                if let Err(error) = authority.follow(certificate).await {
                    tracing::error!(%error, %certificate, "the boundary does not follow a certificate's state");
                }
            }
        }
    }
}

/// Extends signatures that are due, and removes what that left.
pub(crate) async fn keep_up(
    upkeep: Upkeep<impl DocumentKeys + Send + 'static, impl Clock>,
    mut stopped: watch::Receiver<bool>,
) {
    let rounds = TIDYING.as_secs() / UPKEEP.as_secs();
    let mut round = 0;
    loop {
        if round % rounds == 0
            && let Err(error) = upkeep.tidy().await
        {
            tracing::warn!(%error, "files that were replaced cannot be removed yet");
        }
        // Whoever is told to stop ends the step, and the turn with it; another takes it up.
        let done = tokio::select! {
            done = upkeep.round() => done,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        let more = match done {
            Ok(done) => done.made > 0,
            Err(error) => {
                tracing::error!(%error, "what signatures are due cannot be looked for");
                false
            }
        };
        if more {
            continue;
        }
        round += 1;
        if !pause(UPKEEP, &mut stopped).await {
            return;
        }
    }
}

/// What the second source says the time is, at the moment of a reading.
pub(crate) async fn ask_second_source(
    source: &str,
    reading: Reading,
) -> Result<Time, rsntp::SynchronizationError> {
    let answer = AsyncSntpClient::new().synchronize(source).await?;
    let offset = answer.clock_offset().as_secs_f64();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an offset of years in microseconds fits, and a larger one is refused all the same"
    )]
    let micros = (offset * 1e6) as i64;
    Ok(Time::from_micros(reading.wall.micros().saturating_add(micros)))
}

/// Asks the second source of time.
pub(crate) async fn second_source<S: Service, C: Clock>(
    app: Shared<S, C>,
    source: String,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        let reading = app.authority.reading();
        match ask_second_source(&source, reading).await {
            Ok(second) => app.authority.watch().hear(reading, second),
            Err(error) => tracing::warn!(%error, source, "the second source of time does not answer"),
        }
        if !pause(SECOND_SOURCE, &mut stopped).await {
            return;
        }
    }
}
