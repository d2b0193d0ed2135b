//! Secrets are in no log: a full run at the most talkative level is searched for them.

use domain::{KeyAlgorithm, base64url};
use hsm::{CertificateChange, CertifyRequest, KeyRole, RotateRequest, Service};
use world::{Client, PIN, Tokens, Vault, World};

const RIGHT: u8 = 0xA7;
const WRONG: u8 = 0xB9;

/// R125, R244: neither PIN nor what a password was hashed to is ever written, in any of the usual forms.
#[tokio::test]
async fn no_secret_reaches_a_log() {
    let tokens = Tokens::set_up("");
    let service = Vault::start_with(&tokens, &[("TAMGA_LOG", "trace")]).await;
    let world = World::around(tokens, service);
    let client: Client = world.client("900101300017", KeyAlgorithm::P256, RIGHT).await;
    world.sign(&client, RIGHT, 3).await.unwrap();
    world.sign(&client, WRONG, 1).await.unwrap_err();
    world
        .service
        .rotate(RotateRequest::Renew(KeyRole::Kdk))
        .await
        .unwrap();
    world.sign(&client, RIGHT, 1).await.unwrap();
    let held = CertifyRequest {
        credential: client.credential,
        change: CertificateChange::Held,
    };
    world.service.certify(held).await.unwrap();
    let log = std::fs::read_to_string(world.tokens.path("vault.log")).unwrap();
    assert!(log.len() > 2_000, "the run was logged: {} bytes", log.len());
    assert!(!log.contains(PIN));
    for secret in [RIGHT, WRONG] {
        let bytes = [secret; 32];
        let hex = format!("{:016x}", u64::from_be_bytes([secret; 8]));
        let decimal = [secret; 4].map(|byte| byte.to_string()).join(", ");
        let escaped = format!("\\x{secret:02x}").repeat(4);
        for form in [
            hex.clone(),
            hex.to_uppercase(),
            decimal,
            escaped,
            base64url(&bytes).split_at(16).0.to_owned(),
        ] {
            assert!(!log.contains(&form), "{form}");
        }
    }
    assert!(!log.contains("900101300017"), "nor is a client's number");
}
