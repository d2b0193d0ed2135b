//! The Shelf: what was destroyed stays destroyed, whatever older rows are put back.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use domain::{KeyAlgorithm, Purpose};
use hsm::{
    ActivateError, CertificateChange, CertifyError, CertifyRequest, ChallengeError, ChallengeRequest,
    DestroyReason, DestroyRequest, Part, Service, Shelf,
};
use store::Parts;
use world::{Client, World};

const RIGHT: u8 = 1;

async fn shelf(world: &World) -> Parts {
    Parts::open(&world.tokens.shelf()).await.unwrap()
}

async fn destroy(world: &World, client: &Client) {
    let request = DestroyRequest {
        credential: client.credential,
        reason: DestroyReason::Revoked,
    };
    world.service.destroy(request).await.unwrap();
}

/// R138: a key whose part is gone is refused as a destroyed one is, though its row is as it was and the password is
/// right; and the refused attempt is not counted.
#[tokio::test]
async fn a_key_without_its_part_is_a_destroyed_key() {
    let world = World::new().await;
    let client = world.client("900101300017", KeyAlgorithm::P256, RIGHT).await;
    let other = world.client("900101300027", KeyAlgorithm::P256, RIGHT).await;
    let request = world.request(&client, RIGHT, 1).await;
    let before = world.tokens.engine.numbers("SELECT tries FROM credential").await;
    shelf(&world).await.remove(&[client.credential]).await.unwrap();
    assert_eq!(
        world.service.activate(request).await,
        Err(ActivateError::Destroyed)
    );
    let challenge = world.service.challenge(ChallengeRequest {
        session: world.session(),
        purpose: Purpose::Activate(client.credential),
    });
    assert_eq!(challenge.await.unwrap_err(), ChallengeError::NoCredential);
    let hold = CertifyRequest {
        credential: client.credential,
        change: CertificateChange::Held,
    };
    assert_eq!(world.service.certify(hold).await, Err(CertifyError::NoCredential));
    assert_eq!(
        world.tokens.engine.numbers("SELECT tries FROM credential").await,
        before
    );
    assert!(world.sign(&other, RIGHT, 1).await.is_ok());
}

/// The part goes with the key; one that an older copy of the Shelf brought back goes when it is asked again, and at the
/// next start.
#[tokio::test]
async fn destroying_reaches_the_shelf_however_often_it_comes_back() {
    let world = World::new().await;
    let client = world.client("900101300017", KeyAlgorithm::P256, RIGHT).await;
    let other = world.client("900101300027", KeyAlgorithm::P256, RIGHT).await;
    let shelf = shelf(&world).await;
    assert!(shelf.get(client.credential).await.unwrap().is_some());
    destroy(&world, &client).await;
    assert!(shelf.get(client.credential).await.unwrap().is_none());

    let back = Part::new([7; Part::LENGTH]);
    shelf.put(client.credential, &back).await.unwrap();
    destroy(&world, &client).await;
    assert!(shelf.get(client.credential).await.unwrap().is_none());

    shelf.put(client.credential, &back).await.unwrap();
    let world = world.restart().await;
    assert!(shelf.get(client.credential).await.unwrap().is_none());
    assert!(shelf.get(other.credential).await.unwrap().is_some());
    assert!(world.sign(&other, RIGHT, 1).await.is_ok());
    // Nor is the value left in the files.
    for name in ["shelf.db", "shelf.db-wal"] {
        let bytes = std::fs::read(world.tokens.path(name)).unwrap_or_default();
        assert!(
            !bytes
                .windows(Part::LENGTH)
                .any(|window| window == [7; Part::LENGTH]),
            "{name}"
        );
    }
}

/// There is one copy, of now; what was destroyed after it was made does not come back with it.
#[tokio::test]
async fn the_one_copy_fills_an_empty_shelf_and_revives_nothing() {
    let world = World::new().await;
    let client = world.client("900101300017", KeyAlgorithm::P256, RIGHT).await;
    let other = world.client("900101300027", KeyAlgorithm::P256, RIGHT).await;
    let run = |command: &str| {
        let file = world.tokens.path("copy.db").display().to_string();
        let output = world.tokens.command(&["shelf", command, &file]).output().unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (well, said) = run("restore");
    assert!(!well && said.contains("is not there"), "{said}");
    for _ in 0..2 {
        let (well, said) = run("copy");
        assert!(well, "{said}");
    }
    let (well, said) = run("restore");
    assert!(!well && said.contains("holds parts already"), "{said}");
    destroy(&world, &client).await;
    for name in ["shelf.db", "shelf.db-wal", "shelf.db-shm"] {
        // Not every part exists at every moment.
        let _ = std::fs::remove_file(world.tokens.path(name));
    }
    let (well, said) = run("restore");
    assert!(well, "{said}");
    let world = world.restart().await;
    let shelf = shelf(&world).await;
    assert!(shelf.get(client.credential).await.unwrap().is_none());
    assert!(world.sign(&other, RIGHT, 1).await.is_ok());
}
