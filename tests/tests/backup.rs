//! Backups and the rehearsed restore, with the built programs: what comes back, what does not, and what is refused.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails may fail loudly"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use domain::{CertificateKind, Id, KeyAlgorithm, Purpose};
use hsm::{ChallengeError, ChallengeRequest, Journal as _, Service as _};
use server::{IssueRequest, KeySource, Settings};
use store::Store;
use world::{Client, Node, PIN, Site, Vault, openssl_accepts, pem, person, rng};

const BOTH: &[&str] = &["aigul", "daniyar"];
const ADMINISTRATOR: &[&str] = &["aigul"];
const RIGHT: u8 = 1;

/// A house whose backups take its tokens and its configuration.
async fn house() -> Site {
    let site = Site::founded("").await;
    let folder = site.world.tokens.folder().display();
    let text = format!(
        "{}[backup]\nfolders = ['{folder}/tokens']\nfiles = ['{folder}/hsm.toml']\n",
        site.read("tamga.toml")
    );
    site.write("tamga.toml", &text);
    site
}

/// A client with a certificate of the house, and its number.
async fn certified(site: &Site, iin: &str) -> (Client, String) {
    let client = site.world.uncertified(iin, KeyAlgorithm::P256, RIGHT).await;
    let settings = Settings::read(&site.world.tokens.path("tamga.toml"), std::iter::empty()).unwrap();
    let authority = server::open(&settings).await.unwrap();
    let issued = authority
        .issue(IssueRequest {
            statement: Id::from_random(site.world.now(), rng()),
            kind: CertificateKind::NaturalPerson,
            subject: person(client.iin),
            key: KeySource::Receipt(client.receipt.clone()),
            hosts: Vec::new(),
            published: true,
            issuer: None,
        })
        .await
        .unwrap();
    let certificate = issued.der.unwrap();
    let client = Client {
        certificate,
        ..client
    };
    (client, issued.serial.to_string())
}

/// The owner signs, and openssl verifies it.
async fn signs(site: &Site, client: &Client) {
    let request = site.world.request(client, RIGHT, 1).await;
    let (_, structure) = request.list[0].clone();
    let hsm::ToBeSigned::CmsAttributes(message) = structure else {
        panic!("another structure")
    };
    let batch = site.world.service.activate(request).await.unwrap();
    let (_, signature) = &batch.signatures[0];
    assert!(openssl_accepts(
        &client.public_key,
        client.profile(),
        &message,
        signature.as_bytes()
    ));
}

/// The newest list as openssl reads it, once it says this; kept in a file.
async fn list_with(site: &Site, node: &Node, words: &str, file: &str) -> (u64, String) {
    for _ in 0..200 {
        if node.get("/pki/issuing-1.crl").await.well {
            fs::write(
                site.world.tokens.path(file),
                node.bytes("/pki/issuing-1.crl").await,
            )
            .unwrap();
            let text = site
                .ask(&format!("openssl crl -inform DER -noout -text -in @/{file}"))
                .await
                .well();
            if text.contains(words) {
                let number = text.split("X509v3 CRL Number:").nth(1).unwrap();
                let number = number.split_whitespace().next().unwrap();
                return (number.parse().unwrap(), text);
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no list says {words}: {}", node.log());
}

/// Everything that a fire takes: database and tokens. The shelf is on another disk.
fn fire(site: &Site) {
    site.world.tokens.engine.lose();
    fs::remove_dir_all(site.world.tokens.path("tokens")).unwrap();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// R248, R138: a restored backup gives a working house, knows what the world knows better, and revives no destroyed key.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_house_works_and_revives_no_destroyed_key() {
    let mut site = house().await;
    let mut node = site.serve().await;
    let (living, _) = certified(&site, "900101300017").await;
    let (dead, number) = certified(&site, "900101300027").await;
    signs(&site, &living).await;
    signs(&site, &dead).await;
    let made = site.tamga(ADMINISTRATOR, "backup --to @/backup").await.well();
    assert!(made.contains("Not in it: PINs, the shelf"), "{made}");
    for path in files_below(&site.world.tokens.path("backup")) {
        let bytes = fs::read(&path).unwrap();
        let pin = bytes.windows(PIN.len()).any(|window| window == PIN.as_bytes());
        assert!(
            !pin && !path.to_string_lossy().contains("shelf"),
            "{}",
            path.display()
        );
    }

    // Life goes on: what is signed now is lost, what is revoked now must not be.
    signs(&site, &living).await;
    site.tamga(&["saule"], &format!("ca revoke {number} --reason keyCompromise"))
        .await
        .well();
    let serial = format!("Serial Number: {}", number.to_uppercase());
    let (before, _) = list_with(&site, &node, &serial, "known.crl").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    site.write("known.checkpoint", &node.get("/ledger/checkpoint").await.well());
    assert!(node.stop().await);
    site.world.service.kill();
    fire(&site);

    let restore = "restore --from @/backup --list @/known.crl --checkpoint @/known.checkpoint";
    site.tamga(ADMINISTRATOR, restore)
        .await
        .refused("this needs administrator and another person as security-officer");
    let told = site.tamga(BOTH, restore).await.well();
    assert!(
        told.contains("THE LOG FORKS: the world has a checkpoint of"),
        "{told}"
    );
    assert!(
        told.contains("1 certificates were revoked or put on hold"),
        "{told}"
    );
    site.tamga(BOTH, restore).await.refused("holds data already");

    let accepted = site
        .world
        .tokens
        .command(&["accept-gap", "--by", "Айгүл", "--reason", "a fire"])
        .output()
        .unwrap();
    assert!(
        accepted.status.success(),
        "{}",
        String::from_utf8_lossy(&accepted.stderr)
    );
    site.world.service = Vault::start(&site.world.tokens).await;
    // Nothing of tamga serves yet, so nobody has destroyed the key again: its part is what is missing.
    let gone = "SELECT COUNT(*) FROM credential WHERE material = 'destroyed'";
    assert_eq!(site.world.tokens.engine.number(gone).await, 0);
    let session = site.world.session();
    let purpose = Purpose::Activate(dead.credential);
    let challenge = site
        .world
        .service
        .challenge(ChallengeRequest { session, purpose });
    assert_eq!(challenge.await.unwrap_err(), ChallengeError::NoCredential);
    signs(&site, &living).await;

    let node = site.serve().await;
    let (after, _) = list_with(&site, &node, &serial, "after.crl").await;
    assert!(after > before, "{after} after {before}");
    for (name, der) in [("root", "/pki/root.crt"), ("issuing", "/pki/issuing-1.crt")] {
        site.write(
            &format!("{name}.pem"),
            &pem("CERTIFICATE", &node.bytes(der).await),
        );
    }
    for (client, status) in [(&living, "client.pem: good"), (&dead, "client.pem: revoked")] {
        site.write("client.pem", &pem("CERTIFICATE", &client.certificate));
        let heard = site
            .ask(&format!(
                "openssl ocsp -issuer @/issuing.pem -cert @/client.pem -url {}/ocsp -CAfile @/root.pem -verify_other \
                 @/issuing.pem",
                site.base
            ))
            .await
            .text;
        assert!(
            heard.contains("Response verify OK") && heard.contains(status),
            "{heard}"
        );
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    site.tamga(&[], "ledger verify").await.well();
    let restored = restored_leaf(&site).await.unwrap();
    assert!(restored["lost"].as_u64().unwrap() > 0, "{restored}");
    assert_eq!(restored["caught_up"].as_array().unwrap().len(), 1, "{restored}");
}

/// What the Ledger says of a restore.
async fn restored_leaf(site: &Site) -> Option<serde_json::Value> {
    let store = Store::open(&site.world.tokens.engine.line().parse().unwrap())
        .await
        .unwrap();
    for position in (1..=store.head().await.unwrap().position).rev() {
        let leaf = store.opened_leaf(position).await.unwrap().unwrap();
        let content: serde_json::Value = serde_json::from_slice(&leaf.content).unwrap();
        if content["event"] == "restored" {
            return Some(content);
        }
    }
    None
}

/// A backup that is not exactly what was written is refused before anything is touched, and says what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let mut site = house().await;
    site.tamga(&["timur"], "backup --to @/backup")
        .await
        .refused("this needs administrator; named were Тимур (auditor)");
    site.tamga(ADMINISTRATOR, "backup --to @/backup").await.well();
    site.tamga(ADMINISTRATOR, "backup --to @/backup")
        .await
        .refused("is not empty");
    site.world.service.kill();
    fire(&site);
    let backup = site.world.tokens.path("backup");
    let database = fs::read_dir(&backup)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_stem().is_some_and(|stem| stem == "database"))
        .unwrap();
    let manifest = backup.join("manifest.json");
    let whole = [fs::read(&database).unwrap(), fs::read(&manifest).unwrap()];
    let text = String::from_utf8(whole[1].clone()).unwrap();
    let mut flipped = whole[0].clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (path, content, words) in [
        (&database, Some(flipped), "is not what the manifest says"),
        (&database, None, "is missing"),
        (&backup.join("more"), Some(vec![1]), "more is not in the manifest"),
        (&manifest, None, "it is no backup, or one that was cut off"),
        (
            &manifest,
            Some(text.replace("tamga-backup/1", "tamga-backup/2").into_bytes()),
            "but tamga-backup/2",
        ),
        (
            &manifest,
            Some(text.replace("\"entries\"", "\"entry\"").into_bytes()),
            "unknown field `entry`",
        ),
    ] {
        let before = fs::read(path).ok();
        match content {
            Some(content) => fs::write(path, content).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        site.tamga(BOTH, "restore --from @/backup").await.refused(words);
        match before {
            Some(before) => fs::write(path, before).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        assert!(!site.world.tokens.path("tokens").exists());
        assert!(!site.world.tokens.path("tamga.db").exists());
    }
    // A list of somebody else, and one that is none.
    for (file, words) in [
        ("ceremony.toml", "this is no revocation list"),
        ("gone", "gone: No such file"),
    ] {
        site.tamga(BOTH, &format!("restore --from @/backup --list @/{file}"))
            .await
            .refused(words);
    }
    let told = site.tamga(BOTH, "restore --from @/backup").await.well();
    assert!(told.contains("No checkpoint was given"), "{told}");
}

/// A PIN, or the shelf, in a folder that is backed up is refused: nothing is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_with_a_secret_is_not_backed_up() {
    let site = house().await;
    let folder = site.world.tokens.folder().display().to_string();
    let text = site
        .read("tamga.toml")
        .replace(&format!("['{folder}/tokens']"), &format!("['{folder}']"));
    site.write("tamga.toml", &text);
    site.tamga(ADMINISTRATOR, "backup --to @/backup")
        .await
        .refused("which is never in a backup");
    assert!(!site.world.tokens.path("backup").exists());
}

/// Runs a command and kills it after so many milliseconds.
async fn cut(site: &Site, line: &str, after: u64) {
    let mut running = site
        .command(BOTH, line)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    tokio::time::sleep(Duration::from_millis(after)).await;
    running.kill().unwrap();
    running.wait().unwrap();
}

/// `kill -9` at any moment: what is left of a backup is whole or has no manifest; what is left of a restore is whole or can
/// be cleared away and done again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_off_is_never_taken_for_whole() {
    let mut site = house().await;
    let backup = site.world.tokens.path("backup");
    for after in [20, 40, 60, 80, 110, 150] {
        cut(&site, "backup --to @/backup", after).await;
        let words = if backup.join("manifest.json").exists() {
            "holds data already"
        } else {
            "it is no backup, or one that was cut off"
        };
        site.tamga(BOTH, "restore --from @/backup").await.refused(words);
        let _ = fs::remove_dir_all(&backup);
    }
    site.tamga(ADMINISTRATOR, "backup --to @/backup").await.well();
    site.world.service.kill();
    for after in [20, 40, 60, 90, 120, 160, 200] {
        if site.world.tokens.path("tokens").exists() {
            fire(&site);
        } else {
            site.world.tokens.engine.lose();
        }
        cut(&site, "restore --from @/backup", after).await;
        let again = site.tamga(BOTH, "restore --from @/backup").await;
        if !again.well {
            assert!(again.text.contains("holds data already"), "{}", again.text);
            site.world.tokens.engine.lose();
            let _ = fs::remove_dir_all(site.world.tokens.path("tokens"));
            site.tamga(BOTH, "restore --from @/backup").await.well();
        }
        assert!(restored_leaf(&site).await.is_some());
    }
    site.world.service = Vault::start(&site.world.tokens).await;
}
