//! [`SignedData`]: signatures with what belongs to them, RFC 5652 §5.1, written as DER.

use core::ops::Range;

use der::{Encode, asn1::ObjectIdentifier};
use pki::{
    timestamp::Token,
    tlv::{head, wrap},
};

use super::{Attribute, SignerInfo, oid};
use crate::{Output, SourceError};

/// Where the signed content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Elsewhere.
    Detached,
    /// Inside, in these pieces of the source that it was read from.
    Attached(Vec<Range<u64>>),
}

impl Content {
    /// How long it is, if it is inside.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Detached => None,
            Self::Attached(pieces) => Some(
                pieces
                    .iter()
                    .map(|piece| piece.end.saturating_sub(piece.start))
                    .sum(),
            ),
        }
    }
}

/// The structure cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Something has no DER.
    #[error("the signature cannot be written: {0}")]
    Der(#[from] der::Error),
    /// The content cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no such signature.
    #[error("there is no signature number {number}; there are {signers}")]
    Signer {
        /// Which was meant, from 0.
        number: usize,
        /// How many there are.
        signers: usize,
    },
    /// The time stamp cannot be read.
    #[error("the time stamp is not CMS that can be completed")]
    Token,
    /// The content is inside a source and cannot be written without it.
    #[error("the content is inside; write it with the source that it was read from")]
    Attached,
}

/// Signatures over one content. Every part is as it stands, DER.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    /// `AlgorithmIdentifier`s of the digests.
    pub digest_algorithms: Vec<Vec<u8>>,
    /// What the content is.
    pub content_type: ObjectIdentifier,
    /// The content.
    pub content: Content,
    /// `CertificateChoices`.
    pub certificates: Vec<Vec<u8>>,
    /// `RevocationInfoChoice`s.
    pub revocations: Vec<Vec<u8>>,
    /// The signatures.
    pub signers: Vec<SignerInfo>,
}

impl SignedData {
    /// Adds a time stamp on a signature's value: `signature-time-stamp`, EN 319 122-1 §5.3. What is stamped is
    /// [`SignerInfo::signature`].
    pub fn stamp(&mut self, signer: usize, token: &Token) -> Result<(), WriteError> {
        self.add(signer, oid::SIGNATURE_TIME_STAMP, token.der().to_vec())
    }

    /// Adds an unsigned attribute to a signature: one more, also where there is one of this type already, as EN 319 122-1
    /// wants time stamps to be renewed.
    pub fn add(&mut self, signer: usize, oid: ObjectIdentifier, value: Vec<u8>) -> Result<(), WriteError> {
        let signers = self.signers.len();
        let signer = self.signers.get_mut(signer).ok_or(WriteError::Signer {
            number: signer,
            signers,
        })?;
        signer.unsigned.push(Attribute {
            oid,
            values: vec![value],
        });
        Ok(())
    }

    /// `ContentInfo`, DER, if the content is elsewhere.
    pub fn to_der(&self) -> Result<Vec<u8>, WriteError> {
        match self.content {
            Content::Detached => self.around(0).map(|(before, after)| [before, after].concat()),
            Content::Attached(_) => Err(WriteError::Attached),
        }
    }

    /// `ContentInfo`, DER, with the content taken from the source of this number.
    pub fn to_output(&self, number: usize) -> Result<Output, WriteError> {
        let (before, after) = self.around(self.content.length().unwrap_or(0))?;
        let mut output = Output::new().bytes(before);
        if let Content::Attached(pieces) = &self.content {
            for piece in pieces {
                output = output.source(number, piece.clone());
            }
        }
        Ok(output.bytes(after))
    }

    /// How long its DER is.
    pub fn length(&self) -> usize {
        let content = self.content.length().unwrap_or(0);
        let around = self.around(content);
        around.map_or(0, |(before, after)| before.len() + after.len())
            + usize::try_from(content).unwrap_or(usize::MAX)
    }

    /// What stands before the content and what after it.
    fn around(&self, content: u64) -> Result<(Vec<u8>, Vec<u8>), WriteError> {
        let signers = self
            .signers
            .iter()
            .map(SignerInfo::to_der)
            .collect::<der::Result<Vec<_>>>()?;
        let after = [
            set(0xA0, &self.certificates, true),
            set(0xA1, &self.revocations, true),
            set(0x31, &signers, false),
        ]
        .concat();
        let content_type = self.content_type.to_der()?;
        let mut frames = Frames::new(content)?;
        if self.content != Content::Detached {
            frames.enclose(0x04, &[])?;
            frames.enclose(0xA0, &[])?;
        }
        frames.enclose(0x30, &content_type)?;
        let version = wrap(0x02, &[&[self.version()]]);
        frames.follow(after.len())?;
        frames.enclose(
            0x30,
            &[version, set(0x31, &self.digest_algorithms, false)].concat(),
        )?;
        frames.enclose(0xA0, &[])?;
        frames.enclose(0x30, &pki::oid::SIGNED_DATA.to_der()?)?;
        Ok((frames.before, after))
    }

    /// RFC 5652 §5.1.
    fn version(&self) -> u8 {
        let other = |choices: &[Vec<u8>], tag| choices.iter().any(|choice| choice.first() == Some(&tag));
        if other(&self.certificates, 0xA3) || other(&self.revocations, 0xA1) {
            5
        } else if other(&self.certificates, 0xA2) {
            4
        } else if self.content_type != oid::DATA
            || other(&self.certificates, 0xA1)
            || self.signers.iter().any(|signer| signer.version == 3)
        {
            3
        } else {
            1
        }
    }
}

/// `SET OF`, each once and in DER's order; nothing if it is optional and empty.
fn set(tag: u8, elements: &[Vec<u8>], optional: bool) -> Vec<u8> {
    let mut sorted: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.is_empty() && optional {
        Vec::new()
    } else {
        wrap(tag, &sorted)
    }
}

/// Tags and lengths around content that is not at hand, from the innermost outwards.
struct Frames {
    before: Vec<u8>,
    inside: usize,
}

impl Frames {
    fn new(content: u64) -> Result<Self, WriteError> {
        let inside = usize::try_from(content).map_err(|_| der::ErrorKind::Overlength.to_error())?;
        Ok(Self {
            before: Vec::new(),
            inside,
        })
    }

    /// Puts `first` before what is there, and a frame around both.
    fn enclose(&mut self, tag: u8, first: &[u8]) -> Result<(), WriteError> {
        self.follow(first.len())?;
        let mut before = head(tag, self.inside);
        self.follow(before.len())?;
        before.extend_from_slice(first);
        before.append(&mut self.before);
        self.before = before;
        Ok(())
    }

    /// So many bytes more stand inside.
    fn follow(&mut self, length: usize) -> Result<(), WriteError> {
        let inside = self.inside.checked_add(length);
        self.inside = inside.ok_or_else(|| der::ErrorKind::Overlength.to_error())?;
        Ok(())
    }
}
