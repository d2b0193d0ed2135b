//! Judging of files: what `tamga validate` and the validation surface share.
//!
//! [`signer`] judges and knows no sockets. Here its wants are fetched, as far as the configuration lets, and it judges
//! again with what came, until it wants nothing new.

mod anchors;
mod effort;
mod fetch;

use core::num::NonZeroU32;
use std::sync::Arc;

use domain::Time;
use pki::path::Anchor;
use policies::Policy;
use serde::Deserialize;
use signer::{
    Claim, Limits, Material, ReadingError, Report, Source,
    judgement::{Constraints, Context, judge},
};

use self::effort::Metered;
pub use self::{
    anchors::{AnchorError, Believed, Purpose, read_anchors},
    effort::Effort,
    fetch::{FetchSettings, Fetcher},
};
pub(crate) use self::{
    anchors::{NotOurs, anchors_of, material_of},
    fetch::Errand,
};

/// Rounds of fetching and judging: issuers may have to be fetched before a status can be asked, and answers that do not help
/// are followed by lists.
const MOST_ROUNDS: usize = 8;

/// Validation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationSettings {
    /// Files and folders of the certificates that are believed, PEM or DER, each for what it is believed. Nobody's
    /// signature passes without.
    pub anchors: Vec<Believed>,
    /// What may be fetched.
    pub fetch: FetchSettings,
    /// Bytes of the largest file that the HTTP surface takes.
    pub largest_file: u64,
    /// Files that it takes in a second.
    pub files_per_second: NonZeroU32,
}

impl Default for ValidationSettings {
    fn default() -> Self {
        Self {
            anchors: Vec::new(),
            fetch: FetchSettings::default(),
            largest_file: 64 << 20,
            files_per_second: const { NonZeroU32::new(5).unwrap() },
        }
    }
}

/// Whom and what this house believes.
#[derive(Clone, Debug)]
pub struct Validator {
    /// Trust anchors.
    pub anchors: Vec<Anchor>,
    /// Lists, answers and certificates at hand.
    pub material: Material,
    /// The rules.
    pub constraints: Constraints,
    /// How much of a file is read.
    pub limits: Limits,
    /// Who fetches what is missing; nobody if absent.
    pub fetcher: Option<Arc<Fetcher>>,
}

/// A file to be judged.
pub struct Submitted {
    /// Its name, for the report.
    pub name: String,
    /// Its bytes.
    pub file: Box<dyn Source + Send>,
    /// The content that it is detached from, with a name.
    pub content: Option<(String, Box<dyn Source + Send>)>,
}

/// A file was not judged.
#[derive(Debug, thiserror::Error)]
pub enum ValidationError {
    /// Its signatures do not read.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// It has more signatures than are judged.
    #[error("the file has {found} signatures; at most {most} are judged")]
    Signatures {
        /// How many.
        found: usize,
        /// The most.
        most: usize,
    },
    /// It takes more reading or more time than is given.
    #[error("judging the file takes more than is done for one; judge it by `tamga validate`")]
    Effort,
    /// Judging it was cut off.
    #[error("judging was cut off: {0}")]
    Cut(String),
}

impl Validator {
    /// One by the configuration and the rules in force.
    pub fn new(settings: &ValidationSettings, policy: &Policy) -> Result<Self, AnchorError> {
        Ok(Self {
            anchors: read_anchors(&settings.anchors)?,
            material: Material::default(),
            constraints: policy.endurance.into(),
            limits: Limits::from(&policy.documents),
            fetcher: Fetcher::new(&settings.fetch).map(Arc::new),
        })
    }

    /// Judges a file for a time.
    pub async fn judge(&self, submitted: Submitted, at: Time) -> Result<Report, ValidationError> {
        self.judge_within(submitted, at, Effort::unbounded()).await
    }

    /// Judges a file for a time, within these bounds.
    pub async fn judge_within(
        &self,
        submitted: Submitted,
        at: Time,
        effort: Effort,
    ) -> Result<Report, ValidationError> {
        let effort = Arc::new(effort);
        let name = submitted.name.clone();
        let claims = Arc::new(claims(submitted, self.limits.clone(), Arc::clone(&effort)).await?);
        let mut material = Arc::new(self.material.clone());
        let mut report = self.report(&name, &claims, &material, (at, &effort)).await?;
        let Some(fetcher) = &self.fetcher else {
            return Ok(report);
        };
        let mut errand = Errand::new(fetcher, effort.deadline());
        for _ in 0..MOST_ROUNDS {
            let came = fetcher.fetch(&report.wanted(), &material, &mut errand).await;
            if came == Material::default() {
                break;
            }
            material = Arc::new(Material::clone(&material).and(came));
            report = self.report(&name, &claims, &material, (at, &effort)).await?;
        }
        Ok(report)
    }

    async fn report(
        &self,
        name: &str,
        claims: &Arc<Vec<Claim>>,
        material: &Arc<Material>,
        (at, effort): (Time, &Arc<Effort>),
    ) -> Result<Report, ValidationError> {
        let (validator, file) = (self.clone(), name.to_owned());
        let (claims, material) = (Arc::clone(claims), Arc::clone(material));
        let effort = Arc::clone(effort);
        blocking(move || {
            let context = Context {
                anchors: &validator.anchors,
                material: &material,
                at,
                constraints: &validator.constraints,
            };
            let mut signatures = Vec::new();
            for claim in claims.iter() {
                if effort.is_spent() {
                    return Err(ValidationError::Effort);
                }
                signatures.push(judge(claim, &context));
            }
            Ok(Report { file, at, signatures })
        })
        .await?
    }
}

/// What the signatures of a file claim.
async fn claims(
    submitted: Submitted,
    limits: Limits,
    effort: Arc<Effort>,
) -> Result<Vec<Claim>, ValidationError> {
    blocking(move || {
        let Submitted { file, content, .. } = submitted;
        let file = Metered::new(file, Arc::clone(&effort));
        let content = content.map(|(name, content)| (name, Metered::new(content, Arc::clone(&effort))));
        let content = content
            .as_ref()
            .map(|(name, content)| (name.as_str(), content as &dyn Source));
        let found = signer::claims(&file, content, &limits);
        // A reader may take bytes that it did not get for a fault of the file.
        if effort.is_spent() {
            return Err(ValidationError::Effort);
        }
        let claims = found?;
        match effort.signatures() {
            Some(most) if claims.len() > most => Err(ValidationError::Signatures {
                found: claims.len(),
                most,
            }),
            _ => Ok(claims),
        }
    })
    .await?
}

/// Judging computes; it must not hold up who answers others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ValidationError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ValidationError::Cut(error.to_string()))
}

#[cfg(test)]
mod tests;
