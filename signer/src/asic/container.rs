//! [`Container`]: a container as it was found.

use std::collections::HashMap;

use super::{
    ContainerError, Entry, Kind,
    directory::{self, Method},
    limits::{MOST_BYTES, MOST_UNPACKED},
    package::fits,
    writing::Writing,
};
use crate::{Output, Source};

/// The folder of signatures and manifests.
pub(super) const META: &str = "META-INF/";
/// The file that names the container's type.
pub(super) const MIMETYPE: &str = "mimetype";

/// How a PDF begins.
pub(super) const PDF: &str = "%PDF-";

/// A container whose directory has one reading.
#[derive(Clone)]
pub struct Container<'a> {
    kind: Option<Kind>,
    entries: Vec<Entry<'a>>,
    places: HashMap<String, usize>,
}

impl<'a> Container<'a> {
    /// Reads the directory of a container and compares it with what stands before each file.
    pub fn open(source: &'a dyn Source) -> Result<Self, ContainerError> {
        if source.length() > MOST_BYTES {
            return Err(ContainerError::TooMuch {
                what: "bytes",
                most: MOST_BYTES,
            });
        }
        let entries: Vec<Entry<'a>> = directory::entries(source)?
            .into_iter()
            .map(|listed| Entry { source, listed })
            .collect();
        let packed = entries
            .iter()
            .filter(|entry| entry.listed.method == Method::Deflated);
        if packed.map(Entry::length).fold(0, u64::saturating_add) > MOST_UNPACKED {
            return Err(ContainerError::TooMuch {
                what: "bytes in compressed files",
                most: MOST_UNPACKED,
            });
        }
        let mut kind = None;
        if let Some(entry) = entries
            .iter()
            .find(|entry| entry.name().eq_ignore_ascii_case(MIMETYPE))
        {
            let listed = &entry.listed;
            if listed.whole.start != 0
                || !listed.plain
                || listed.method != Method::Stored
                || entry.name() != MIMETYPE
            {
                return Err(ContainerError::file(
                    MIMETYPE,
                    "must be the first one, stored, and without extra field",
                ));
            }
            let text = entry.read(LONGEST_TYPE)?;
            kind = Kind::ALL.into_iter().find(|kind| kind.mime().as_bytes() == text);
            if kind.is_none() {
                return Err(ContainerError::file(
                    MIMETYPE,
                    "names another type than ASiC-S and ASiC-E",
                ));
            }
        }
        no_pdf_beside(source, &entries)?;
        let places = entries.iter().enumerate();
        Ok(Self {
            kind,
            places: places
                .map(|(place, entry)| (entry.name().to_owned(), place))
                .collect(),
            entries,
        })
    }

    /// What it says that it is.
    pub const fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// All files but folders, in the order in which they stand.
    pub fn files(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(|entry| !entry.name().ends_with('/'))
    }

    /// The files that are not the container's own.
    pub fn payload(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.files()
            .filter(|entry| entry.name() != MIMETYPE && !in_meta(entry.name()))
    }

    /// This container with further signatures and manifests, or with others in place of those of the same names. It is
    /// source number 0 of the output, where all else stays as it is.
    pub fn with(&self, meta: &[(String, Vec<u8>)]) -> Result<Output, ContainerError> {
        let mut writing = Writing::default();
        for entry in &self.entries {
            if !meta.iter().any(|(name, _)| name == entry.name()) {
                writing.copied(&entry.listed)?;
            }
        }
        for (name, bytes) in meta {
            fits(name, bytes.len())?;
            writing.bytes(name, bytes)?;
        }
        Ok(writing.finish())
    }

    /// The file of this name.
    pub fn file(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.get(*self.places.get(name)?)
    }
}

/// Refuses a container that readers of PDF would take for another document than one of its files: they look for the head
/// of one in so many bytes, wherever it stands. A PDF among the files may have its head there.
fn no_pdf_beside(source: &dyn Source, entries: &[Entry<'_>]) -> Result<(), ContainerError> {
    const HEAD: u64 = 1_024;
    let head = source.bytes(0..HEAD.min(source.length()))?;
    let found = (0_u64..).zip(head.windows(PDF.len()));
    let mut found = found
        .filter(|(_, window)| *window == PDF.as_bytes())
        .map(|(at, _)| at);
    let of_a_file = |at: &u64| {
        entries.iter().any(|entry| {
            let listed = &entry.listed;
            let is_payload = entry.name() != MIMETYPE && !in_meta(entry.name());
            is_payload && listed.method == Method::Stored && listed.place.contains(at)
        })
    };
    match found.find(|at| !of_a_file(at)) {
        Some(at) => Err(ContainerError::Form {
            what: "the head of a PDF that is none of the files",
            at,
        }),
        None => Ok(()),
    }
}

/// Whether a file is a signature, a manifest or the like.
pub(super) fn in_meta(name: &str) -> bool {
    name.get(..META.len())
        .is_some_and(|folder| folder.eq_ignore_ascii_case(META))
}

const LONGEST_TYPE: u64 = 100;
