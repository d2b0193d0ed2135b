//! Time stamps, judged by openssl; every refusal with its reason.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what only tests run may fail loudly"
)]

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use domain::{HashAlgorithm, Time};
use world::{Pki, run};

async fn openssl(arguments: &[&str]) -> String {
    let output = run(Command::new("openssl").args(arguments)).await;
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA1: &[u8] = &[0x2B, 0x0E, 3, 2, 0x1A];

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Posts a request with curl; the reply's file.
async fn ask(pki: &Pki, request: &Path) -> PathBuf {
    let reply = pki.world.tokens.path("reply.tsr");
    let output = run(Command::new("curl")
        .args([
            "-sf",
            "-H",
            "Content-Type: application/timestamp-query",
            "--data-binary",
        ])
        .arg(format!("@{}", request.display()))
        .arg("-o")
        .arg(&reply)
        .arg(format!("{}/tsa", pki.base)))
    .await;
    assert!(output.status.success(), "{output:?}");
    reply
}

#[tokio::test(flavor = "multi_thread")]
async fn openssl_verifies_stamps_of_every_digest_with_and_without_nonce_and_certificate() {
    let pki = Pki::new().await;
    let (root, issuing) = pki.chain();
    let house = pki.authority().house();
    let unit = house.service(hsm::ServiceKey::TimeStamp).unwrap();
    let unit = pki.pem("unit.pem", "CERTIFICATE", unit.der());
    let untrusted = pki.world.tokens.path("untrusted.pem");
    let both = [&unit, &issuing]
        .map(|path| std::fs::read_to_string(path).unwrap())
        .concat();
    std::fs::write(&untrusted, both).unwrap();
    let data = pki.world.tokens.path("data");
    std::fs::write(&data, b"what was there first").unwrap();
    for digest in ["-sha256", "-sha384", "-sha512"] {
        for more in [&["-cert"][..], &["-cert", "-no_nonce"], &["-no_nonce"], &[]] {
            let query = pki.world.tokens.path("query.tsq");
            let ask_for = ["ts", "-query", "-data", text(&data), digest, "-out", text(&query)];
            openssl(&[&ask_for[..], more].concat()).await;
            let reply = ask(&pki, &query).await;
            let verify = [
                "ts",
                "-verify",
                "-queryfile",
                text(&query),
                "-in",
                text(&reply),
                "-CAfile",
                text(&root),
                "-untrusted",
                text(&untrusted),
            ];
            let verdict = openssl(&verify).await;
            assert!(
                verdict.contains("Verification: OK"),
                "{digest} {more:?}: {verdict}"
            );
            let shown = openssl(&["ts", "-reply", "-in", text(&reply), "-text"]).await;
            assert!(shown.contains("Policy OID: 1.3.6.1.4.1.32473.7.6.1"), "{shown}");
            assert!(shown.contains("Accuracy: 0x02 seconds"), "{shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_names_its_reason() {
    let pki = Pki::new().await;
    let digest = HashAlgorithm::Sha256.digest(b"x");
    let request = |version: u8, oid: &[u8], hash: &[u8], rest: &[u8]| {
        let algorithm = wrap(0x30, &[&wrap(0x06, &[oid]), &wrap(0x05, &[])]);
        let imprint = wrap(0x30, &[&algorithm, &wrap(0x04, &[hash])]);
        wrap(0x30, &[&wrap(0x02, &[&[version]]), &imprint, rest])
    };
    let policy = wrap(0x06, &[&[0x2A, 3, 4]]);
    let extension = wrap(
        0xA0,
        &[&wrap(
            0x30,
            &[&wrap(0x06, &[&[0x2A, 3]]), &wrap(0x04, &[&[5, 0]])],
        )],
    );
    let nonce = wrap(0x02, &[&[1; 65]]);
    let whole = digest.as_bytes();
    for (what, request, reason) in [
        (
            "no DER",
            b"hello".to_vec(),
            "the data submitted has the wrong format",
        ),
        ("empty", Vec::new(), "the data submitted has the wrong format"),
        (
            "version 2",
            request(2, SHA256, whole, &[]),
            "transaction not permitted or supported",
        ),
        (
            "SHA-1",
            request(1, SHA1, &[0; 20], &[]),
            "unrecognized or unsupported algorithm identifier",
        ),
        (
            "short digest",
            request(1, SHA256, &whole[..31], &[]),
            "the data submitted has the wrong format",
        ),
        (
            "foreign policy",
            request(1, SHA256, whole, &policy),
            "the requested TSA policy is not supported",
        ),
        (
            "long nonce",
            request(1, SHA256, whole, &nonce),
            "the data submitted has the wrong format",
        ),
        (
            "an extension",
            request(1, SHA256, whole, &extension),
            "the requested extension is not supported",
        ),
    ] {
        let query = pki.world.tokens.path("query.tsq");
        std::fs::write(&query, request).unwrap();
        let shown = openssl(&["ts", "-reply", "-text", "-in", text(&ask(&pki, &query).await)]).await;
        assert!(
            shown.contains("Status: Rejected") && shown.contains(reason),
            "{what}: {shown}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_the_second_source_contradicts_stamps_nothing() {
    let pki = Pki::new().await;
    let data = pki.world.tokens.path("data");
    std::fs::write(&data, b"x").unwrap();
    let query = pki.world.tokens.path("query.tsq");
    openssl(&[
        "ts",
        "-query",
        "-data",
        text(&data),
        "-sha256",
        "-out",
        text(&query),
    ])
    .await;
    let reading = pki.authority().reading();
    let hear = |second: Time| pki.authority().watch().hear(pki.authority().reading(), second);

    hear(reading.wall.plus(Duration::from_secs(3)));
    let shown = openssl(&["ts", "-reply", "-text", "-in", text(&ask(&pki, &query).await)]).await;
    assert!(
        shown.contains("the TSA's time source is not available"),
        "{shown}"
    );
    let ready = run(Command::new("curl").args(["-s", &format!("{}/readyz", pki.base)])).await;
    assert!(String::from_utf8_lossy(&ready.stdout).contains("the clock cannot be trusted"));

    hear(reading.wall);
    let shown = openssl(&["ts", "-reply", "-text", "-in", text(&ask(&pki, &query).await)]).await;
    assert!(shown.contains("Status: Granted"), "{shown}");
}

fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = match body.len() {
        short @ 0..=127 => vec![u8::try_from(short).unwrap()],
        long @ 128..=255 => vec![0x81, u8::try_from(long).unwrap()],
        other => panic!("{other} bytes are not needed here"),
    };
    [vec![tag], length, body].concat()
}
