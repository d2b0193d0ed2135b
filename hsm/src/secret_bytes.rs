//! Secret bytes in frames: the one serialisable form of a secret, for the sockets of the boundary only.

#[cfg(feature = "token")]
use domain::Stretched;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// Bytes that travel between supervisor and worker and are wiped at both ends.
#[derive(Clone)]
pub(crate) struct SecretBytes(pub(crate) Zeroizing<Vec<u8>>);

impl SecretBytes {
    #[cfg(feature = "token")]
    /// A copy of `s` for the one frame that carries it.
    pub(crate) fn of(secret: &Stretched) -> Self {
        Self(Zeroizing::new(secret.expose().to_vec()))
    }

    #[cfg(feature = "token")]
    /// `s` again.
    pub(crate) fn stretched(&self) -> Option<Stretched> {
        self.0.as_slice().try_into().ok().map(Stretched::new)
    }
}

impl core::fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SecretBytes")
    }
}

impl Serialize for SecretBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}
