//! A whole authority for the tables that need one: the boundary is a program of its own, HTTP is on loopback.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use ca::{CertificateRecord, Subject};
use domain::{CertificateKind, Id, SignatureProfile};
use hsm::{Clock as _, Journal as _, Remote, Service as _, ServiceKey, SignAsRequest};
use pki::PublicKey;
use server::{Authority, IssueRequest, KeySource, RootToken, http};
use tokio::net::TcpListener;
use world::{Founding, ManualClock, Vault, World, ceremony, open_authority_over, program, rng};

/// The authority, as `tamga serve` has it.
pub(crate) type House = Authority<Remote, ManualClock>;

/// An authority with its surfaces.
pub(crate) struct Founded {
    pub(crate) world: World<Vault>,
    pub(crate) app: Arc<http::App<Remote, ManualClock>>,
    pub(crate) address: SocketAddr,
}

impl Founded {
    /// Founds it with so many parts of the revocation list.
    pub(crate) async fn new(shards: u16) -> Self {
        let founding = Founding {
            shards,
            ..Founding::USUAL
        };
        let world = World::of_program("").await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let boundary = Remote::unix(world.tokens.path("sockets/ca.sock"));
        let base = format!("http://{address}");
        let authority = open_authority_over(&world, boundary, (&base, shards)).await;
        let root = RootToken {
            program: program("tamga-hsm"),
            config: world.tokens.path("hsm.toml"),
            algorithm: founding.keys[0],
        };
        authority.hold(&ceremony(founding), &root).await.unwrap();
        let app = Arc::new(http::App {
            authority,
            metrics: http::Metrics::default(),
        });
        let router = http::router(Arc::clone(&app));
        tokio::spawn(http::serve(listener, router, core::future::pending()));
        let founded = Self { world, app, address };
        founded.hear_changes();
        founded
    }

    /// Hears what other processes change, as `tamga serve` does all the time.
    fn hear_changes(&self) {
        const OFTEN: Duration = Duration::from_millis(250);
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            let mut heard = app.authority.store().head().await.unwrap().position;
            loop {
                heard = app.authority.hear_changes(heard).await.unwrap();
                tokio::time::sleep(OFTEN).await;
            }
        });
    }

    pub(crate) fn authority(&self) -> &House {
        &self.app.authority
    }

    /// A demand for a server's certificate.
    pub(crate) fn server(&self, key: &PublicKey) -> IssueRequest {
        self.demand(
            CertificateKind::TlsServer,
            Subject {
                common_name: Some("pki.example.kz".to_owned()),
                ..Subject::default()
            },
            KeySource::Given(key.clone()),
        )
    }

    /// A demand for a certificate.
    pub(crate) fn demand(&self, kind: CertificateKind, subject: Subject, key: KeySource) -> IssueRequest {
        IssueRequest {
            statement: Id::from_random(self.world.clock.now(), rng()),
            kind,
            subject,
            key,
            hosts: match kind {
                CertificateKind::TlsServer => vec!["pki.example.kz".to_owned()],
                _ => Vec::new(),
            },
            published: true,
            issuer: None,
        }
    }

    /// So many certificates.
    pub(crate) async fn certificates(&self, count: usize) -> Vec<CertificateRecord> {
        let key = public_key();
        let mut issued = Vec::new();
        for _ in 0..count {
            issued.push(self.authority().issue(self.server(&key)).await.unwrap());
        }
        issued
    }

    /// Signatures of a service key at the boundary per second, and nothing else, with so many in flight.
    pub(crate) async fn raw(&self, key: ServiceKey, in_flight: usize) -> f64 {
        const COUNT: usize = 4_000;
        let house = self.authority().house();
        let version = match key {
            ServiceKey::Issuing => house.issuing().unwrap().generation(),
            other => house.service(other).unwrap().generation(),
        };
        let one = || {
            let app = Arc::clone(&self.app);
            let request = SignAsRequest {
                key,
                version: Some(version),
                profile: SignatureProfile::EcdsaP256Sha256,
                digest: domain::HashAlgorithm::Sha256.digest(&rng::<32>()),
            };
            async move {
                app.authority.hsm().sign_as(request).await.unwrap();
            }
        };
        crate::pace::rate((0..COUNT).map(|_| one()).collect(), in_flight).await
    }
}

/// A key that nobody needs.
pub(crate) fn public_key() -> PublicKey {
    let pair = rcgen::KeyPair::generate().unwrap();
    PublicKey::from_der(&rcgen::PublicKeyData::subject_public_key_info(&pair)).unwrap()
}
