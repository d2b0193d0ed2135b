//! The Ledger as everybody may check it: online and offline, whole and tampered with, proof by proof.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::path::Path;

use world::{Engine, Site};

/// Changes the database in the `?`-free SQL of both engines, has the log verified, and puts everything back.
async fn tampered(site: &Site, key: &str, sql: &[&'static str]) -> String {
    let engine: &Engine = &site.world.tokens.engine;
    let backup = engine.back_up();
    for statement in sql {
        engine.execute(statement).await;
    }
    let said = site.tamga(&[], &format!("ledger verify --key {key}")).await;
    engine.restore(&backup);
    assert!(!said.well, "{sql:?}: {}", said.text);
    said.text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_wrong_entry_is_named() {
    let mut site = Site::founded("").await;
    let mut node = site.serve().await;
    let key = site.tamga(&[], "ledger key").await.well();
    let key = key.trim();
    while !site.tamga(&[], "ledger verify").await.well {
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    assert!(node.stop().await);
    site.world.service.kill();
    let entries = site
        .world
        .tokens
        .engine
        .number("SELECT CAST(MAX(size) AS BIGINT) FROM ledger_checkpoint")
        .await;
    let whole = site.tamga(&[], &format!("ledger verify --key {key}")).await;
    assert!(
        whole
            .well()
            .contains(&format!("the log of {entries} entries is whole"))
    );

    for (sql, words) in [
        // Edited: another time, then put in the place of another entry.
        (
            &[
                "UPDATE leaf SET entry = (SELECT entry FROM leaf AS other WHERE other.position = 3) WHERE position = 7",
            ][..],
            "beside entry 7 is not what it commits to".to_owned(),
        ),
        // The entry left, what it commits to edited.
        (
            &[
                "UPDATE leaf SET content = (SELECT content FROM leaf AS other WHERE other.position = 3) WHERE position = 6",
            ],
            "beside entry 6 is not what it commits to".to_owned(),
        ),
        // Dropped, and the rest moved up so that no number is missing.
        (
            &[
                "DELETE FROM leaf WHERE position = 5",
                "UPDATE leaf SET position = -position WHERE position > 5",
                "UPDATE leaf SET position = -position - 1 WHERE position < 0",
            ],
            "entry 5 is not the one that was logged there".to_owned(),
        ),
        // Reordered.
        (
            &[
                "UPDATE leaf SET position = -4 WHERE position = 4",
                "UPDATE leaf SET position = 4 WHERE position = 9",
                "UPDATE leaf SET position = 9 WHERE position = -4",
            ],
            "entry 4 is not the one that was logged there".to_owned(),
        ),
        // Cut off at the end.
        (
            &["DELETE FROM leaf WHERE position > 8"],
            format!("the log has 8 entries, but its checkpoint tells of {entries}"),
        ),
        // A tile that fits no entry, and none at all.
        (&["DELETE FROM ledger_tile"], "is missing or cut off".to_owned()),
        (
            &["DELETE FROM ledger_checkpoint"],
            "the log has no checkpoint yet".to_owned(),
        ),
        (
            &["UPDATE ledger_checkpoint SET note = REPLACE(note, 'example.kz', 'example.com')"],
            "the note has no signature of the log's key".to_owned(),
        ),
    ] {
        let said = tampered(&site, key, sql).await;
        assert!(said.contains(&words), "{words}: {said}");
    }
    site.tamga(&[], &format!("ledger verify --key {key}"))
        .await
        .well();
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    *bytes.get_mut(at).unwrap() ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_exported_fetched_and_proven_offline() {
    let mut site = Site::founded("").await;
    let mut node = site.serve().await;
    while !site.tamga(&[], "ledger verify").await.well {
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    let key = site.tamga(&[], "ledger key").await.well();
    site.write("ledger.key", &key);
    // What a witness keeps, and later holds against what it is shown.
    let earlier = node.get("/ledger/checkpoint").await.well();
    site.write("earlier", &earlier);
    let first: u64 = earlier.lines().nth(1).unwrap().parse().unwrap();
    for _ in 0..3 {
        site.tamga(&["timur"], "ca report").await.well();
    }
    let entry = first + 2;
    let proof = loop {
        let proof = site.tamga(&[], &format!("ledger prove {entry}")).await;
        if proof.well {
            break proof.text;
        }
        assert!(proof.text.contains("ask again in a second"), "{}", proof.text);
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    };
    site.write("proof.json", &proof);
    site.tamga(&[], "ledger export @/log").await.well();
    let state = node.get("/ledger/checkpoint").await.well();
    let told: u64 = state.lines().nth(1).unwrap().parse().unwrap();
    assert!(told > first);
    assert_eq!(
        node.bytes(&format!("/ledger/tile/0/000.p/{told}")).await.len(),
        32 * usize::try_from(told).unwrap()
    );
    let bundle = node.bytes(&format!("/ledger/tile/entries/000.p/{told}")).await;
    assert_eq!(
        std::fs::read(site.world.tokens.path(&format!("log/tile/entries/000.p/{told}"))).unwrap(),
        bundle
    );
    // From here on nothing of the house runs.
    assert!(node.stop().await);
    site.world.service.kill();

    let offline = "ledger verify --folder @/log --key @/ledger.key --earlier @/earlier";
    let said = site.tamga(&[], offline).await.well();
    assert!(
        said.contains(&format!("the log of {told} entries is whole")),
        "{said}"
    );
    assert!(
        said.contains(&format!("it holds the earlier one of {first} entries")),
        "{said}"
    );
    let said = site
        .tamga(&[], "ledger proof @/proof.json --key @/ledger.key")
        .await
        .well();
    assert!(
        said.contains(&format!("entry {entry} of ")) && said.contains("ordered"),
        "{said}"
    );

    // Another key, another content, another entry, another earlier state.
    let other = key.replace("ledger.example.kz", "ledger.example.com");
    site.tamga(&[], &format!("ledger verify --folder @/log --key {other}"))
        .await
        .refused("no signature of the log's key");
    site.write("other.json", &proof.replace("look", "rule"));
    site.tamga(&[], "ledger proof @/other.json --key @/ledger.key")
        .await
        .refused("salt and content are not what the entry commits to");
    let salt = proof.lines().find(|line| line.contains("\"salt\"")).unwrap();
    site.write("unsalted.json", &proof.replace("look", "rule").replace(salt, ""));
    site.tamga(&[], "ledger proof @/unsalted.json --key @/ledger.key")
        .await
        .refused("missing field `salt`");
    site.write("earlier", &earlier.replace('\n', "\r\n"));
    site.tamga(&[], offline).await.refused("");
    site.write("earlier", &earlier);
    let entries = site.world.tokens.path(&format!("log/tile/entries/000.p/{told}"));
    flip(&entries, 2 * 76 + 20);
    site.tamga(&[], offline)
        .await
        .refused("entry 3 is not the one that was logged there");
    flip(&entries, 2 * 76 + 20);
    flip(
        &site.world.tokens.path(&format!("log/tile/0/000.p/{told}")),
        32 * 6 + 1,
    );
    site.tamga(&[], offline)
        .await
        .refused("entry 7 is not the one that was logged there");
}

/// The Ledger gets another key; who holds what the former one signed goes on, and neither key counts out of its turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_key_goes_on_where_the_former_one_ended() {
    let mut site = Site::founded("").await;
    let mut node = site.serve().await;
    while !site.tamga(&[], "ledger verify").await.well {
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    let former = site.tamga(&[], "ledger key").await.well();
    assert_eq!(former.split_whitespace().count(), 1, "{former}");
    site.write("former.key", &former);
    site.write("earlier", &node.get("/ledger/checkpoint").await.well());
    site.write("first.json", &site.tamga(&[], "ledger prove 1").await.well());

    let renewed = site.tamga(&["aigul"], "ca renew-service ledger").await.well();
    assert!(
        renewed.contains("publish anew what tamga ledger key prints"),
        "{renewed}"
    );
    // A node takes the new key up within half a minute, and at its start.
    assert!(node.stop().await);
    let mut node = site.serve().await;
    let keys = loop {
        site.tamga(&["timur"], "ca report").await.well();
        let keys = site.tamga(&[], "ledger key").await.well();
        if keys.lines().count() == 2 {
            break keys;
        }
        tokio::time::sleep(core::time::Duration::from_millis(200)).await;
    };
    let lines: Vec<&str> = keys.lines().collect();
    let spans: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    let last: u64 = spans[0].strip_prefix("1-").unwrap().parse().unwrap();
    assert_eq!(spans[1], format!("{}-", last + 1));
    assert!(lines[0].starts_with(former.trim()), "{keys}");
    site.write("ledger.key", &keys);
    let newest = loop {
        let entries = site
            .world
            .tokens
            .engine
            .number("SELECT CAST(MAX(size) AS BIGINT) FROM ledger_checkpoint")
            .await;
        let proof = site.tamga(&[], &format!("ledger prove {entries}")).await;
        if proof.well {
            break proof.text;
        }
    };
    site.write("last.json", &newest);
    site.tamga(&[], "ledger export @/log").await.well();
    site.tamga(
        &[],
        "ledger verify --registry --key @/ledger.key --earlier @/earlier",
    )
    .await
    .well();
    assert!(node.stop().await);
    site.world.service.kill();

    let offline = "ledger verify --folder @/log --earlier @/earlier --key";
    let said = site.tamga(&[], &format!("{offline} @/ledger.key")).await.well();
    assert!(said.contains("it holds the earlier one of"), "{said}");
    for proof in ["first", "last"] {
        site.tamga(&[], &format!("ledger proof @/{proof}.json --key @/ledger.key"))
            .await
            .well();
    }
    // The former key alone does not know the new one, and signs nothing behind its turn.
    site.tamga(&[], &format!("{offline} @/former.key"))
        .await
        .refused("the note has no signature of the log's key");
    let own = lines[1].split(' ').next().unwrap();
    site.write("new.key", own);
    site.tamga(&[], "ledger proof @/first.json --key @/new.key")
        .await
        .refused("the note has no signature of the log's key");
    let earlier: u64 = site.read("earlier").lines().nth(1).unwrap().parse().unwrap();
    let swapped = format!("{} 1-{}\n{own} {earlier}-\n", former.trim(), earlier - 1);
    site.write("swapped.key", &swapped);
    site.tamga(&[], &format!("{offline} @/swapped.key"))
        .await
        .refused("at a size at which another key signs");
    site.write(
        "gap.key",
        &keys.replace(&format!(" {}-", last + 1), &format!(" {}-", last + 2)),
    );
    site.tamga(&[], &format!("{offline} @/gap.key"))
        .await
        .refused("keys are written a line each, oldest first");
}

/// What the registry says of certificates is what the log witnessed, or the first difference is named.
#[tokio::test(flavor = "multi_thread")]
async fn an_edited_registry_does_not_agree_with_the_log() {
    let mut site = Site::founded("").await;
    let mut node = site.serve().await;
    let seal = site
        .tamga(&["timur"], "ca find --kind evidence-seal")
        .await
        .well();
    let seal = seal.split_whitespace().next().unwrap();
    let unit = site.tamga(&["timur"], "ca find --kind time-stamp").await.well();
    let unit = unit.split_whitespace().next().unwrap();
    let both = &["aigul", "daniyar"];
    site.tamga(both, &format!("ca hold {seal}")).await.well();
    site.tamga(both, &format!("ca revoke {unit} --reason superseded"))
        .await
        .well();
    let key = site.tamga(&[], "ledger key").await.well();
    let key = key.trim();
    let verify = format!("ledger verify --registry --key {key}");
    let count = "SELECT CAST(CASE WHEN MAX(l.position) <= (SELECT MAX(size) FROM ledger_checkpoint) THEN 1 ELSE 0 END AS BIGINT) FROM leaf l";
    while site.world.tokens.engine.number(count).await == 0 {
        tokio::time::sleep(core::time::Duration::from_millis(50)).await;
    }
    assert!(node.stop().await);
    site.world.service.kill();
    let whole = site.tamga(&[], &verify).await.well();
    assert!(
        whole.contains("the registry of 6 certificates says what the log witnessed"),
        "{whole}"
    );

    let engine = &site.world.tokens.engine;
    for (sql, words) in [
        // Revoked for another reason, and not at all any more.
        (
            "UPDATE certificate SET reason = 'keyCompromise' WHERE state = 'revoked'",
            "is not what entry",
        ),
        (
            "UPDATE certificate SET state = 'good', since = NULL, reason = NULL, entry = NULL WHERE state = 'revoked'",
            "is not what entry",
        ),
        (
            "UPDATE certificate SET state = 'good', since = NULL, entry = NULL, leaf = (SELECT MIN(leaf) FROM certificate) \
             WHERE state = 'held'",
            "an older row was put back",
        ),
        // Another certificate under its number; another intention; none.
        (
            "UPDATE certificate SET der = (SELECT der FROM certificate WHERE kind = 'root') WHERE kind = 'ocsp'",
            "is not what entry",
        ),
        (
            "UPDATE certificate SET content = (SELECT content FROM certificate WHERE kind = 'root') WHERE kind = 'ocsp'",
            "is not what entry",
        ),
        (
            "DELETE FROM certificate WHERE kind = 'ocsp'",
            "its row was taken out",
        ),
    ] {
        let backup = engine.back_up();
        engine.execute(sql).await;
        let said = site.tamga(&[], &verify).await;
        engine.restore(&backup);
        assert!(!said.well && said.text.contains(words), "{sql}: {}", said.text);
    }
    site.tamga(&[], &verify).await.well();
}
