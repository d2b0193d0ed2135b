//! Everything that can be cut off is cut off: workers, the supervisor, and the database put back.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{collections::HashMap, time::Duration};

use domain::KeyAlgorithm;
use hsm::{ActivateError, ActivateRequest, Outcome, Remote, Service, SignedBatch, Unavailable};
use world::{Client, Vault, World, rng, share_of};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;
const WRONG: u8 = 2;

fn signal(process: u32, name: &str) {
    let status = std::process::Command::new("kill")
        .args([name, &process.to_string()])
        .status()
        .unwrap();
    assert!(status.success(), "kill {name} {process}");
}

/// Killing a worker in the middle of batches fails no request and signs nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_are_replaced_and_no_request_fails() {
    let world = World::of_program("signing_workers = 2").await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(world.client(IIN, KeyAlgorithm::P256, RIGHT).await);
    }
    for round in 0..3 {
        let mut requests = Vec::new();
        for client in &clients {
            requests.push(world.request(client, RIGHT, 300).await);
        }
        let web = web(&world);
        let signing = requests.into_iter().map(|request| {
            let web = web.clone();
            tokio::spawn(async move { web.activate(request).await.map(|batch| batch.signatures.len()) })
        });
        let signing: Vec<_> = signing.collect();
        let workers = world.service.workers();
        signal(workers[round % workers.len()], "-KILL");
        for batch in signing {
            assert_eq!(batch.await.unwrap(), Ok(300));
        }
    }
    let engine = &world.tokens.engine;
    let doubles: i64 = engine.number("SELECT COUNT(*) - (SELECT COUNT(*) FROM (SELECT DISTINCT session, document FROM signature) AS d) FROM signature")
    .await;
    assert_eq!(
        (doubles, engine.number("SELECT COUNT(*) FROM signature").await),
        (0, 3 * 4 * 300)
    );
}

fn web(world: &World<Vault>) -> std::sync::Arc<Remote> {
    std::sync::Arc::new(Remote::unix(world.tokens.path("sockets/web.sock")))
}

/// kill -9 of the supervisor at random points, 200 rounds in full: no attempt is lost, no nonce is reusable, no
/// occurrence is signed twice, and who was answered finds the same answer again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_a_killed_supervisor_loses_nothing() {
    let mut world = World::of_program("").await;
    let rounds = share_of(200).max(3);
    let mut answered = HashMap::new();
    for round in 0..rounds {
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(world.client(IIN, KeyAlgorithm::P256, RIGHT).await);
        }
        let requests = requests(&world, &clients).await;
        let web = web(&world);
        let calls = requests.iter().cloned().map(|request| {
            let web = web.clone();
            tokio::spawn(async move { web.activate(request).await })
        });
        let calls: Vec<_> = calls.collect();
        let [random] = rng::<1>();
        // The random point at which the power fails: nothing waits for this.
        tokio::time::sleep(Duration::from_micros(u64::from(random) * 120)).await;
        world.service.kill();
        let mut results = Vec::new();
        for call in calls {
            results.push(call.await.unwrap());
        }
        world.service = Vault::start(&world.tokens).await;
        judge(&world, &requests, &results, &mut answered).await;
        assert!(consistent(&world).await, "round {round}");
    }
    assert!(world.service.status().await.unwrap().healthy);
}

async fn requests(world: &World<Vault>, clients: &[Client]) -> Vec<ActivateRequest> {
    let mut requests = Vec::new();
    for client in clients {
        requests.push(world.request(client, WRONG, 1).await);
        requests.push(world.request(client, RIGHT, 5).await);
    }
    requests
}

/// Each request has one end, the same for ever.
async fn judge(
    world: &World<Vault>,
    requests: &[ActivateRequest],
    results: &[Result<SignedBatch, ActivateError>],
    answered: &mut HashMap<[u8; 32], Outcome>,
) {
    for (request, result) in requests.iter().zip(results) {
        let outcome = world.service.outcome(request.nonce).await.unwrap();
        assert_ne!(outcome, Outcome::Pending, "nothing stays open");
        if let Ok(batch) = result {
            assert_eq!(
                outcome,
                Outcome::Signed(batch.clone()),
                "what was answered is what is remembered"
            );
        }
        if outcome != Outcome::Unknown {
            let again = world.service.activate(request.clone()).await;
            assert_eq!(again, Err(ActivateError::Replayed), "no nonce is reusable");
            answered.insert(*request.nonce.as_bytes(), outcome);
        }
    }
    for (nonce, outcome) in answered.iter().take(20) {
        assert_eq!(
            world.service.outcome(domain::Nonce::new(*nonce)).await.as_ref(),
            Ok(outcome)
        );
    }
}

/// Counters, activations, leaves and signatures tell one story.
async fn consistent(world: &World<Vault>) -> bool {
    let engine = &world.tokens.engine;
    let tries = engine
        .number("SELECT CAST(SUM(tries) AS BIGINT) FROM credential")
        .await;
    let activations = engine.number("SELECT COUNT(*) FROM activation").await;
    let open = engine
        .number("SELECT COUNT(*) FROM activation WHERE state = 'reserved'")
        .await;
    let signatures = engine.number("SELECT COUNT(*) FROM signature").await;
    let promised = engine
        .number("SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM activation WHERE state = 'signed'")
        .await;
    let gapless = engine.number("SELECT MAX(position) - COUNT(*) FROM leaf").await;
    tries == activations && open == 0 && signatures == promised && gapless == 0
}

/// A worker that leaks is replaced without a failed request; its memory stays flat: 200,000 Activations in full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_leaking_workers_are_recycled() {
    const LIMIT: u64 = 48 * 1024;
    let world = World::with(|settings| {
        settings.worker_memory_kib = LIMIT;
        settings.worker_share = 1_500;
    })
    .await;
    let mut tasks = tokio::task::JoinSet::new();
    let total = share_of(200_000);
    let world = std::sync::Arc::new(world);
    for _ in 0..8 {
        let world = world.clone();
        tasks.spawn(async move {
            let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
            for _ in 0..total / 8 {
                world.sign(&client, RIGHT, 1).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let status = world.service.status().await.unwrap();
    println!(
        "{total} activations, {} workers replaced, largest {} KiB",
        status.replaced, status.worker_memory_kib
    );
    assert!(status.replaced > 0, "{status:?}");
    assert!(status.worker_memory_kib < LIMIT + 8 * 1024, "{status:?}");
}

/// A database restored from an older copy is noticed at start; nothing is signed until an operator accepts the gap.
#[tokio::test]
async fn an_older_database_is_refused_until_the_gap_is_accepted() {
    let mut world = World::of_program("").await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    stop(&mut world);
    let copy = world.tokens.engine.back_up();
    world.service = Vault::start(&world.tokens).await;
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
    stop(&mut world);
    world.tokens.engine.restore(&copy);
    world.service = Vault::start(&world.tokens).await;
    assert!(!world.service.status().await.unwrap().healthy);
    let asked = world.service.challenge(hsm::ChallengeRequest {
        session: world.session(),
        purpose: domain::Purpose::Activate(client.credential),
    });
    assert_eq!(asked.await, Err(Unavailable::DatabaseBehind.into()));
    stop(&mut world);
    let accepted = world
        .tokens
        .command(&["accept-gap", "--by", "operator", "--reason", "restored"])
        .output()
        .unwrap();
    assert!(
        accepted.status.success(),
        "{}",
        String::from_utf8_lossy(&accepted.stderr)
    );
    world.service = Vault::start(&world.tokens).await;
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
}

/// Ends the program as an operator would, and waits until it has written its mark.
fn stop(world: &mut World<Vault>) {
    signal(world.service.id(), "-TERM");
    world.service.wait();
}

/// A second supervisor on the same database is refused, and says why; the first one goes on.
#[tokio::test]
async fn a_second_supervisor_is_refused() {
    let world = World::of_program("").await;
    let second = world.tokens.command(&["serve"]).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("another tamga-hsm already works on"));
    assert!(world.service.status().await.unwrap().healthy);
}

/// Settings that cannot be used are refused with what to do.
#[tokio::test]
async fn unusable_settings_are_refused_in_words() {
    let world = World::of_program("").await;
    let tokens = &world.tokens;
    let check = |expected: &str| {
        let output = tokens.command(&["check"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(expected) && !said.contains("hush"),
            "{expected}: {said}"
        );
    };
    let good = std::fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    std::fs::write(tokens.path("hsm.toml"), format!("unknown_key = 1\n{good}")).unwrap();
    check("unknown_key");
    let bare = good.replacen("database = 'sqlite:", "database = '", 1);
    let bare = bare.replacen("database = 'postgres:", "database = '", 1);
    std::fs::write(tokens.path("hsm.toml"), bare).unwrap();
    check("a database is sqlite:PATH or postgres://");
    for secret in [
        "database = 'postgres://u:hu/sh-hush@db/tamga'",
        "database = 'postgres://u:hush@db/tamga",
    ] {
        let (_, rest) = good.split_once('\n').unwrap();
        std::fs::write(tokens.path("hsm.toml"), format!("{secret}\n{rest}")).unwrap();
        check("hsm.toml, line 1: ");
    }
    std::fs::write(tokens.path("hsm.toml"), good.replace("/pin'", "/nowhere'")).unwrap();
    check("nowhere");
    std::fs::write(tokens.path("hsm.toml"), &good).unwrap();
    std::process::Command::new("chmod")
        .arg("644")
        .arg(tokens.path("pin"))
        .status()
        .unwrap();
    check("chmod 600");
    std::process::Command::new("chmod")
        .arg("600")
        .arg(tokens.path("pin"))
        .status()
        .unwrap();
    std::fs::write(tokens.path("pin"), " \n").unwrap();
    check("holds no PIN");
}

/// The sample in the documents is a configuration that this program reads, with every key.
#[tokio::test]
async fn the_documented_configuration_is_read() {
    let tokens = world::Tokens::set_up("");
    let sample =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hsm.example.toml")).unwrap();
    let folder = tokens.folder().display().to_string();
    world::officer(&tokens, "aigul");
    std::fs::write(tokens.path("hsm.toml"), sample.replace("/etc/tamga", &folder)).unwrap();
    let output = tokens.command(&["check"]).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What a token lacks is said in words at the start, and what is essential stops it.
#[tokio::test]
async fn a_token_that_cannot_serve_is_refused_in_words() {
    let tokens = world::Tokens::set_up("");
    let text = std::fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    let wrong = text.replacen(
        "local = true",
        "local = true\nprofile = { wrap_mechanism = 1 }",
        1,
    );
    std::fs::write(tokens.path("hsm.toml"), wrong).unwrap();
    let output = tokens.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.contains("AES key wrap with padding (RFC 5649): keys and verifiers cannot be stored"),
        "{said}"
    );
    std::fs::write(tokens.path("hsm.toml"), text).unwrap();
    std::fs::write(tokens.path("pin"), "9999-wrong").unwrap();
    let output = tokens.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("the token refused its PIN"),
        "{said}"
    );
    assert_eq!(
        said.matches("the token refused its PIN: ").count(),
        1,
        "a wrong PIN is tried once: {said}"
    );
}

/// An old row put back together with an altered record: refused even after a restart, for the token remembers the
/// record.
#[tokio::test]
async fn an_altered_record_is_refused_until_it_is_accepted() {
    let mut world = World::of_program("").await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    world
        .tokens
        .engine
        .execute("CREATE TABLE aside AS SELECT version, tries, attempts, tag FROM credential")
        .await;
    assert!(world.sign(&client, WRONG, 1).await.is_err());
    stop(&mut world);
    // The row as it was before the wrong password, and no leaf that knows of a later one.
    for statement in [
        "UPDATE credential SET version = (SELECT version FROM aside), tries = (SELECT tries FROM aside), \
         attempts = (SELECT attempts FROM aside), tag = (SELECT tag FROM aside)",
        "UPDATE leaf SET row_version = NULL, row_tag = NULL WHERE row_version > (SELECT version FROM aside)",
    ] {
        world.tokens.engine.execute(statement).await;
    }
    world.service = Vault::start(&world.tokens).await;
    assert!(!world.service.status().await.unwrap().healthy);
    let asked = world.service.challenge(hsm::ChallengeRequest {
        session: world.session(),
        purpose: domain::Purpose::Activate(client.credential),
    });
    assert_eq!(asked.await, Err(Unavailable::DatabaseBehind.into()));
}
