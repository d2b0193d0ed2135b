//! Leaf: one entry of the Ledger in its final encoding.
//!
//! A leaf tells the public nothing: who it concerns is a pseudonym (an HMAC by a token key), what happened is a
//! salted commitment. Owner and bank receive salt and content and can show that the leaf is theirs.
//!
//! ```text
//! version 1 │ kind 1 │ time 8 (microseconds, big endian) │ pseudonym 32 │ commitment 32
//! commitment = SHA-256("tamga/leaf/1" ‖ salt ‖ content)
//! ```

use core::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Salt, Time};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum LeafKind { $($(#[$doc])* $variant = $code,)+ }

        impl LeafKind {
            /// The name in tables and pages.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The kind of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The kind with this code.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kinds! {
    /// A key was made for a Client.
    Enrolled = 1, "enrolled";
    /// A certificate was bound to a Credential, or its state changed.
    Certified = 2, "certified";
    /// An attempt was reserved: somebody is about to try a password.
    Attempted = 3, "attempted";
    /// A Credential signed one thing.
    Signed = 4, "signed";
    /// An Activation ended and its attempt was cleared.
    Activated = 5, "activated";
    /// An Activation or Enrolment was refused.
    Refused = 6, "refused";
    /// An Activation was cut off; its attempt stays counted.
    Interrupted = 7, "interrupted";
    /// A key was destroyed.
    Destroyed = 8, "destroyed";
    /// A token key got a new version.
    Rotated = 9, "rotated";
    /// A stored key was wrapped anew.
    Rewrapped = 10, "rewrapped";
    /// An operator accepted that the database is older than the token remembers.
    GapAccepted = 11, "gap-accepted";
    /// A service key was made.
    ServiceKeyMade = 12, "service-key-made";
    /// It was decided to issue a certificate: its content is fixed, its signature is not made yet.
    Intended = 13, "intended";
    /// A certificate was issued.
    Issued = 14, "issued";
    /// A certificate was put on hold.
    Held = 15, "held";
    /// A certificate was released from hold.
    Released = 16, "released";
    /// A certificate was revoked.
    Revoked = 17, "revoked";
    /// An operator acted for the authority.
    Ordered = 18, "ordered";
    /// A backup was put back.
    Restored = 19, "restored";
    /// Two people entered the PIN of a token.
    PinEntered = 20, "pin-entered";
    /// A component of a PIN was refused.
    PinRefused = 21, "pin-refused";
    /// A signed file was replaced by one in which a signature has the next level.
    Extended = 22, "extended";
}

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    /// What happened.
    pub kind: LeafKind,
    /// When.
    pub at: Time,
    /// To whom: an HMAC of the Client, or zeros when no Client is concerned.
    pub pseudonym: [u8; 32],
    /// A salted hash of the details.
    pub commitment: [u8; 32],
}

impl Leaf {
    /// Bytes of an encoded leaf.
    pub const LENGTH: usize = 74;
    const VERSION: u8 = 1;

    /// Commits to `content` under `salt`.
    pub fn new(kind: LeafKind, at: Time, pseudonym: [u8; 32], salt: &Salt, content: &[u8]) -> Self {
        let commitment = Sha256::new()
            .chain_update(b"tamga/leaf/1")
            .chain_update(salt.as_bytes())
            .chain_update(content)
            .finalize()
            .into();
        Self {
            kind,
            at,
            pseudonym,
            commitment,
        }
    }

    /// The final encoding, which the Ledger hashes.
    pub fn encode(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let parts: [&[u8]; 5] = [
            &[Self::VERSION],
            &[self.kind as u8],
            &self.at.micros().to_be_bytes(),
            &self.pseudonym,
            &self.commitment,
        ];
        for (byte, value) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *byte = *value;
        }
        bytes
    }

    /// Reads the final encoding.
    pub fn decode(bytes: &[u8; Self::LENGTH]) -> Option<Self> {
        let (&[version, kind], rest) = bytes.split_first_chunk::<2>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (pseudonym, rest) = rest.split_first_chunk::<32>()?;
        let commitment = rest.try_into().ok()?;
        (version == Self::VERSION).then_some(Self {
            kind: LeafKind::from_code(kind)?,
            at: Time::from_micros(i64::from_be_bytes(*at)),
            pseudonym: *pseudonym,
            commitment,
        })
    }
}

impl fmt::Display for LeafKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_round_trips_and_refuses_what_it_does_not_know() {
        let now = Time::from_micros(1_790_000_000_123_456);
        let leaf = Leaf::new(LeafKind::Signed, now, [3; 32], &Salt::new([4; 16]), b"{}");
        let bytes = leaf.encode();
        assert_eq!(Leaf::decode(&bytes), Some(leaf));
        let mut other = bytes;
        other[0] = 2;
        assert_eq!(Leaf::decode(&other), None);
        other = bytes;
        other[1] = 0;
        assert_eq!(Leaf::decode(&other), None);
    }

    #[test]
    fn another_salt_is_another_commitment() {
        let leaf = |salt| {
            Leaf::new(
                LeafKind::Signed,
                Time::from_micros(0),
                [0; 32],
                &Salt::new(salt),
                b"{}",
            )
        };
        assert_ne!(leaf([1; 16]).commitment, leaf([2; 16]).commitment);
    }
}
