//! The Ledger: leaves appended per second, leaves taken into the tree per second, and the time to prove one of ten
//! million.

use std::{collections::BTreeSet, time::Instant};

use domain::{Leaf, LeafKind, Salt, Time};
use hsm::{Journal as _, LeafRow, Remote};
use ledger::{Edge, Hash, Inclusion, Tile, needed_for_inclusion};
use server::Log;
use store::{Growth, Store};
use world::{Tokens, rng};

use crate::{
    house::Founded,
    pace::{median, rate},
};

/// The tree in which is proven.
const ENTRIES: u64 = 10_000_000;
/// Leaves that the tree grows by in one step.
const STEP: u64 = 262_144;
const PROOFS: u64 = 1_000;

pub(crate) async fn appends(founded: &Founded) {
    let store = founded.authority().store();
    println!(
        "\nleaves of the Ledger appended per second, durably, on {}\n",
        engine()
    );
    println!("| leaves in one call | in flight | leaves per second |\n| --- | --- | --- |");
    for (leaves, in_flight, calls) in [
        (1, 1, 300),
        (1, 16, 3_000),
        (1, 128, 10_000),
        (100, 1, 100),
        (100, 16, 400),
    ] {
        let mut rates = Vec::new();
        for _ in 0..3 {
            let calls = (0..calls).map(|_| append(store, leaves)).collect();
            rates.push(rate(calls, in_flight).await * leaves as f64);
        }
        println!("| {leaves} | {in_flight} | {:.0} |", median(rates));
    }
    let jobs = Remote::unix(founded.world.tokens.path("sockets/jobs.sock"));
    let log = Log::new(
        store.clone(),
        jobs,
        founded.world.clock.clone(),
        "bench.example/log".to_owned(),
    );
    let house = founded.authority().house();
    let (begun, mut taken) = (Instant::now(), 0);
    loop {
        match log.integrate(&house).await.unwrap() {
            0 => break,
            more => taken += more,
        }
    }
    let rate = taken as f64 / begun.elapsed().as_secs_f64();
    println!(
        "\ntaken into the tree, with tiles and signed checkpoints: {taken} leaves, {rate:.0} per second"
    );
}

fn append(store: &Store, count: usize) -> impl Future<Output = ()> + Send + 'static {
    let store = store.clone();
    let leaves: Vec<_> = (0..count).map(|_| leaf()).collect();
    async move {
        store.append(leaves).await.unwrap();
    }
}

fn leaf() -> LeafRow {
    let (salt, content) = (Salt::new(rng()), vec![b'x'; 200]);
    LeafRow {
        leaf: Leaf::new(LeafKind::Refused, Time::from_micros(0), rng(), &salt, &content),
        salt,
        content,
        credential: None,
        client: None,
        repeats: None,
    }
}

/// Grows a tree of ten million leaves in a database, as the sequencer does but for the leaves' own rows and the
/// checkpoints' signatures, and proves some of them.
pub(crate) async fn proofs() {
    let tokens = Tokens::set_up("");
    let store = Store::open(&tokens.engine.line().parse().unwrap()).await.unwrap();
    let begun = Instant::now();
    let mut edge = Edge::new();
    let mut hashing = 0.0;
    while edge.size() < ENTRIES {
        let (after, step) = (edge.size(), Instant::now());
        for number in after..ENTRIES.min(after + STEP) {
            edge.append(Hash::of_leaf(&number.to_be_bytes()));
        }
        hashing += step.elapsed().as_secs_f64();
        let growth = Growth {
            after,
            size: edge.size(),
            note: "not signed".to_owned(),
            at: Time::from_micros(0),
            tiles: edge.take_changed(),
        };
        store.grow(growth).await.unwrap();
    }
    let grown = begun.elapsed().as_secs_f64();
    let root = edge.root();
    let mut times = Vec::new();
    let mut most = 0;
    for number in 0..PROOFS {
        let index = number * 7_919_317 % ENTRIES;
        let begun = Instant::now();
        let needed: BTreeSet<Tile> = needed_for_inclusion(index, ENTRIES).unwrap();
        let needed: Vec<Tile> = needed.into_iter().collect();
        let found = store.tiles(&needed).await.unwrap();
        let proof = Inclusion::make(index, ENTRIES, &found).unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        most = most.max(needed.len());
        proof.verify(Hash::of_leaf(&index.to_be_bytes()), root).unwrap();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "\na tree of {ENTRIES} entries on {}: tiles read from the database, proof made and verified\n",
        engine()
    );
    println!("| growing it | of that hashing | tiles for a proof, at most | proof, median | p99 |");
    println!("| --- | --- | --- | --- | --- |");
    println!(
        "| {grown:.1} s | {hashing:.1} s | {most} | {:.2} ms | {:.2} ms |",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}

fn engine() -> &'static str {
    match std::env::var("TAMGA_DATABASE") {
        Ok(engine) if engine == "postgres" => "PostgreSQL",
        _ => "SQLite",
    }
}
