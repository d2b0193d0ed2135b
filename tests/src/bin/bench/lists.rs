//! Making revocation lists with a million revoked certificates: time, bytes and memory.

use std::{fs, time::Instant};

use ca::{Scope, Serial};
use domain::Time;
use pki::crl::{Entry, Reason};
use sqlx::{Connection, SqliteConnection};

use crate::house::Founded;

const REVOKED: i64 = 1_000_000;
const SHARDS: u16 = 64;

/// Rows of revoked certificates, smaller than real ones, their list entries between the two parts that are bound.
const FILL: &str = "WITH RECURSIVE n(i, serial) AS (SELECT 1, CAST(x'5A' || randomblob(19) AS BLOB) \
    UNION ALL SELECT i + 1, CAST(x'5A' || randomblob(19) AS BLOB) FROM n WHERE i < $1) \
    INSERT INTO certificate (id, serial, kind, issuer, shard, key_sha256, statement, content, der, not_before, not_after, \
    published, state, since, reason, entry, key_gone, leaf, created_at, changed_at) \
    SELECT randomblob(16), serial, 'natural-person', 1, i % $2, randomblob(32), randomblob(16), randomblob(150), \
    randomblob(150), 0, 4000000000000000, 0, 'revoked', 1700000000000000, 'keyCompromise', \
    CAST($3 || serial || $4 AS BLOB), 1, 1, 0, 0 FROM n";

pub(crate) async fn table() {
    let founded = Founded::new(SHARDS).await;
    fill(&founded).await;
    println!(
        "\nrevocation lists, {REVOKED} revoked certificates in {SHARDS} parts, full and delta in one turn\n"
    );
    println!(
        "| list | turn | time | bytes | memory at most, beyond the idle |\n| --- | --- | --- | --- | --- |"
    );
    let issuer = 1;
    for (name, scope) in [
        ("of all", Scope { issuer, shard: None }),
        (
            "of one part",
            Scope {
                issuer,
                shard: Some(7),
            },
        ),
    ] {
        for turn in ["first", "later, with a delta"] {
            row(&founded, (name, scope), turn).await;
        }
    }
    let scopes = founded.authority().scopes();
    let begun = Instant::now();
    for scope in &scopes {
        founded.authority().make_lists(*scope).await.unwrap();
    }
    let made = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    for scope in &scopes {
        founded.authority().refresh_lists(*scope).await.unwrap();
    }
    println!(
        "\na round of the job over {} lists: {made:.2} s when each is made, {:.3} s when none is due",
        scopes.len(),
        begun.elapsed().as_secs_f64()
    );
    shown(&founded).await;
}

async fn row(founded: &Founded, (name, scope): (&str, Scope), turn: &str) {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let idle = memory("VmRSS:");
    let begun = Instant::now();
    assert!(founded.authority().make_lists(scope).await.unwrap());
    let seconds = begun.elapsed().as_secs_f64();
    let most = memory("VmHWM:") - idle;
    let made = founded
        .authority()
        .list_shown(scope, false)
        .await
        .unwrap()
        .unwrap();
    println!(
        "| {name} | {turn} | {seconds:.2} s | {} | {most:.0} MiB |",
        made.der.len()
    );
}

/// How fast the list of all is handed out.
async fn shown(founded: &Founded) {
    const TIMES: usize = 20;
    let url = format!("http://{}/pki/issuing-1.crl", founded.address);
    let begun = Instant::now();
    for _ in 0..TIMES {
        let mut curl = std::process::Command::new("curl");
        let output = world::run(curl.args(["-sf", "-o", "/dev/null", &url])).await;
        assert!(output.status.success());
    }
    let milliseconds = begun.elapsed().as_secs_f64() * 1_000.0 / TIMES as f64;
    println!("the list of all, handed out over HTTP: {milliseconds:.0} ms");
}

async fn fill(founded: &Founded) {
    let serial = Serial::from_random([0x5A; 20]);
    let entry = Entry::revoked(
        &serial.number().unwrap(),
        Time::from_unix_seconds(1_700_000_000),
        Reason::KeyCompromise,
    )
    .unwrap();
    let entry = entry.as_bytes();
    let at = entry
        .windows(20)
        .position(|window| window == serial.as_bytes())
        .unwrap();
    let path = format!("sqlite://{}", founded.world.tokens.path("tamga.db").display());
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    sqlx::query(FILL)
        .bind(REVOKED)
        .bind(i64::from(SHARDS))
        .bind(&entry[..at])
        .bind(&entry[at + 20..])
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// A line of this process's status, in MiB.
fn memory(line: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|found| found.strip_prefix(line)).unwrap();
    found.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
