//! The responder as RFC 6960 and RFC 5019 have it: by GET and POST, kept and fresh answers, caching, and every question
//! that is none.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{collections::BTreeMap, process::Command, time::Duration};

use base64ct::{Base64, Encoding as _};
use domain::KeyAlgorithm;
use pki::crl::Reason;
use server::Wish;
use world::{Pki, open_authority, run};

const ALIKHAN: &str = "900101300017";

/// An answer of the surfaces.
struct Heard {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The status of the `OCSPResponse`, when it is not "successful".
    fn unsuccessful(&self) -> Option<u8> {
        match self.body.as_slice() {
            [0x30, 3, 0x0A, 1, status] => Some(*status),
            _ => None,
        }
    }
}

/// Asks with curl.
async fn curl(pki: &Pki, path: &str, more: &[&str]) -> Heard {
    let folder = pki.world.tokens.folder();
    let (head, body) = (folder.join("head"), folder.join("body"));
    // A body that does not come must not be an older one.
    let _ = std::fs::remove_file(&body);
    let output = run(Command::new("curl")
        .args(["-s", "--path-as-is", "-D"])
        .arg(&head)
        .arg("-o")
        .arg(&body)
        .args(more)
        .arg(format!("{}{path}", pki.base)))
    .await;
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(&head).unwrap();
    let mut lines = text.lines();
    let status = lines
        .next()
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Heard {
        status,
        headers: headers.collect(),
        body: std::fs::read(&body).unwrap_or_default(),
    }
}

/// Posts a question.
async fn post(pki: &Pki, question: &[u8]) -> Heard {
    let path = pki.world.tokens.path("question");
    std::fs::write(&path, question).unwrap();
    let data = format!("@{}", path.display());
    curl(
        pki,
        "/ocsp",
        &[
            "-H",
            "Content-Type: application/ocsp-request",
            "--data-binary",
            &data,
        ],
    )
    .await
}

/// A question as openssl writes it.
async fn question(pki: &Pki, more: &[&str]) -> Vec<u8> {
    let path = pki.world.tokens.path("written");
    let written = run(Command::new("openssl")
        .args(["ocsp", "-reqout"])
        .arg(&path)
        .arg("-issuer")
        .arg(pki.chain().1)
        .args(more))
    .await;
    assert!(written.status.success(), "{written:?}");
    std::fs::read(&path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_answers_are_cached_and_fresh_ones_are_not() {
    let pki = Pki::new().await;
    let (_, issued) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
    let serial = format!("0x{}", issued.serial);
    let plain = question(&pki, &["-serial", &serial, "-no_nonce"]).await;
    let path = format!("/ocsp/{}", Base64::encode_string(&plain));

    let first = curl(&pki, &path, &[]).await;
    assert_eq!(
        (first.status, first.header("content-type")),
        (200, "application/ocsp-response")
    );
    assert_eq!(
        first.header("cache-control"),
        "max-age=60, public, no-transform, must-revalidate"
    );
    for name in ["etag", "last-modified", "expires"] {
        assert!(!first.header(name).is_empty(), "{name}");
    }
    // The same by POST and with the question percent-encoded, as RFC 6960 A.1 writes it.
    assert_eq!(post(&pki, &plain).await.body, first.body);
    let encoded = path.replace('+', "%2B").replace('=', "%3D");
    let (prefix, rest) = encoded.split_at("/ocsp/".len());
    let encoded = format!("{prefix}{}", rest.replace('/', "%2F"));
    assert_eq!(curl(&pki, &encoded, &[]).await.body, first.body);
    let known = curl(
        &pki,
        &path,
        &["-H", &format!("If-None-Match: {}", first.header("etag"))],
    )
    .await;
    assert_eq!((known.status, known.body.is_empty()), (304, true));

    let fresh = question(&pki, &["-serial", &serial, "-nonce"]).await;
    let (one, two) = (post(&pki, &fresh).await, post(&pki, &fresh).await);
    assert_eq!((one.status, one.header("cache-control")), (200, "no-store"));
    assert_ne!(one.body, two.body);

    pki.authority()
        .change(issued.id, Wish::Revoke(Reason::KeyCompromise), pki.statement())
        .await
        .unwrap();
    let after = curl(
        &pki,
        &path,
        &["-H", &format!("If-None-Match: {}", first.header("etag"))],
    )
    .await;
    assert_eq!(after.status, 200);
    assert_ne!(after.body, first.body);
}

/// What an answer says of its certificate.
async fn status(pki: &Pki, answer: &[u8]) -> String {
    let path = pki.world.tokens.path("answer");
    std::fs::write(&path, answer).unwrap();
    let told = run(Command::new("openssl")
        .args(["ocsp", "-noverify", "-text", "-respin"])
        .arg(&path))
    .await;
    let text = String::from_utf8(told.stdout).unwrap();
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("Cert Status: "));
    line.unwrap_or(&text).to_owned()
}

/// A node that remembers states says what another one changed as soon as it hears of it, and within half a second when it
/// hears nothing.
#[tokio::test(flavor = "multi_thread")]
async fn answers_with_a_nonce_say_what_another_node_changed() {
    let pki = Pki::new().await;
    let (_, issued) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
    let serial = format!("0x{}", issued.serial);
    let asked = question(&pki, &["-serial", &serial, "-nonce"]).await;
    let other = open_authority(&pki.world, (&pki.base, 1)).await;
    let heard = other.hear_changes(0).await.unwrap();
    for _ in 0..2 {
        assert_eq!(status(&pki, &other.answer(&asked).await.der).await, "good");
    }

    let change = |wish| pki.authority().change(issued.id, wish, pki.statement());
    change(Wish::Hold).await.unwrap();
    let heard = other.hear_changes(heard).await.unwrap();
    assert_eq!(status(&pki, &other.answer(&asked).await.der).await, "revoked");

    change(Wish::Release).await.unwrap();
    other.hear_changes(heard).await.unwrap();
    assert_eq!(status(&pki, &other.answer(&asked).await.der).await, "good");
    change(Wish::Revoke(Reason::KeyCompromise)).await.unwrap();
    pki.world.clock.advance(Duration::from_millis(500));
    assert_eq!(status(&pki, &other.answer(&asked).await.der).await, "revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_are_none_are_answered_as_the_rfc_says() {
    let pki = Pki::new().await;
    let (_, issued) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
    let serial = format!("0x{}", issued.serial);
    let good = question(&pki, &["-serial", &serial, "-nonce"]).await;
    let (malformed, unauthorized) = (Some(1), Some(6));

    for length in 0..good.len() {
        let heard = post(&pki, good.get(..length).unwrap()).await;
        assert_eq!(
            (heard.status, heard.unsuccessful()),
            (200, malformed),
            "cut off at {length}"
        );
        assert_eq!(heard.header("cache-control"), "no-store");
    }
    let trailing = [good.as_slice(), &[0]].concat();
    assert_eq!(post(&pki, &trailing).await.unsuccessful(), malformed);
    for text in ["%21%21", "AA", "MEUwQzBBMD8wPTAJBgUrDgMCGgUABBR"] {
        assert_eq!(
            curl(&pki, &format!("/ocsp/{text}"), &[]).await.unsuccessful(),
            malformed,
            "{text}"
        );
    }
    // Of an authority that is not ours.
    let strangers = Pki::new().await;
    let foreign = question(&strangers, &["-serial", &serial]).await;
    assert_eq!(post(&pki, &foreign).await.unsuccessful(), unauthorized);
    // A number that nobody gave out is told to be unknown, by a signed answer that nobody keeps.
    let unknown = question(
        &pki,
        &[
            "-serial",
            "0x4000000000000000000000000000000000000000",
            "-no_nonce",
        ],
    )
    .await;
    let heard = post(&pki, &unknown).await;
    assert_eq!(
        (heard.unsuccessful(), heard.header("cache-control")),
        (None, "no-store")
    );
    // Many at once are answered; too many, and what is no question at all, are not.
    let serials: Vec<&str> = (0..16).flat_map(|_| ["-serial", &serial]).collect();
    assert_eq!(
        post(&pki, &question(&pki, &serials).await).await.unsuccessful(),
        None
    );
    let serials: Vec<&str> = (0..200).flat_map(|_| ["-serial", &serial]).collect();
    assert_eq!(
        post(&pki, &question(&pki, &serials).await).await.unsuccessful(),
        malformed
    );
    assert_eq!(post(&pki, &vec![0x30; 20_000]).await.status, 413);
    let wrong_type = curl(&pki, "/ocsp", &["-d", "x"]).await;
    assert_eq!(wrong_type.status, 415);
    assert_eq!(curl(&pki, "/ocsp", &[]).await.status, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_served_and_nothing_else() {
    let pki = Pki::new().await;
    let (_, published) = pki.client(ALIKHAN, KeyAlgorithm::P256).await;
    let operator = ca::Subject {
        common_name: Some("Оператор".to_owned()),
        ..ca::Subject::default()
    };
    let kept = pki.any(domain::CertificateKind::Operator, operator).await;
    for (path, status, kind) in [
        ("/pki/root.crt".to_owned(), 200, "application/pkix-cert"),
        ("/pki/issuing-1.crt".to_owned(), 200, "application/pkix-cert"),
        ("/pki/root.crl".to_owned(), 200, "application/pkix-crl"),
        ("/pki/issuing-1.crl".to_owned(), 200, "application/pkix-crl"),
        ("/pki/issuing-1-delta.crl".to_owned(), 200, "application/pkix-crl"),
        (
            format!("/pki/certificates/{}.crt", published.serial),
            200,
            "application/pkix-cert",
        ),
        (format!("/pki/certificates/{}.crt", kept.serial), 404, ""),
        ("/pki/certificates/zz.crt".to_owned(), 404, ""),
        ("/pki/issuing-9.crl".to_owned(), 404, ""),
        ("/pki/issuing-01.crl".to_owned(), 404, ""),
        ("/pki/..%2F..%2Fetc%2Fpasswd".to_owned(), 404, ""),
        ("/healthz".to_owned(), 200, ""),
        ("/readyz".to_owned(), 200, ""),
        ("/metrics".to_owned(), 200, ""),
    ] {
        let heard = curl(&pki, &path, &[]).await;
        assert_eq!(heard.status, status, "{path}");
        if !kind.is_empty() {
            assert_eq!(heard.header("content-type"), kind, "{path}");
        }
    }
}
