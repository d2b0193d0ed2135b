//! Judging of files: what `tamga validate` and the validation surface share.
//!
//! [`signer`] judges and knows no sockets. Here its wants are fetched, as far as the configuration lets, and it judges
//! again with what came, until it wants nothing new.

mod anchors;
mod fetch;

use core::num::NonZeroU32;
use std::{path::PathBuf, sync::Arc};

use domain::Time;
use pki::path::Anchor;
use serde::Deserialize;
use signer::{
    Claim, Material, ReadingError, Report, Source,
    judgement::{Constraints, Context, judge},
};

pub use self::{
    anchors::{AnchorError, read_anchors, read_material},
    fetch::{FetchSettings, Fetcher},
};

/// Rounds of fetching and judging: a certificate's issuer may have to be fetched before its status can be asked.
const MOST_ROUNDS: usize = 4;

/// Validation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidationSettings {
    /// Files and folders of the certificates that are believed, PEM or DER. Nobody's signature passes without.
    pub anchors: Vec<PathBuf>,
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
    /// Judging it was cut off.
    #[error("judging was cut off: {0}")]
    Cut(String),
}

impl Validator {
    /// One by the configuration.
    pub fn new(settings: &ValidationSettings) -> Result<Self, AnchorError> {
        Ok(Self {
            anchors: read_anchors(&settings.anchors)?,
            material: Material::default(),
            constraints: Constraints::default(),
            fetcher: Fetcher::new(&settings.fetch).map(Arc::new),
        })
    }

    /// Judges a file for a time.
    pub async fn judge(&self, submitted: Submitted, at: Time) -> Result<Report, ValidationError> {
        let Submitted { name, file, content } = submitted;
        let claims = blocking(move || {
            let content = content
                .as_ref()
                .map(|(name, content)| (name.as_str(), &**content as &dyn Source));
            signer::claims(&*file, content)
        })
        .await??;
        let claims = Arc::new(claims);
        let mut material = Arc::new(self.material.clone());
        let mut report = self.report(&name, &claims, &material, at).await?;
        for number in 0..MOST_ROUNDS {
            let Some(fetcher) = &self.fetcher else { break };
            let wanted = report.wanted();
            let mut came = fetcher.fetch(&wanted).await.without(&material);
            // What is still wanted after answers came is told by lists, if by anything.
            if number > 0 || came == Material::default() {
                came = came.and(fetcher.lists(&wanted).await.without(&material));
            }
            if came == Material::default() {
                break;
            }
            material = Arc::new(Material::clone(&material).and(came));
            report = self.report(&name, &claims, &material, at).await?;
        }
        Ok(report)
    }

    async fn report(
        &self,
        name: &str,
        claims: &Arc<Vec<Claim>>,
        material: &Arc<Material>,
        at: Time,
    ) -> Result<Report, ValidationError> {
        let (validator, file) = (self.clone(), name.to_owned());
        let (claims, material) = (Arc::clone(claims), Arc::clone(material));
        blocking(move || {
            let context = Context {
                anchors: &validator.anchors,
                material: &material,
                at,
                constraints: &validator.constraints,
            };
            let signatures = claims.iter().map(|claim| judge(claim, &context)).collect();
            Report { file, at, signatures }
        })
        .await
    }
}

/// Judging computes; it must not hold up who answers others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ValidationError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ValidationError::Cut(error.to_string()))
}
