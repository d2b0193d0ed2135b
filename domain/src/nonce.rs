//! Nonces and salts: fixed lengths, made by the token.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{base64url, base64url::into_array};

macro_rules! random_bytes {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// How many bytes.
            pub const LENGTH: usize = $length;

            /// Takes random bytes.
            pub const fn new(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), base64url(&self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&base64url(&self.0))
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let mut bytes = [0; $length];
                    into_array(&String::deserialize(deserializer)?, &mut bytes).map_err(de::Error::custom)?;
                    Ok(Self(bytes))
                } else {
                    Deserialize::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

random_bytes! {
    /// A challenge's nonce: issued for one Session and one purpose, spent once.
    Nonce, 32
}

random_bytes! {
    /// The salt of a Client's Argon2id.
    Salt, 16
}
