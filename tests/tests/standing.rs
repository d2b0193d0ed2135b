//! Jobs that are stuck, and what ends: `/readyz`, `/metrics` and `tamga doctor` say so, and say what to do.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails may fail loudly"
)]

use core::time::Duration;
use std::process::Command;

use domain::{CertificateKind, Iin};
use hsm::Clock as _;
use server::Wish;
use world::{Node, Pki, Site, run};

const DAY: Duration = Duration::from_hours(24);

/// What is said under a path, whatever its status.
async fn said(base: &str, path: &str) -> String {
    let heard = run(Command::new("curl").args(["-s", &format!("{base}{path}")])).await;
    String::from_utf8(heard.stdout).unwrap()
}

/// Waits until `/readyz` says these words.
async fn says(node: &Node, words: &str) -> String {
    let mut heard = String::new();
    for _ in 0..400 {
        heard = said(&node.base, "/readyz").await;
        if heard.contains(words) {
            return heard;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{words}: {heard}: {}", node.log());
}

fn figure(metrics: &str, name: &str) -> u64 {
    let found = metrics.lines().find_map(|line| line.strip_prefix(name));
    let found = found.unwrap_or_else(|| panic!("{name}: {metrics}"));
    found.trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_job_is_seen_from_outside() {
    let site = Site::founded("").await;
    let file = site.read("tamga.toml");
    site.write("tamga.toml", &format!("{file}[health]\npatience_seconds = 1\n"));
    let engine = &site.world.tokens.engine;
    let node = site.serve().await;

    // Another node took the turn to make the list, and makes none.
    engine
        .execute(
            "UPDATE list_series SET node = (SELECT id FROM certificate WHERE kind = 'root'), \
             until = (SELECT MAX(created_at) FROM certificate) + 110000000 WHERE issuer = 1",
        )
        .await;
    let unit = site
        .tamga(&["timur"], "ca find --kind evidence-seal")
        .await
        .well();
    let number = unit.split_whitespace().next().unwrap();
    site.tamga(&["aigul", "daniyar"], &format!("ca hold {number}"))
        .await
        .well();
    says(&node, "issuing-1.crl is to be made anew since 20").await;
    let metrics = said(&node.base, "/metrics").await;
    assert!(figure(&metrics, "tamga_crl_behind_seconds") >= 1, "{metrics}");
    let doctor = site.tamga(&[], "doctor").await;
    assert!(
        doctor.text.contains("issuing-1.crl is to be made anew since 20")
            && doctor.text.contains("is it running"),
        "{}",
        doctor.text
    );
    doctor.refused("found");
    site.tamga(&["aigul", "daniyar"], &format!("ca release {number}"))
        .await
        .well();
    engine
        .execute("UPDATE list_series SET node = NULL, until = NULL WHERE issuer = 1")
        .await;
    says(&node, "ready").await;
    let metrics = said(&node.base, "/metrics").await;
    assert!(figure(&metrics, "tamga_crl_behind_seconds") <= 1, "{metrics}");
    assert!(
        figure(&metrics, "tamga_crl_remaining_seconds") > 23 * 3_600,
        "{metrics}"
    );
    assert!(
        figure(&metrics, "tamga_root_crl_remaining_seconds") > 179 * 24 * 3_600,
        "{metrics}"
    );
    assert!(
        figure(&metrics, r#"tamga_certificate_remaining_seconds{of="ledger"}"#) > 0,
        "{metrics}"
    );
    site.tamga(&[], "doctor").await.well();

    // The sequencer signs nothing behind a log that lost its checkpoints.
    engine.execute("DELETE FROM ledger_checkpoint").await;
    says(&node, "entry 1 of the Ledger waits since 20").await;
    let metrics = said(&node.base, "/metrics").await;
    assert!(figure(&metrics, "tamga_ledger_behind_seconds") >= 1, "{metrics}");
    assert_eq!(figure(&metrics, "tamga_ledger_covered_entries"), 0, "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_is_told_before_and_after() {
    let pki = Pki::new().await;
    let wrong = pki.authority().standing().await.unwrap().wrong();
    assert!(wrong.is_empty(), "{wrong:?}");
    let ended = |name: &str| format!("there is no valid certificate of {name}");

    // Nobody made lists, and nobody renewed the responder's certificate.
    pki.world.clock.advance(155 * DAY);
    let standing = pki.authority().standing().await.unwrap();
    let wrong = standing.wrong().join("\n");
    for words in [
        "issuing-1.crl ended at 20",
        &ended("ocsp-1"),
        "entry 1 of the Ledger waits since",
    ] {
        assert!(wrong.contains(words), "{words}: {wrong}");
    }
    assert!(
        !wrong.contains("root.crl") && !wrong.contains(&ended("time-stamp")),
        "{wrong}"
    );
    let root = standing.lists.iter().find(|list| list.is_root()).unwrap();
    assert!(root.ends_soon(pki.world.clock.now()));
    assert_eq!(standing.lists_left(false), Some(Duration::ZERO));
    assert!(standing.lists_left(true).unwrap() < 30 * DAY);

    pki.world.clock.advance(26 * DAY);
    let heard = said(&pki.base, "/readyz").await;
    assert!(
        heard.contains("root.crl ended at 20") && heard.contains(&ended("ocsp-1")),
        "{heard}"
    );
    let metrics = said(&pki.base, "/metrics").await;
    assert_eq!(
        figure(&metrics, "tamga_root_crl_remaining_seconds"),
        0,
        "{metrics}"
    );
    assert_eq!(
        figure(&metrics, r#"tamga_certificate_remaining_seconds{of="ocsp-1"}"#),
        0,
        "{metrics}"
    );
    assert!(
        figure(&metrics, r#"tamga_certificate_remaining_seconds{of="root"}"#) > 0,
        "{metrics}"
    );
}

/// A change that the list tells already is owed by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_list_does_not_tell_is_owed() {
    let pki = Pki::new().await;
    let subject = ca::Subject {
        common_name: Some("Оператор".to_owned()),
        iin: None::<Iin>,
        ..ca::Subject::default()
    };
    let issued = pki.any(CertificateKind::Operator, subject).await;
    let owed = async || {
        let standing = pki.authority().standing().await.unwrap();
        let list = standing.lists.iter().find(|list| !list.is_root()).unwrap();
        list.owed_since
    };
    assert_eq!(owed().await, None);
    let before = pki.world.clock.now();
    pki.authority()
        .change(issued.id, Wish::Hold, pki.statement())
        .await
        .unwrap();
    pki.world.clock.advance(Duration::from_secs(5));
    let since = owed().await.unwrap();
    assert!(since > before && since < pki.world.clock.now().minus(Duration::from_secs(4)));
    for scope in pki.authority().scopes() {
        pki.authority().refresh_lists(scope).await.unwrap();
    }
    assert_eq!(owed().await, None);
    pki.authority()
        .change(issued.id, Wish::Release, pki.statement())
        .await
        .unwrap();
    assert!(owed().await.is_some());
}
