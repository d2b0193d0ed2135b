//! What the store promises beyond its types: indexes, gapless leaves, groups that share nothing but a commit. Each
//! promise is kept on both engines.

use domain::{Argon2Parameters, Id, Leaf, LeafKind, Nonce, Purpose, Salt, Time};
use hsm::{ChallengeRow, Journal, JournalError, LeafRow, LedgerHead, Tag};
use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;

use self::server::Postgres;
use crate::{Database, OpenError, Store, store::Pool};

#[expect(
    dead_code,
    unreachable_pub,
    reason = "the file belongs to the crate `tests`, where all of it is reachable and used"
)]
#[path = "../../tests/src/postgres.rs"]
mod server;

/// Runs each of these tests once on SQLite and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Fresh::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Fresh::postgres()).await;
            })*
        }
    };
}

pub(crate) use on_both_engines;

on_both_engines! {
    a_conflict_is_told_from_a_fault
    a_refused_change_takes_no_neighbour_with_it
    an_unreadable_row_is_named
    challenges_are_forgotten_after_their_end_only
    leaves_are_numbered_without_a_gap
    no_hot_statement_scans_a_table
    one_works_alone_or_several_together
    several_writers_number_leaves_without_a_gap
}

/// A database that nobody used before.
pub(crate) enum Fresh {
    Postgres(Postgres),
    Sqlite(TempDir),
}

impl Fresh {
    pub(crate) fn postgres() -> Self {
        Self::Postgres(Postgres::fresh())
    }

    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    fn database(&self) -> Database {
        let text = match self {
            Self::Postgres(postgres) => postgres.url(),
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("tamga.db").display()),
        };
        text.parse().unwrap()
    }

    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.database()).await.unwrap()
    }

    /// Past the store.
    pub(crate) async fn execute(&self, statement: &'static str) {
        match self {
            Self::Postgres(postgres) => {
                let pool = sqlx::PgPool::connect(&postgres.url()).await.unwrap();
                sqlx::raw_sql(statement).execute(&pool).await.unwrap();
            }
            Self::Sqlite(folder) => {
                let url = format!("sqlite://{}", folder.path().join("tamga.db").display());
                let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
                sqlx::raw_sql(statement).execute(&pool).await.unwrap();
            }
        }
    }
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
async fn no_hot_statement_scans_a_table(fresh: Fresh) {
    macro_rules! hot {
        ($engine:ident) => {
            [
                crate::$engine::activation::CASE,
                crate::$engine::activation::RESERVE,
                crate::$engine::activation::SIGN,
                crate::$engine::activation::FAIL,
                crate::$engine::activation::BY_NONCE,
                crate::$engine::activation::SIGNED,
                crate::$engine::activation::INTERRUPTED,
                crate::$engine::challenge::INSERT,
                crate::$engine::challenge::FORGET,
                crate::$engine::credential::SELECT,
                crate::$engine::credential::UPDATE,
                crate::$engine::credential::INSERT,
                crate::$engine::credential::RESIDENT,
                crate::$engine::credential::BEFORE,
                crate::$engine::document::FIND,
                crate::$engine::document::LOOSE,
                crate::$engine::upkeep::DUE,
                crate::$engine::upkeep::TAKE,
                crate::$engine::upkeep::KEEP,
                crate::$engine::upkeep::FAIL,
                crate::$engine::upkeep::SUCCEED,
                crate::$engine::upkeep::FOLLOW,
                crate::$engine::upkeep::FIND,
                crate::$engine::upkeep::STUCK,
                crate::$engine::upkeep::OWED,
                crate::$engine::upkeep::WHY,
                crate::$engine::upkeep::COUNT_STUCK,
                crate::$engine::upkeep::REPLACED,
                crate::$engine::leaf::HEAD,
                crate::$engine::leaf::AFTER,
            ]
        };
    }
    let store = fresh.store().await;
    match &store.readers {
        Pool::Postgres(pool) => {
            for (number, statement) in hot!(postgres).into_iter().enumerate() {
                // A table of no rows is cheapest to scan, so what is asked is whether there is another way.
                let most = (1..40).filter(|n| statement.contains(&format!("${n}"))).count();
                let nulls = vec!["NULL"; most].join(", ");
                let arguments = if most == 0 {
                    String::new()
                } else {
                    format!("({nulls})")
                };
                let mut connection = pool.acquire().await.unwrap();
                let prepare = format!(
                    "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; PREPARE hot{number} AS {statement}"
                );
                sqlx::raw_sql(AssertSqlSafe(prepare))
                    .execute(&mut *connection)
                    .await
                    .unwrap();
                let plan = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN EXECUTE hot{number}{arguments}")))
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap();
                for step in plan {
                    let step: String = step.get(0);
                    assert!(!step.contains("Seq Scan"), "{step}: {statement}");
                }
            }
        }
        Pool::Sqlite(pool) => {
            for statement in hot!(sqlite) {
                let plan = format!("EXPLAIN QUERY PLAN {statement}");
                for step in sqlx::query(AssertSqlSafe(plan)).fetch_all(pool).await.unwrap() {
                    let detail: String = step.get("detail");
                    let scans = detail.starts_with("SCAN")
                        && !detail.contains("INDEX")
                        && detail != "SCAN CONSTANT ROW";
                    assert!(!scans, "{detail}: {statement}");
                }
            }
        }
    }
}

/// Leaves of many callers at once are numbered from 1 without a gap.
async fn leaves_are_numbered_without_a_gap(fresh: Fresh) {
    let store = fresh.store().await;
    let appending = (0..40).map(|count| {
        let store = store.clone();
        tokio::spawn(async move { store.append(vec![leaf(); count % 3 + 1]).await.unwrap() })
    });
    for append in appending.collect::<Vec<_>>() {
        append.await.unwrap();
    }
    let head = store.head().await.unwrap();
    assert_eq!(head, LedgerHead { position: 79 });
    let all = store.leaves_after(0, 100).await.unwrap();
    let positions: Vec<u64> = all.iter().map(|past| past.position).collect();
    assert_eq!(positions, (1..=79).collect::<Vec<u64>>());
    assert!(
        all.iter()
            .all(|past| past.entry == leaf().leaf.encode() && past.content == leaf().content)
    );
    assert_eq!(store.leaves_after(77, 1).await.unwrap().len(), 1);
    assert_eq!(store.leaves_after(79, 100).await.unwrap(), []);
    let long = store.append(vec![leaf(); 450]).await.unwrap();
    assert_eq!(long, LedgerHead { position: 79 + 450 });
    assert_eq!(store.head().await.unwrap(), long);
}

/// Several writers, each a store of its own as several processes have it: each is told where its leaves are, no two are
/// told the same, and nothing is left out.
async fn several_writers_number_leaves_without_a_gap(fresh: Fresh) {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let mut appending = Vec::new();
    for _ in 0..WRITERS {
        let store = fresh.store().await;
        // One after the other, so that each is a group of its own and none is tried twice.
        appending.push(tokio::spawn(async move {
            let mut told = Vec::new();
            for count in (1..=3).cycle().take(EACH) {
                let head = store.append(vec![leaf(); count]).await.unwrap();
                told.extend(head.position + 1 - count as u64..=head.position);
            }
            told
        }));
    }
    let mut told = Vec::new();
    for append in appending {
        told.extend(append.await.unwrap());
    }
    told.sort_unstable();
    assert!(told.iter().copied().eq(1..=told.len() as u64), "{told:?}");
    let head = fresh.store().await.head().await.unwrap();
    assert_eq!(head.position, told.len() as u64);
}

/// One bad change of a group is refused; its neighbours stand.
async fn a_refused_change_takes_no_neighbour_with_it(fresh: Fresh) {
    let store = fresh.store().await;
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

/// A constraint that a caller may meet is a word of the boundary, any other is a fault.
async fn a_conflict_is_told_from_a_fault(fresh: Fresh) {
    let store = fresh.store().await;
    let repeating = LeafRow {
        credential: Some(Id::from_bytes([2; 16])),
        repeats: Some((3, Tag([4; 32]))),
        ..leaf()
    };
    store.append(vec![repeating.clone()]).await.unwrap();
    assert_eq!(store.append(vec![repeating]).await, Err(JournalError::Conflict));
    store.keep_challenge(challenge(1)).await.unwrap();
    let again = store.keep_challenge(challenge(1)).await;
    assert!(matches!(again, Err(JournalError::Database(_))), "{again:?}");
    assert_eq!(store.head().await.unwrap(), LedgerHead { position: 1 });
}

/// A row that does not read is named by table, row and column.
async fn an_unreadable_row_is_named(fresh: Fresh) {
    let store = fresh.store().await;
    store.keep_challenge(challenge(5)).await.unwrap();
    fresh.execute("UPDATE challenge SET argon2_memory = 8").await;
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
async fn challenges_are_forgotten_after_their_end_only(fresh: Fresh) {
    let store = fresh.store().await;
    store.keep_challenge(challenge(1)).await.unwrap();
    assert_eq!(store.forget_challenges(Time::from_micros(20)).await, Ok(0));
    drop(store);
    let store = fresh.store().await;
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

/// Who works alone is not joined by another one who wants to; those who share are not held up. When the first has
/// ended, the next may work.
async fn one_works_alone_or_several_together(fresh: Fresh) {
    let database = fresh.database();
    let alone = Store::open_alone(&database).await.unwrap();
    let second = Store::open_alone(&database).await;
    assert!(matches!(second, Err(OpenError::Another(_))), "{second:?}");
    let sharing = Store::open(&database).await.unwrap();
    alone.append(vec![leaf()]).await.unwrap();
    sharing.append(vec![leaf()]).await.unwrap();
    assert_eq!(alone.head().await.unwrap(), LedgerHead { position: 2 });
    drop(alone);
    let next = Store::open_alone(&database).await.unwrap();
    next.append(vec![leaf()]).await.unwrap();
}

/// A writer whose session was ended by the server goes on with a new one, and says so to who was waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_session_is_replaced() {
    let fresh = Fresh::postgres();
    let store = Store::open_alone(&fresh.database()).await.unwrap();
    store.append(vec![leaf()]).await.unwrap();
    fresh
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    for position in 2..5 {
        let head = store.append(vec![leaf()]).await.unwrap();
        assert_eq!(head, LedgerHead { position });
        assert_eq!(store.head().await.unwrap(), head);
    }
}

/// Settings of the database or the role do not make a commit less durable or a statement longer.
#[tokio::test]
async fn what_the_server_prefers_does_not_weaken_a_commit() {
    let fresh = Fresh::postgres();
    fresh
        .execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); \
             EXECUTE format('ALTER DATABASE %I SET statement_timeout = 0', current_database()); END $$",
        )
        .await;
    let store = fresh.store().await;
    let Pool::Postgres(pool) = &store.readers else {
        panic!("this is PostgreSQL")
    };
    for (name, value) in [
        ("synchronous_commit", "on"),
        ("statement_timeout", "10s"),
        ("transaction_read_only", "on"),
    ] {
        let set: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(name)
            .fetch_one(pool)
            .await
            .unwrap();
        assert_eq!(set, value, "{name}");
    }
}
