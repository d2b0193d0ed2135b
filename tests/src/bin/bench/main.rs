//! `make bench`: what the boundary costs, as ratios against the same token in one run, and what the authority gives,
//! each figure beside its goal.
//!
//! `make bench TABLES='answers lists'` measures these alone. Tables: `batches`, `singles`, `certificates`, `answers`,
//! `stamps`, `leaves`, `latency`; and those that take minutes, measured only when named: `documents`, `memory`, `proofs`,
//! `lists`.
//!
//! Raw figures come from PKCS#11 calls in this process; those of `activate` from the whole `tamga-hsm` over its
//! socket. Challenges and Sads are prepared before the clock starts: they are the device's work.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measurement that fails may fail loudly"
)]

mod activations;
mod answers;
mod certificates;
mod documents;
mod house;
mod leaves;
mod lists;
mod load;
mod memory;
mod pace;
mod responder;
mod stamps;

use house::Founded;
use world::Raw;

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;
/// Measured only when named.
const LONG: [&str; 4] = ["documents", "memory", "proofs", "lists"];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |table: &str| {
        chosen.iter().any(|name| name == table) || (chosen.is_empty() && !LONG.contains(&table))
    };
    let any = |tables: &[&str]| tables.iter().any(|table| wanted(table));
    if let [first, rest @ ..] = chosen.as_slice()
        && first == memory::ALONE
    {
        return memory::alone(rest);
    }
    if any(&["batches", "singles", "certificates", "documents"]) {
        let founded = Founded::new(1).await;
        // Once per process: the module reads its environment once.
        let raw = Raw::open(&founded.world.tokens);
        if wanted("batches") {
            activations::all_batches(&founded.world, &raw).await;
        }
        if wanted("singles") {
            activations::all_singles(&founded.world, &raw).await;
        }
        if wanted("certificates") {
            certificates::table(&founded, &raw).await;
        }
        if wanted("documents") {
            documents::table(&founded.world, &raw).await;
        }
    }
    if any(&["answers", "stamps", "leaves"]) {
        let founded = Founded::new(1).await;
        if wanted("answers") {
            answers::table(&founded).await;
        }
        if wanted("stamps") {
            stamps::table(&founded).await;
        }
        if wanted("leaves") {
            leaves::appends(&founded).await;
        }
    }
    if wanted("memory") {
        memory::table();
    }
    if wanted("latency") {
        activations::latency().await;
    }
    if wanted("proofs") {
        leaves::proofs().await;
    }
    if wanted("lists") {
        lists::table().await;
    }
}
