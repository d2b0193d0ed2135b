//! rfc3161-client, by which Python programs ask for time stamps, verifies ours: as they were asked for and not otherwise.

use serde_json::json;
use world::{Authority, Founding};

use crate::{Court, RSA, python};

const POLICY: &str = "1.3.6.1.4.1.32473.7.6.1";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";
const SHA512: &str = "2.16.840.1.101.3.4.2.3";

#[tokio::test(flavor = "multi_thread")]
async fn rfc3161_client_verifies_stamps_as_asked_for_and_not_otherwise() {
    for founding in [Founding::USUAL, RSA] {
        let court = Court::founded(founding).await;
        court.keep("data", b"what was there first");
        court.keep("stranger.pem", Authority::new().certificate().as_bytes());
        // The client itself does not ask with SHA-384, nor without a nonce when left alone.
        for (hash, more) in [("sha384", ""), ("sha256", "-no_nonce")] {
            let line = format!("openssl ts -query -data data -{hash} {more} -cert -out {hash}.tsq");
            court.says(&line).await;
        }
        let files = [
            "root.pem",
            "issuing.pem",
            "stranger.pem",
            "data",
            "sha384.tsq",
            "sha256.tsq",
        ];
        let mut arguments = vec![format!("{}/tsa", court.pki.base)];
        arguments.extend(files.map(|file| court.path(file).display().to_string()));
        let mut stamps = python("stamp.py", &arguments).await;

        let now = court.pki.world.now().micros() / 1_000_000;
        for stamp in stamps.as_array_mut().unwrap() {
            let time = stamp.as_object_mut().unwrap().remove("time").unwrap();
            assert!((now - 1..=now).contains(&time.as_i64().unwrap()), "{time}, {now}");
        }
        let expected = |(hash, nonce): (&str, bool)| {
            json!({
                "hash": hash,
                "nonce": nonce,
                "policy": POLICY,
                "as asked": true,
                "of other data": false,
                "of another nonce": false,
                "under another root": false,
            })
        };
        let asked = [(SHA256, true), (SHA512, true), (SHA384, true), (SHA256, false)];
        assert_eq!(stamps, json!(asked.map(expected)));
    }
}
