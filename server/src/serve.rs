//! `tamga serve`: the surfaces and the jobs, until it is told to stop.

use core::{future::Future, time::Duration};
use std::{sync::Arc, time::Instant};

use domain::Id;
use hsm::{Clock as _, Journal as _, Remote, Role, SystemClock};
use store::{Documents, ObjectsError, OpenError, Store};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Authority, ExtendError, Extender, HouseError, Log, Settings, Stamper, Upkeep, UpkeepSettings,
    authority::random,
    http::{self, App},
    jobs,
    settings::SettingsError,
    validation::{AnchorError, Validator},
};

/// The authority as the program runs it.
pub(crate) type ProgramAuthority = Authority<Remote, SystemClock>;
/// The keeping of signatures as the program does it.
pub type ProgramUpkeep = Upkeep<Remote, SystemClock>;

/// The service does not start, or ended in trouble.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The configuration.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// Authorities and services.
    #[error(transparent)]
    House(#[from] HouseError),
    /// The address.
    #[error("{address} cannot be listened on: {reason}")]
    Listen {
        /// Which.
        address: core::net::SocketAddr,
        /// Why.
        reason: std::io::Error,
    },
    /// Whom signatures are believed from.
    #[error(transparent)]
    Anchors(#[from] AnchorError),
    /// Where files are kept.
    #[error(transparent)]
    Documents(#[from] ObjectsError),
    /// Whom time stamps are asked from.
    #[error(transparent)]
    Stamper(#[from] ExtendError),
    /// HTTP.
    #[error(transparent)]
    Http(#[from] http::ServeError),
}

/// Opens store, boundary and authority as the configuration names them.
pub async fn open(settings: &Settings) -> Result<ProgramAuthority, ServiceError> {
    let database = settings.database().map_err(SettingsError::from)?;
    let store = Store::open(&database).await?;
    let begun = Instant::now();
    let ticks = Box::new(move || begun.elapsed());
    let authority = settings.authority()?;
    Ok(Authority::open(store, remote(settings, Role::Ca), SystemClock, authority, ticks).await?)
}

/// The keeping of signatures, as the configuration has it; nothing, if it has none.
pub fn upkeep(
    settings: &Settings,
    store: &Store,
    validator: &Validator,
) -> Result<Option<ProgramUpkeep>, ServiceError> {
    let place = settings.documents().map_err(SettingsError::from)?;
    let (Some(upkeep), Some(place)) = (&settings.upkeep, place) else {
        return Ok(None);
    };
    Ok(Some(Upkeep {
        store: store.clone(),
        documents: Documents::open(store.clone(), &place)?,
        keys: remote(settings, Role::Jobs),
        extender: Extender {
            validator: validator.clone(),
            stamper: Stamper::new(&upkeep.time_stamps)?,
            hash: UpkeepSettings::HASH,
        },
        clock: SystemClock,
        node: Id::from_random(SystemClock.now(), random()),
        rules: upkeep.rules(),
    }))
}

/// The boundary, for one role.
pub(crate) fn remote(settings: &Settings, role: Role) -> Remote {
    Remote::unix(settings.sockets.join(format!("{}.sock", role.name())))
}

/// Serves until `stop` resolves.
pub async fn serve(settings: &Settings, stop: impl Future<Output = ()>) -> Result<(), ServiceError> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|reason| ServiceError::Listen {
            address: settings.listen,
            reason,
        })?;
    let validator = Validator::new(&settings.validation, settings.policy())?;
    let authority = open(settings).await?;
    let upkeep = upkeep(settings, authority.store(), &validator)?;
    // Before the first answer: what others change from here on is heard.
    let heard = authority.store().head().await.map_err(HouseError::from)?.position;
    let log = Log::new(
        authority.store().clone(),
        remote(settings, Role::Jobs),
        SystemClock,
        settings.log.origin.clone(),
    );
    if !settings.production {
        tracing::warn!("this is a trial, not production");
    }
    let app = Arc::new(App {
        authority,
        metrics: http::Metrics::default(),
    });
    let (stopping, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(jobs::lists(Arc::clone(&app), stopped.clone()));
    tasks.spawn(jobs::changes(Arc::clone(&app), heard, stopped.clone()));
    tasks.spawn(jobs::sequence(Arc::clone(&app), log, stopped.clone()));
    tasks.spawn(jobs::keep_house(Arc::clone(&app), stopped.clone()));
    if let Some(upkeep) = upkeep {
        tasks.spawn(jobs::keep_up(upkeep, stopped.clone()));
    }
    if let Some(source) = settings.time.second_source.clone() {
        tasks.spawn(jobs::second_source(Arc::clone(&app), source, stopped));
    }
    tracing::info!(address = %settings.listen, at = %SystemClock.now(), "serving");
    let surfaces = http::router(Arc::clone(&app)).merge(http::validation(validator, &settings.validation));
    http::serve(listener, surfaces, stop).await?;
    stopping.send_replace(true);
    let ended = tokio::time::timeout(Duration::from_secs(20), async {
        while tasks.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        tracing::warn!("a job did not end in time and was cut off; it goes on at the next start");
    }
    Ok(())
}
