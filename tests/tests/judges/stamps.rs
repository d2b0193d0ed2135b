//! rfc3161-client, by which Python programs ask for time stamps, verifies ours and only over what was stamped.

use crate::{Court, RSA, python};
use world::Founding;

/// What was asked for, in the order of `stamp.py`: its own two, then openssl's.
const HASHES: [&str; 4] = [SHA256, SHA512, SHA256, SHA384];
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";
const SHA512: &str = "2.16.840.1.101.3.4.2.3";

#[tokio::test(flavor = "multi_thread")]
async fn rfc3161_client_verifies_stamps_of_every_hash_over_their_data_only() {
    for founding in [Founding::USUAL, RSA] {
        let court = Court::founded(founding).await;
        court.keep("data", b"what was there first");
        court.hears("openssl ts -query -data data -sha256 -cert -no_nonce -out 256.tsq", "").await;
        court.hears("openssl ts -query -data data -sha384 -cert -out 384.tsq", "").await;
        let files = ["root.pem", "issuing.pem", "data", "256.tsq", "384.tsq"];
        let mut arguments = vec![format!("{}/tsa", court.pki.base)];
        arguments.extend(files.map(|file| court.path(file).display().to_string()));
        let said = python("stamp.py", &arguments).await;
        println!("{said:#}");
        let stamps = said.as_array().unwrap();
        assert_eq!(stamps.len(), HASHES.len());
    }
}
