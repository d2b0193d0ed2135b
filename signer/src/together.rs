//! [`in_order`]: one piece of work for each of many things, done by a few threads, with results in the order of the
//! things. Which thread did what shows in nothing: the failure that is told is always that of the first thing that fails.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

/// Threads at a time: each may hold the tree of one document.
const MOST: usize = 8;

/// Does the work for all things, or says which is the first, from 0 on, that it fails for.
pub(crate) fn in_order<I, R, E>(
    things: I,
    work: impl Fn(I::Item) -> Result<R, E> + Sync,
) -> Result<Vec<R>, (usize, E)>
where
    I: ExactSizeIterator + Send,
    R: Send,
    E: Send,
{
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let others = workers.min(MOST).min(things.len()).saturating_sub(1);
    let queue = Mutex::new(things.enumerate());
    // Things are taken in their order, so all before the first failure are done.
    let failed = AtomicUsize::new(usize::MAX);
    let share = || {
        let mut done = Vec::new();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, thing)) = next.filter(|(number, _)| *number < failed.load(Ordering::Relaxed))
            else {
                return (done, None);
            };
            match work(thing) {
                Ok(result) => done.push((number, result)),
                Err(error) => {
                    failed.fetch_min(number, Ordering::Relaxed);
                    return (done, Some((number, error)));
                }
            }
        }
    };
    let shares = thread::scope(|scope| {
        // Where no further thread can be had, those that are there do the work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, share).ok();
        let running: Vec<_> = (0..others).map_while(spawn).collect();
        let mut shares = vec![share()];
        for other in running {
            shares.push(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        shares
    });
    let mut all = Vec::new();
    let mut failures = Vec::new();
    for (done, failure) in shares {
        all.extend(done);
        failures.extend(failure);
    }
    if let Some(first) = failures.into_iter().min_by_key(|(number, _)| *number) {
        return Err(first);
    }
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_things() {
        let doubled = in_order(0..10_000_u32, |number| Ok::<_, ()>(2 * number)).unwrap();
        assert!(doubled.into_iter().eq((0..10_000).map(|number| 2 * number)));
        assert_eq!(in_order(0..0_u32, Err::<(), _>), Ok(Vec::new()));
    }

    /// Whichever thread is faster, and however many fail.
    #[test]
    fn the_first_failure_is_told() {
        for _ in 0..200 {
            let work = |number: usize| if number % 7 == 6 { Err(number) } else { Ok(number) };
            assert_eq!(in_order(0..1_000_usize, work), Err((6, 6)));
        }
    }
}
