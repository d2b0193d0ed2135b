//! The whole `tamga-hsm` program, started, killed and started again.

use std::process::{Child, Stdio};

use hsm::{Remote, Role, Service};

use crate::Tokens;

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
        let log = std::fs::File::options().create(true).append(true).open(tokens.path("vault.log")).unwrap();
        let child = tokens.command(&["serve"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let remote = |role: Role| Remote::unix(tokens.path("sockets").join(format!("{}.sock", role.name())));
        let mut vault = Self {
            child,
            web: remote(Role::Web),
            ca: remote(Role::Ca),
            identity: remote(Role::Identity),
            jobs: remote(Role::Jobs),
        };
        for _ in 0..600 {
            if vault.jobs.status().await.is_ok() {
                return vault;
            }
            let ended = vault.child.try_wait().unwrap();
            assert!(ended.is_none(), "tamga-hsm ended: {}", std::fs::read_to_string(tokens.path("vault.log")).unwrap());
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("tamga-hsm does not answer: {}", std::fs::read_to_string(tokens.path("vault.log")).unwrap());
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it with `kill -9`, workers by the closing of their sockets.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The process ids of its workers.
    pub fn workers(&self) -> Vec<u32> {
        let children = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.child.id())).unwrap_or_default();
        children.split_ascii_whitespace().map(|id| id.parse().unwrap()).collect()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        // Already ended when killed on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
