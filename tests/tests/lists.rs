//! Revocation lists under load, cut off, and by several nodes: numbers never repeat and never go back, and what was
//! revoked is on the next list.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use ca::{CertificateRecord, Scope, Subject};
use domain::{CertificateKind, HashAlgorithm, Id, KeyAlgorithm};
use hsm::{Service as _, ServiceKey, SystemClock};
use pki::{PublicKey, crl::Reason};
use server::{Authority, IssueRequest, KeySource, Settings, Wish};
use world::{Founding, Pki, Said, Site, rng, run, share_of};

type SiteAuthority = Authority<hsm::Remote, SystemClock>;

/// The authority of a site, beside its nodes.
async fn authority(site: &Site) -> Arc<SiteAuthority> {
    let path = site.world.tokens.path("tamga.toml");
    let settings = Settings::read(&path, core::iter::empty()).unwrap();
    Arc::new(server::open(&settings).await.unwrap())
}

fn participant(number: usize) -> Subject {
    Subject {
        common_name: Some(format!("bank-{number}.example.kz")),
        organization: Some("АО «Банк»".to_owned()),
        bin: Some("960440000151".parse().unwrap()),
        ..Subject::default()
    }
}

async fn issue<S: hsm::Service, C: hsm::Clock>(
    authority: &Authority<S, C>,
    key: &PublicKey,
    number: usize,
) -> CertificateRecord {
    let request = IssueRequest {
        statement: Id::from_random(authority.now(), rng()),
        kind: CertificateKind::Participant,
        subject: participant(number),
        key: KeySource::Given(key.clone()),
        hosts: Vec::new(),
        published: false,
        issuer: None,
    };
    authority.issue(request).await.unwrap()
}

async fn revoke<S: hsm::Service, C: hsm::Clock>(authority: &Authority<S, C>, record: &CertificateRecord) {
    let demand = Id::from_random(authority.now(), rng());
    authority
        .change(record.id, Wish::Revoke(Reason::Superseded), demand)
        .await
        .unwrap();
}

/// What openssl reads in a list: its number and the numbers of the certificates.
async fn read(folder: &std::path::Path, der: &[u8]) -> (u64, BTreeSet<String>) {
    let digest = HashAlgorithm::Sha256.digest(der).to_string();
    let path = folder.join(digest.replace(':', "-"));
    std::fs::write(&path, der).unwrap();
    let read = run(Command::new("openssl")
        .args(["crl", "-inform", "DER", "-noout", "-text", "-in"])
        .arg(&path))
    .await;
    std::fs::remove_file(&path).unwrap();
    let text = Said::from(read).well();
    let mut lines = text.lines().map(str::trim);
    let mut listed = BTreeSet::new();
    let mut number = 0;
    while let Some(line) = lines.next() {
        if line.starts_with("X509v3 CRL Number") {
            number = lines.next().unwrap().parse().unwrap();
        }
        if let Some(serial) = line.strip_prefix("Serial Number: ") {
            listed.insert(serial.to_lowercase());
        }
    }
    (number, listed)
}

/// Two nodes make lists; one of them is killed and started again while certificates are being revoked.
#[tokio::test(flavor = "multi_thread")]
async fn soak_nodes_that_are_killed_never_repeat_a_number_or_go_back() {
    let site = Site::founded("").await;
    let authority = authority(&site).await;
    let key = site
        .world
        .service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let key = PublicKey::from_der(&key.1).unwrap();
    let mut nodes = vec![site.serve().await, site.serve_elsewhere().await];
    let folder = site.world.tokens.folder().to_owned();
    let mut seen: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut shown = [0; 2];
    let mut revoked = BTreeSet::new();
    for round in 0..share_of(300) {
        for number in 0..4 {
            let record = issue(&authority, &key, round * 4 + number).await;
            revoke(&authority, &record).await;
            revoked.insert(record.serial.to_string());
        }
        // Each is killed in turn, at a moment that the round moves.
        tokio::time::sleep(Duration::from_millis(u64::try_from(round * 37 % 1_500).unwrap())).await;
        nodes[round % 2].kill();
        nodes[round % 2] = if round % 2 == 0 {
            site.serve().await
        } else {
            site.serve_elsewhere().await
        };
        for (node, last) in nodes.iter().zip(&mut shown) {
            let der = node.bytes("/pki/issuing-1.crl").await;
            let (number, _) = read(&folder, &der).await;
            assert!(number >= *last, "{number} after {last}");
            *last = number;
            let known = seen.entry(number).or_insert_with(|| der.clone());
            assert_eq!(*known, der, "two lists have the number {number}");
        }
    }
    let begun = Instant::now();
    for node in &nodes {
        while read(&folder, &node.bytes("/pki/issuing-1.crl").await).await.1 != revoked {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "the last revocations are on no list"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let repeated = "SELECT COUNT(*) - COUNT(DISTINCT number) FROM list WHERE delta = 0 AND issuer = 1";
    assert_eq!(site.world.tokens.engine.number(repeated).await, 0);
    for mut node in nodes {
        assert!(node.stop().await, "{}", node.log());
    }
}

/// A maker that was cut off at any point leaves a gap in the numbers at most.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_cut_off_is_made_again_under_a_higher_number() {
    let pki = Pki::new().await;
    let key = pki
        .world
        .service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let key = PublicKey::from_der(&key.1).unwrap();
    let scope = Scope {
        issuer: 1,
        shard: None,
    };
    let other = world::open_authority(&pki.world, (&pki.base, 1)).await;
    let mut highest = number(&pki, scope).await;
    for round in 0..30_u64 {
        let record = issue(pki.authority(), &key, 0).await;
        revoke(pki.authority(), &record).await;
        // Cut off after so many steps, wherever that is.
        let done = {
            let making = pki.authority().make_lists(scope);
            tokio::pin!(making);
            tokio::select! {
                biased;
                made = &mut making => made.is_ok(),
                () = tokio::time::sleep(Duration::from_micros(round * 300)) => false,
            }
        };
        // Another node finds the turn taken until it is over.
        if !done {
            pki.world.clock.advance(Duration::from_secs(7));
        }
        other.make_lists(scope).await.unwrap();
        let next = number(&pki, scope).await;
        assert!(next > highest, "{next} after {highest}");
        highest = next;
        let list = pki
            .authority()
            .store()
            .newest_list(scope, false)
            .await
            .unwrap()
            .unwrap();
        let (_, listed) = read(pki.world.tokens.folder(), &list.der).await;
        assert!(listed.contains(&record.serial.to_string()));
    }
}

async fn number(pki: &Pki, scope: Scope) -> u64 {
    pki.authority()
        .store()
        .newest_list(scope, false)
        .await
        .unwrap()
        .unwrap()
        .number
}

/// Every certificate is on the list of its part and on that of all; a delta completes its base.
#[tokio::test(flavor = "multi_thread")]
async fn parts_and_deltas_add_up_to_what_was_revoked() {
    let pki = Pki::founded(Founding {
        shards: 4,
        ..Founding::USUAL
    })
    .await;
    let authority = pki.authority();
    let key = pki
        .world
        .service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let key = PublicKey::from_der(&key.1).unwrap();
    let mut revoked: BTreeMap<u16, BTreeSet<String>> = BTreeMap::new();
    let folder = pki.world.tokens.folder().to_owned();
    // Made in the ceremony, and completed by deltas until it is old.
    let mut bases = BTreeMap::new();
    for scope in authority.scopes() {
        let base = authority
            .store()
            .newest_list(scope, false)
            .await
            .unwrap()
            .unwrap();
        bases.insert(scope, base);
    }
    for number in 0..40 {
        let record = issue(authority, &key, number).await;
        revoke(authority, &record).await;
        revoked
            .entry(record.shard)
            .or_default()
            .insert(record.serial.to_string());
        if number % 10 == 0 {
            for scope in authority.scopes() {
                authority.refresh_lists(scope).await.unwrap();
            }
        }
    }
    pki.world.clock.advance(Duration::from_secs(1));
    for scope in authority.scopes() {
        authority.make_lists(scope).await.unwrap();
        let wanted: BTreeSet<String> = match scope.shard {
            None => revoked.values().flatten().cloned().collect(),
            Some(shard) => revoked.get(&shard).cloned().unwrap_or_default(),
        };
        let full = pki.get(&format!("/pki/{}", scope.file(false))).await;
        assert_eq!(read(&folder, &full).await.1, wanted, "{scope:?}");
        let store = authority.store();
        let base = bases.remove(&scope).unwrap();
        let known = store.base_list(scope).await.unwrap().unwrap();
        assert_eq!(known.number, base.number, "{scope:?}");
        let mut together = read(&folder, &base.der).await.1;
        let delta = store.newest_list(scope, true).await.unwrap().unwrap();
        together.append(&mut read(&folder, &delta.der).await.1);
        assert_eq!(together, wanted, "{scope:?}");
    }
    assert!(revoked.len() > 1);
}

/// With 10,000 revoked: the next one is told by the responder within a second and by the list within two.
#[tokio::test(flavor = "multi_thread")]
async fn soak_ten_thousand_are_issued_and_revoked_and_the_next_is_seen_at_once() {
    let site = Site::founded("").await;
    let authority = authority(&site).await;
    let key = site
        .world
        .service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let key = PublicKey::from_der(&key.1).unwrap();
    let node = site.serve().await;
    let begun = Instant::now();
    let many = share_of(10_000);
    let mut tasks = tokio::task::JoinSet::new();
    for lane in 0..8 {
        let (authority, key) = (Arc::clone(&authority), key.clone());
        tasks.spawn(async move {
            let mut serials = BTreeSet::new();
            for number in (0..many).filter(|number| number % 8 == lane) {
                let record = issue(&authority, &key, number).await;
                revoke(&authority, &record).await;
                serials.insert(record.serial.to_string());
            }
            serials
        });
    }
    let mut revoked: BTreeSet<String> = tasks.join_all().await.into_iter().flatten().collect();
    println!(
        "{many} issued and revoked in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    assert_eq!(revoked.len(), many);

    site.write(
        "issuing.pem",
        &world::pem("CERTIFICATE", &node.bytes("/pki/issuing-1.crt").await),
    );
    site.write(
        "root.pem",
        &world::pem("CERTIFICATE", &node.bytes("/pki/root.crt").await),
    );
    let folder = site.world.tokens.folder().to_owned();
    while read(&folder, &node.bytes("/pki/issuing-1.crl").await).await.1 != revoked {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let last = issue(&authority, &key, many).await;
    let ask = format!(
        "openssl ocsp -issuer @/issuing.pem -serial 0x{} -url {}/ocsp -CAfile @/root.pem -verify_other @/issuing.pem",
        last.serial, node.base
    );
    let said = site.ask(&ask).await.well();
    assert!(
        said.contains("Response verify OK") && said.contains(": good"),
        "{said}"
    );
    let begun = Instant::now();
    revoke(&authority, &last).await;
    revoked.insert(last.serial.to_string());
    let (mut told, mut listed) = (None, None);
    while told.is_none() || listed.is_none() {
        if told.is_none() && site.ask(&ask).await.text.contains("revoked") {
            told = Some(begun.elapsed());
        }
        if read(&folder, &node.bytes("/pki/issuing-1.crl").await).await.1 == revoked {
            listed = listed.or(Some(begun.elapsed()));
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{told:?} {listed:?}");
    }
    println!("told by the responder after {told:?}, by the list after {listed:?}");
    let headers = site
        .ask(&format!("curl -sfI -X GET {}/pki/issuing-1.crl", node.base))
        .await
        .well();
    let age = headers
        .lines()
        .find_map(|line| line.strip_prefix("cache-control: max-age="))
        .unwrap();
    let age: u64 = age.split(',').next().unwrap().parse().unwrap();
    assert!(age <= 60, "{headers}");
}
