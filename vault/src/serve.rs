//! `tamga-hsm serve`: the boundary on its sockets until it is told to stop.

use std::{sync::Arc, time::Duration};

use hsm::{Boundary, Service as _, SystemClock};
use sd_notify::NotifyState;
use store::{Parts, Store};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

use crate::{
    listen,
    pin::{self, PinEntry},
    settings::Settings,
    tls,
};

pub(crate) fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(settings))
}

async fn run(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let store = if settings.shared_database {
        Store::open(&settings.database).await?
    } else {
        Store::open_alone(&settings.database).await?
    };
    let shelf = Arc::new(Parts::open(&settings.shelf()?).await?);
    let entered = tokio::select! {
        entered = pin::entered(&settings, PinEntry::of(&settings)?) => entered?,
        _ = terminate.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
    };
    let boundary = Boundary::start(settings.boundary(&entered.pins)?, (store, shelf), SystemClock).await?;
    boundary.keep_pin_acts(&entered.acts).await?;
    drop(entered);
    for missing in boundary.status().await?.missing {
        tracing::warn!(missing, "the token cannot do everything");
    }
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let service = Arc::new(boundary.clone());
    let sockets = listen::sockets(&settings)?;
    for (role, listener, uids) in sockets {
        tasks.spawn(hsm::serve_listener(
            service.clone(),
            listener,
            (role, uids),
            wait(stopped.clone()),
        ));
    }
    if let Some(tls) = &settings.tls {
        tasks.spawn(tls::listen(tls, service.clone(), stopped.clone()).await?);
    }
    tasks.spawn(keep_house(boundary.clone(), stopped));
    // Without a service manager there is nobody to tell.
    let _ = sd_notify::notify(&[NotifyState::Ready, NotifyState::Status("serves")]);
    tracing::info!(sockets = %settings.sockets.display(), "the boundary serves");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping; calls in flight are answered first");
    stop.send_replace(true);
    while tasks.join_next().await.is_some() {}
    boundary.rest().await;
    Ok(())
}

/// Resolves when everything is to stop.
pub(crate) async fn wait(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn keep_house(boundary: Boundary<Store, SystemClock>, stopped: watch::Receiver<bool>) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    let stop = wait(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            _ = second.tick() => boundary.tick().await,
            () = &mut stop => return,
        }
    }
}
