//! The root's key: on its own token, reached only through `tamga-hsm root`, for as long as one signature takes.

use core::time::Duration;
use std::{path::PathBuf, process::Stdio};

use domain::{KeyAlgorithm, base64url, from_base64url};
use pki::{Finished, KeyError, PublicKey, SignatureError, ToSign};
use tokio::process::Command;

/// A token may ask somebody to type a PIN at its own pad.
const LIMIT: Duration = Duration::from_mins(5);

/// How the root's token is reached.
#[derive(Clone, Debug)]
pub struct RootToken {
    /// The `tamga-hsm` program.
    pub program: PathBuf,
    /// Its configuration, with a `[root]`.
    pub config: PathBuf,
    /// The kind of the root's key.
    pub algorithm: KeyAlgorithm,
}

/// The root did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// The program does not run.
    #[error("{program} cannot be run: {reason}")]
    Program {
        /// Which.
        program: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// It took too long.
    #[error("the root's token did not answer within {} s", LIMIT.as_secs())]
    Late,
    /// It refuses, and says why.
    #[error("the root's token refuses: {0}")]
    Refused(String),
    /// It answers something else.
    #[error("tamga-hsm root gave no usable {0}")]
    Answer(&'static str),
    /// Its key cannot be used.
    #[error("the root's key cannot be used: {0}")]
    Key(#[from] KeyError),
    /// Its signature cannot be used.
    #[error("the root's signature cannot be used: {0}")]
    Signature(#[from] SignatureError),
}

impl RootToken {
    /// The root's public key; made, if there is none yet.
    pub async fn key(&self) -> Result<PublicKey, RootError> {
        let said = self.run(&[]).await?;
        let spki = value(&said, "root-authority/1").ok_or(RootError::Answer("key"))?;
        Ok(PublicKey::from_der(&spki)?)
    }

    /// Signs what was prepared.
    pub async fn sign(&self, prepared: ToSign, key: &PublicKey) -> Result<Finished, RootError> {
        let asked = format!(
            "--sign={}/{}",
            prepared.profile().name(),
            base64url(prepared.digest().as_bytes())
        );
        let said = self.run(&[asked]).await?;
        let raw = value(&said, "signature").ok_or(RootError::Answer("signature"))?;
        Ok(prepared.finish(&raw, key)?)
    }

    async fn run(&self, more: &[String]) -> Result<String, RootError> {
        let mut command = Command::new(&self.program);
        command
            .arg("--config")
            .arg(&self.config)
            .arg("root")
            .arg(format!("--algorithm={}", self.algorithm))
            .args(more)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let ran = tokio::time::timeout(LIMIT, command.output())
            .await
            .map_err(|_| RootError::Late)?;
        let output = ran.map_err(|reason| RootError::Program {
            program: self.program.clone(),
            reason,
        })?;
        if !output.status.success() {
            return Err(RootError::Refused(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ));
        }
        String::from_utf8(output.stdout).map_err(|_| RootError::Answer("text"))
    }
}

fn value(said: &str, name: &str) -> Option<Vec<u8>> {
    said.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .and_then(|text| from_base64url(text).ok())
}
