//! How fast something goes: so many at once until all are done, the median of several rounds.

use std::{future::Future, sync::Arc, time::Instant};

use tokio::{sync::Semaphore, task::JoinSet};

/// Operations per second, with so many in flight.
pub(crate) async fn rate<F>(operations: Vec<F>, in_flight: usize) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let count = operations.len();
    let places = Arc::new(Semaphore::new(in_flight));
    let mut calls = JoinSet::new();
    let begun = Instant::now();
    for operation in operations {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        calls.spawn(async move {
            operation.await;
            drop(place);
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

/// The middle value.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
