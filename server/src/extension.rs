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
use signer::{
    Claim, Extension, ExtensionError, Level, Material, Output, Source, Step, Which,
    judgement::{Context, Lacking, Needed, needed},
};

use crate::{Validator, authority::random, validation::Errand};

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

impl ExtendError {
    /// Whether the same file may be extended later: the world did not answer, or says too little yet.
    pub fn may_succeed_later(&self) -> bool {
        match self {
            Self::File(error) => error.may_succeed_later(),
            Self::Unanswered(_) | Self::Refused(_) | Self::Cut(_) => true,
            Self::Address(_) => false,
        }
    }
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

/// A signature that is extended.
#[derive(Clone)]
pub struct Extendable {
    /// The file that it is in.
    pub file: Shared,
    /// What it is over where that is not in the file, with the names that an XML signature calls it by.
    pub externals: Vec<(String, Shared)>,
    /// Which of the file.
    pub which: Which,
}

/// A file one step further.
#[derive(Debug)]
pub struct Extended {
    /// What was done.
    pub step: Done,
    /// The level that the signature has now.
    pub level: Level,
    /// The next file; [`Extendable::file`] is its source number 0.
    pub output: Output,
}

/// A step that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A time stamp on the signature was put in.
    Stamped,
    /// What it is judged with was put in.
    Kept,
    /// A time stamp on all of it was put in.
    Archived,
}

/// What the next step waits for.
enum Need {
    Stamp(Digest, Done, Level),
    Material(Box<Claim>, Level),
}

impl Extender {
    /// Does the next step. Whoever wants more than one keeps each file before the next.
    pub async fn step(&self, signature: &Extendable, at: Time) -> Result<Extended, ExtendError> {
        let work = self.work(signature, at);
        match work.clone().blocking(Work::need).await? {
            Need::Stamp(digest, step, level) => {
                let token = self.stamper.stamp(digest).await?;
                let output = work.blocking(move |work| work.stamped(&token)).await?;
                Ok(Extended { step, level, output })
            }
            Need::Material(claim, level) => {
                let material = self.gathered(&work, Arc::from(claim)).await?;
                let output = work.blocking(move |work| work.kept(material)).await?;
                Ok(Extended {
                    step: Done::Kept,
                    level,
                    output,
                })
            }
        }
    }

    /// The level that a signature has.
    pub async fn level(&self, signature: &Extendable, at: Time) -> Result<Level, ExtendError> {
        let work = self.work(signature, at);
        let level = |extension: Extension<'_>| {
            Ok(match (extension.renew_before(), extension.next()?) {
                (_, Step::Stamp(_)) => Level::B,
                (Ok(None), Step::Keep(_)) => Level::T,
                (Ok(None), Step::Archive(_)) => Level::Lt,
                // It has an archive time stamp, whatever lacks beside.
                (Ok(Some(_)) | Err(_), Step::Keep(_) | Step::Archive(_)) => Level::Lta,
            })
        };
        work.blocking(move |work| work.extension(&work.validator.material, level))
            .await
    }

    /// When a signature of level LTA must be led on at the latest, see [`signer::Extension::renew_before`]; none below that
    /// level.
    pub async fn renew_before(&self, signature: &Extendable, at: Time) -> Result<Option<Time>, ExtendError> {
        let work = self.work(signature, at);
        work.blocking(|work| work.extension(&work.validator.material, |extension| extension.renew_before()))
            .await
    }

    fn work(&self, signature: &Extendable, at: Time) -> Work {
        Work {
            signature: signature.clone(),
            validator: self.validator.clone(),
            hash: self.hash,
            chance: random(),
            at,
        }
    }

    /// What is at hand and what is fetched, until nothing is missing or nothing more comes.
    async fn gathered(&self, work: &Work, claim: Arc<Claim>) -> Result<Material, ExtendError> {
        let mut material = self.validator.material.clone();
        let Some(fetcher) = &self.validator.fetcher else {
            return Ok(material);
        };
        let mut errand = Errand::for_now(fetcher);
        let mut waits = 0;
        for _ in 0..MOST_ROUNDS {
            let (asked, known) = (Arc::clone(&claim), material.clone());
            let needed = work
                .clone()
                .blocking(move |work| Ok(work.needed(&asked, &known)))
                .await?;
            if needed.lacking.is_empty() {
                break;
            }
            if waits < MOST_WAITS && needed.lacking.iter().all(comes_in_a_moment) {
                waits += 1;
                tokio::time::sleep(MOMENT).await;
                errand.ask_again();
            }
            let came = fetcher.fetch(&needed.wanted, &material, &mut errand).await;
            if came == Material::default() {
                break;
            }
            material = material.and(came);
        }
        Ok(material)
    }
}

/// Status answers tell whole seconds: one that was made right after a time stamp may seem older than it.
fn comes_in_a_moment(lacking: &Lacking) -> bool {
    match lacking {
        Lacking::Newer { known, needed, .. } => needed.since(*known) < MOMENT,
        Lacking::Certificate { .. }
        | Lacking::Path { .. }
        | Lacking::Status { .. }
        | Lacking::Stamp
        | Lacking::Unfit { .. } => false,
    }
}

const MOMENT: Duration = Duration::from_millis(1_100);
const MOST_WAITS: usize = 2;
/// An issuer may have to be fetched before its status can be asked, and answers may come a moment too early.
const MOST_ROUNDS: usize = 6;

#[derive(Clone)]
struct Work {
    signature: Extendable,
    validator: Validator,
    hash: HashAlgorithm,
    chance: [u8; 16],
    at: Time,
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

    fn context<'a>(&'a self, material: &'a Material) -> Context<'a> {
        Context {
            anchors: &self.validator.anchors,
            material,
            at: self.at,
            constraints: &self.validator.constraints,
        }
    }

    fn extension<T>(
        &self,
        material: &Material,
        work: impl FnOnce(Extension<'_>) -> Result<T, ExtensionError>,
    ) -> Result<T, ExtensionError> {
        let externals = self.signature.externals.iter();
        let externals: Vec<(&str, &dyn Source)> = externals
            .map(|(name, source)| (name.as_str(), &**source as &dyn Source))
            .collect();
        work(Extension {
            file: &*self.signature.file,
            externals: &externals,
            which: &self.signature.which,
            context: self.context(material),
            hash: self.hash,
            chance: self.chance,
            limits: &self.validator.limits,
        })
    }

    fn needed(&self, claim: &Claim, material: &Material) -> Needed {
        needed(claim, &self.context(material))
    }

    fn need(&self) -> Result<Need, ExtensionError> {
        self.extension(&self.validator.material, |extension| {
            Ok(match extension.next()? {
                Step::Stamp(stamping) => Need::Stamp(stamping.digest(), Done::Stamped, stamping.level()),
                Step::Archive(stamping) => Need::Stamp(stamping.digest(), Done::Archived, stamping.level()),
                Step::Keep(keeping) => Need::Material(Box::new(keeping.claim().clone()), keeping.level()),
            })
        })
    }

    fn stamped(&self, token: &Token) -> Result<Output, ExtensionError> {
        self.extension(&self.validator.material, |extension| match extension.next()? {
            Step::Stamp(stamping) | Step::Archive(stamping) => stamping.stamped(token),
            Step::Keep(_) => Err(ExtensionError::Moved),
        })
    }

    fn kept(&self, material: Material) -> Result<Output, ExtensionError> {
        self.extension(&self.validator.material, |extension| match extension.next()? {
            Step::Keep(keeping) => keeping.keep(material),
            Step::Stamp(_) | Step::Archive(_) => Err(ExtensionError::Moved),
        })
    }
}

#[cfg(test)]
mod tests;
