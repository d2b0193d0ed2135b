//! [`Shown`]: what the device shows and hashes of one document, to the byte.

use core::ops::Range;

use domain::{Digest, HashAlgorithm};

use crate::{Output, Source, SourceError, digest_of};

/// What the device shows and hashes. Design, section 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The document as it was given: the only source of its order.
    Given,
    /// What was made of it, all of which is hashed: canonical XML, or a container's list of files with their digests.
    Made(Output),
    /// A PDF with everything in it but the value of its signature.
    Hollow {
        /// The file, with a string of zeros in the value's place.
        file: Output,
        /// What is hashed: all but that string.
        hashed: [Range<u64>; 2],
    },
}

impl Shown {
    /// The digest that a device finds, over the sources of the document's order.
    pub fn digest(&self, sources: &[&dyn Source], hash: HashAlgorithm) -> Result<Digest, SourceError> {
        match self {
            Self::Given => match sources {
                [source] => digest_of(source, core::slice::from_ref(&(0..source.length())), hash),
                others => Err(SourceError::Beyond {
                    length: others.len() as u64,
                    asked: 1,
                }),
            },
            Self::Made(output) => {
                let all = 0..output.length();
                digest_of(&output.over(sources), core::slice::from_ref(&all), hash)
            }
            Self::Hollow { file, hashed } => digest_of(&file.over(sources), hashed, hash),
        }
    }
}
