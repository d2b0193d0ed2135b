//! What the boundary itself costs: batches, single signatures, and latency by keys stored.

use std::{sync::Arc, time::Instant};

use domain::KeyAlgorithm;
use hsm::{ActivateRequest, Remote, Service};
use sqlx::{Connection, SqliteConnection};
use tokio::{sync::Semaphore, task::JoinSet};
use world::{Client, Raw, Vault, World};

use crate::{IIN, RIGHT, pace::median};

pub(crate) async fn all_batches(world: &World<Vault>, raw: &Raw) {
    println!("operations per second; raw: PKCS#11 calls in one process on 1 and 2 threads\n");
    println!(
        "| key | raw C_Sign 1 / 2 | raw sequence 1 / 2 | batches of 10 | of 100 | of 1000, 1 / 2 at a time | share of raw C_Sign |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for algorithm in KeyAlgorithm::ALL {
        batches(world, raw, algorithm).await;
    }
}

pub(crate) async fn all_singles(world: &World<Vault>, raw: &Raw) {
    println!("\nsingle signatures with ECDH and verifier on both sides\n");
    println!("| key | raw sequence 1 / 2 threads | activate, 16 in flight | share |");
    println!("| --- | --- | --- | --- |");
    for (algorithm, clients) in [(KeyAlgorithm::P256, 480), (KeyAlgorithm::Rsa2048, 64)] {
        singles(world, raw, algorithm, clients).await;
    }
}

async fn batches(world: &World<Vault>, raw: &Raw, algorithm: KeyAlgorithm) {
    let sign = [raw.sign(algorithm, 1), raw.sign(algorithm, 2)];
    let sequence = [
        raw.sequence(algorithm, 1, false),
        raw.sequence(algorithm, 2, false),
    ];
    let pair = [
        world.client(IIN, algorithm, RIGHT).await,
        world.client(IIN, algorithm, RIGHT).await,
    ];
    let ten = rate(world, &pair[..1], 10, 5).await;
    let hundred = rate(world, &pair[..1], 100, 3).await;
    let one = rate(world, &pair[..1], 1_000, 3).await;
    let two = rate(world, &pair, 1_000, 3).await;
    println!(
        "| {algorithm} | {:.0} / {:.0} | {:.0} / {:.0} | {ten:.0} | {hundred:.0} | {one:.0} / {two:.0} | {:.0} % / {:.0} % |",
        sign[0],
        sign[1],
        sequence[0],
        sequence[1],
        100.0 * one / sign[0],
        100.0 * two / sign[1]
    );
}

/// Signatures per second of batches, one client each at a time; the median of the rounds.
async fn rate(world: &World<Vault>, clients: &[Client], size: usize, rounds: usize) -> f64 {
    let mut rates = Vec::new();
    for _ in 0..rounds {
        let mut requests = Vec::new();
        for client in clients {
            requests.push(world.request(client, RIGHT, size).await);
        }
        let seconds = fire(world, requests, clients.len()).await;
        rates.push((clients.len() * size) as f64 / seconds);
    }
    median(rates)
}

async fn singles(world: &World<Vault>, raw: &Raw, algorithm: KeyAlgorithm, count: usize) {
    let mut clients = Vec::new();
    for _ in 0..count {
        clients.push(world.client(IIN, algorithm, RIGHT).await);
    }
    let (mut alone, mut raws, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        alone.push(raw.sequence(algorithm, 1, true));
        raws.push(raw.sequence(algorithm, 2, true));
        let mut requests = Vec::new();
        for client in &clients {
            requests.push(world.request(client, RIGHT, 1).await);
        }
        rates.push(count as f64 / fire(world, requests, 16).await);
    }
    let (alone, pair, activate) = (median(alone), median(raws), median(rates));
    println!(
        "| {algorithm} | {alone:.0} / {pair:.0} | {activate:.0} | {:.0} % / {:.0} % |",
        100.0 * activate / alone,
        100.0 * activate / pair
    );
}

/// Sends prepared requests with so many in flight; the seconds until the last answer.
async fn fire(world: &World<Vault>, requests: Vec<ActivateRequest>, in_flight: usize) -> f64 {
    let web = Arc::new(Remote::unix(world.tokens.path("sockets/web.sock")));
    web.status().await.unwrap();
    let places = Arc::new(Semaphore::new(in_flight));
    let mut calls = JoinSet::new();
    let begun = Instant::now();
    for request in requests {
        let place = places.clone().acquire_owned().await.unwrap();
        let web = web.clone();
        calls.spawn(async move {
            let _place = place;
            web.activate(request).await.unwrap();
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    begun.elapsed().as_secs_f64()
}

/// The latency of one Activation with so many keys stored, five interleaved runs.
pub(crate) async fn latency() {
    let sizes = [10, 1_000, 100_000, 1_000_000];
    let mut worlds = Vec::new();
    for size in sizes {
        let world = World::of_program("").await;
        fill(&world, size).await;
        let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
        worlds.push((world, client));
    }
    let mut runs = vec![Vec::new(); sizes.len()];
    for _ in 0..5 {
        for (runs, (world, client)) in runs.iter_mut().zip(&worlds) {
            let mut times = Vec::new();
            for _ in 0..60 {
                let request = world.request(client, RIGHT, 1).await;
                let begun = Instant::now();
                world.service.activate(request).await.unwrap();
                times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
            runs.push(median(times));
        }
    }
    println!(
        "\nlatency of one P-256 activation by keys stored, medians of five interleaved runs of 60, in milliseconds\n"
    );
    println!("| keys stored | least | median | most |\n| --- | --- | --- | --- |");
    for (size, mut runs) in sizes.into_iter().zip(runs) {
        runs.sort_by(f64::total_cmp);
        println!("| {size} | {:.2} | {:.2} | {:.2} |", runs[0], runs[2], runs[4]);
    }
}

/// Stored keys of other clients: rows as large as real ones, with their leaves.
async fn fill(world: &World<Vault>, size: i64) {
    const CREDENTIALS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
        INSERT INTO credential SELECT randomblob(16), 1, '900101300027', randomblob(32), 'p256', randomblob(91), 'wrapped', \
        NULL, 'rfc5649/pkcs8', 1, randomblob(80), 'sealed', 1, randomblob(40), randomblob(16), 65536, 3, 0, 0, 0, 'open', \
        NULL, 'active', randomblob(32), 0, 1, NULL, randomblob(32), 0, 0, 'fill' FROM n";
    const LEAVES: &str = "INSERT INTO leaf (entry, salt, content, credential, client, row_version, row_tag) \
        SELECT randomblob(74), randomblob(16), randomblob(200), id, client, version, tag FROM credential";
    let path = format!("sqlite://{}", world.tokens.path("tamga.db").display());
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    sqlx::query(CREDENTIALS)
        .bind(size)
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query(LEAVES).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
