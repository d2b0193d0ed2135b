//! [`SignatureFile`]: a CAdES file of a container with what it is over, to be extended or joined by
//! [`cades`](crate::cades).

use super::{
    Container, ContainerError, Entry, Kind,
    claims::Part,
    manifest::{self, Manifest},
};
use crate::Output;

/// A CAdES file of a container, and the file that its signatures are over.
#[derive(Clone)]
pub struct SignatureFile<'a> {
    /// The signatures.
    pub file: Entry<'a>,
    /// The one file of ASiC-S, the manifest of ASiC-E.
    pub over: Entry<'a>,
}

impl<'a> Container<'a> {
    /// The CAdES files whose content is known.
    pub fn signatures(&self) -> Result<Vec<SignatureFile<'a>>, ContainerError> {
        let mut found = Vec::new();
        for entry in self.files() {
            match Part::of(entry.name()) {
                Part::Manifest => {
                    let manifest = Manifest::parse(entry.name(), &entry.read(manifest::MOST)?)?;
                    let file = self.file(&manifest.signature).cloned();
                    found.extend(file.map(|file| SignatureFile {
                        file,
                        over: entry.clone(),
                    }));
                }
                Part::Signature if self.kind() != Some(Kind::Extended) => {
                    let mut payload = self.payload();
                    let only = payload.next().filter(|_| payload.next().is_none()).cloned();
                    found.extend(only.map(|over| SignatureFile {
                        file: entry.clone(),
                        over,
                    }));
                }
                Part::Signature | Part::Xml | Part::Other => {}
            }
        }
        Ok(found)
    }

    /// The files with XML signatures.
    pub fn xml_signatures(&self) -> Vec<String> {
        let files = self.files().map(Entry::name);
        let files = files.filter(|name| matches!(Part::of(name), Part::Xml));
        files.map(str::to_owned).collect()
    }

    /// The container with an output of [`cades`](crate::cades) in place of the signature file that it was made from.
    pub fn replaced(&self, signature: &SignatureFile<'_>, output: &Output) -> Result<Output, ContainerError> {
        let before = signature.file.open()?;
        let mut bytes = Vec::new();
        output.write_to(&[&before], &mut bytes)?;
        self.with(&[(signature.file.name().to_owned(), bytes)])
    }
}
