//! `tamga-hsm accept-gap`: an operator accepts, on the record, that the database is older than the token remembers.

use std::sync::Arc;

use hsm::{Boundary, SystemClock};
use store::{Parts, Store};

use crate::{
    pin::{self, PinEntry},
    settings::Settings,
};

pub(crate) fn accept(settings: &Settings, by: &str, reason: &str) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open_alone(&settings.database).await?;
        let shelf = Arc::new(Parts::open(&settings.shelf()?).await?);
        let entered = pin::entered(settings, PinEntry::of(settings)?).await?;
        let boundary =
            Boundary::start(settings.boundary(&entered.pins)?, (store, shelf), SystemClock).await?;
        boundary.keep_pin_acts(&entered.acts).await?;
        boundary.accept_gap(by, reason).await?;
        tracing::info!(
            by,
            reason,
            "the gap is accepted and in the ledger; start tamga-hsm again"
        );
        Ok(())
    })
}
