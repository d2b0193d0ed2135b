//! What the store promises beyond its types: indexes, gapless leaves, groups that share nothing but a commit.

use domain::{Argon2Parameters, Id, Leaf, LeafKind, Nonce, Purpose, Salt, Time};
use hsm::{ChallengeRow, Journal, JournalError, LeafRow, LedgerHead, Tag};
use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;

use crate::Store;

async fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("tamga.db")).await.unwrap();
    (folder, store)
}

fn leaf() -> LeafRow {
    let salt = Salt::new([1; 16]);
    LeafRow {
        leaf: Leaf::new(LeafKind::Refused, Time::from_micros(7), [2; 32], &salt, b"{}"),
        salt,
        content: b"{}".to_vec(),
        credential: None,
        client: None,
        repeats: None,
    }
}

fn challenge(number: u8) -> ChallengeRow {
    ChallengeRow {
        nonce: Nonce::new([number; 32]),
        session: Id::from_bytes([1; 16]),
        purpose: Purpose::Activate(Id::from_bytes([2; 16])),
        salt: Salt::new([3; 16]),
        argon2: Argon2Parameters::STANDARD,
        issued_at: Time::from_micros(10),
        expires_at: Time::from_micros(20),
        tag: Tag([4; 32]),
    }
}

/// Promise 5: a signature costs the same with ten keys stored or ten million. No hot statement scans a table.
#[tokio::test]
async fn no_hot_statement_scans_a_table() {
    let (_folder, store) = store().await;
    let hot = [
        crate::activation::CASE,
        crate::activation::RESERVE,
        crate::activation::SIGN,
        crate::activation::FAIL,
        crate::activation::BY_NONCE,
        crate::activation::SIGNED,
        crate::activation::INTERRUPTED,
        crate::challenge::INSERT,
        crate::challenge::FORGET,
        crate::credential::SELECT,
        crate::credential::UPDATE,
        crate::credential::INSERT,
        crate::credential::RESIDENT,
        crate::credential::BEFORE,
        crate::leaf::HEAD,
        crate::leaf::AT,
    ];
    for statement in hot {
        let plan = format!("EXPLAIN QUERY PLAN {statement}");
        let steps = sqlx::query(AssertSqlSafe(plan))
            .fetch_all(&store.readers)
            .await
            .unwrap();
        for step in steps {
            let detail: String = step.get("detail");
            let scans =
                detail.starts_with("SCAN") && !detail.contains("INDEX") && detail != "SCAN CONSTANT ROW";
            assert!(!scans, "{detail}: {statement}");
        }
    }
}

/// Leaves of many callers at once are numbered from 1 without a gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaves_are_numbered_without_a_gap() {
    let (_folder, store) = store().await;
    let appending = (0..40).map(|count| {
        let store = store.clone();
        tokio::spawn(async move { store.append(vec![leaf(); count % 3 + 1]).await.unwrap() })
    });
    for append in appending.collect::<Vec<_>>() {
        append.await.unwrap();
    }
    let head = store.head().await.unwrap();
    assert_eq!(head, LedgerHead { position: 79 });
    for position in 1..=head.position {
        assert_eq!(store.leaf_at(position).await.unwrap(), Some(leaf().leaf.encode()));
    }
    assert_eq!(store.leaf_at(80).await.unwrap(), None);
}

/// One bad change of a group is refused; its neighbours stand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_change_takes_no_neighbour_with_it() {
    let (_folder, store) = store().await;
    store.keep_challenge(challenge(0)).await.unwrap();
    let keeping = (0..30).map(|number| {
        let store = store.clone();
        let row = challenge(number / 2);
        tokio::spawn(async move { store.keep_challenge(row).await.is_ok() })
    });
    let mut kept = 0;
    for done in keeping.collect::<Vec<_>>() {
        kept += usize::from(done.await.unwrap());
    }
    assert_eq!(kept, 14, "each nonce once, and the first was there");
    for number in 0..15 {
        let case = store
            .case(Nonce::new([number; 32]), Id::from_bytes([9; 16]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(case.challenge, challenge(number));
    }
}

/// A row that does not read is named by table, row and column.
#[tokio::test]
async fn an_unreadable_row_is_named() {
    let (folder, store) = store().await;
    store.keep_challenge(challenge(5)).await.unwrap();
    let path = format!("sqlite://{}", folder.path().join("tamga.db").display());
    let pool = sqlx::SqlitePool::connect(&path).await.unwrap();
    sqlx::query("UPDATE challenge SET argon2_memory = 8")
        .execute(&pool)
        .await
        .unwrap();
    let read = store.case(Nonce::new([5; 32]), Id::from_bytes([9; 16])).await;
    assert!(
        matches!(
            read,
            Err(JournalError::Unreadable {
                table: "challenge",
                column: "argon2_memory",
                ..
            })
        ),
        "{read:?}"
    );
}

/// Expired challenges are forgotten, others are not; a second opening finds everything.
#[tokio::test]
async fn challenges_are_forgotten_after_their_end_only() {
    let (folder, store) = store().await;
    store.keep_challenge(challenge(1)).await.unwrap();
    assert_eq!(store.forget_challenges(Time::from_micros(20)).await, Ok(0));
    drop(store);
    let store = Store::open(&folder.path().join("tamga.db")).await.unwrap();
    assert!(
        store
            .case(Nonce::new([1; 32]), Id::from_bytes([9; 16]))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(store.forget_challenges(Time::from_micros(21)).await, Ok(1));
    assert_eq!(
        store.case(Nonce::new([1; 32]), Id::from_bytes([9; 16])).await,
        Ok(None)
    );
}
