//! What Documents promise, on both engines and in both kinds of place.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use domain::{Id, Time};
use futures_util::{Stream, StreamExt as _, stream};
use getrandom::SysRng;
use hsm::Unavailable;
use object_store::{ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, memory::InMemory, path::Path};
use proptest::prelude::*;
use rand_core::UnwrapErr;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::{
    DocumentKeys, DocumentPlace, DocumentReader, DocumentRow, DocumentState, Documents, GetError,
    NewDocument, PutError, ShredError, WrappedKey,
    objects::Objects,
    seal::{self, CHUNK, HEADER, Opener, Sealer, TAG},
};
use crate::{
    Store,
    tests::{Fresh, on_both_engines},
};

on_both_engines! {
    a_changed_object_does_not_open
    a_changed_row_does_not_open
    a_document_that_is_too_large_leaves_nothing
    a_put_nobody_waits_for_is_swept
    a_put_that_breaks_off_leaves_nothing
    a_put_that_was_swept_is_not_kept
    a_shredded_document_is_noise
    an_id_is_used_once
    an_object_that_cannot_be_removed_is_removed_later
    documents_of_every_size_come_back
    what_is_not_there_is_told_apart
    without_its_key_wrapped_nothing_begins
}

const SIZES: [usize; 8] = [
    0,
    1,
    CHUNK - 1,
    CHUNK,
    CHUNK + 1,
    2 * CHUNK,
    3 * CHUNK + 7,
    // More than one part.
    9 * 1024 * 1024 + 3,
];

/// After everything.
const END: Time = Time::from_micros(i64::MAX);

/// Stands for the boundary.
struct Keys;

impl DocumentKeys for Keys {
    async fn wrap(&self, key: Zeroizing<[u8; 32]>) -> Result<WrappedKey, Unavailable> {
        Ok(WrappedKey {
            version: 3,
            blob: key.iter().map(|byte| byte ^ 0x5a).collect(),
        })
    }

    async fn unwrap(&self, key: WrappedKey) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
        assert_eq!(key.version, 3);
        let plain: Vec<_> = key.blob.iter().map(|byte| byte ^ 0x5a).collect();
        Ok(Zeroizing::new(plain.try_into().unwrap()))
    }
}

/// A boundary that is away.
struct NoKeys;

impl DocumentKeys for NoKeys {
    async fn wrap(&self, _: Zeroizing<[u8; 32]>) -> Result<WrappedKey, Unavailable> {
        Err(Unavailable::Pin)
    }

    async fn unwrap(&self, _: WrappedKey) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
        Err(Unavailable::Pin)
    }
}

/// Documents, with a way to their objects that goes past them.
struct House {
    store: Store,
    documents: Documents,
    objects: Arc<dyn ObjectStore>,
    folder: Option<TempDir>,
}

/// One of each kind of place, over one database.
async fn houses(fresh: &Fresh) -> [House; 2] {
    let store = fresh.store().await;
    let folder = tempfile::tempdir().unwrap();
    let place: DocumentPlace = format!("file:{}/documents", folder.path().display())
        .parse()
        .unwrap();
    let in_folder = Documents::open(store.clone(), &place).unwrap();
    let memory = Arc::new(InMemory::new());
    let in_memory = Documents {
        store: store.clone(),
        objects: Objects::over(memory.clone(), Path::default()),
    };
    let objects = LocalFileSystem::new_with_prefix(folder.path().join("documents")).unwrap();
    [
        House {
            store: store.clone(),
            documents: in_folder,
            objects: Arc::new(objects),
            folder: Some(folder),
        },
        House {
            store,
            documents: in_memory,
            objects: memory,
            folder: None,
        },
    ]
}

impl House {
    async fn put(&self, content: &[u8]) -> DocumentRow {
        let whole = stream::iter(pieces(content));
        self.documents.put(new(), whole, &Keys, &mut rng()).await.unwrap()
    }

    async fn get(&self, row: &DocumentRow) -> Result<Vec<u8>, (Vec<u8>, GetError)> {
        let reader = self.documents.get(row.id, &Keys).await;
        read(reader.map_err(|error| (Vec::new(), error))?).await
    }

    async fn object(&self, row: &DocumentRow) -> Vec<u8> {
        let found = self.objects.get(&path(row)).await.unwrap();
        found.bytes().await.unwrap().to_vec()
    }

    async fn replace(&self, row: &DocumentRow, object: Vec<u8>) {
        self.objects.put(&path(row), object.into()).await.unwrap();
    }

    async fn has_nothing_of(&self, new: &NewDocument) {
        assert!(self.store.document(new.id).await.unwrap().is_none());
        assert!(self.store.loose_objects(END).await.unwrap().is_empty());
        assert_eq!(self.count().await, 0);
    }

    /// How many objects there are, unfinished ones included.
    async fn count(&self) -> usize {
        match &self.folder {
            Some(folder) => files(folder.path().join("documents")).len(),
            None => self.objects.list(None).count().await,
        }
    }
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(path) } else { vec![path] })
        .collect()
}

fn path(row: &DocumentRow) -> Path {
    let name = row.object.to_string();
    Path::from(format!("{}/{name}", &name[..2]))
}

fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

fn new() -> NewDocument {
    static MINUTES: AtomicU64 = AtomicU64::new(1);
    let now = Time::from_micros(i64::try_from(MINUTES.fetch_add(60_000_000, Ordering::Relaxed)).unwrap());
    NewDocument {
        id: Id::new(now, &mut rng()),
        most: u64::MAX,
        now,
    }
}

/// Bytes that do not repeat with a chunk's length.
fn content(size: usize) -> Vec<u8> {
    (0..size)
        .map(|at| at.to_le_bytes()[0] ^ (at / 65_521).to_le_bytes()[0])
        .collect()
}

/// In pieces of odd lengths, an empty one among them.
fn pieces(content: &[u8]) -> Vec<Result<Bytes, io::Error>> {
    let mut pieces: Vec<_> = content
        .chunks(40_009)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    pieces.insert(pieces.len() / 2, Ok(Bytes::new()));
    pieces
}

/// What was given out before the end, or before an error.
async fn read(mut reader: DocumentReader) -> Result<Vec<u8>, (Vec<u8>, GetError)> {
    let mut given = Vec::new();
    loop {
        match reader.next().await {
            Ok(Some(bytes)) => given.extend_from_slice(&bytes),
            Ok(None) => return Ok(given),
            Err(error) => {
                let again = reader.next().await;
                assert!(matches!(again, Err(GetError::Failed(_))), "{again:?}");
                return Err((given, error));
            }
        }
    }
}

/// Some pieces, and then nothing until somebody sends the rest or ends it.
fn slow(
    content: &[u8],
) -> (
    mpsc::Sender<Bytes>,
    impl Stream<Item = Result<Bytes, io::Error>> + use<>,
) {
    let (sender, receiver) = mpsc::channel::<Bytes>(1);
    let rest = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|bytes| (Ok(bytes), receiver))
    });
    (sender, stream::iter(pieces(content)).chain(rest))
}

/// Every size comes back as it went, and is not to be seen in its object.
async fn documents_of_every_size_come_back(fresh: Fresh) {
    for house in houses(&fresh).await {
        for size in SIZES {
            let content = content(size);
            let row = house.put(&content).await;
            assert_eq!(
                (row.size, row.digest.as_slice()),
                (size as u64, &*Sha256::digest(&content))
            );
            assert_eq!(house.store.document(row.id).await.unwrap().as_ref(), Some(&row));
            let object = house.object(&row).await;
            assert_eq!(object.len() as u64, seal::sealed_size(size as u64));
            if size > 64 {
                assert!(
                    !object[..size.min(CHUNK)]
                        .windows(32)
                        .any(|seen| seen == &content[..32]),
                    "{size}"
                );
            }
            let reader = house.documents.get(row.id, &Keys).await.unwrap();
            let pieces: Vec<_> = reader.into_stream().map(Result::unwrap).collect().await;
            assert!(
                pieces
                    .iter()
                    .all(|piece| !piece.is_empty() && piece.len() <= CHUNK)
            );
            assert!(pieces.concat() == content, "{size}");
            let pages = house.documents.open_pages(row.id, &Keys).await.unwrap();
            for offset in [
                0,
                1,
                CHUNK - 1,
                8 * CHUNK,
                8 * CHUNK - 1,
                size.saturating_sub(1),
                size,
                size + 1,
            ] {
                let from = pages.read_from(offset as u64).await.unwrap();
                let rest = content.get(offset..).unwrap_or_default();
                assert!(rest.starts_with(&from), "{size} from {offset}");
                assert_eq!(from.is_empty(), rest.is_empty(), "{size} from {offset}");
            }
        }
        assert_eq!(house.count().await, SIZES.len());
        assert_eq!(house.documents.sweep(END).await.unwrap(), 0);
    }
}

/// Whatever is done to an object, nothing that was not kept is given out, and the end is never reached.
async fn a_changed_object_does_not_open(fresh: Fresh) {
    type Change = fn(&mut Vec<u8>);
    const SEALED: usize = CHUNK + TAG;
    let changes: [(&str, Change, u64); 11] = [
        ("format", |object| object[0] ^= 1, u64::MAX),
        ("version", |object| object[8] ^= 1, u64::MAX),
        ("nonce", |object| object[HEADER - 1] ^= 1, 0),
        ("first bit", |object| object[HEADER] ^= 0x80, 0),
        ("a tag", |object| object[HEADER + SEALED - 1] ^= 1, 0),
        ("a later bit", |object| object[HEADER + SEALED] ^= 1, 1),
        ("last bit", |object| *object.last_mut().unwrap() ^= 1, 3),
        (
            "two chunks change places",
            |object| object[HEADER..HEADER + 2 * SEALED].rotate_left(SEALED),
            0,
        ),
        (
            "a chunk is repeated",
            |object| object.copy_within(HEADER..HEADER + SEALED, HEADER + SEALED),
            1,
        ),
        (
            "the last is repeated",
            |object| {
                let end = object.len();
                object.copy_within(end - 100 - TAG..end, HEADER + 2 * SEALED);
            },
            2,
        ),
        ("noise", |object| object[HEADER..].fill(0), 0),
    ];
    let content = content(3 * CHUNK + 100);
    for house in houses(&fresh).await {
        let row = house.put(&content).await;
        let whole = house.object(&row).await;
        for (what, change, chunk) in changes {
            let mut object = whole.clone();
            change(&mut object);
            house.replace(&row, object).await;
            let by_offset = house.documents.open_pages(row.id, &Keys).await.unwrap_err();
            assert_eq!(
                matches!(by_offset, GetError::Altered { chunk: at, .. } if at == chunk),
                chunk != u64::MAX,
                "{what}: {by_offset}"
            );
            let (given, error) = house.get(&row).await.unwrap_err();
            if chunk == u64::MAX {
                assert!(
                    matches!(error, GetError::Format(id) if id == row.id),
                    "{what}: {error}"
                );
            } else {
                assert!(
                    matches!(error, GetError::Altered { chunk: at, .. } if at == chunk),
                    "{what}: {error}"
                );
                assert!(
                    given == content[..CHUNK * usize::try_from(chunk).unwrap()],
                    "{what}"
                );
            }
        }
        for length in [
            0,
            1,
            HEADER,
            HEADER + SEALED,
            HEADER + 3 * SEALED,
            whole.len() - 1,
            whole.len() + 1,
        ] {
            let mut cut = whole.clone();
            cut.resize(length, 0);
            house.replace(&row, cut).await;
            let (given, error) = house.get(&row).await.unwrap_err();
            assert!(
                matches!(error, GetError::Length { found, .. } if found == length as u64),
                "{error}"
            );
            assert!(given.is_empty());
            let by_offset = house.documents.open_pages(row.id, &Keys).await.unwrap_err();
            assert!(matches!(by_offset, GetError::Length { .. }), "{by_offset}");
        }
        let other = house.put(&content).await;
        let swapped = house.object(&other).await;
        house.replace(&row, swapped).await;
        let (given, error) = house.get(&row).await.unwrap_err();
        assert!(
            given.is_empty() && matches!(error, GetError::Altered { chunk: 0, .. }),
            "{error}"
        );
        house.replace(&row, whole).await;
        assert!(house.get(&row).await.unwrap() == content);
    }
}

/// A row that was edited opens nothing wrong, not even with all that belongs to another Document.
async fn a_changed_row_does_not_open(fresh: Fresh) {
    let [house, _] = houses(&fresh).await;
    let ten = house.put(&content(10)).await;
    let twenty = house.put(&content(20)).await;
    let long = house.put(&content(CHUNK + 5)).await;
    fresh
        .execute(
            "UPDATE document SET wrapped_key = (SELECT wrapped_key FROM document WHERE size = 20) WHERE size = 10",
        )
        .await;
    let (_, error) = house.get(&ten).await.unwrap_err();
    assert!(matches!(error, GetError::Altered { chunk: 0, .. }), "{error}");

    fresh
        .execute(
            "UPDATE document SET digest = (SELECT digest FROM document WHERE size = 20) WHERE size = 65541",
        )
        .await;
    let (given, error) = house.get(&long).await.unwrap_err();
    assert!(matches!(error, GetError::Digest(id) if id == long.id), "{error}");
    assert_eq!(given.len(), CHUNK, "the last chunk is held back");

    fresh
        .execute(
            "UPDATE document SET size = 20, digest = (SELECT digest FROM document WHERE size = 20) WHERE size = 10",
        )
        .await;
    let (_, error) = house.get(&ten).await.unwrap_err();
    assert!(
        matches!(
            error,
            GetError::Length {
                expected: 52,
                found: 42,
                ..
            }
        ),
        "{error}"
    );
    let object = house.object(&twenty).await;
    house.replace(&ten, object).await;
    let (_, error) = house.get(&ten).await.unwrap_err();
    assert!(matches!(error, GetError::Altered { chunk: 0, .. }), "{error}");
    assert_eq!(house.get(&twenty).await.unwrap(), content(20));
}

/// One byte more than allowed is too much, and nothing stays of it.
async fn a_document_that_is_too_large_leaves_nothing(fresh: Fresh) {
    for house in houses(&fresh).await {
        for size in [0, 1, CHUNK, 2 * CHUNK + 1] {
            let new = NewDocument {
                most: size as u64,
                ..new()
            };
            let whole = stream::iter(pieces(&content(size + 1)));
            let put = house.documents.put(new, whole, &Keys, &mut rng()).await;
            assert!(
                matches!(put, Err(PutError::TooLarge { most }) if most == size as u64),
                "{put:?}"
            );
            house.has_nothing_of(&new).await;
            let whole = stream::iter(pieces(&content(size)));
            let put = house.documents.put(new, whole, &Keys, &mut rng()).await.unwrap();
            house.documents.shred(put.id, new.now).await.unwrap();
        }
    }
}

/// Bytes that end in an error make no Document, however many came before.
async fn a_put_that_breaks_off_leaves_nothing(fresh: Fresh) {
    for house in houses(&fresh).await {
        for size in [0, 1, CHUNK, 2 * CHUNK + 1] {
            let new = new();
            let mut broken = pieces(&content(size));
            broken.push(Err(io::ErrorKind::ConnectionReset.into()));
            let put = house
                .documents
                .put(new, stream::iter(broken), &Keys, &mut rng())
                .await;
            assert!(matches!(put, Err(PutError::BrokenOff(_))), "{put:?}");
            house.has_nothing_of(&new).await;
        }
    }
}

/// Who puts and goes away, or dies, leaves what the sweep removes once it is old enough, and no Document.
async fn a_put_nobody_waits_for_is_swept(fresh: Fresh) {
    for house in houses(&fresh).await {
        let new = new();
        let (sender, content) = slow(&content(3 * CHUNK));
        let documents = house.documents.clone();
        let putting = tokio::spawn(async move { documents.put(new, content, &Keys, &mut rng()).await });
        // Two are taken only when all that was there has been.
        for _ in 0..2 {
            sender.send(Bytes::from_static(b"more")).await.unwrap();
        }
        putting.abort();
        assert!(putting.await.unwrap_err().is_cancelled());
        assert!(house.store.document(new.id).await.unwrap().is_none());
        let loose = house.store.loose_objects(END).await.unwrap();
        assert_eq!(loose.len(), 1);
        if let Some(folder) = &house.folder {
            // What a process leaves that was killed.
            let name = loose[0].to_string();
            let shelf = folder.path().join("documents").join(&name[..2]);
            std::fs::write(shelf.join(format!("{name}#7")), "left").unwrap();
        }
        assert_eq!(house.documents.sweep(new.now).await.unwrap(), 0, "not old enough");
        assert_eq!(house.documents.sweep(END).await.unwrap(), 1);
        house.has_nothing_of(&new).await;
    }
}

/// Nobody is told that a Document is kept whose object was swept while it arrived.
async fn a_put_that_was_swept_is_not_kept(fresh: Fresh) {
    for house in houses(&fresh).await {
        let new = new();
        let (sender, content) = slow(&content(CHUNK));
        let documents = house.documents.clone();
        let putting = tokio::spawn(async move { documents.put(new, content, &Keys, &mut rng()).await });
        for _ in 0..2 {
            sender.send(Bytes::from_static(b"more")).await.unwrap();
        }
        assert_eq!(house.documents.sweep(END).await.unwrap(), 1);
        drop(sender);
        let put = putting.await.unwrap();
        assert!(matches!(put, Err(PutError::Swept)), "{put:?}");
        house.has_nothing_of(&new).await;
    }
}

/// After shredding there is no key, so a copy of the object opens no more than the object, which is gone.
async fn a_shredded_document_is_noise(fresh: Fresh) {
    for house in houses(&fresh).await {
        let row = house.put(&content(CHUNK + 1)).await;
        let copy = house.object(&row).await;
        let now = Time::from_micros(row.created_at.micros() + 9);
        house.documents.shred(row.id, now).await.unwrap();
        assert_eq!(house.count().await, 0);
        house.replace(&row, copy).await;
        let (_, error) = house.get(&row).await.unwrap_err();
        assert!(
            matches!(error, GetError::Shredded { at, .. } if at == now),
            "{error}"
        );
        let shredded = house.store.document(row.id).await.unwrap().unwrap();
        assert_eq!(
            shredded,
            DocumentRow {
                state: DocumentState::Shredded { at: now },
                ..row.clone()
            }
        );
        house.documents.shred(row.id, END).await.unwrap();
        assert_eq!(house.store.document(row.id).await.unwrap(), Some(shredded));
        house.objects.delete(&path(&row)).await.unwrap();
    }
}

/// An object that stays is no secret: its key is gone. It is removed as soon as that is possible.
async fn an_object_that_cannot_be_removed_is_removed_later(fresh: Fresh) {
    let [house, _] = houses(&fresh).await;
    let row = house.put(&content(5)).await;
    let file = house.folder.as_ref().unwrap().path().join("documents");
    let file = file.join(path(&row).as_ref());
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let shredded = house.documents.shred(row.id, row.created_at).await;
    assert!(matches!(shredded, Err(ShredError::Object(_))), "{shredded:?}");
    let (_, error) = house.get(&row).await.unwrap_err();
    assert!(matches!(error, GetError::Shredded { .. }), "{error}");
    assert!(house.documents.sweep(row.created_at).await.is_err());
    std::fs::remove_dir(&file).unwrap();
    assert_eq!(house.documents.sweep(row.created_at).await.unwrap(), 1);
    assert_eq!(house.documents.sweep(row.created_at).await.unwrap(), 0);
}

/// Of two Documents with one id the first stays, and of the second nothing.
async fn an_id_is_used_once(fresh: Fresh) {
    for house in houses(&fresh).await {
        let new = new();
        let (sender, slow) = slow(b"late");
        let documents = house.documents.clone();
        let putting = tokio::spawn(async move { documents.put(new, slow, &Keys, &mut rng()).await });
        for _ in 0..2 {
            sender.send(Bytes::from_static(b"more")).await.unwrap();
        }
        let content = content(77);
        let first = stream::iter(pieces(&content));
        let row = house.documents.put(new, first, &Keys, &mut rng()).await.unwrap();
        drop(sender);
        let late = putting.await.unwrap();
        assert!(
            matches!(late, Err(PutError::Taken(id)) if id == new.id),
            "{late:?}"
        );
        let again = stream::iter(pieces(&content));
        let again = house.documents.put(new, again, &Keys, &mut rng()).await;
        assert!(
            matches!(again, Err(PutError::Taken(id)) if id == new.id),
            "{again:?}"
        );
        assert_eq!(house.count().await, 1);
        assert_eq!(house.get(&row).await.unwrap(), content);
        assert_eq!(house.documents.sweep(END).await.unwrap(), 0);
    }
}

/// An id that never was, and an object that was lost.
async fn what_is_not_there_is_told_apart(fresh: Fresh) {
    for house in houses(&fresh).await {
        let unknown = new().id;
        let read = house.documents.get(unknown, &Keys).await;
        assert!(
            matches!(read, Err(GetError::Unknown(id)) if id == unknown),
            "{read:?}"
        );
        let shredded = house.documents.shred(unknown, END).await;
        assert!(
            matches!(shredded, Err(ShredError::Unknown(id)) if id == unknown),
            "{shredded:?}"
        );
        let row = house.put(b"lost").await;
        house.objects.delete(&path(&row)).await.unwrap();
        let (_, error) = house.get(&row).await.unwrap_err();
        assert!(
            matches!(&error, GetError::Missing { object, .. } if *object == row.object.to_string()),
            "{error}"
        );
        house.documents.shred(row.id, row.created_at).await.unwrap();
    }
}

/// While the boundary is away nothing is written and nothing is read.
async fn without_its_key_wrapped_nothing_begins(fresh: Fresh) {
    for house in houses(&fresh).await {
        let new = new();
        let whole = stream::iter(pieces(b"never"));
        let put = house.documents.put(new, whole, &NoKeys, &mut rng()).await;
        assert!(matches!(put, Err(PutError::Keys(Unavailable::Pin))), "{put:?}");
        house.has_nothing_of(&new).await;
        let row = house.put(b"kept").await;
        let read = house.documents.get(row.id, &NoKeys).await;
        assert!(matches!(read, Err(GetError::Keys(Unavailable::Pin))), "{read:?}");
        house.documents.shred(row.id, new.now).await.unwrap();
    }
}

proptest! {
    /// A chunk opens as what it was and at its place, or not at all.
    #[test]
    fn a_chunk_opens_at_its_place_or_not_at_all(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..6),
        order in prop::collection::vec(0_usize..6, 1..8),
        ends in any::<bool>(),
    ) {
        let key = seal::draw_key(&mut rng());
        let id = new().id;
        let (mut sealer, header) = Sealer::new(&key, id, &mut rng());
        let (last, first) = chunks.split_last().unwrap();
        let mut sealed = Vec::new();
        for chunk in first {
            let mut chunk = chunk.clone();
            sealer.next(&mut chunk).unwrap();
            sealed.push(chunk);
        }
        let mut end = last.clone();
        sealer.last(&mut end).unwrap();
        sealed.push(end);

        let mut opener = Some(Opener::new(&key, id, &header).unwrap());
        for (at, from) in order.iter().enumerate() {
            let Some(mut chunk) = sealed.get(*from).cloned() else { break };
            let asks_for_last = ends && at + 1 == order.len();
            let opened = if asks_for_last {
                opener.take().unwrap().last(&mut chunk)
            } else {
                opener.as_mut().unwrap().next(&mut chunk)
            };
            let is_its_place = *from == at && asks_for_last == (at + 1 == sealed.len());
            prop_assert_eq!(opened.is_ok(), is_its_place);
            if !is_its_place {
                break;
            }
            prop_assert_eq!(&chunk, &chunks[at]);
        }
        prop_assert!(Opener::new(&key, id, &header[1..]).is_none());
    }
}
