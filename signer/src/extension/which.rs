//! [`Which`]: a signature by what its file calls it.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Extension, ExtensionError};
use crate::{
    Claim, Kind, ReadingError, Source,
    asic::{Container, Entry, SignatureFile},
    claims,
    cms::{self, SignedData},
    pdf,
    xml::{self, Externals, Limits},
};

/// Which signature of a file. It can be written down, and means the same signature in every later file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Which {
    /// That of a PDF's field.
    Field(String),
    /// The XML signature of this `Id`.
    Id(String),
    /// This one of a CMS file, from 0 on.
    Number(usize),
    /// One of a container.
    Within {
        /// The container's file that it is in, with its folders.
        file: String,
        /// Which of that.
        signature: Inside,
    },
}

/// Which signature of a file in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inside {
    /// The XML signature of this `Id`.
    Id(String),
    /// This one of a CMS file, from 0 on.
    Number(usize),
}

impl Which {
    /// All signatures of a file that can be named; counter-signatures in CMS cannot, nor those in XML without an `Id`.
    pub fn all(file: &dyn Source) -> Result<Vec<Self>, ExtensionError> {
        let kind = Kind::of(file)?.ok_or(ReadingError::Unknown)?;
        Ok(match kind {
            Kind::Pdf => {
                let claims = pdf::claims(file)?.into_iter();
                claims.map(|claim| Self::Field(claim.name)).collect()
            }
            Kind::Xml => ids(file)?.into_iter().map(Self::Id).collect(),
            Kind::Cms => (0..signers(file)?).map(Self::Number).collect(),
            Kind::Asic => {
                let container = Container::open(file)?;
                let mut all = Vec::new();
                for found in container.signatures()? {
                    let file = found.file.name().to_owned();
                    all.extend((0..signers(&*found.file.open()?)?).map(|number| Self::Within {
                        file: file.clone(),
                        signature: Inside::Number(number),
                    }));
                }
                for file in container.xml_signatures() {
                    let ids = ids(&xml_of(&container, &file)?)?;
                    all.extend(ids.into_iter().map(|id| Self::Within {
                        file: file.clone(),
                        signature: Inside::Id(id),
                    }));
                }
                all
            }
        })
    }
}

impl fmt::Display for Which {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) | Self::Id(name) => write!(out, "{name:?}"),
            Self::Number(number) => write!(out, "number {}", number.saturating_add(1)),
            Self::Within {
                file,
                signature: Inside::Id(id),
            } => write!(out, "{id:?} in {file:?}"),
            Self::Within {
                file,
                signature: Inside::Number(number),
            } => write!(out, "number {} in {file:?}", number.saturating_add(1)),
        }
    }
}

impl Extension<'_> {
    /// What the signature claims.
    pub(super) fn claim(&self) -> Result<Claim, ExtensionError> {
        let mut found = match self.which {
            Which::Field(field) => named(pdf::claims(self.file)?, field),
            Which::Id(id) => {
                let all = xml::claims(self.file, self.externals, &Limits::default())?;
                by_id(all, &every_id(self.file)?, id)
            }
            Which::Number(number) => {
                let all = claims(self.file, content(self.externals)?)?;
                named(all, &cms::name(*number))
            }
            Which::Within { file, signature } => {
                let all = claims(self.file, None)?;
                match signature {
                    Inside::Number(number) => named(all, &format!("{file}: {}", cms::name(*number))),
                    Inside::Id(id) => {
                        let bytes = xml_of(&Container::open(self.file)?, file)?;
                        let prefix = format!("{file}: ");
                        let own = all.into_iter().filter(|claim| claim.name.starts_with(&prefix));
                        by_id(own.collect(), &every_id(&bytes)?, id)
                    }
                }
            }
        };
        match (found.pop(), found.is_empty()) {
            (Some(claim), true) => Ok(claim),
            _ => Err(ExtensionError::NoSuchSignature(self.which.to_string())),
        }
    }
}

fn named(claims: Vec<Claim>, name: &str) -> Vec<Claim> {
    claims.into_iter().filter(|claim| claim.name == name).collect()
}

/// Claims and `Id`s stand in one order.
fn by_id(claims: Vec<Claim>, ids: &[Option<String>], id: &str) -> Vec<Claim> {
    if claims.len() != ids.len() {
        return Vec::new();
    }
    let pairs = claims.into_iter().zip(ids);
    let found = pairs.filter(|(_, own)| own.as_deref() == Some(id));
    found.map(|(claim, _)| claim).collect()
}

fn every_id(file: &dyn Source) -> Result<Vec<Option<String>>, ExtensionError> {
    Ok(xml::signature_ids(file, &Limits::default())?)
}

/// The `Id`s that name one signature only.
fn ids(file: &dyn Source) -> Result<Vec<String>, ExtensionError> {
    let all: Vec<String> = every_id(file)?.into_iter().flatten().collect();
    let is_one = |id: &&String| all.iter().filter(|other| other == id).count() == 1;
    Ok(all.iter().filter(is_one).cloned().collect())
}

fn signers(file: &dyn Source) -> Result<usize, ExtensionError> {
    let data = SignedData::read(file).map_err(ReadingError::Cms)?;
    Ok(data.signers.len())
}

/// The one thing that CMS is over.
pub(super) fn content<'a>(
    externals: &Externals<'a>,
) -> Result<Option<(&'a str, &'a dyn Source)>, ExtensionError> {
    match externals {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(ReadingError::Content.into()),
    }
}

pub(super) fn entry<'c, 'a>(
    container: &'c Container<'a>,
    file: &str,
) -> Result<&'c Entry<'a>, ExtensionError> {
    let no_such = || ExtensionError::NoSuchSignature(format!("in {file:?}"));
    container.file(file).ok_or_else(no_such)
}

pub(super) fn xml_of(container: &Container<'_>, file: &str) -> Result<Vec<u8>, ExtensionError> {
    let limits = Limits::default();
    Ok(entry(container, file)?.read(limits.bytes)?)
}

pub(super) fn cms_of<'a>(container: &Container<'a>, file: &str) -> Result<SignatureFile<'a>, ExtensionError> {
    let mut found = container
        .signatures()?
        .into_iter()
        .filter(|found| found.file.name() == file);
    match (found.next(), found.next()) {
        (Some(found), None) => Ok(found),
        _ => Err(ExtensionError::NoSuchSignature(format!("in {file:?}"))),
    }
}
