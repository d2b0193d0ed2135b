//! A certification authority with its HTTP surfaces: founded by a ceremony on the tokens of a [`World`].

use core::num::NonZeroU32;
use std::{path::PathBuf, process::Command, sync::Arc};

use ca::{CertificateRecord, ClockRule, Places, Subject};
use domain::{CertificateKind, Id, Iin, KeyAlgorithm, word};
use hsm::{Boundary, Clock as _, Service, ServiceKey};
use pki::PublicKey;
use policies::Certificates;
use server::{
    Authority, AuthoritySettings, Ceremony, IssueRequest, KeySource, RootToken, StampSettings, http,
};
use store::Store;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{Client, ManualClock, World, program, rng};

/// The authority of a [`Pki`].
pub type TestAuthority = Authority<Boundary<Store, ManualClock>, ManualClock>;

/// A world with a certification authority, served on loopback.
pub struct Pki {
    /// Tokens, clock, boundary.
    pub world: World,
    /// The authority and its figures, as the surfaces share them.
    pub app: Arc<http::App<Boundary<Store, ManualClock>, ManualClock>>,
    /// Where it is served.
    pub base: String,
    /// The root's token.
    pub root: RootToken,
    _stop: oneshot::Sender<()>,
}

impl core::fmt::Debug for Pki {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Pki")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

/// How an authority is founded.
#[derive(Clone, Copy, Debug)]
pub struct Founding {
    /// Kinds of the keys of root, issuing authority and services.
    pub keys: [KeyAlgorithm; 3],
    /// Parts of the revocation list.
    pub shards: u16,
}

impl Founding {
    /// P-384 above, P-256 below, one list.
    pub const USUAL: Self = Self {
        keys: [KeyAlgorithm::P384, KeyAlgorithm::P256, KeyAlgorithm::P256],
        shards: 1,
    };
}

impl Pki {
    /// An authority as most are.
    pub async fn new() -> Self {
        Self::founded(Founding::USUAL).await
    }

    /// An authority founded so.
    pub async fn founded(founding: Founding) -> Self {
        let world = World::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let root = RootToken {
            program: program("tamga-hsm"),
            config: world.tokens.path("hsm.toml"),
            algorithm: founding.keys[0],
        };
        let authority = open_authority(&world, (&base, founding.shards)).await;
        authority.hold(&ceremony(founding), &root).await.unwrap();
        let app = Arc::new(http::App {
            authority,
            metrics: http::Metrics::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let router = http::router(Arc::clone(&app));
        tokio::spawn(http::serve(listener, router, async {
            let _ = stopped.await;
        }));
        Self {
            world,
            app,
            base,
            root,
            _stop: stop,
        }
    }

    /// The authority.
    pub fn authority(&self) -> &TestAuthority {
        &self.app.authority
    }

    /// A statement's id.
    pub fn statement(&self) -> Id<word::Statement> {
        Id::from_random(self.world.now(), rng())
    }

    /// A demand for a natural person's certificate.
    pub fn demand(&self, client: &Client) -> IssueRequest {
        IssueRequest {
            statement: self.statement(),
            kind: CertificateKind::NaturalPerson,
            subject: person(client.iin),
            key: KeySource::Receipt(client.receipt.clone()),
            hosts: Vec::new(),
            published: true,
            issuer: None,
        }
    }

    /// An enrolled client with a certificate.
    pub async fn client(&self, iin: &str, algorithm: KeyAlgorithm) -> (Client, CertificateRecord) {
        let client = self.world.uncertified(iin, algorithm, 1).await;
        let issued = self.authority().issue(self.demand(&client)).await.unwrap();
        (client, issued)
    }

    /// A certificate for a key that nobody has the private half of.
    pub async fn any(&self, kind: CertificateKind, subject: Subject) -> CertificateRecord {
        self.any_with(kind, subject, Vec::new()).await
    }

    /// The same with hosts.
    pub async fn any_with(
        &self,
        kind: CertificateKind,
        subject: Subject,
        hosts: Vec<String>,
    ) -> CertificateRecord {
        let made = self
            .world
            .service
            .make_service_key(ServiceKey::Tokens, KeyAlgorithm::P256)
            .await
            .unwrap();
        let request = IssueRequest {
            statement: self.statement(),
            kind,
            subject,
            key: KeySource::Given(PublicKey::from_der(&made.1).unwrap()),
            hosts,
            published: false,
            issuer: None,
        };
        self.authority().issue(request).await.unwrap()
    }

    /// Writes DER into the world's folder as PEM; the file's path.
    pub fn pem(&self, name: &str, label: &str, der: &[u8]) -> PathBuf {
        let path = self.world.tokens.path(name);
        std::fs::write(&path, pem(label, der)).unwrap();
        path
    }

    /// The certificates of root and issuing authority, as files.
    pub fn chain(&self) -> (PathBuf, PathBuf) {
        let house = self.authority().house();
        (
            self.pem("root.pem", "CERTIFICATE", house.root().unwrap().der()),
            self.pem("issuing.pem", "CERTIFICATE", house.issuing().unwrap().der()),
        )
    }

    /// Fetches a path of the surfaces with curl.
    pub async fn get(&self, path: &str) -> Vec<u8> {
        let output = run(Command::new("curl").args(["-sf", &format!("{}{path}", self.base)])).await;
        assert!(output.status.success(), "{path}: {output:?}");
        output.stdout
    }
}

/// Opens an authority over a world's database and boundary.
pub async fn open_authority(world: &World, published: (&str, u16)) -> TestAuthority {
    open_authority_over(world, world.service.clone(), published).await
}

/// The same, with a way of its own to the boundary.
pub async fn open_authority_over<S: Service, W>(
    world: &World<W>,
    boundary: S,
    (base, shards): (&str, u16),
) -> Authority<S, ManualClock> {
    let store = Store::open(&world.tokens.engine.line().parse().unwrap())
        .await
        .unwrap();
    let settings = AuthoritySettings {
        places: Places {
            base: base.to_owned(),
            shards,
            practice: Some("http://pki.example.kz/cps".to_owned()),
        },
        profiles: Certificates::shipped().unwrap(),
        root_sha256: None,
        root: world.tokens.root_key(),
        stamps: StampSettings {
            policy: "1.3.6.1.4.1.32473.7.6.1".parse().unwrap(),
            per_second: NonZeroU32::MAX,
            clock: ClockRule {
                second_source: false,
                ..ClockRule::SHIPPED
            },
        },
        signed_answers_per_second: 10_000,
        patience: core::time::Duration::from_mins(1),
    };
    // A standing clock and a monotonic one that agrees with it.
    let (ticking, begun) = (world.clock.clone(), world.clock.now());
    let ticks = Box::new(move || ticking.now().since(begun));
    Authority::open(store, boundary, world.clock.clone(), settings, ticks)
        .await
        .unwrap()
}

/// A ceremony's file.
pub fn ceremony(founding: Founding) -> Ceremony {
    let [root, issuing, service] = founding.keys.map(KeyAlgorithm::name);
    let text = format!(
        "id = '01a1fcd7-aa29-7f27-b01e-dbdee5886f11'\ntitle = 'A ceremony'\nplace = 'Almaty'\n\
         [root]\nalgorithm = '{root}'\nsubject = {{ common_name = 'Tamga Root', organization = 'Тамға' }}\n\
         [issuing]\nalgorithm = '{issuing}'\nsubject = {{ common_name = 'Tamga Issuing', organization = 'Тамға' }}\n\
         [ocsp]\nalgorithm = '{service}'\nsubject = {{ common_name = 'OCSP RESPONDER' }}\n\
         [time_stamp]\nalgorithm = '{service}'\nsubject = {{ common_name = 'УАҚЫТ БЕЛГІСІ' }}\n\
         [evidence_seal]\nalgorithm = '{service}'\n\
         subject = {{ common_name = 'Дәлел мөрі', organization = 'Тамға', bin = '960440000151' }}\n\
         [ledger]\nalgorithm = '{service}'\nsubject = {{ common_name = 'Ledger' }}\n"
    );
    toml::from_str(&text).unwrap()
}

/// A natural person.
pub fn person(iin: Iin) -> Subject {
    Subject {
        common_name: Some("ТЕСТОВ АЛИХАН".to_owned()),
        surname: Some("ТЕСТОВ".to_owned()),
        given_name: Some("СЕРІКҰЛЫ".to_owned()),
        iin: Some(iin),
        ..Subject::default()
    }
}

/// Runs a program without blocking those that serve it.
pub async fn run(command: &mut Command) -> std::process::Output {
    let mut asynchronous = tokio::process::Command::new(command.get_program());
    asynchronous.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        asynchronous.current_dir(folder);
    }
    let output = asynchronous.output().await;
    output.unwrap_or_else(|error| panic!("{command:?}: {error}; tools/setup.sh test installs it"))
}

/// PEM of DER.
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = domain::base64url(der).replace('-', "+").replace('_', "/");
    let padded = format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4));
    let lines: Vec<&str> = padded
        .as_bytes()
        .chunks(64)
        .map(|line| core::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
