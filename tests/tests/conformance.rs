//! One suite, three bodies: the boundary in this process, over its Unix sockets, and over mutual TLS.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails may fail loudly"
)]

use std::sync::Arc;

use domain::{HashAlgorithm, KeyAlgorithm, Purpose, SignatureProfile};
use hsm::{
    ActivateError, CertificateChange, CertifyRequest, ChallengeRequest, DestroyReason, DestroyRequest,
    EnrolError, KeyRole, Outcome, Remote, RotateRequest, Service, ServiceKey, SignAsError, SignAsRequest,
    Unavailable,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use world::{Authority, Tokens, Vault, World, openssl_accepts};

const IIN: &str = "900101300017";
const RIGHT: u8 = 1;

/// Every operation once, through whatever carries it.
async fn suite<S: Service>(world: &World<S>) {
    let service = &world.service;
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    let request = world.request(&client, RIGHT, 3).await;
    let batch = service.activate(request.clone()).await.unwrap();
    assert_eq!(service.outcome(request.nonce).await, Ok(Outcome::Signed(batch)));
    assert_eq!(service.activate(request).await, Err(ActivateError::Replayed));
    assert_eq!(
        service.outcome(domain::Nonce::new([0; 32])).await,
        Ok(Outcome::Unknown)
    );
    assert_eq!(
        world.sign(&client, 2, 1).await,
        Err(ActivateError::WrongPassword { left: 4 })
    );

    let (version, spki) = service
        .make_service_key(ServiceKey::Ocsp, KeyAlgorithm::Rsa2048)
        .await
        .unwrap();
    assert_eq!(version, 1);
    let digest = HashAlgorithm::Sha256.digest(b"answer");
    let profile = SignatureProfile::RsaPkcs1Sha256;
    let signature = service
        .sign_as(SignAsRequest {
            key: ServiceKey::Ocsp,
            version: None,
            profile,
            digest,
        })
        .await
        .unwrap();
    assert!(openssl_accepts(&spki, profile, b"answer", &signature));
    let wrong = SignAsRequest {
        key: ServiceKey::Ocsp,
        version: None,
        profile: SignatureProfile::EcdsaP256Sha256,
        digest,
    };
    assert_eq!(
        service.sign_as(wrong).await,
        Err(SignAsError::Profile(SignatureProfile::EcdsaP256Sha256))
    );
    let wrong = SignAsRequest {
        key: ServiceKey::Ocsp,
        version: None,
        profile: SignatureProfile::RsaPssSha512,
        digest,
    };
    assert_eq!(service.sign_as(wrong).await, Err(SignAsError::Digest));
    assert_eq!(
        service
            .make_service_key(ServiceKey::Ocsp, KeyAlgorithm::P256)
            .await
            .unwrap()
            .0,
        2
    );

    let (version, blob) = service.wrap_document_key([7; 32].into()).await.unwrap();
    assert_eq!(
        *service.unwrap_document_key(version, blob.clone()).await.unwrap(),
        [7; 32]
    );
    let mut altered = blob;
    altered[3] ^= 1;
    assert!(service.unwrap_document_key(version, altered).await.is_err());

    let renewed = service
        .rotate(RotateRequest::Renew(KeyRole::Activation))
        .await
        .unwrap();
    assert_eq!(renewed.version, 2);
    assert!(world.sign(&client, RIGHT, 1).await.is_ok());
    let held = CertifyRequest {
        credential: client.credential,
        change: CertificateChange::Held,
    };
    service.certify(held).await.unwrap();
    let gone = DestroyRequest {
        credential: client.credential,
        reason: DestroyReason::Revoked,
    };
    service.destroy(gone).await.unwrap();
    let status = service.status().await.unwrap();
    assert!(
        status.healthy && status.leaves > 5 && status.missing.is_empty(),
        "{status:?}"
    );
}

#[tokio::test]
async fn in_this_process() {
    suite(&World::new().await).await;
}

#[tokio::test]
async fn over_unix_sockets() {
    suite(&World::of_program("").await).await;
}

/// Each role may do what its table says and nothing else.
#[tokio::test]
async fn roles_are_kept_apart() {
    let world = World::of_program("").await;
    let Vault {
        web,
        ca,
        identity,
        jobs,
        ..
    } = &world.service;
    let forbidden = Unavailable::Forbidden;
    let ask = ChallengeRequest {
        session: world.session(),
        purpose: Purpose::Enrol,
    };
    for remote in [ca, identity, jobs] {
        assert_eq!(remote.challenge(ask.clone()).await, Err(forbidden.clone().into()));
    }
    let digest = HashAlgorithm::Sha256.digest(b"mint");
    let mint = SignAsRequest {
        key: ServiceKey::Identity,
        version: None,
        profile: SignatureProfile::EcdsaP256Sha256,
        digest,
    };
    for remote in [web, ca, jobs] {
        assert_eq!(remote.sign_as(mint.clone()).await, Err(forbidden.clone().into()));
    }
    let destroy = DestroyRequest {
        credential: domain::Id::from_bytes([1; 16]),
        reason: DestroyReason::Expired,
    };
    for remote in [web, identity, jobs] {
        assert_eq!(
            remote.destroy(destroy.clone()).await,
            Err(forbidden.clone().into())
        );
    }
    for remote in [web, ca, identity] {
        assert_eq!(
            remote.rotate(RotateRequest::Renew(KeyRole::Kek)).await,
            Err(forbidden.clone().into())
        );
    }
}

/// Garbage, wrong versions and oversized frames end a connection, not the boundary.
#[tokio::test]
async fn strange_bytes_end_only_their_connection() {
    let world = World::of_program("").await;
    let path = world.tokens.path("sockets/web.sock");
    let greeting = b"TAMGAHSM\0\x01".as_slice();
    let huge = [greeting, &u32::MAX.to_be_bytes(), &[0; 8]].concat();
    let nonsense = [greeting, &8_u32.to_be_bytes(), &7_u64.to_be_bytes(), &[0xFF; 8]].concat();
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        b"TAMGAHSM\0\x02".to_vec(),
        huge,
        nonsense,
        greeting[..5].to_vec(),
    ] {
        let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // A reset is as good an end as a close.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"TAMGAHSM") || answer.is_empty());
    }
    assert!(world.service.status().await.unwrap().healthy);
}

/// Over TLS the certificate decides the role; without one, or with a stranger's, nobody is heard.
#[tokio::test]
async fn over_mutual_tls() {
    let (hosts, strangers) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let (certificate, key) = hosts.tls("localhost");
    let web = hosts.tls("web");
    let print = fingerprint(&web.0);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let tokens = Tokens::set_up("");
    let text = std::fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    let tls = format!(
        "[tls]\nlisten = '127.0.0.1:{port}'\ncertificate = '{}'\nkey = '{}'\nauthorities = '{}'\n[tls.callers]\n{print} = 'web'\n",
        file("host.pem", &certificate),
        file("host.key", &key),
        file("hosts.pem", hosts.certificate()),
    );
    let text = text + &tls;
    std::fs::write(tokens.path("hsm.toml"), text).unwrap();
    let _vault = Vault::start(&tokens).await;
    let caller = |identity: Option<(String, String)>| remote(port, hosts.certificate(), identity);
    let session = domain::Id::from_bytes([3; 16]);
    let ask = ChallengeRequest {
        session,
        purpose: Purpose::Enrol,
    };
    assert!(caller(Some(web.clone())).challenge(ask.clone()).await.is_ok());
    let rotate = caller(Some(web)).rotate(RotateRequest::Renew(KeyRole::Kek)).await;
    assert_eq!(rotate, Err(Unavailable::Forbidden.into()));
    for turned_away in [None, Some(strangers.tls("web")), Some(hosts.tls("other"))] {
        let refused = caller(turned_away).challenge(ask.clone()).await;
        assert!(
            matches!(refused, Err(hsm::ChallengeError::Unavailable(_))),
            "{refused:?}"
        );
    }
}

fn fingerprint(pem: &str) -> String {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    HashAlgorithm::Sha256
        .digest(&der)
        .to_string()
        .split_once(':')
        .unwrap()
        .1
        .to_owned()
}

fn remote(port: u16, authority: &str, identity: Option<(String, String)>) -> Remote {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = builder.with_root_certificates(roots);
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![certificate], key).unwrap()
        }
    };
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    Remote::over(move || {
        let connector = connector.clone();
        Box::pin(async move {
            let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
            let name = ServerName::try_from("localhost").unwrap();
            Ok(Box::new(connector.connect(name, stream).await?) as Box<dyn hsm::Stream>)
        })
    })
}

/// R007, R130: one assertion makes one key; the same Enrolment again gets the same receipt.
#[tokio::test]
async fn enrolling_is_done_once_and_answered_as_often_as_asked() {
    let world = World::new().await;
    let iin = IIN.parse().unwrap();
    let request = world.enrolment(iin, KeyAlgorithm::P256, RIGHT).await;
    let first = world.service.enrol(request.clone()).await.unwrap();
    assert_eq!(world.service.enrol(request.clone()).await.as_ref(), Ok(&first));
    let key = world.service.status().await.unwrap();
    assert!(key.healthy);

    let other = world.enrolment(iin, KeyAlgorithm::P256, RIGHT).await;
    let crossed = hsm::EnrolRequest {
        assertion: request.assertion.clone(),
        ..other.clone()
    };
    assert_eq!(world.service.enrol(crossed).await, Err(EnrolError::UnknownNonce));
    let altered = hsm::EnrolRequest {
        enrolment: request.enrolment.clone(),
        ..other.clone()
    };
    assert!(matches!(
        world.service.enrol(altered).await,
        Err(EnrolError::Unreadable(_))
    ));
    world.clock.advance(std::time::Duration::from_mins(6));
    assert_eq!(world.service.enrol(other).await, Err(EnrolError::NonceExpired));

    let assertion = request.assertion.split('.').nth(1).unwrap();
    let claims: serde_json::Value =
        serde_json::from_slice(&domain::from_base64url(assertion).unwrap()).unwrap();
    let session = claims["session"].as_str().unwrap().parse().unwrap();
    let ask = ChallengeRequest {
        session,
        purpose: Purpose::Enrol,
    };
    let signed = world.service.challenge(ask).await.unwrap();
    let accepted = world
        .device
        .accept_enrolment(&signed, session, world.now())
        .unwrap();
    let nonce = accepted.nonce();
    let statement = HashAlgorithm::Sha256.digest(b"statement");
    let mut random = rand_core::UnwrapErr(getrandom::SysRng);
    let enrolment = accepted
        .enrol_with(world::secret(1), (statement, KeyAlgorithm::P256), &mut random)
        .unwrap();
    let second = hsm::EnrolRequest {
        assertion: request.assertion,
        nonce,
        enrolment,
    };
    assert_eq!(world.service.enrol(second).await, Err(EnrolError::AssertionSpent));
}
