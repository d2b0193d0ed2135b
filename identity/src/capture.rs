//! [`Capture`]: the pictures that a device took while a sequence was followed, each bound to it.
//!
//! The pictures themselves lie encrypted in the store; here is what says which they are. The chain begins with the
//! sequence's nonce and the Session, and takes in each picture with its signal and its moment, so pictures of another
//! Session, of another draw, or in another order are of no use.

use domain::{Id, Nonce, sha256, word};
use serde::{Deserialize, Serialize};

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// During which signal of the sequence, from 0 on.
    pub signal: u8,
    /// How long after the sequence was shown, in milliseconds.
    pub at: u32,
    /// How many bytes it has.
    pub length: u32,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

/// A series of pictures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capture {
    /// Where its bytes are.
    pub id: Id<word::Capture>,
    /// In the order in which they were taken.
    pub pictures: Vec<Picture>,
    /// What the capture software says of itself and its surroundings (R065), as it came; a Solution judges it.
    pub attestation: Option<String>,
}

/// A series that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// Too few or too many pictures.
    #[error("a series has {least} to {most} pictures, and this one has {found}", least = Capture::LEAST, most = Capture::MOST)]
    Count {
        /// How many there are.
        found: usize,
    },
    /// Too large.
    #[error("the pictures have {found} bytes together, and may have {most}; take them smaller")]
    Size {
        /// How many bytes they have.
        found: u64,
        /// How many they may have.
        most: u32,
    },
    /// Not in order.
    #[error("the pictures are not in the order in which they were taken")]
    Order,
    /// A signal without a picture, or a picture of a signal that was not drawn.
    #[error("the pictures are not of the signals that were drawn, at least one of each")]
    Signals,
    /// Of another draw.
    #[error("the pictures were not taken for this sequence")]
    Foreign,
    /// Too late.
    #[error("the time for this sequence is over; another is drawn")]
    Late,
    /// An attestation without end.
    #[error("the attestation has more than {} bytes", Capture::ATTESTATION)]
    Attestation,
}

impl Capture {
    /// Fewer pictures show no movement.
    pub const LEAST: usize = 6;
    /// More than any device takes.
    pub const MOST: usize = 200;
    /// Bytes of an attestation.
    pub const ATTESTATION: usize = 16 * 1024;

    /// The end of the chain over these pictures, as the device sends it along.
    pub fn chain(session: Id<word::Session>, nonce: Nonce, pictures: &[Picture]) -> [u8; 32] {
        let mut first = b"tamga/capture/1".to_vec();
        first.extend_from_slice(session.as_bytes());
        first.extend_from_slice(nonce.as_bytes());
        pictures.iter().fold(sha256(&first), |before, picture| {
            let mut link = before.to_vec();
            link.push(picture.signal);
            link.extend_from_slice(&picture.at.to_be_bytes());
            link.extend_from_slice(&picture.length.to_be_bytes());
            link.extend_from_slice(&picture.digest);
            sha256(&link)
        })
    }

    /// Whether the series fits what was drawn.
    pub(crate) fn fits(&self, signals: usize, most: u32) -> Result<(), CaptureError> {
        let found = self.pictures.len();
        if !(Self::LEAST..=Self::MOST).contains(&found) {
            return Err(CaptureError::Count { found });
        }
        if self
            .attestation
            .as_ref()
            .is_some_and(|text| text.len() > Self::ATTESTATION)
        {
            return Err(CaptureError::Attestation);
        }
        let bytes: u64 = self
            .pictures
            .iter()
            .map(|picture| u64::from(picture.length))
            .sum();
        if bytes > u64::from(most) {
            return Err(CaptureError::Size { found: bytes, most });
        }
        if !self
            .pictures
            .is_sorted_by(|one, next| one.at < next.at && one.signal <= next.signal)
        {
            return Err(CaptureError::Order);
        }
        let shown = |signal: usize| {
            self.pictures
                .iter()
                .any(|picture| usize::from(picture.signal) == signal)
        };
        let beyond = self
            .pictures
            .iter()
            .any(|picture| usize::from(picture.signal) >= signals);
        if beyond || !(0..signals).all(shown) {
            return Err(CaptureError::Signals);
        }
        Ok(())
    }
}
