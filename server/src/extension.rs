//! Extending signed files: time stamps are asked for, what a signature is judged with is fetched, and both are put in.
//!
//! Each step is made from the file alone and gives the next file. Whoever keeps each file before the next step loses nothing
//! when they are cut off: the file says how far it is.

use core::time::Duration;
use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, Uri, header},
};
use domain::{Digest, HashAlgorithm, Time};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use pki::timestamp::{Asking, Refused, Token};
use signer::{Extension, ExtensionError, Level, Limits, Output, Source, Step, Which};

use crate::{Submitted, ValidationError, Validator, authority::random};

/// The longest answer of a time-stamping authority.
const ANSWER: usize = 1 << 20;
/// It is waited for so long.
const PATIENCE: Duration = Duration::from_secs(15);

/// A file that several may read at once.
pub type Shared = Arc<dyn Source + Send + Sync>;

/// A file was not extended; it stays at the level that it has.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// The file, or what was to be put in.
    #[error(transparent)]
    File(#[from] ExtensionError),
    /// What the signature is judged with was not found.
    #[error(transparent)]
    Judging(#[from] ValidationError),
    /// The authority did not answer.
    #[error("the time-stamping authority does not answer, so the file waits at the level that it has: {0}")]
    Unanswered(String),
    /// It did not stamp.
    #[error("no time stamp came: {0}")]
    Refused(#[from] Refused),
    /// The address is none.
    #[error("the time-stamping authority's address cannot be read: {0}")]
    Address(String),
    /// The program is ending.
    #[error("the step was cut off: {0}")]
    Cut(String),
}

/// Asks a time-stamping authority. RFC 3161, over HTTP.
#[derive(Clone, Debug)]
pub struct Stamper {
    client: Client<HttpConnector, Body>,
    address: Uri,
}

impl Stamper {
    /// One that asks at this address.
    pub fn new(address: &str) -> Result<Self, ExtendError> {
        let parsed: Uri = address
            .parse()
            .map_err(|error| ExtendError::Address(format!("{address}: {error}")))?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(5)));
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            address: parsed,
        })
    }

    /// A time stamp over this digest.
    pub async fn stamp(&self, digest: Digest) -> Result<Token, ExtendError> {
        let asking = Asking::new(digest, random());
        let body = asking
            .to_der()
            .map_err(|error| ExtendError::Unanswered(error.to_string()))?;
        let answer = tokio::time::timeout(PATIENCE, self.exchange(body))
            .await
            .map_err(|_| ExtendError::Unanswered(format!("nothing came within {PATIENCE:?}")))?
            .map_err(ExtendError::Unanswered)?;
        Ok(asking.accept(&answer)?)
    }

    async fn exchange(&self, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let request = Request::post(self.address.clone())
            .header(header::CONTENT_TYPE, "application/timestamp-query")
            .body(Body::from(body))
            .map_err(|error| error.to_string())?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| error.to_string())?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answers {}", answer.status()));
        }
        let bytes = to_bytes(Body::new(answer.into_body()), ANSWER).await;
        bytes
            .map(|bytes| bytes.to_vec())
            .map_err(|error| error.to_string())
    }
}

/// Extends files.
#[derive(Clone, Debug)]
pub struct Extender {
    /// Finds what signatures are judged with.
    pub validator: Validator,
    /// Asks for time stamps.
    pub stamper: Stamper,
    /// What time stamps are asked with.
    pub hash: HashAlgorithm,
}

/// What the next step waits for.
enum Need {
    Stamp(Digest, Level),
    Material,
}

impl Extender {
    /// The next file, and the level that it has reached. Every output has the file as source number 0.
    pub async fn step(
        &self,
        (file, content): (&Shared, Option<&Shared>),
        which: &Which,
        at: Time,
    ) -> Result<(Level, Output), ExtendError> {
        let work = Work {
            file: Arc::clone(file),
            content: content.map(Arc::clone),
            which: which.clone(),
            hash: self.hash,
            chance: random(),
            limits: Limits::default(),
        };
        match work.clone().blocking(Work::need).await? {
            Need::Stamp(digest, level) => {
                let token = self.stamper.stamp(digest).await?;
                let output = work.blocking(move |work| work.stamped(&token)).await?;
                Ok((level, output))
            }
            Need::Material => {
                let submitted = Submitted {
                    name: String::new(),
                    file: Box::new(Reading(Arc::clone(file))),
                    content: content.map(|content| {
                        let content: Box<dyn Source + Send> = Box::new(Reading(Arc::clone(content)));
                        (String::new(), content)
                    }),
                };
                let material = self.validator.material(submitted, at).await?;
                let output = work.blocking(move |work| work.kept(material)).await?;
                Ok((Level::Lt, output))
            }
        }
    }
}

#[derive(Clone)]
struct Work {
    file: Shared,
    content: Option<Shared>,
    which: Which,
    hash: HashAlgorithm,
    chance: [u8; 16],
    limits: Limits,
}

impl Work {
    /// Reading and hashing a file must not hold up who answers others.
    async fn blocking<T: Send + 'static>(
        self,
        work: impl FnOnce(&Self) -> Result<T, ExtensionError> + Send + 'static,
    ) -> Result<T, ExtendError> {
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        Ok(done.map_err(|error| ExtendError::Cut(error.to_string()))??)
    }

    fn next(&self) -> Result<Step<'_>, ExtensionError> {
        Extension {
            file: &*self.file,
            content: self.content.as_deref().map(|content| content as &dyn Source),
            which: &self.which,
            hash: self.hash,
            chance: self.chance,
            limits: &self.limits,
        }
        .next()
    }

    fn need(&self) -> Result<Need, ExtensionError> {
        Ok(match self.next()? {
            Step::Stamp(stamping) => Need::Stamp(stamping.digest(), Level::T),
            Step::Archive(stamping) => Need::Stamp(stamping.digest(), Level::Lta),
            Step::Keep(_) => Need::Material,
        })
    }

    fn stamped(&self, token: &Token) -> Result<Output, ExtensionError> {
        match self.next()? {
            Step::Stamp(stamping) | Step::Archive(stamping) => stamping.stamped(token),
            Step::Keep(_) => Err(ExtensionError::Moved),
        }
    }

    fn kept(&self, material: signer::Material) -> Result<Output, ExtensionError> {
        match self.next()? {
            Step::Keep(keeping) => keeping.keep(material),
            Step::Stamp(_) | Step::Archive(_) => Err(ExtensionError::Moved),
        }
    }
}

/// A shared file as one reader has it.
struct Reading(Shared);

impl Source for Reading {
    fn length(&self) -> u64 {
        self.0.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), signer::SourceError> {
        self.0.read_at(offset, buffer)
    }
}
