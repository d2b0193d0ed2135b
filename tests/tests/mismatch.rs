//! Genuine parts that do not belong together: each combination is refused by its own name, and nothing is signed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

use std::time::Duration;

use domain::{HashAlgorithm, Id, KeyAlgorithm, Purpose, Sad, Sealed, Sealing, ShownDocument, word};
use hsm::{ActivateError, ActivateRequest, ChallengeRequest, Service, ToBeSigned};
use world::{Client, World, assertion_claims, cms_attributes, documents, secret};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;

/// A request for one document in a Session, with a Sad whose content `alter` may change before it is sealed.
async fn request(
    world: &World,
    client: &Client,
    (session, assertion, document): (Id<word::Session>, String, ShownDocument),
    alter: impl FnOnce(&mut Sad),
) -> ActivateRequest {
    let purpose = Purpose::Activate(client.credential);
    let signed = world
        .service
        .challenge(ChallengeRequest { session, purpose })
        .await
        .unwrap();
    let challenge = signed.verify(&world.tokens.root_key(), world.now()).unwrap();
    let mut sad = Sad {
        session,
        credential: client.credential,
        nonce: challenge.nonce,
        documents: vec![document],
        secret: secret(RIGHT),
        issued_at: world.now(),
    };
    alter(&mut sad);
    let mut random = rand_core::UnwrapErr(getrandom::SysRng);
    let ends = (session, &challenge.nonce);
    let sealed = Sealed::seal(
        Sealing::Sad,
        ends,
        &challenge.activation,
        &sad.to_plaintext(),
        &mut random,
    )
    .unwrap();
    let structure = ToBeSigned::CmsAttributes(cms_attributes(&document.digest, &client.certificate_sha256()));
    ActivateRequest {
        assertion,
        nonce: challenge.nonce,
        sad: sealed,
        profile: client.profile(),
        list: vec![(vec![document.id], structure)],
    }
}

fn document() -> ShownDocument {
    documents(1, HashAlgorithm::Sha256)[0]
}

/// R126: what stands inside the sealed Sad is compared with everything around it.
#[tokio::test]
async fn the_inside_of_a_sad_is_compared_with_its_outside() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let refused = async |alter: fn(&mut Sad)| {
        let session = world.session();
        let parts = (session, world.proven(session, client.iin).await, document());
        world
            .service
            .activate(request(&world, &client, parts, alter).await)
            .await
    };
    assert_eq!(
        refused(|sad| sad.session = Id::from_bytes([7; 16])).await,
        Err(ActivateError::AnotherSession)
    );
    assert_eq!(
        refused(|sad| sad.nonce = domain::Nonce::new([7; 32])).await,
        Err(ActivateError::AnotherSession)
    );
    assert_eq!(
        refused(|sad| sad.credential = Id::from_bytes([7; 16])).await,
        Err(ActivateError::AnotherCredential)
    );
    assert_eq!(
        refused(|sad| sad.issued_at = sad.issued_at.plus(Duration::from_hours(1))).await,
        Err(ActivateError::SadTime)
    );
    assert_eq!(
        refused(|sad| sad.issued_at = sad.issued_at.minus(Duration::from_hours(1))).await,
        Err(ActivateError::SadTime)
    );
    assert_eq!(
        refused(|sad| sad.documents.push(documents(1, HashAlgorithm::Sha256)[0])).await,
        Err(ActivateError::AnotherDocument)
    );
    assert!(
        refused(|_| ()).await.is_ok(),
        "unaltered, it signs, and no refusal cost an attempt"
    );
}

/// R129: an assertion that led to signatures leads to no more; a document is signed once in a Session, whoever asks.
#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let world = World::new().await;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let session = world.session();
    let assertion = world.proven(session, client.iin).await;
    let signed = document();
    let parts = (session, assertion.clone(), signed);
    assert!(
        world
            .service
            .activate(request(&world, &client, parts, |_| ()).await)
            .await
            .is_ok()
    );
    world.clock.advance(Duration::from_secs(1));
    let parts = (session, assertion, document());
    let again = world
        .service
        .activate(request(&world, &client, parts, |_| ()).await)
        .await;
    assert_eq!(again, Err(ActivateError::AssertionSpent));
    let fresh = world
        .assert(&assertion_claims(session, client.iin, world.now()))
        .await;
    let twice = world
        .service
        .activate(request(&world, &client, (session, fresh, signed), |_| ()).await)
        .await;
    assert_eq!(twice, Err(ActivateError::AlreadySigned));
}
