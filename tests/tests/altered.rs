//! Who writes to the authority's database becomes no authority by it, and the Ledger's key signs no fork.

use hsm::{Remote, SystemClock};
use server::{Log, LogError, Settings};
use world::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_house_is_believed_as_far_as_it_is_signed() {
    let site = Site::founded("").await;
    let engine = &site.world.tokens.engine;
    engine
        .execute("CREATE TABLE aside AS SELECT kind, der FROM certificate")
        .await;
    for (alter, kind) in [
        (
            "UPDATE certificate SET der = (SELECT der FROM aside WHERE kind = 'issuing') WHERE kind = 'root'",
            "as root",
        ),
        (
            "UPDATE certificate SET der = (SELECT der FROM aside WHERE kind = 'root') WHERE kind = 'issuing'",
            "as issuing",
        ),
    ] {
        engine.execute(alter).await;
        let refused = site.tamga(&["timur"], "ca report").await;
        assert!(refused.text.contains(kind), "{}", refused.text);
        refused.refused("the database was altered");
        engine
            .execute(
                "UPDATE certificate SET der = (SELECT a.der FROM aside AS a WHERE a.kind = certificate.kind)",
            )
            .await;
    }
    site.tamga(&["timur"], "ca report").await.well();

    // The pin that the ceremony told: this root, and no other one that is as well signed.
    let told = site.read("transcript.txt");
    let hash = told
        .lines()
        .find_map(|line| line.trim().strip_prefix("SHA-256 of it: "))
        .unwrap();
    let file = site.read("tamga.toml");
    site.write("tamga.toml", &format!("root_sha256 = '{hash}'\n{file}"));
    site.tamga(&["timur"], "ca report").await.well();
    site.write(
        "tamga.toml",
        &format!("root_sha256 = '{}'\n{file}", "0".repeat(64)),
    );
    site.tamga(&["timur"], "ca report")
        .await
        .refused("not the root that the configuration pins");
    site.write("tamga.toml", &format!("root_sha256 = '{}'\n{file}", &hash[1..]));
    site.tamga(&["timur"], "ca report")
        .await
        .refused("root_sha256 must be 64 hexadecimal digits");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledgers_key_signs_only_what_continues() {
    let site = Site::founded("").await;
    let path = site.world.tokens.path("tamga.toml");
    let settings = Settings::read(&path, core::iter::empty()).unwrap();
    let authority = server::open(&settings).await.unwrap();
    let log = |origin: &str| {
        let jobs = Remote::unix(site.world.tokens.path("sockets/jobs.sock"));
        Log::new(authority.store().clone(), jobs, SystemClock, origin.to_owned())
    };
    let house = authority.house();
    let ours = log("ledger.example.kz");
    while ours.integrate(&house).await.unwrap() > 0 {}
    site.tamga(&["timur"], "ca report").await.well();

    // Under another name.
    let other = log("ledger.example.com").integrate(&house).await;
    assert!(matches!(other, Err(LogError::Note(_))), "{other:?}");
    // On other tiles than those that were signed.
    let engine = &site.world.tokens.engine;
    for (alter, back) in [
        (
            "UPDATE ledger_tile SET hashes = (SELECT entry FROM leaf WHERE position = 1) WHERE level = 0",
            "UPDATE ledger_tile SET hashes = (SELECT hashes FROM aside) WHERE level = 0",
        ),
        ("DELETE FROM ledger_tile", ""),
        ("DELETE FROM ledger_checkpoint", ""),
    ] {
        if !back.is_empty() {
            engine
                .execute("CREATE TABLE aside AS SELECT hashes FROM ledger_tile WHERE level = 0")
                .await;
        }
        engine.execute(alter).await;
        let refused = ours.integrate(&house).await;
        assert!(
            matches!(refused, Err(LogError::Forked(_) | LogError::Tiles(_))),
            "{alter}: {refused:?}"
        );
        if !back.is_empty() {
            engine.execute(back).await;
        }
    }
}
