//! Certificates, lists and answers in files.

use core::fmt;
use std::path::{Path, PathBuf};

use domain::Time;
use pki::{Presented, crl, ocsp, path::Anchor};
use serde::Deserialize;
use signer::Material;

pub use pki::path::Purpose;

/// The most files in a folder.
const MOST_FILES: usize = 4_096;
/// The largest file: there are lists of 50 MB.
const LARGEST: u64 = 256 << 20;

/// A file holds nothing that is believed.
#[derive(Debug, thiserror::Error)]
pub enum AnchorError {
    /// It does not read.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// It holds something else.
    #[error("{0} holds no certificate in PEM or DER")]
    NoCertificate(PathBuf),
    /// It holds something else.
    #[error("{0} holds no certificate, revocation list or status answer in PEM or DER")]
    NoMaterial(PathBuf),
}

/// A file or folder of certificates, for what they are believed and until when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Believed {
    path: PathBuf,
    purpose: Purpose,
    until: Option<Time>,
}

impl From<PathBuf> for Believed {
    fn from(path: PathBuf) -> Self {
        Self {
            path,
            purpose: Purpose::Any,
            until: None,
        }
    }
}

/// A path alone, or a table.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Path(PathBuf),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    path: PathBuf,
    #[serde(default, rename = "for")]
    purpose: For,
    until: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum For {
    #[default]
    Everything,
    Signatures,
    TimeStamps,
}

impl TryFrom<Written> for Believed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let table = match written {
            Written::Path(path) => return Ok(path.into()),
            Written::Table(table) => table,
        };
        let until = table.until.as_deref().map(Time::parse_rfc3339).transpose();
        Ok(Self {
            path: table.path,
            purpose: match table.purpose {
                For::Everything => Purpose::Any,
                For::Signatures => Purpose::Signatures,
                For::TimeStamps => Purpose::Stamps,
            },
            until: until.map_err(|error| format!("until: {error}"))?,
        })
    }
}

/// The anchors in files and folders; what else lies in a folder is told to the log.
pub fn read_anchors(all: &[Believed]) -> Result<Vec<Anchor>, AnchorError> {
    anchors_of(all, |path| tracing::warn!("{}", NotOurs(path)))
}

/// A file of a folder that was passed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotOurs<'a>(pub(crate) &'a Path);

impl fmt::Display for NotOurs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is passed over: it holds nothing of what is looked for",
            self.0.display()
        )
    }
}

/// The same; what else lies in a folder is told to `passed_over`.
pub(crate) fn anchors_of(
    all: &[Believed],
    mut passed_over: impl FnMut(&Path),
) -> Result<Vec<Anchor>, AnchorError> {
    let mut anchors = Vec::new();
    for believed in all {
        let before = anchors.len();
        for path in files(&believed.path)? {
            let found = anchors.len();
            for der in contents(&path)? {
                let Ok(certificate) = Presented::parse(&der) else {
                    continue;
                };
                let end = certificate.not_after();
                let until = believed.until.map_or(end, |until| until.min(end));
                anchors.push(Anchor::new(certificate).until(until).only_for(believed.purpose));
            }
            if anchors.len() == found && path != believed.path {
                passed_over(&path);
            }
        }
        if anchors.len() == before {
            return Err(AnchorError::NoCertificate(believed.path.clone()));
        }
    }
    Ok(anchors)
}

/// The certificates, lists and answers in files and folders; what else lies in a folder is told to `passed_over`.
pub(crate) fn material_of(
    paths: &[PathBuf],
    mut passed_over: impl FnMut(&Path),
) -> Result<Material, AnchorError> {
    let mut material = Material::default();
    for path in paths {
        let mut some = false;
        for file in files(path)? {
            let mut all = true;
            for der in contents(&file)? {
                let ours = sort(der, &mut material);
                (some, all) = (some || ours, all && ours);
            }
            match (all, file == *path) {
                (true, _) => {}
                (false, true) => return Err(AnchorError::NoMaterial(file)),
                (false, false) => passed_over(&file),
            }
        }
        if !some {
            return Err(AnchorError::NoMaterial(path.clone()));
        }
    }
    Ok(material)
}

/// Puts something in its place; false if it is none of the three.
pub(super) fn sort(der: Vec<u8>, material: &mut Material) -> bool {
    if Presented::parse(&der).is_ok() {
        material.certificates.insert(der);
    } else if crl::Received::parse(&der).is_ok() {
        material.lists.insert(der);
    } else if ocsp::Received::parse(&der).is_ok() {
        material.answers.insert(der);
    } else {
        return false;
    }
    true
}

/// The DER structures in bytes: every PEM block, or the bytes themselves.
pub(super) fn unwrapped(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    const END: &str = "-----END ";
    let Some(text) = core::str::from_utf8(&bytes)
        .ok()
        .filter(|text| text.contains("-----BEGIN "))
    else {
        return vec![bytes];
    };
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("-----BEGIN ") {
        let block = rest.get(begin..).unwrap_or_default();
        let Some(length) = block.find(END).and_then(|end| {
            let after = end + END.len();
            Some(after + block.get(after..)?.find("-----")? + 5)
        }) else {
            break;
        };
        let (block, after) = block.split_at_checked(length).unwrap_or((block, ""));
        all.extend(der::pem::decode_vec(block.as_bytes()).ok().map(|(_, der)| der));
        rest = after;
    }
    all
}

fn contents(path: &Path) -> Result<Vec<Vec<u8>>, AnchorError> {
    let wrong = |reason| AnchorError::File {
        path: path.to_owned(),
        reason,
    };
    if std::fs::metadata(path).map_err(wrong)?.len() > LARGEST {
        return Err(wrong(std::io::ErrorKind::FileTooLarge.into()));
    }
    Ok(unwrapped(std::fs::read(path).map_err(wrong)?))
}

/// The file, or those of the folder, which is looked into once.
fn files(path: &Path) -> Result<Vec<PathBuf>, AnchorError> {
    let wrong = |reason| AnchorError::File {
        path: path.to_owned(),
        reason,
    };
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(wrong)?.take(MOST_FILES) {
        let entry = entry.map_err(wrong)?.path();
        if entry.is_file() {
            inside.push(entry);
        }
    }
    inside.sort();
    Ok(inside)
}
