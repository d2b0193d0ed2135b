//! A boundary in this process, with clients that can be proven, enrolled and certified.

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use domain::{
    Assertion, Digest, EcPublicKey, Factor, FactorKind, HashAlgorithm, Id, Iin, KeyAlgorithm, Nonce, Purpose,
    Sealed, ShownDocument, SignatureProfile, SignedReceipt, SigningInput, Stretched, Time, typ, word,
};
use hsm::{
    ActivateError, ActivateRequest, Boundary, BoundarySettings, CertificateChange, CertifyRequest,
    ChallengeRequest, Clock, EnrolRequest, LaneSettings, Service, ServiceKey, SignAsRequest, SignedBatch,
    ToBeSigned, TokenSettings, VerifierMode,
};
use policies::Policy;
use rand_core::TryRng;
use sdk::Device;
use store::{Parts, Store};

use crate::{Authority, ManualClock, PIN, Tokens, Vault, cms_attributes, program};

/// Random bytes for tests that do not care which.
pub fn rng<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::SysRng.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

/// What a password was stretched to; Argon2id itself is tested elsewhere.
pub fn secret(number: u8) -> Stretched {
    Stretched::new([number; 32])
}

/// A boundary with its token, database, clock and a certification authority.
#[derive(Debug)]
pub struct World<S = Boundary<Store, ManualClock>> {
    /// The boundary.
    pub service: S,
    /// Its clock.
    pub clock: ManualClock,
    /// A device that pins the root.
    pub device: Device,
    /// Certifies clients.
    pub authority: Authority,
    /// Tokens and files.
    pub tokens: Tokens,
}

/// A client with a certified key.
#[derive(Clone, Debug)]
pub struct Client {
    /// Who.
    pub iin: Iin,
    /// The key.
    pub credential: Id<word::Credential>,
    /// Its kind.
    pub algorithm: KeyAlgorithm,
    /// DER.
    pub public_key: Vec<u8>,
    /// The boundary's word for it.
    pub receipt: SignedReceipt,
    /// DER.
    pub certificate: Vec<u8>,
    /// Which password, see [`secret`].
    pub password: u8,
}

impl Client {
    /// SHA-256 of the certificate.
    pub fn certificate_sha256(&self) -> Vec<u8> {
        HashAlgorithm::Sha256
            .digest(&self.certificate)
            .as_bytes()
            .to_vec()
    }

    /// How this key signs unless asked otherwise.
    pub fn profile(&self) -> SignatureProfile {
        SignatureProfile::default_for(self.algorithm)
    }
}

impl World {
    /// With sealed verifiers.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings changed by `change`.
    pub async fn with(change: impl FnOnce(&mut BoundarySettings)) -> Self {
        let tokens = Tokens::set_up("");
        let clock = ManualClock::start();
        let service = open(&tokens, &clock, change).await;
        Self {
            service,
            clock,
            device: Device::new(tokens.root_key()),
            authority: Authority::new(),
            tokens,
        }
    }

    /// Stops the boundary and starts another on the same token and database.
    pub async fn restart(self) -> Self {
        self.service.rest().await;
        let Self {
            service,
            clock,
            device,
            authority,
            tokens,
        } = self;
        drop(service);
        let service = open(&tokens, &clock, |_| {}).await;
        Self {
            service,
            clock,
            device,
            authority,
            tokens,
        }
    }
}

impl World<Vault> {
    /// The whole program instead of a boundary in this process.
    pub async fn of_program(extra: &str) -> Self {
        let tokens = Tokens::set_up(extra);
        let service = Vault::start(&tokens).await;
        Self::around(tokens, service)
    }

    /// Around a program that runs already.
    pub fn around(tokens: Tokens, service: Vault) -> Self {
        Self {
            service,
            clock: ManualClock::Following,
            device: Device::new(tokens.root_key()),
            authority: Authority::new(),
            tokens,
        }
    }
}

/// A boundary over the tokens of a folder.
pub async fn open(
    tokens: &Tokens,
    clock: &ManualClock,
    change: impl FnOnce(&mut BoundarySettings),
) -> Boundary<Store, ManualClock> {
    let mut settings = settings(tokens);
    change(&mut settings);
    let store = Store::open(&tokens.engine.line().parse().unwrap()).await.unwrap();
    let shelf = Parts::open(&tokens.shelf()).await.unwrap();
    Boundary::start(settings, (store, Arc::new(shelf)), clock.clone())
        .await
        .unwrap()
}

fn settings(tokens: &Tokens) -> BoundarySettings {
    let lane = LaneSettings {
        token: token(tokens),
        pin: PIN.as_bytes().to_vec().into(),
    };
    BoundarySettings {
        program: program("tamga-hsm"),
        clients: lane.clone(),
        services: lane,
        challenge_certificate: std::fs::read_to_string(tokens.path("challenge.jws")).unwrap(),
        verifier: VerifierMode::Sealed,
        policy: Policy::SHIPPED,
        signing_workers: 2,
        worker_share: 200_000,
        worker_memory_kib: 128 * 1024,
        alone: true,
    }
}

/// The clients' token as the configuration names it.
fn token(tokens: &Tokens) -> TokenSettings {
    let text = std::fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    let value = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        line.split('\'').nth(1).unwrap().to_owned()
    };
    let environment = text.lines().find(|line| line.starts_with("environment")).unwrap();
    let name = environment.split(['{', '=']).nth(2).unwrap().trim().to_owned();
    TokenSettings {
        module: PathBuf::from(value("module")),
        label: value("label"),
        environment: HashMap::from([(name, environment.split('\'').nth(1).unwrap().to_owned())])
            .into_iter()
            .collect(),
        profile: hsm::ProfileOverrides::default(),
        local: true,
    }
}

/// A genuine assertion's content.
pub fn assertion_claims(session: Id<word::Session>, client: Iin, now: Time) -> Assertion {
    let factor = |kind| Factor {
        kind,
        evidence: Id::from_random(now, rng()),
    };
    Assertion {
        id: Id::from_random(now, rng()),
        session,
        client,
        factors: vec![
            factor(FactorKind::Liveness),
            factor(FactorKind::Match),
            factor(FactorKind::Code),
        ],
        proofed_at: now,
        expires_at: now.plus(Duration::from_mins(30)),
    }
}

impl<S: Service> World<S> {
    /// The present, in whole seconds as devices know it.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A new Session.
    pub fn session(&self) -> Id<word::Session> {
        Id::from_random(self.now(), rng())
    }

    /// `identity`'s word for these claims.
    pub async fn assert(&self, claims: &Assertion) -> String {
        let input = SigningInput::new(typ::ASSERTION, "identity/1", claims).unwrap();
        let request = SignAsRequest {
            key: ServiceKey::Identity,
            version: None,
            profile: SignatureProfile::EcdsaP256Sha256,
            digest: input.digest(),
        };
        let signature = self.service.sign_as(request).await.unwrap();
        input.finish(&signature.try_into().unwrap())
    }

    /// A proven client's assertion.
    pub async fn proven(&self, session: Id<word::Session>, client: Iin) -> String {
        self.assert(&assertion_claims(session, client, self.now())).await
    }

    /// An Enrolment ready to be sent.
    pub async fn enrolment(&self, iin: Iin, algorithm: KeyAlgorithm, password: u8) -> EnrolRequest {
        let session = self.session();
        let assertion = self.proven(session, iin).await;
        let signed = self
            .service
            .challenge(ChallengeRequest {
                session,
                purpose: Purpose::Enrol,
            })
            .await
            .unwrap();
        let accepted = self
            .device
            .accept_enrolment(&signed, session, self.now())
            .unwrap();
        let nonce = accepted.nonce();
        let statement = HashAlgorithm::Sha256.digest(b"statement");
        let mut random = rand_core::UnwrapErr(getrandom::SysRng);
        let enrolment = accepted
            .enrol_with(secret(password), (statement, algorithm), &mut random)
            .unwrap();
        EnrolRequest {
            assertion,
            nonce,
            enrolment,
        }
    }

    /// A client with a key that has no certificate yet.
    pub async fn uncertified(&self, iin: &str, algorithm: KeyAlgorithm, password: u8) -> Client {
        let iin: Iin = iin.parse().unwrap();
        let enrolled = self
            .service
            .enrol(self.enrolment(iin, algorithm, password).await)
            .await
            .unwrap();
        let certificate = self.authority.certify(&enrolled.public_key, (2020, 2049));
        let (credential, public_key) = (enrolled.credential, enrolled.public_key);
        Client {
            iin,
            credential,
            algorithm,
            public_key,
            receipt: enrolled.receipt,
            certificate,
            password,
        }
    }

    /// A client with a certified key.
    pub async fn client(&self, iin: &str, algorithm: KeyAlgorithm, password: u8) -> Client {
        let client = self.uncertified(iin, algorithm, password).await;
        let change = CertificateChange::Issued(client.certificate.clone());
        self.service
            .certify(CertifyRequest {
                credential: client.credential,
                change,
            })
            .await
            .unwrap();
        client
    }

    /// A Sad over these documents with this password.
    pub async fn sad(
        &self,
        session: Id<word::Session>,
        credential: Id<word::Credential>,
        (password, documents): (u8, Vec<ShownDocument>),
    ) -> (Nonce, Sealed) {
        let purpose = Purpose::Activate(credential);
        let signed = self
            .service
            .challenge(ChallengeRequest { session, purpose })
            .await
            .unwrap();
        let accepted = self
            .device
            .accept_activation(&signed, (session, credential), self.now())
            .unwrap();
        let nonce = accepted.nonce();
        let mut random = rand_core::UnwrapErr(getrandom::SysRng);
        let sad = accepted
            .sign_with(secret(password), documents, self.now(), &mut random)
            .unwrap();
        (nonce, sad)
    }

    /// A whole request: proven now, these documents, CMS attributes for each.
    pub async fn request(&self, client: &Client, password: u8, count: usize) -> ActivateRequest {
        let session = self.session();
        let shown = crate::documents(count, client.profile().hash());
        let assertion = self.proven(session, client.iin).await;
        let (nonce, sad) = self
            .sad(session, client.credential, (password, shown.clone()))
            .await;
        let certificate = client.certificate_sha256();
        let structure = |document: &ShownDocument| {
            ToBeSigned::CmsAttributes(cms_attributes(&document.digest, &certificate))
        };
        let list = shown
            .iter()
            .map(|document| (vec![document.id], structure(document)))
            .collect();
        ActivateRequest {
            assertion,
            nonce,
            sad,
            profile: client.profile(),
            list,
        }
    }

    /// Signs so many documents with this password.
    pub async fn sign(
        &self,
        client: &Client,
        password: u8,
        count: usize,
    ) -> Result<SignedBatch, ActivateError> {
        let request = self.request(client, password, count).await;
        self.service.activate(request).await
    }
}

/// What a structure's signature is over.
pub fn digest_of(structure: &ToBeSigned, hash: HashAlgorithm) -> Digest {
    match structure {
        ToBeSigned::CmsAttributes(bytes) | ToBeSigned::XmlSignedInfo { info: bytes, .. } => {
            hash.digest(bytes)
        }
        ToBeSigned::Digest(digest) => *digest,
    }
}

/// A key that signs nothing here; for certificates that are not genuine.
pub fn stranger() -> EcPublicKey {
    let point = rcgen::KeyPair::generate().unwrap();
    EcPublicKey::from_point(rcgen::PublicKeyData::der_bytes(&point).try_into().unwrap()).unwrap()
}
