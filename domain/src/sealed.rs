//! The wire form of what a device seals to the token: a Sad or an Enrolment.
//!
//! `{"v":1,"kid":"…","enc":"…","ct":"…"}`. What is inside is opened only by `tamga-hsm`; everyone between carries
//! this value and never stores or logs it.

use core::fmt;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::{
    ActivationKey, Id, Nonce, base64url,
    base64url::into_array,
    from_base64url,
    hpke::{self, OpenError, POINT_LENGTH, Point, SharedSecret, TAG_LENGTH},
    json, word,
};

/// What is sealed; it enters HPKE's `info`, so that one cannot pass for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// Signature activation data.
    Sad,
    /// The request for a new key.
    Enrolment,
}

impl Sealing {
    /// HPKE's `info`: label, Session and nonce.
    pub fn info(self, session: Id<word::Session>, nonce: &Nonce) -> Vec<u8> {
        let label: &[u8] = match self {
            Self::Sad => b"tamga/sad/1",
            Self::Enrolment => b"tamga/enrol/1",
        };
        [label, session.as_bytes(), nonce.as_bytes()].concat()
    }
}

/// A message sealed to the key `kid`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    kid: String,
    #[serde(with = "point")]
    enc: Point,
    ct: Vec<u8>,
}

/// The text is not a sealed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum SealedError {
    /// Too long to be one.
    #[error("a sealed message has at most {max} bytes", max = Sealed::MAX_TEXT)]
    TooLong,
    /// Not the JSON form that is expected.
    #[error("a sealed message is a JSON object with exactly v, kid, enc and ct")]
    Form,
    /// Another version.
    #[error("this sealed message is of a version that is not spoken here; update the device")]
    Version,
    /// A field does not decode.
    #[error("a field of the sealed message does not decode")]
    Field,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u32,
    kid: String,
    enc: String,
    ct: String,
}

impl Sealed {
    /// Longest text: a Sad for a thousand documents with the longest digests fits.
    pub const MAX_TEXT: usize = 512 * 1024;
    const VERSION: u32 = 1;

    /// Seals `plaintext` for one Session and nonce.
    pub fn seal(
        sealing: Sealing,
        (session, nonce): (Id<word::Session>, &Nonce),
        key: &ActivationKey,
        plaintext: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Self, OpenError> {
        let (enc, ct) = hpke::seal_to(key, &sealing.info(session, nonce), plaintext, rng)?;
        Ok(Self {
            kid: key.kid().to_owned(),
            enc,
            ct,
        })
    }

    /// Reads the wire form.
    pub fn parse(text: &str) -> Result<Self, SealedError> {
        if text.len() > Self::MAX_TEXT {
            return Err(SealedError::TooLong);
        }
        let wire: Wire = json::object(text.as_bytes()).ok_or(SealedError::Form)?;
        if wire.v != Self::VERSION {
            return Err(SealedError::Version);
        }
        let mut enc = [0; POINT_LENGTH];
        into_array(&wire.enc, &mut enc).map_err(|_| SealedError::Field)?;
        let ct = from_base64url(&wire.ct).map_err(|_| SealedError::Field)?;
        let named = !wire.kid.is_empty() && wire.kid.len() <= ActivationKey::MAX_KID;
        if ct.len() < TAG_LENGTH || !named || p256::PublicKey::from_sec1_bytes(&enc).is_err() {
            return Err(SealedError::Field);
        }
        Ok(Self {
            kid: wire.kid,
            enc,
            ct,
        })
    }

    /// The wire form.
    pub fn to_text(&self) -> String {
        let wire = Wire {
            v: Self::VERSION,
            kid: self.kid.clone(),
            enc: base64url(&self.enc),
            ct: base64url(&self.ct),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }

    /// Which token key opens it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The sender's ephemeral public key.
    pub const fn enc(&self) -> &Point {
        &self.enc
    }

    /// Opens it with the secret that the token derived.
    pub fn open(&self, secret: &SharedSecret, info: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, OpenError> {
        secret.open(info, &self.ct)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// A point in compact frames.
mod point {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::Point;

    pub(super) fn serialize<S: Serializer>(point: &Point, serializer: S) -> Result<S::Ok, S::Error> {
        point.as_slice().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Point, D::Error> {
        Vec::deserialize(deserializer)?
            .try_into()
            .map_err(|_| de::Error::custom("a point has 65 bytes"))
    }
}

#[cfg(test)]
mod tests;
