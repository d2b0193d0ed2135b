//! [`Extension`]: the next step of a signed file, whatever its format, from B to T to LT to LTA and on.
//!
//! Which step that is, the file itself says. So whoever extends keeps nothing beside it: a job that was cut off opens the
//! file that it last kept, and goes on.

use domain::{Digest, HashAlgorithm};
use pki::timestamp::Token;
use serde::{Deserialize, Serialize};

use crate::{
    Level, Material, Output, Source,
    asic::{AsicError, Container, ContainerError, SignatureFile},
    cades::{self, CadesError, Reached},
    pdf::{self, PdfError},
    xml,
};

/// Which signature of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// That of a PDF's field.
    Field(String),
    /// The XML signature of this `Id`.
    Id(String),
    /// This one of a CMS file, from 0 on.
    Number(usize),
    /// The first of this CMS file in a container, from 0 on.
    InContainer(usize),
}

/// A signed file and one of its signatures.
#[derive(Clone, Copy)]
pub struct Extension<'a> {
    /// The file: source number 0 of every output.
    pub file: &'a dyn Source,
    /// What a detached signature is over.
    pub content: Option<&'a dyn Source>,
    /// Which signature.
    pub which: &'a Which,
    /// What the next time stamp is asked with.
    pub hash: HashAlgorithm,
    /// Chance for what the format draws (a PDF's identifier).
    pub chance: [u8; 16],
}

/// A file cannot be extended.
#[derive(Debug, thiserror::Error)]
pub enum ExtensionError {
    /// PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// XML.
    #[error(transparent)]
    Xml(#[from] xml::ExtendError),
    /// CMS.
    #[error(transparent)]
    Cms(#[from] CadesError),
    /// A container.
    #[error(transparent)]
    Container(#[from] AsicError),
    /// A container has fewer signature files.
    #[error("the container has no signature file number {0}, counted from 0")]
    NoSuchFile(usize),
    /// The file changed between two looks.
    #[error("the file is not at the level any more that it was found at; open it again")]
    Moved,
}

impl From<ContainerError> for ExtensionError {
    fn from(error: ContainerError) -> Self {
        Self::Container(error.into())
    }
}

/// The step that leads on.
pub enum Step<'a> {
    /// From B to T: a time stamp on the signature.
    Stamp(Stamping<'a>),
    /// From T to LT: what it is judged with.
    Keep(Keeping<'a>),
    /// From LT to LTA, or once more: a time stamp on all of it.
    Archive(Stamping<'a>),
}

/// A step that waits for a time stamp.
pub struct Stamping<'a> {
    digest: Digest,
    at: At<'a>,
}

/// A step that waits for material.
pub struct Keeping<'a>(At<'a>);

enum At<'a> {
    PdfUnstamped(Box<pdf::Unstamped>),
    PdfStamped(Extension<'a>, Box<pdf::Stamped>),
    PdfKept(Box<pdf::Kept>),
    XmlUnstamped(Box<xml::Unstamped>),
    XmlStamped(Box<xml::Stamped>),
    XmlKept(Box<xml::Kept>),
    Cms(Box<Reached<'a>>),
    /// A container's file is opened again for its step, since it lives in the container.
    Container(Extension<'a>, usize),
}

impl<'a> Extension<'a> {
    /// Opens the file at the level that it has reached.
    pub fn next(self) -> Result<Step<'a>, ExtensionError> {
        match self.which {
            Which::Field(field) => self.next_of_pdf(field),
            Which::Id(id) => self.next_of_xml(id),
            Which::Number(number) => {
                let reached = cades::open(self.file, self.content, *number)?;
                let (level, digest) = standing(&reached, self.hash)?;
                Ok(step(level, digest, At::Cms(Box::new(reached))))
            }
            Which::InContainer(number) => {
                let container = Container::open(self.file)?;
                let (level, digest) =
                    within(&container, *number, |reached, _| standing(&reached, self.hash))?;
                Ok(step(level, digest, At::Container(self, *number)))
            }
        }
    }

    fn next_of_pdf(self, field: &str) -> Result<Step<'a>, ExtensionError> {
        Ok(match pdf::level(self.file, field)? {
            Level::B => {
                let unstamped = pdf::Unstamped::new(self.file, field)?;
                let digest = self.hash.digest(unstamped.value());
                step(Level::B, Some(digest), At::PdfUnstamped(Box::new(unstamped)))
            }
            Level::T => {
                let stamped = pdf::Stamped::new(self.file)?;
                step(Level::T, None, At::PdfStamped(self, Box::new(stamped)))
            }
            level @ (Level::Lt | Level::Lta) => {
                let kept = pdf::Kept::new(self.file, self.hash, self.chance)?;
                step(level, Some(kept.digest()), At::PdfKept(Box::new(kept)))
            }
        })
    }

    fn next_of_xml(self, id: &str) -> Result<Step<'a>, ExtensionError> {
        let limits = xml::Limits::default();
        Ok(match xml::open(self.file, id, &[], self.hash, &limits)? {
            xml::Opened::Unstamped(unstamped) => {
                let digest = unstamped.asked();
                step(Level::B, Some(digest), At::XmlUnstamped(Box::new(unstamped)))
            }
            xml::Opened::Stamped(stamped) => step(Level::T, None, At::XmlStamped(Box::new(stamped))),
            xml::Opened::Kept(kept) => {
                let digest = kept.asked();
                step(kept.level(), Some(digest), At::XmlKept(Box::new(kept)))
            }
        })
    }
}

impl Stamping<'_> {
    /// What the authority must stamp.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The file with the time stamp.
    pub fn stamped(self, token: &Token) -> Result<Output, ExtensionError> {
        Ok(match self.at {
            At::PdfUnstamped(unstamped) => unstamped.stamp(token)?,
            At::PdfKept(kept) => kept.archive(token)?,
            At::XmlUnstamped(unstamped) => unstamped.stamp(token)?,
            At::XmlKept(kept) => kept.archive(token)?,
            At::Cms(reached) => stamp(*reached, token)?,
            At::Container(extension, number) => {
                let container = Container::open(extension.file)?;
                within(&container, number, |reached, file| {
                    Ok(container.replaced(file, &stamp(reached, token)?)?)
                })?
            }
            At::PdfStamped(..) | At::XmlStamped(_) => return Err(ExtensionError::Moved),
        })
    }
}

impl Keeping<'_> {
    /// The file with its material.
    pub fn keep(self, material: Material) -> Result<Output, ExtensionError> {
        Ok(match self.0 {
            At::PdfStamped(extension, stamped) => {
                stamped.keep(extension.file, material, &extension.chance)?
            }
            At::XmlStamped(stamped) => stamped.keep(material)?,
            At::Cms(reached) => keep(*reached, material)?,
            At::Container(extension, number) => {
                let container = Container::open(extension.file)?;
                within(&container, number, |reached, file| {
                    Ok(container.replaced(file, &keep(reached, material)?)?)
                })?
            }
            At::PdfUnstamped(_) | At::PdfKept(_) | At::XmlUnstamped(_) | At::XmlKept(_) => {
                return Err(ExtensionError::Moved);
            }
        })
    }
}

fn step(level: Level, digest: Option<Digest>, at: At<'_>) -> Step<'_> {
    match (level, digest) {
        (Level::B, Some(digest)) => Step::Stamp(Stamping { digest, at }),
        (Level::Lt | Level::Lta, Some(digest)) => Step::Archive(Stamping { digest, at }),
        (Level::T, _) | (_, None) => Step::Keep(Keeping(at)),
    }
}

/// How far it is, and over what the next time stamp must be.
fn standing(reached: &Reached<'_>, hash: HashAlgorithm) -> Result<(Level, Option<Digest>), ExtensionError> {
    Ok(match reached {
        Reached::Unstamped(unstamped) => (Level::B, Some(unstamped.to_stamp(hash)?)),
        Reached::Stamped(_) => (Level::T, None),
        Reached::Kept(kept) => (Level::Lt, Some(kept.to_stamp(hash)?)),
    })
}

fn stamp(reached: Reached<'_>, token: &Token) -> Result<Output, ExtensionError> {
    match reached {
        Reached::Unstamped(unstamped) => Ok(unstamped.stamp(token)?),
        Reached::Kept(kept) => Ok(kept.archive(token)?),
        Reached::Stamped(_) => Err(ExtensionError::Moved),
    }
}

fn keep(reached: Reached<'_>, material: Material) -> Result<Output, ExtensionError> {
    match reached {
        Reached::Stamped(stamped) => Ok(stamped.keep(material)?),
        Reached::Unstamped(_) | Reached::Kept(_) => Err(ExtensionError::Moved),
    }
}

/// Opens a signature file of a container.
fn within<T>(
    container: &Container<'_>,
    number: usize,
    work: impl FnOnce(Reached<'_>, &SignatureFile<'_>) -> Result<T, ExtensionError>,
) -> Result<T, ExtensionError> {
    let signatures = container.signatures()?;
    let found = signatures.get(number).ok_or(ExtensionError::NoSuchFile(number))?;
    let (file, over) = (found.file.open()?, found.over.open()?);
    work(cades::open(&*file, Some(&*over), 0)?, found)
}
