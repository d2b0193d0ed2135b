//! Digests that go to the service worker together: what befalls one of them is its own affair.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use domain::{EcPublicKey, HashAlgorithm, KeyAlgorithm, SignatureProfile};
use hsm::{Service, ServiceKey, SignAsError, SignAsRequest};
use tokio::task::JoinSet;
use world::{World, rng};

const GOOD: SignatureProfile = SignatureProfile::EcdsaP256Sha256;
/// No curve signs so.
const BAD: SignatureProfile = SignatureProfile::RsaPkcs1Sha256;

/// A new service key: its version and public half.
async fn key(service: &impl Service) -> (u32, EcPublicKey) {
    let (version, spki) = service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let public = EcPublicKey::from_point(spki.last_chunk().unwrap()).unwrap();
    (version, public)
}

fn request(version: u32, profile: SignatureProfile, message: &[u8]) -> SignAsRequest {
    SignAsRequest {
        key: ServiceKey::Tokens,
        version: Some(version),
        profile,
        digest: HashAlgorithm::Sha256.digest(message),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_digest_fails_none_of_its_neighbours() {
    let world = World::new().await;
    let (version, public) = key(&world.service).await;
    let mut calls = JoinSet::new();
    for number in 0..200 {
        let service = world.service.clone();
        let profile = if number % 5 == 0 { BAD } else { GOOD };
        calls.spawn(async move {
            let message = rng::<24>();
            let signed = service.sign_as(request(version, profile, &message)).await;
            (profile, message, signed)
        });
    }
    while let Some(call) = calls.join_next().await {
        let (profile, message, signed) = call.unwrap();
        if profile == BAD {
            assert_eq!(signed, Err(SignAsError::Profile(BAD)));
        } else {
            assert!(public.verifies(&message, &signed.unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_among_many_digests_costs_no_signature() {
    const MANY: usize = 1_200;
    const IN_FLIGHT: usize = 100;
    let world = std::sync::Arc::new(World::of_program("").await);
    let (version, public) = key(&world.service).await;
    let mut calls = JoinSet::new();
    let call = || {
        let world = world.clone();
        async move {
            let message = rng::<24>();
            let signed = world.service.sign_as(request(version, GOOD, &message)).await;
            (message, signed)
        }
    };
    let mut begun = 0;
    let mut signed = 0;
    while signed < MANY {
        while begun < MANY && calls.len() < IN_FLIGHT {
            calls.spawn(call());
            begun += 1;
        }
        let (message, signature) = calls.join_next().await.unwrap().unwrap();
        assert!(public.verifies(&message, &signature.unwrap()));
        signed += 1;
        if signed % 300 == 150 {
            for worker in world.service.workers() {
                // Of those just replaced, one may be gone already.
                let _ = std::process::Command::new("kill")
                    .args(["-KILL", &worker.to_string()])
                    .status();
            }
        }
    }
    let status = world.service.status().await.unwrap();
    assert!(status.healthy && status.replaced > 0, "{status:?}");
}
