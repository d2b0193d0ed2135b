//! What leads to a certificate and what does not: statements, receipts, the registry's own rows.

use domain::{CertificateKind, KeyAlgorithm};
use hsm::{Service as _, ServiceKey};
use pki::PublicKey;
use server::{IssueError, KeySource};
use world::{Founding, Pki};

const ALIKHAN: &str = "900101300017";
const OTHER: &str = "900101300027";

/// One demand leads to one certificate, however often and by however many hands it is brought.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_leads_to_one_certificate() {
    let pki = Pki::new().await;
    let client = pki.world.uncertified(ALIKHAN, KeyAlgorithm::P256, 1).await;
    let demand = pki.demand(&client);
    let hands = (0..8).map(|_| {
        let (app, demand) = (std::sync::Arc::clone(&pki.app), demand.clone());
        tokio::spawn(async move { app.authority.issue(demand).await })
    });
    let hands: Vec<_> = hands.collect();
    let mut issued = Vec::new();
    for hand in hands {
        issued.push(hand.await.unwrap().unwrap());
    }
    assert!(
        issued.iter().all(|record| record.der == issued[0].der),
        "{issued:?}"
    );
    let engine = &pki.world.tokens.engine;
    assert_eq!(
        engine
            .number("SELECT COUNT(*) FROM certificate WHERE kind = 'natural-person'")
            .await,
        1
    );

    // The same statement for another key or another kind.
    let other = pki.world.uncertified(ALIKHAN, KeyAlgorithm::P256, 1).await;
    let spent = server::IssueRequest {
        statement: demand.statement,
        ..pki.demand(&other)
    };
    let refused = pki.authority().issue(spent).await.unwrap_err();
    assert!(matches!(refused, IssueError::StatementSpent(_)), "{refused}");
}

/// R084: a certificate that promises a key behind the HSM is issued on the boundary's word and on nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_boundarys_receipt_leads_to_a_clients_certificate() {
    let pki = Pki::new().await;
    let client = pki.world.uncertified(ALIKHAN, KeyAlgorithm::P256, 1).await;
    let good = pki.demand(&client);
    let made = pki
        .world
        .service
        .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
        .await
        .unwrap();
    let own = KeySource::Given(PublicKey::from_der(&made.1).unwrap());
    let strangers = Pki::new().await;
    let stranger = strangers.world.uncertified(ALIKHAN, KeyAlgorithm::P256, 1).await;
    let mut mixed = stranger.receipt.clone();
    mixed.certificate.clone_from(&client.receipt.certificate);

    let with = |key: KeySource| server::IssueRequest { key, ..good.clone() };
    let mut somebody_else = good.clone();
    somebody_else.subject.iin = Some(OTHER.parse().unwrap());
    let mut nobody = good.clone();
    nobody.subject.iin = None;
    let mut server_key = good.clone();
    server_key.kind = CertificateKind::TlsServer;
    for (demand, words) in [
        (with(own), "is issued in a session, on its receipt"),
        (
            with(KeySource::Receipt(stranger.receipt.clone())),
            "the receipt for the key is not the boundary's",
        ),
        (
            with(KeySource::Receipt(mixed)),
            "the receipt for the key is not the boundary's",
        ),
        (somebody_else, "its owner is not the one to be certified"),
        (nobody, "its owner is not the one to be certified"),
        (server_key, "is not for a Client's key behind the HSM"),
    ] {
        let refused = pki.authority().issue(demand).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let engine = &pki.world.tokens.engine;
    assert_eq!(
        engine
            .number("SELECT COUNT(*) FROM certificate WHERE kind = 'natural-person'")
            .await,
        0
    );
    pki.authority().issue(good).await.unwrap();
}

/// Whoever edits the row of an intention gets no signature for what stands there now.
#[tokio::test(flavor = "multi_thread")]
async fn an_edited_intention_is_not_signed() {
    // A key whose signatures are the same each time, so that both certificates are.
    let pki = Pki::founded(Founding {
        keys: [KeyAlgorithm::P384, KeyAlgorithm::Rsa2048, KeyAlgorithm::P256],
        ..Founding::USUAL
    })
    .await;
    let client = pki.world.uncertified(ALIKHAN, KeyAlgorithm::P256, 1).await;
    let demand = pki.demand(&client);
    let issued = pki.authority().issue(demand.clone()).await.unwrap();
    let engine = &pki.world.tokens.engine;
    // As if the process had died between intention and signature.
    engine
        .execute("UPDATE certificate SET state = 'prepared', der = NULL WHERE kind = 'natural-person'")
        .await;
    engine
        .execute("CREATE TABLE aside AS SELECT content FROM certificate WHERE kind = 'natural-person'")
        .await;
    engine
        .execute(
            "UPDATE certificate SET content = (SELECT content FROM certificate WHERE kind = 'issuing') \
             WHERE kind = 'natural-person'",
        )
        .await;
    let refused = pki.authority().issue(demand.clone()).await.unwrap_err();
    assert!(matches!(refused, IssueError::Altered(_)), "{refused}");
    engine
        .execute("UPDATE certificate SET content = (SELECT content FROM aside) WHERE kind = 'natural-person'")
        .await;
    let again = pki.authority().issue(demand).await.unwrap();
    assert_eq!((again.serial, again.der), (issued.serial, issued.der));
}
