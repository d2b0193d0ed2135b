//! Token keys get new versions while clients go on signing.

use std::time::Duration;

use domain::KeyAlgorithm;
use hsm::{ActivateError, KeyRole, RotateRequest, Rotation, Service};
use world::World;

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;

async fn versions(world: &World, column: &'static str) -> Vec<i64> {
    // In the order in which they were enrolled.
    let query = match column {
        "kdk" => {
            "SELECT key_kdk FROM credential c ORDER BY (SELECT MIN(position) FROM leaf WHERE credential = c.id)"
        }
        _ => {
            "SELECT verifier_kek FROM credential c ORDER BY (SELECT MIN(position) FROM leaf WHERE credential = c.id)"
        }
    };
    world.tokens.engine.numbers(query).await
}

/// A new `kek` is followed by a job that can be cut off anywhere and goes on where it was.
#[tokio::test]
async fn verifiers_move_to_the_new_kek_step_by_step() {
    let world = World::new().await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(world.client(IIN, KeyAlgorithm::P256, RIGHT).await);
    }
    let renewed = world
        .service
        .rotate(RotateRequest::Renew(KeyRole::Kek))
        .await
        .unwrap();
    assert_eq!(
        renewed,
        Rotation {
            version: 2,
            done: 0,
            left: 5
        }
    );
    let step = world
        .service
        .rotate(RotateRequest::RewrapVerifiers { most: 2 })
        .await
        .unwrap();
    assert_eq!(
        step,
        Rotation {
            version: 2,
            done: 2,
            left: 3
        }
    );
    let world = world.restart().await;
    assert!(world.sign(&clients[0], RIGHT, 1).await.is_ok(), "a moved one");
    assert!(
        world.sign(&clients[4], RIGHT, 1).await.is_ok(),
        "one not moved yet"
    );
    let step = world
        .service
        .rotate(RotateRequest::RewrapVerifiers { most: 10 })
        .await
        .unwrap();
    assert_eq!(
        step,
        Rotation {
            version: 2,
            done: 5,
            left: 0
        }
    );
    assert_eq!(versions(&world, "kek").await, [2; 5]);
    for client in &clients {
        assert!(world.sign(client, RIGHT, 1).await.is_ok());
        assert!(matches!(
            world.sign(client, 2, 1).await,
            Err(ActivateError::WrongPassword { .. })
        ));
    }
}

/// A new `kdk` needs the password: each key is wrapped anew at its next use, and not before.
#[tokio::test]
async fn keys_move_to_the_new_kdk_at_their_next_use() {
    let world = World::new().await;
    let first = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let second = world.client(IIN, KeyAlgorithm::Rsa2048, RIGHT).await;
    world
        .service
        .rotate(RotateRequest::Renew(KeyRole::Kdk))
        .await
        .unwrap();
    assert_eq!(versions(&world, "kdk").await, [1, 1]);
    world.sign(&first, 2, 1).await.unwrap_err();
    assert_eq!(
        versions(&world, "kdk").await,
        [1, 1],
        "a wrong password moves nothing"
    );
    world.sign(&first, RIGHT, 1).await.unwrap();
    assert_eq!(versions(&world, "kdk").await, [2, 1]);
    world.sign(&second, RIGHT, 2).await.unwrap();
    world.sign(&first, RIGHT, 2).await.unwrap();
    assert_eq!(versions(&world, "kdk").await, [2, 2]);
    let third = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    assert!(world.sign(&third, RIGHT, 1).await.is_ok());
}

/// R126: devices seal to a new key each day; two days later the old one is destroyed, and what was sealed to it is
/// unreadable for ever.
#[tokio::test]
async fn activation_keys_live_a_day_and_die() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let recorded = world.request(&client, RIGHT, 1).await;
    world.clock.advance(Duration::from_hours(25));
    world.service.tick().await;
    let next = world.request(&client, RIGHT, 1).await;
    assert_eq!(
        (recorded.sad.kid(), next.sad.kid()),
        ("activation/1", "activation/2")
    );
    assert!(world.service.activate(next).await.is_ok());
    world.clock.advance(Duration::from_hours(49));
    world.service.tick().await;
    world.service.tick().await;
    let fresh = world.request(&client, RIGHT, 1).await;
    let old = hsm::ActivateRequest {
        sad: recorded.sad,
        ..fresh
    };
    assert_eq!(world.service.activate(old).await, Err(ActivateError::SadKey));
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
}

/// Only keys that wrap or receive are renewed so.
#[tokio::test]
async fn other_keys_are_not_rotated() {
    let world = World::new().await;
    for role in [KeyRole::Tag, KeyRole::Challenge, KeyRole::Root] {
        assert!(world.service.rotate(RotateRequest::Renew(role)).await.is_err());
    }
}
