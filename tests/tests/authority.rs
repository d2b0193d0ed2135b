//! The certification authority, judged by openssl and gnutls over its own HTTP surfaces.

use std::process::Command;

use ca::State;
use domain::KeyAlgorithm;
use pki::crl::Reason;
use server::Wish;
use world::{Founding, Pki, run};

const ALIKHAN: &str = "900101300017";

async fn said(command: &mut Command) -> String {
    let output = run(command).await;
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What openssl says of a certificate, with the revocation lists of the surfaces.
async fn with_lists(pki: &Pki, name: &str) -> String {
    let (root, issuing) = pki.chain();
    let root_list = pki.pem("root.crl.pem", "X509 CRL", &pki.get("/pki/root.crl").await);
    let list = pki.pem(
        "issuing.crl.pem",
        "X509 CRL",
        &pki.get("/pki/issuing-1.crl").await,
    );
    said(
        Command::new("openssl")
            .args(["verify", "-x509_strict", "-crl_check_all", "-CAfile"])
            .arg(&root)
            .arg("-untrusted")
            .arg(&issuing)
            .arg("-CRLfile")
            .arg(&root_list)
            .arg("-CRLfile")
            .arg(&list)
            .arg(pki.world.tokens.path(name)),
    )
    .await
}

/// What openssl hears from the responder about a certificate.
async fn online(pki: &Pki, name: &str, more: &[&str]) -> String {
    let (root, issuing) = pki.chain();
    said(
        Command::new("openssl")
            .arg("ocsp")
            .arg("-issuer")
            .arg(&issuing)
            .arg("-cert")
            .arg(pki.world.tokens.path(name))
            .args(["-url", &format!("{}/ocsp", pki.base), "-CAfile"])
            .arg(&root)
            .arg("-verify_other")
            .arg(&issuing)
            .arg("-no_cert_checks")
            .args(more),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_lives_is_held_and_revoked_and_openssl_sees_each_step() {
    let pki = Pki::new().await;
    let (_, issued) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
    pki.pem("client.pem", "CERTIFICATE", issued.der.as_ref().unwrap());

    let good = with_lists(&pki, "client.pem").await;
    assert!(good.contains("client.pem: OK"), "{good}");
    let good = online(&pki, "client.pem", &[]).await;
    assert!(
        good.contains("Response verify OK") && good.contains("client.pem: good"),
        "{good}"
    );

    for (wish, online_says, lists_say) in [
        (Wish::Hold, "Reason: certificateHold", "certificate revoked"),
        (Wish::Release, "client.pem: good", "client.pem: OK"),
        (
            Wish::Revoke(Reason::KeyCompromise),
            "Reason: keyCompromise",
            "certificate revoked",
        ),
    ] {
        pki.authority()
            .change(issued.id, wish, pki.statement())
            .await
            .unwrap();
        // At once, with and without a nonce.
        for more in [&["-no_nonce"][..], &["-nonce"][..]] {
            let status = online(&pki, "client.pem", more).await;
            assert!(
                status.contains("Response verify OK") && status.contains(online_says),
                "{wish:?} {more:?}: {status}"
            );
        }
        for scope in pki.authority().scopes() {
            pki.authority().refresh_lists(scope).await.unwrap();
        }
        let status = with_lists(&pki, "client.pem").await;
        assert!(status.contains(lists_say), "{wish:?}: {status}");
    }
    let record = pki
        .authority()
        .store()
        .certificate(issued.id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(record.state, State::Revoked { .. }));
    assert_eq!(pki.authority().store().keys_left().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_authority_key_makes_a_chain_that_openssl_and_gnutls_accept() {
    for keys in [
        [KeyAlgorithm::P384, KeyAlgorithm::P256, KeyAlgorithm::P256],
        [
            KeyAlgorithm::Rsa4096,
            KeyAlgorithm::Rsa2048,
            KeyAlgorithm::Rsa2048,
        ],
    ] {
        let pki = Pki::founded(Founding {
            keys,
            ..Founding::USUAL
        })
        .await;
        let (_, issued) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
        pki.pem("client.pem", "CERTIFICATE", issued.der.as_ref().unwrap());
        let status = with_lists(&pki, "client.pem").await;
        assert!(status.contains("client.pem: OK"), "{keys:?}: {status}");
        let status = online(&pki, "client.pem", &[]).await;
        assert!(status.contains("Response verify OK"), "{keys:?}: {status}");

        let (root, issuing) = pki.chain();
        let all = [pki.world.tokens.path("client.pem"), issuing, root.clone()]
            .map(|path| std::fs::read_to_string(path).unwrap())
            .concat();
        let bundle = pki.world.tokens.path("bundle.pem");
        std::fs::write(&bundle, all).unwrap();
        let verdict = said(
            Command::new("certtool")
                .args(["--verify-profile", "medium", "--verify-chain", "--infile"])
                .arg(&bundle),
        )
        .await;
        assert!(
            verdict.contains("Verified. The certificate is trusted."),
            "{keys:?}: {verdict}"
        );
    }
}
