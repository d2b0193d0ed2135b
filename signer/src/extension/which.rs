//! [`Which`]: a signature by what its file calls it.

use core::fmt;

use domain::{hexadecimal, sha256};
use serde::{Deserialize, Serialize};

use super::{Extension, ExtensionError};
use crate::{
    Claim, Kind, ReadingError, Source,
    asic::{Container, Entry, SignatureFile},
    claims,
    cms::SignedData,
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
    /// That of a CMS file whose value has this SHA-256 digest, hexadecimal: a number would be another's, since a set in DER
    /// is sorted anew with every step.
    Value(String),
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
    /// That of a CMS file whose value has this digest.
    Value(String),
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
            Kind::Cms => values(file)?.into_iter().map(Self::Value).collect(),
            Kind::Asic => {
                let container = Container::open(file)?;
                let mut all = Vec::new();
                for found in container.signatures()? {
                    let file = found.file.name().to_owned();
                    let values = values(&*found.file.open()?)?;
                    all.extend(values.into_iter().map(|value| Self::Within {
                        file: file.clone(),
                        signature: Inside::Value(value),
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
            Self::Value(value) => write!(out, "with a value of digest {value}"),
            Self::Within {
                file,
                signature: Inside::Id(id),
            } => write!(out, "{id:?} in {file:?}"),
            Self::Within {
                file,
                signature: Inside::Value(value),
            } => write!(out, "with a value of digest {value} in {file:?}"),
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
            Which::Value(value) => by_value(claims(self.file, content(self.externals)?)?, value),
            Which::Within { file, signature } => {
                let prefix = format!("{file}: ");
                let all = claims(self.file, None)?.into_iter();
                let own = all.filter(|claim| claim.name.starts_with(&prefix)).collect();
                match signature {
                    Inside::Value(value) => by_value(own, value),
                    Inside::Id(id) => {
                        let bytes = xml_of(&Container::open(self.file)?, file)?;
                        by_id(own, &every_id(&bytes)?, id)
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

fn by_value(claims: Vec<Claim>, value: &str) -> Vec<Claim> {
    let claims = claims.into_iter();
    claims.filter(|claim| digest(&claim.value) == value).collect()
}

fn digest(value: &[u8]) -> String {
    hexadecimal(&sha256(value))
}

/// The digests of the values of a CMS file's signatures.
fn values(file: &dyn Source) -> Result<Vec<String>, ExtensionError> {
    let data = SignedData::read(file).map_err(ReadingError::Cms)?;
    Ok(data
        .signers
        .iter()
        .map(|signer| digest(&signer.signature))
        .collect())
}

/// Where in a CMS file a signature stands now.
pub(super) fn number(file: &dyn Source, value: &str) -> Result<usize, ExtensionError> {
    let no_such = || ExtensionError::NoSuchSignature(format!("with a value of digest {value}"));
    values(file)?
        .iter()
        .position(|own| own == value)
        .ok_or_else(no_such)
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
