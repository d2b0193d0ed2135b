//! The surface over real HTTP: what is sent, piece by piece where that matters, and what comes back.

use core::num::NonZeroU32;
use std::{path::Path, process::Command};

use policies::Policy;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::*;

/// Serves on an address of its own.
async fn served(change: impl FnOnce(&mut ValidationSettings)) -> core::net::SocketAddr {
    served_by(&Policy::SHIPPED, change).await
}

/// The same under other rules.
async fn served_by(policy: &Policy, change: impl FnOnce(&mut ValidationSettings)) -> core::net::SocketAddr {
    let mut settings = ValidationSettings {
        largest_file: 10_000,
        files_per_second: NonZeroU32::new(1_000).unwrap(),
        ..ValidationSettings::default()
    };
    change(&mut settings);
    let router = validation(Validator::new(&settings, policy).unwrap(), &settings);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(crate::http::serve(listener, router, core::future::pending()));
    address
}

/// A question with its head ready, and the connection on which its body may follow.
async fn begun(address: core::net::SocketAddr, query: &str, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("POST /api/v1/validate{query} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{head}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Status, head and body of what comes back.
async fn answer(mut stream: TcpStream) -> (u16, String, String) {
    let mut bytes = Vec::new();
    // Whoever is refused early may find the connection closed behind the answer.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_ascii_lowercase(), body.to_owned())
}

async fn asked(
    address: core::net::SocketAddr,
    (query, head): (&str, &str),
    body: &[u8],
) -> (u16, String, String) {
    let head = format!("{head}content-length: {}\r\n", body.len());
    let mut stream = begun(address, query, &head).await;
    let _ = stream.write_all(body).await;
    answer(stream).await
}

#[track_caller]
fn refused((status, head, body): &(u16, String, String), expected: u16, kind: &str) {
    assert_eq!(*status, expected, "{body}");
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["type"], format!("urn:tamga:problem:validation:{kind}"));
    assert_eq!(problem["status"], expected);
}

const BOUNDARY: &str = "content-type: multipart/form-data; boundary=cut\r\n";

fn form(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        body.extend(
            format!(
                "--cut\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\ncontent-type: \
                 application/octet-stream\r\n\r\n"
            )
            .into_bytes(),
        );
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--cut--\r\n");
    body
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A root's own signature on `content`, detached: nothing has to be known of an anchor's status.
fn signed(folder: &Path) -> Vec<u8> {
    std::fs::write(folder.join("content"), "content").unwrap();
    openssl(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Root -keyout root.key -out root.pem -days 30",
    );
    openssl(
        folder,
        "cms -sign -cades -binary -in content -signer root.pem -inkey root.key -outform DER -out signed.p7s",
    );
    std::fs::read(folder.join("signed.p7s")).unwrap()
}

#[tokio::test]
async fn a_detached_signature_is_judged_with_its_content_by_a_form() {
    let folder = tempfile::tempdir().unwrap();
    let signature = signed(folder.path());
    let root = folder.path().join("root.pem");
    let address = served(|settings| settings.anchors = vec![root.into()]).await;
    let judged = async |parts: &[(&str, &str, &[u8])]| {
        let (status, _, body) = asked(address, ("", BOUNDARY), &form(parts)).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    };
    let file = ("file", "signed.p7s", signature.as_slice());
    let report = judged(&[file, ("content", "letter.txt", b"content")]).await;
    assert_eq!(
        (&report["indication"], &report["file"]),
        (&"TOTAL-PASSED".into(), &"signed.p7s".into()),
        "{report}"
    );
    // In the other order, with other content, and without any.
    let report = judged(&[("content", "letter.txt", b"content"), file]).await;
    assert_eq!(report["indication"], "TOTAL-PASSED");
    let report = judged(&[file, ("content", "letter.txt", b"CONTENT")]).await;
    assert_eq!(report["indication"], "TOTAL-FAILED");
    let report = judged(&[file]).await;
    assert_eq!(report["indication"], "INDETERMINATE", "{report}");
    // Alone, as the body, it is the same.
    let (status, _, body) = asked(address, ("", ""), &signature).await;
    assert_eq!((status, body.contains("INDETERMINATE")), (200, true), "{body}");
}

#[tokio::test]
async fn stricter_rules_refuse_what_the_shipped_ones_pass() {
    let folder = tempfile::tempdir().unwrap();
    let signature = signed(folder.path());
    let root = folder.path().join("root.pem");
    let text = "version = 2\nendurance = { curves = '2020-01-01' }\ndocuments = { xml = '64 KiB' }";
    let stricter: Policy = toml::from_str(text).unwrap();
    let large = format!("<a>{}</a>", " ".repeat(3 << 16));
    for (policy, expected, status) in [
        (&Policy::SHIPPED, "TOTAL-PASSED", 200),
        (&stricter, "INDETERMINATE", 422),
    ] {
        let address = served_by(policy, |settings| {
            settings.anchors = vec![root.clone().into()];
            settings.largest_file = 1 << 20;
        })
        .await;
        let parts = [
            ("file", "signed.p7s", signature.as_slice()),
            ("content", "letter.txt", b"content".as_slice()),
        ];
        let (_, _, body) = asked(address, ("", BOUNDARY), &form(&parts)).await;
        let report: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(report["indication"], expected, "{body}");
        let answered = asked(address, ("", ""), large.as_bytes()).await;
        assert_eq!(answered.0, status, "{}", answered.2);
    }
}

#[tokio::test]
async fn the_report_is_in_the_language_and_the_form_that_the_asker_likes() {
    let address = served(|_| {}).await;
    for (query, head, language, kind) in [
        ("", "", "en", "application/json"),
        (
            "?language=kk",
            "accept-language: ru\r\n",
            "kk",
            "application/json",
        ),
        (
            "",
            "accept-language: de, ru-KZ;q=0.8, en;q=0.2\r\n",
            "ru",
            "application/json",
        ),
        (
            "",
            "accept-language: fr\r\naccept: text/plain\r\n",
            "en",
            "text/plain; charset=utf-8",
        ),
        (
            "?language=ru",
            "accept: application/json;q=0.1, text/*\r\n",
            "ru",
            "text/plain; charset=utf-8",
        ),
    ] {
        let (status, head, body) = asked(address, (query, head), b"<a/>").await;
        assert_eq!(status, 200, "{body}");
        assert!(head.contains(&format!("content-type: {kind}")), "{head}");
        assert!(head.contains(&format!("content-language: {language}")), "{head}");
    }
    refused(
        &asked(address, ("?language=de", ""), b"<a/>").await,
        400,
        "language",
    );
    refused(&asked(address, ("?lang=ru", ""), b"<a/>").await, 400, "language");
    let png = asked(address, ("", "accept: image/png\r\n"), b"<a/>").await;
    refused(&png, 406, "not-acceptable");
}

#[tokio::test]
async fn what_is_no_file_or_no_form_of_files_is_refused_in_words() {
    let address = served(|_| {}).await;
    refused(&asked(address, ("", ""), b"\x7fELF").await, 422, "unreadable");
    for kind in [
        "multipart/mixed; boundary=cut",
        "application/json",
        "application/x-www-form-urlencoded",
    ] {
        let head = format!("content-type: {kind}\r\n");
        refused(&asked(address, ("", &head), b"<a/>").await, 415, "wrong-type");
    }
    let twice = form(&[("file", "a", b"<a/>"), ("file", "b", b"<b/>")]);
    let unknown = form(&[("file", "a", b"<a/>"), ("other", "b", b"<b/>")]);
    let without = form(&[("content", "a", b"<a/>")]);
    let unfinished = form(&[("file", "a", b"<a/>")]);
    let unfinished = &unfinished[..unfinished.len() - 8];
    let endless = [b"--cut\r\nx: ".as_slice(), &vec![b'a'; 9_000_000]].concat();
    for body in [&twice, &unknown, &without, unfinished, b"no form", &endless] {
        refused(&asked(address, ("", BOUNDARY), body).await, 400, "form");
    }
    let head = "content-type: multipart/form-data\r\n";
    refused(&asked(address, ("", head), &without).await, 400, "form");
}

#[tokio::test]
async fn what_is_too_large_is_refused_as_soon_as_it_is_known() {
    let address = served(|_| {}).await;
    // Said before anything is sent.
    let stream = begun(address, "", "content-length: 10001\r\n").await;
    refused(&answer(stream).await, 413, "too-large");
    // Not said: found while it comes, and the rest is not waited for.
    let mut stream = begun(address, "", "transfer-encoding: chunked\r\n").await;
    let chunk = format!("2711\r\n{}\r\n", "a".repeat(0x2711));
    stream.write_all(chunk.as_bytes()).await.unwrap();
    refused(&answer(stream).await, 413, "too-large");
    // Both parts of a form together.
    let half = vec![b'a'; 6_000];
    let body = form(&[("file", "a", &half), ("content", "b", &half)]);
    refused(&asked(address, ("", BOUNDARY), &body).await, 413, "too-large");
}

#[tokio::test]
async fn what_is_cut_off_is_not_judged() {
    let address = served(|_| {}).await;
    for head in ["", BOUNDARY] {
        let head = format!("{head}content-length: 100\r\n");
        let mut stream = begun(address, "", &head).await;
        stream.write_all(b"--cut\r\n").await.unwrap();
        stream.shutdown().await.unwrap();
        refused(&answer(stream).await, 400, "cut-off");
    }
}

/// More of them than are judged at once: before, they took every place.
#[tokio::test]
async fn who_sends_slowly_takes_nobody_s_place() {
    let address = served(|_| {}).await;
    let mut slow = Vec::new();
    for _ in 0..AT_ONCE * 4 {
        let mut stream = begun(address, "", "content-length: 4\r\n").await;
        stream.write_all(b"<a").await.unwrap();
        slow.push(stream);
    }
    for _ in 0..AT_ONCE {
        assert_eq!(asked(address, ("", ""), b"<a/>").await.0, 200);
    }
    // The slow ones are served as well when they have ended.
    for mut stream in slow {
        stream.write_all(b"/>").await.unwrap();
        assert_eq!(answer(stream).await.0, 200);
    }
}

#[tokio::test]
async fn whoever_sends_too_many_is_told_to_come_back() {
    let address = served(|settings| settings.files_per_second = NonZeroU32::MIN).await;
    assert_eq!(asked(address, ("", ""), b"<a/>").await.0, 200);
    let answer = asked(address, ("", ""), b"<a/>").await;
    refused(&answer, 429, "too-many");
    assert!(answer.1.contains("retry-after: 2"));
}
