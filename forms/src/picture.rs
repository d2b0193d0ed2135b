//! [`Picture`]: bytes that are a picture, judged by their header before anything draws them.
//!
//! What a device sent is kept to the byte, because a Solution judged these bytes; nothing is decoded and encoded anew.

use core::fmt;

use base64ct::{Base64, Encoding as _};
use domain::{HashAlgorithm, hexadecimal};
use serde::{Deserialize, Serialize};

/// A picture: JPEG or PNG.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Picture {
    media: Media,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// What sort of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Media {
    /// JPEG, grey or in colour.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
}

/// Bytes that no form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Too many bytes.
    #[error(
        "a picture has at most {} bytes, and this one has {found}",
        Picture::MOST_BYTES
    )]
    Bytes {
        /// How many it has.
        found: usize,
    },
    /// Too many pixels, or none.
    #[error(
        "a picture has sides of 1 to {} pixels, and this one {width} by {height}",
        Picture::LONGEST_SIDE
    )]
    Pixels {
        /// How wide it is.
        width: u32,
        /// How high.
        height: u32,
    },
    /// Neither JPEG nor PNG, or one that is broken or has four colours of print.
    #[error("this is neither a JPEG of one or three colours nor a PNG of eight bits")]
    Kind,
}

impl Picture {
    /// Bytes of one picture: a whole series has no more. R159.
    pub const MOST_BYTES: usize = 5_000_000;
    /// Pixels of a side.
    pub const LONGEST_SIDE: u32 = 5_000;

    /// Takes bytes that are a picture.
    pub fn new(bytes: Vec<u8>) -> Result<Self, PictureError> {
        if bytes.len() > Self::MOST_BYTES {
            return Err(PictureError::Bytes { found: bytes.len() });
        }
        let (media, width, height) = if bytes.starts_with(&PNG) {
            let (width, height) = png(&bytes).ok_or(PictureError::Kind)?;
            (Media::Png, width, height)
        } else {
            let (width, height) = jpeg(&bytes).ok_or(PictureError::Kind)?;
            (Media::Jpeg, width, height)
        };
        let side = 1..=Self::LONGEST_SIDE;
        if !side.contains(&width) || !side.contains(&height) {
            return Err(PictureError::Pixels { width, height });
        }
        Ok(Self {
            media,
            width,
            height,
            bytes,
        })
    }

    /// What sort it is.
    pub const fn media(&self) -> Media {
        self.media
    }

    /// Its width and height in pixels.
    pub const fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 of its bytes, as people compare it.
    pub fn digest(&self) -> String {
        hexadecimal(HashAlgorithm::Sha256.digest(&self.bytes).as_bytes())
    }

    /// Its bytes as text.
    pub(crate) fn base64(&self) -> String {
        Base64::encode_string(&self.bytes)
    }
}

impl Media {
    /// Its name by RFC 6838.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

// It is somebody's face.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} by {})", self.width, self.height)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    media: Media,
    sha256: String,
    base64: String,
}

impl TryFrom<Written> for Picture {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let bytes = Base64::decode_vec(&written.base64).map_err(|_| "a picture is written in base64")?;
        let picture = Self::new(bytes).map_err(|_| "these bytes are no picture")?;
        if picture.media != written.media || picture.digest() != written.sha256 {
            return Err("the picture is another than its digest says");
        }
        Ok(picture)
    }
}

impl From<Picture> for Written {
    fn from(picture: Picture) -> Self {
        Self {
            media: picture.media,
            sha256: picture.digest(),
            base64: picture.base64(),
        }
    }
}

const PNG: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Width and height in the header (ISO/IEC 15948 11.2.2), of eight bits, not interlaced.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(8..29)?;
    let (length, rest) = header.split_first_chunk::<8>()?;
    let (width, rest) = rest.split_first_chunk::<4>()?;
    let (height, rest) = rest.split_first_chunk::<4>()?;
    let [depth, colour, 0, 0, 0] = *rest else {
        return None;
    };
    (length == b"\0\0\0\rIHDR" && depth == 8 && matches!(colour, 0 | 2 | 4 | 6))
        .then(|| (u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

/// Width and height in the frame's header (ISO/IEC 10918-1 B.2.2), of one or three components and eight bits.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, after @ ..] = rest else {
            return None;
        };
        let segment = after.get(..usize::from(u16::from_be_bytes([*high, *low])).checked_sub(2)?)?;
        match marker {
            0xC0..=0xC2 => {
                let [8, h1, h2, w1, w2, 1 | 3, ..] = segment else {
                    return None;
                };
                let side = |high: &u8, low: &u8| u32::from(u16::from_be_bytes([*high, *low]));
                return Some((side(w1, w2), side(h1, h2)));
            }
            // Tables, application data and comments come before the frame; the scan does not.
            0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE => {
                rest = after.get(segment.len()..)?;
            }
            _ => return None,
        }
    }
}
