//! The whole `tamga-hsm` program, started, killed and started again.

use std::process::{Child, Stdio};

use hsm::{Remote, Role, Service};
use zeroize::Zeroizing;

use crate::{Conversation, Tokens};

/// A running `tamga-hsm`; killed when dropped.
#[derive(Debug)]
pub struct Vault {
    child: Child,
    /// The calls of the web role.
    pub web: Remote,
    /// The calls of the certification authority.
    pub ca: Remote,
    /// The calls of `identity`.
    pub identity: Remote,
    /// The calls of background jobs.
    pub jobs: Remote,
}

impl Vault {
    /// Starts the program and waits until it answers.
    pub async fn start(tokens: &Tokens) -> Self {
        Self::start_with(tokens, &[]).await
    }

    /// The same with variables in its environment.
    pub async fn start_with(tokens: &Tokens, environment: &[(&str, &str)]) -> Self {
        Self::launch(tokens, environment).answering(tokens).await
    }

    /// Starts the program and waits for nothing.
    pub fn launch(tokens: &Tokens, environment: &[(&str, &str)]) -> Self {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(tokens.path("vault.log"))
            .unwrap();
        let child = tokens
            .command(&["serve"])
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let remote = |role: Role| Remote::unix(tokens.path("sockets").join(format!("{}.sock", role.name())));
        Self {
            child,
            web: remote(Role::Web),
            ca: remote(Role::Ca),
            identity: remote(Role::Identity),
            jobs: remote(Role::Jobs),
        }
    }

    /// Waits until it answers.
    pub async fn answering(mut self, tokens: &Tokens) -> Self {
        for _ in 0..600 {
            if self.jobs.status().await.is_ok() {
                return self;
            }
            self.lives(tokens).await;
        }
        panic!("tamga-hsm does not answer: {}", Self::log(tokens));
    }

    /// Waits until it asks for PINs; a conversation with it.
    pub async fn asking(&mut self, tokens: &Tokens) -> Conversation {
        for _ in 0..600 {
            if let Some(begun) = Conversation::begin(tokens) {
                return begun;
            }
            self.lives(tokens).await;
        }
        panic!("tamga-hsm asks for no PIN: {}", Self::log(tokens));
    }

    /// A moment in which it must not end.
    async fn lives(&mut self, tokens: &Tokens) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "tamga-hsm ended: {}", Self::log(tokens));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }

    /// What it said so far.
    pub fn log(tokens: &Tokens) -> String {
        std::fs::read_to_string(tokens.path("vault.log")).unwrap()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it with `kill -9`; its workers end by the closing of their sockets.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; whether it ended well.
    pub fn wait(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }

    /// The process ids of its workers.
    pub fn workers(&self) -> Vec<u32> {
        // A child hangs on the thread that started it.
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id()))
            .into_iter()
            .flatten();
        let children = threads
            .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("children")).ok())
            .collect::<String>();
        children
            .split_ascii_whitespace()
            .map(|id| id.parse().unwrap())
            .collect()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        // Already ended when killed on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Each call goes to the socket whose role may make it.
impl Service for Vault {
    async fn challenge(
        &self,
        request: hsm::ChallengeRequest,
    ) -> Result<domain::SignedChallenge, hsm::ChallengeError> {
        self.web.challenge(request).await
    }

    async fn enrol(&self, request: hsm::EnrolRequest) -> Result<hsm::Enrolled, hsm::EnrolError> {
        self.web.enrol(request).await
    }

    async fn certify(&self, request: hsm::CertifyRequest) -> Result<(), hsm::CertifyError> {
        self.ca.certify(request).await
    }

    async fn activate(&self, request: hsm::ActivateRequest) -> Result<hsm::SignedBatch, hsm::ActivateError> {
        self.web.activate(request).await
    }

    async fn outcome(&self, nonce: domain::Nonce) -> Result<hsm::Outcome, hsm::Unavailable> {
        self.web.outcome(nonce).await
    }

    async fn destroy(&self, request: hsm::DestroyRequest) -> Result<(), hsm::DestroyError> {
        self.ca.destroy(request).await
    }

    async fn sign_as(&self, request: hsm::SignAsRequest) -> Result<Vec<u8>, hsm::SignAsError> {
        match request.key {
            hsm::ServiceKey::Identity | hsm::ServiceKey::Evidence => self.identity.sign_as(request).await,
            hsm::ServiceKey::Issuing | hsm::ServiceKey::Ocsp | hsm::ServiceKey::TimeStamp => {
                self.ca.sign_as(request).await
            }
            hsm::ServiceKey::Ledger | hsm::ServiceKey::Tokens => self.jobs.sign_as(request).await,
        }
    }

    async fn make_service_key(
        &self,
        key: hsm::ServiceKey,
        algorithm: domain::KeyAlgorithm,
    ) -> Result<(u32, Vec<u8>), hsm::ServiceKeyError> {
        self.ca.make_service_key(key, algorithm).await
    }

    async fn rotate(&self, request: hsm::RotateRequest) -> Result<hsm::Rotation, hsm::RotateError> {
        self.jobs.rotate(request).await
    }

    async fn wrap_document_key(&self, key: Zeroizing<[u8; 32]>) -> Result<(u32, Vec<u8>), hsm::Unavailable> {
        self.web.wrap_document_key(key).await
    }

    async fn unwrap_document_key(
        &self,
        version: u32,
        blob: Vec<u8>,
    ) -> Result<Zeroizing<[u8; 32]>, hsm::Unavailable> {
        self.web.unwrap_document_key(version, blob).await
    }

    async fn status(&self) -> Result<hsm::Status, hsm::Unavailable> {
        self.jobs.status().await
    }
}
