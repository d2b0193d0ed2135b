//! Documents with a real token behind them: their keys, and what they cost in memory.

#![expect(clippy::unwrap_used, reason = "what only tests run may fail loudly")]

use std::{io, path::PathBuf};

use bytes::Bytes;
use domain::Id;
use futures_util::stream;
use hsm::{Clock as _, KeyRole, RotateRequest, Service as _};
use rand_core::UnwrapErr;
use sha2::{Digest as _, Sha256};
use store::{DocumentReader, DocumentState, Documents, GetError, NewDocument, Store};
use world::{World, rng, share_of};

const MIB: usize = 1024 * 1024;

async fn documents(world: &World) -> Documents {
    let store = Store::open(&world.tokens.engine.line().parse().unwrap())
        .await
        .unwrap();
    let place = format!("file:{}", folder(world).display());
    Documents::open(store, &place.parse().unwrap()).unwrap()
}

fn folder(world: &World) -> PathBuf {
    world.tokens.path("documents")
}

fn new(world: &World) -> NewDocument {
    let now = world.clock.now();
    NewDocument {
        id: Id::from_random(now, rng()),
        most: u64::MAX,
        now,
    }
}

async fn whole(mut reader: DocumentReader) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(bytes) = reader.next().await.unwrap() {
        whole.extend_from_slice(&bytes);
    }
    whole
}

/// Keys of Documents are wrapped on the token; a new version of what wraps them shuts out none that is older.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_opens_through_the_boundary_until_it_is_shredded() {
    let world = World::new().await;
    let documents = documents(&world).await;
    let put = async |content: &'static [u8]| {
        let content = stream::iter([Ok::<_, io::Error>(Bytes::from_static(content))]);
        let mut chance = UnwrapErr(getrandom::SysRng);
        documents
            .put(new(&world), content, &world.service, &mut chance)
            .await
            .unwrap()
    };
    let first = put(b"a contract").await;
    let renew = RotateRequest::Renew(KeyRole::Documents);
    let renewed = world.service.rotate(renew).await.unwrap();
    let second = put(b"another").await;
    let versions = [&first, &second].map(|row| match &row.state {
        DocumentState::Kept(key) => key.version,
        DocumentState::Shredded { .. } => panic!("{} was just put", row.id),
    });
    assert_eq!(versions, [1, renewed.version]);

    let read = documents.get(first.id, &world.service).await.unwrap();
    let content = whole(read).await;
    assert_eq!(content, b"a contract");
    assert_eq!(first.digest.as_slice(), &*Sha256::digest(&content));
    documents.shred(first.id, world.clock.now()).await.unwrap();
    let read = documents.get(first.id, &world.service).await;
    assert!(matches!(read, Err(GetError::Shredded { .. })), "{read:?}");
    let read = documents.get(second.id, &world.service).await.unwrap();
    assert_eq!(whole(read).await, b"another");
}

/// Two gigabytes go in and come out, and the process never holds more than it would for two megabytes.
#[tokio::test(flavor = "multi_thread")]
async fn soak_a_large_document_needs_no_memory() {
    const MOST: usize = 64;
    let world = World::new().await;
    let documents = documents(&world).await;
    let megabytes = share_of(2 * 1024);
    let before = peak_of_memory();

    let piece = Bytes::from((0..MIB + 7).map(|at| at.to_le_bytes()[0]).collect::<Vec<_>>());
    let pieces = (0..megabytes).map(|number| Ok::<_, io::Error>(piece.slice(number % 7..number % 7 + MIB)));
    let mut chance = UnwrapErr(getrandom::SysRng);
    let row = documents
        .put(new(&world), stream::iter(pieces), &world.service, &mut chance)
        .await
        .unwrap();
    assert_eq!(row.size, (megabytes * MIB) as u64);
    let after_put = peak_of_memory();

    let mut reader = documents.get(row.id, &world.service).await.unwrap();
    let mut hash = Sha256::new();
    while let Some(bytes) = reader.next().await.unwrap() {
        hash.update(&bytes);
    }
    assert_eq!(hash.finalize().as_slice(), row.digest);
    let after_get = peak_of_memory();
    println!(
        "{megabytes} MiB: at most {before} MiB in memory before, {after_put} after it was put, {after_get} after it was read"
    );
    assert!(after_get <= MOST, "{after_get} MiB in memory");
}

/// The most that this process ever had in memory, in MiB.
fn peak_of_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: usize = line.unwrap().trim().trim_end_matches(" kB").parse().unwrap();
    kib.div_ceil(1024)
}
