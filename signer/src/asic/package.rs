//! [`Package`]: files measured in one pass, and a container written around them.
//!
//! Files are stored, never compressed: their bytes go into the output by reference, whatever their size.

use aws_lc_rs::digest::{Context, SHA256, SHA384, SHA512};
use domain::{Digest, HashAlgorithm};
use serde::{Deserialize, Serialize};

use super::{
    ContainerError,
    claims::Part,
    container::{MIMETYPE, PDF, in_meta},
    directory::sound_name,
    limits::{MOST_BYTES, MOST_FILES},
    manifest::file_manifest,
    writing::Writing,
};
use crate::{Output, Source};

/// Which container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// One file with signatures over it.
    Simple,
    /// Several files, each signature over all or some.
    Extended,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Simple, Self::Extended];

    /// The media type that the container bears.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Simple => "application/vnd.etsi.asic-s+zip",
            Self::Extended => "application/vnd.etsi.asic-e+zip",
        }
    }
}

/// A file to be signed.
#[derive(Clone)]
pub struct Payload<'a> {
    /// Its name in the container.
    pub name: String,
    /// What kind of file it is.
    pub mime: String,
    /// Its bytes.
    pub source: &'a dyn Source,
}

/// A file that was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Measured {
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) digest: Digest,
    crc: u32,
    length: u64,
}

/// Files that a container is to hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Package {
    kind: Kind,
    pub(super) files: Vec<Measured>,
}

impl Package {
    /// Measures files. Each becomes the source of its number, from 0, in the container's output.
    pub fn new(kind: Kind, payload: &[Payload<'_>], hash: HashAlgorithm) -> Result<Self, ContainerError> {
        let names = payload
            .iter()
            .map(|file| (file.name.as_str(), file.mime.as_str()));
        sound(kind, names)?;
        let files = payload.iter().map(|file| Measured::new(file, hash));
        let files = files.collect::<Result<_, _>>()?;
        let package = Self { kind, files };
        let (name, list) = package.file_manifest();
        fits(&name, list.len())?;
        Ok(package)
    }

    /// Which container it becomes.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The files' names with their digests.
    pub fn digests(&self) -> impl Iterator<Item = (&str, &Digest)> {
        self.files.iter().map(|file| (file.name.as_str(), &file.digest))
    }

    /// `META-INF/manifest.xml`, which readers of ASiC-E with XAdES want: every file with its type (ODF 1.2, part 3, §4).
    pub fn file_manifest(&self) -> (String, Vec<u8>) {
        let files = self
            .files
            .iter()
            .map(|file| (file.name.as_str(), file.mime.as_str()));
        (
            "META-INF/manifest.xml".to_owned(),
            file_manifest(self.kind.mime(), files),
        )
    }

    /// The container with these files of signatures and manifests, each under its whole name.
    pub fn with(&self, meta: &[(String, Vec<u8>)]) -> Result<Output, ContainerError> {
        let mut writing = Writing::default();
        writing.bytes(MIMETYPE, self.kind.mime().as_bytes())?;
        for (number, file) in self.files.iter().enumerate() {
            writing.source(&file.name, (number, file.length), file.crc)?;
        }
        for (name, bytes) in meta {
            fits(name, bytes.len())?;
            writing.bytes(name, bytes)?;
        }
        Ok(writing.finish())
    }
}

/// Refuses what would not be read again of META-INF.
pub(super) fn fits(name: &str, length: usize) -> Result<(), ContainerError> {
    let most = Part::of(name).most();
    if length as u64 > most {
        return Err(ContainerError::TooLarge {
            what: "bytes of signature, manifest or list of files",
            most,
        });
    }
    Ok(())
}

/// A package as it was written down, by whomever.
#[derive(Deserialize)]
struct Written {
    kind: Kind,
    files: Vec<Measured>,
}

impl TryFrom<Written> for Package {
    type Error = ContainerError;

    fn try_from(Written { kind, files }: Written) -> Result<Self, ContainerError> {
        let names = files.iter().map(|file| (file.name.as_str(), file.mime.as_str()));
        sound(kind, names)?;
        Ok(Self { kind, files })
    }
}

/// Refuses files that do not go into a container of this kind under these names and types.
fn sound<'n>(
    kind: Kind,
    files: impl ExactSizeIterator<Item = (&'n str, &'n str)>,
) -> Result<(), ContainerError> {
    let most = if kind == Kind::Simple { 1 } else { MOST_FILES };
    if files.len() == 0 || files.len() as u64 > most {
        return Err(ContainerError::TooLarge { what: "files", most });
    }
    let mut names = std::collections::HashSet::new();
    for (name, mime) in files {
        sound_name(name)?;
        if in_meta(name) || name.eq_ignore_ascii_case(MIMETYPE) || name.ends_with('/') {
            return Err(ContainerError::name(
                name,
                "is one that the container needs itself",
            ));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(ContainerError::name(name, "is there twice"));
        }
        if !mime.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ContainerError::file(name, "has a MIME type that is none"));
        }
        // Whoever looks for a PDF at the beginning would take the container for one.
        if [name, mime].into_iter().any(|text| text.contains(PDF)) {
            return Err(ContainerError::name(name, "or type reads as the head of a PDF"));
        }
    }
    Ok(())
}

impl Measured {
    fn new(file: &Payload<'_>, hash: HashAlgorithm) -> Result<Self, ContainerError> {
        const PIECE: u64 = 64 * 1024;
        let length = file.source.length();
        if length > MOST_BYTES {
            return Err(ContainerError::TooLarge {
                what: "bytes",
                most: MOST_BYTES,
            });
        }
        let mut crc = crc32fast::Hasher::new();
        let mut context = Context::new(match hash {
            HashAlgorithm::Sha256 => &SHA256,
            HashAlgorithm::Sha384 => &SHA384,
            HashAlgorithm::Sha512 => &SHA512,
        });
        let mut at = 0;
        while at < length {
            let end = length.min(at + PIECE);
            let piece = file.source.bytes(at..end)?;
            crc.update(&piece);
            context.update(&piece);
            at = end;
        }
        let digest = hash.parse(context.finish().as_ref());
        Ok(Self {
            name: file.name.clone(),
            mime: file.mime.clone(),
            digest: digest.map_err(|error| crate::SourceError::Io(std::io::Error::other(error)))?,
            crc: crc.finalize(),
            length,
        })
    }
}
