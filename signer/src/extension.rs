//! [`Extension`]: the next step of a signature in a signed file, whatever its format, from B to T to LT to LTA and on.
//!
//! Which step that is, the file itself says: what of the signature's own path and of its time stamps' is inside, by our own
//! judgement. So whoever extends keeps nothing beside it: a job that was cut off opens the file that it last kept, and goes
//! on. After an archive time stamp the way begins again with [`Step::Keep`]: what the last stamp is judged with must be
//! inside before the next one is made.

mod error;
mod which;

use domain::{Digest, HashAlgorithm, Time};
use pki::timestamp::Token;

use crate::{
    Claim, Level, Limits, Material, Output, Source, StampKind,
    asic::Container,
    cades::{self, Reached},
    judgement::{Context, Lacking, Wanted, needed, renew_before},
    pdf,
    xml::{self, Externals},
};

pub use self::{
    error::ExtensionError,
    which::{Inside, Which},
};

/// A signed file and one of its signatures.
#[derive(Clone, Copy)]
pub struct Extension<'a> {
    /// The file: source number 0 of every output.
    pub file: &'a dyn Source,
    /// What a detached signature is over: of CMS one thing, of XML each by the URI that the signature gives it.
    pub externals: &'a Externals<'a>,
    /// Which signature.
    pub which: &'a Which,
    /// What it is judged with, and when.
    pub context: Context<'a>,
    /// What the next time stamp is asked with.
    pub hash: HashAlgorithm,
    /// Chance for what the format draws (a PDF's identifier).
    pub chance: [u8; 16],
    /// How much of it is read.
    pub limits: &'a Limits,
}

/// The step that leads on.
pub enum Step<'a> {
    /// From B to T: a time stamp on the signature.
    Stamp(Stamping<'a>),
    /// From T to LT, and after each archive time stamp: what it is judged with.
    Keep(Box<Keeping<'a>>),
    /// From LT to LTA, and once more: a time stamp on all of it.
    Archive(Stamping<'a>),
}

/// A step that waits for a time stamp.
pub struct Stamping<'a> {
    extension: Extension<'a>,
    digest: Digest,
    over: Over,
}

/// A step that waits for material.
pub struct Keeping<'a> {
    extension: Extension<'a>,
    claim: Claim,
}

/// What a time stamp is over.
#[derive(Clone, Copy)]
enum Over {
    Signature,
    All,
}

impl<'a> Extension<'a> {
    /// Opens the file, judges the signature, and tells what comes next.
    pub fn next(self) -> Result<Step<'a>, ExtensionError> {
        let claim = self.claim()?;
        if !claim.stamps.iter().any(is_outside) {
            return Ok(Step::Stamp(self.stamping(Over::Signature)?));
        }
        let needed = needed(&claim, &self.context);
        let is_inside = needed.material.without(&self.kept(&claim)?) == Material::default();
        if needed.lacking.is_empty() && is_inside {
            return Ok(Step::Archive(self.stamping(Over::All)?));
        }
        Ok(Step::Keep(Box::new(Keeping {
            extension: self,
            claim,
        })))
    }

    /// When the signature must be led on at the latest, see [`renew_before`]; none if it has no archive time stamp yet.
    /// Whoever renews leaves days between: the unit of the last stamp must live on until its status was asked after the
    /// next one.
    pub fn renew_before(&self) -> Result<Option<Time>, ExtensionError> {
        let until = renew_before(&self.claim()?, &self.context);
        until.map_err(|lacking| ExtensionError::Lacking(vec![lacking]))
    }

    /// What need not be put in. Of a PDF, what its store has: readers build the paths of time stamps, which stand in CMS of
    /// their own, from the store alone, so what only the signature's CMS has is put there too. XML and CMS have one place
    /// for all certificates of a signature and its time stamps, in which nothing is to stand twice (EN 319 132-1 and
    /// EN 319 122-1, 6.3).
    fn kept(&self, claim: &Claim) -> Result<Material, ExtensionError> {
        match self.which {
            Which::Field(_) => Ok(pdf::Stamped::new(self.file)?.known().clone()),
            Which::Id(_) | Which::Value(_) | Which::Within { .. } => Ok(claim.material.clone()),
        }
    }

    fn stamping(self, over: Over) -> Result<Stamping<'a>, ExtensionError> {
        let digest = self.reach(
            |found| match (found, over) {
                (Found::Pdf(field), Over::Signature) => {
                    let unstamped = pdf::Unstamped::new(self.file, field)?;
                    Ok(self.hash.digest(unstamped.value()))
                }
                (Found::Pdf(_), Over::All) => Ok(pdf::Kept::new(self.file, self.hash, self.chance)?.digest()),
                (Found::Xml(xml::Opened::Unstamped(unstamped)), Over::Signature) => Ok(unstamped.asked()),
                (Found::Xml(xml::Opened::Stamped(stamped)), Over::All) => Ok(stamped.asked()),
                (Found::Cms(Reached::Unstamped(unstamped)), Over::Signature) => {
                    Ok(unstamped.to_stamp(self.hash)?)
                }
                (Found::Cms(Reached::Stamped(stamped)), Over::All) => Ok(stamped.to_stamp(self.hash)?),
                (Found::Xml(_) | Found::Cms(_), _) => Err(ExtensionError::Moved),
            },
            |_, _, digest| Ok(digest),
        )?;
        Ok(Stamping {
            extension: self,
            digest,
            over,
        })
    }

    /// Opens the signature where it is; what comes of it is put back into the container that it is from.
    fn reach<T>(
        &self,
        work: impl FnOnce(Found<'_>) -> Result<T, ExtensionError>,
        put: impl FnOnce(&Container<'_>, &str, T) -> Result<T, ExtensionError>,
    ) -> Result<T, ExtensionError> {
        let limits = &self.limits.xml;
        match self.which {
            Which::Field(field) => work(Found::Pdf(field)),
            Which::Id(id) => {
                let opened = xml::open(self.file, id, self.externals, self.hash, limits)?;
                work(Found::Xml(opened))
            }
            Which::Value(value) => {
                let number = which::number(self.file, value)?;
                let content = which::content(self.externals)?;
                let content = content.map(|(_, content)| content);
                work(Found::Cms(cades::open(self.file, content, number)?))
            }
            Which::Within { file, signature } => {
                let container = Container::open(self.file)?;
                let done = match signature {
                    Inside::Id(id) => {
                        let beside = container.beside()?;
                        let bytes = which::xml_of(&container, file)?;
                        let opened = xml::open(&bytes, id, &beside.externals(), self.hash, limits)?;
                        work(Found::Xml(opened))?
                    }
                    Inside::Value(value) => {
                        let found = which::cms_of(&container, file)?;
                        let (opened, over) = (found.file.open()?, found.over.open()?);
                        let number = which::number(&*opened, value)?;
                        work(Found::Cms(cades::open(&*opened, Some(&*over), number)?))?
                    }
                };
                put(&container, file, done)
            }
        }
    }

    fn written(
        &self,
        work: impl FnOnce(Found<'_>) -> Result<Output, ExtensionError>,
    ) -> Result<Output, ExtensionError> {
        self.reach(work, |container, file, output| {
            let before = which::entry(container, file)?.open()?;
            let mut bytes = Vec::new();
            output.write_to(&[&*before], &mut bytes)?;
            Ok(container.with(&[(file.to_owned(), bytes)])?)
        })
    }
}

/// A signature, opened.
enum Found<'s> {
    Pdf(&'s str),
    Xml(xml::Opened),
    Cms(Reached<'s>),
}

impl Stamping<'_> {
    /// What the authority must stamp.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The level that is reached with it.
    pub const fn level(&self) -> Level {
        match self.over {
            Over::Signature => Level::T,
            Over::All => Level::Lta,
        }
    }

    /// The file with the time stamp.
    pub fn stamped(self, token: &Token) -> Result<Output, ExtensionError> {
        let extension = self.extension;
        extension.written(|found| match (found, self.over) {
            (Found::Pdf(field), Over::Signature) => {
                Ok(pdf::Unstamped::new(extension.file, field)?.stamp(token)?)
            }
            (Found::Pdf(_), Over::All) => {
                let kept = pdf::Kept::new(extension.file, extension.hash, extension.chance)?;
                Ok(kept.archive(token)?)
            }
            (Found::Xml(xml::Opened::Unstamped(unstamped)), Over::Signature) => Ok(unstamped.stamp(token)?),
            (Found::Xml(xml::Opened::Stamped(stamped)), Over::All) => Ok(stamped.archive(token)?),
            (Found::Cms(Reached::Unstamped(unstamped)), Over::Signature) => Ok(unstamped.stamp(token)?),
            (Found::Cms(Reached::Stamped(stamped)), Over::All) => Ok(stamped.archive(token)?),
            (Found::Xml(_) | Found::Cms(_), _) => Err(ExtensionError::Moved),
        })
    }
}

impl Keeping<'_> {
    /// What is to be judged with what is fetched, see [`needed`].
    pub const fn claim(&self) -> &Claim {
        &self.claim
    }

    /// What is missing by what is at hand, and where it is found.
    pub fn missing(&self) -> (Vec<Lacking>, Wanted) {
        let needed = needed(&self.claim, &self.extension.context);
        (needed.lacking, needed.wanted)
    }

    /// The level that is reached with it.
    pub fn level(&self) -> Level {
        let mut stamps = self.claim.stamps.iter();
        if stamps.any(|stamp| stamp.kind == StampKind::Archive) {
            Level::Lta
        } else {
            Level::Lt
        }
    }

    /// The file with what this signature and its time stamps are judged with, of what is at hand and of this. Nothing else
    /// is put in; if something lacks, the file stays as it is.
    pub fn keep(self, material: Material) -> Result<Output, ExtensionError> {
        let extension = self.extension;
        let all = material.and(extension.context.material.clone());
        let needed = needed(
            &self.claim,
            &Context {
                material: &all,
                ..extension.context
            },
        );
        if !needed.lacking.is_empty() {
            return Err(ExtensionError::Lacking(needed.lacking));
        }
        let fresh = needed.material.without(&extension.kept(&self.claim)?);
        extension.written(|found| match found {
            Found::Pdf(_) => {
                let stamped = pdf::Stamped::new(extension.file)?;
                Ok(stamped.keep(extension.file, fresh, &extension.chance)?)
            }
            Found::Xml(xml::Opened::Stamped(stamped)) => Ok(stamped.keep(fresh)?),
            Found::Cms(Reached::Stamped(stamped)) => Ok(stamped.keep(fresh)?),
            Found::Xml(xml::Opened::Unstamped(_)) | Found::Cms(Reached::Unstamped(_)) => {
                Err(ExtensionError::Moved)
            }
        })
    }
}

/// Whether a stamp is on the signature or on all of it, not on the content before.
fn is_outside(stamp: &crate::StampClaim) -> bool {
    match stamp.kind {
        StampKind::Content => false,
        StampKind::Signature | StampKind::Archive => true,
    }
}
