//! The public half of the token key that Sads and Enrolments are sealed to.

use p256::PublicKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{base64url, base64url::into_array, hpke::POINT_LENGTH};

/// A P-256 key for HPKE with the name by which the boundary finds its private half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationKey {
    kid: String,
    point: [u8; POINT_LENGTH],
}

impl ActivationKey {
    /// Longest name.
    pub const MAX_KID: usize = 64;

    /// A key from its uncompressed point; `None` when that is not on the curve or the name is no name.
    pub fn new(kid: &str, point: [u8; POINT_LENGTH]) -> Option<Self> {
        let named = !kid.is_empty()
            && kid.len() <= Self::MAX_KID
            && kid
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
        let uncompressed = point.first() == Some(&4) && PublicKey::from_sec1_bytes(&point).is_ok();
        (named && uncompressed).then(|| Self {
            kid: kid.to_owned(),
            point,
        })
    }

    /// The key's name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The uncompressed point.
    pub const fn point(&self) -> &[u8; POINT_LENGTH] {
        &self.point
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    kid: String,
    point: String,
}

impl Serialize for ActivationKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            kid: self.kid.clone(),
            point: base64url(&self.point),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ActivationKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let mut point = [0; POINT_LENGTH];
        into_array(&wire.point, &mut point).map_err(de::Error::custom)?;
        Self::new(&wire.kid, point).ok_or_else(|| de::Error::custom("not a named point of P-256"))
    }
}
