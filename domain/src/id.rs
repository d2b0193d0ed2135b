//! Ids: `UUIDv7` values that know what they name.
//!
//! `Id<word::Session>` and `Id<word::Document>` are different types, so mixing them does not compile. The
//! canonical text (lower case, hyphens) is the only one accepted; in hashes and in compact frames an id is
//! its 16 raw bytes.

use core::{fmt, hash, marker::PhantomData, str::FromStr};

use rand_core::Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::Time;

/// The words that an [`Id`] can name.
pub mod word {
    /// One visit of a Client for one Application.
    #[derive(Debug)]
    pub enum Session {}
    /// A Client's key with its certificate and its state.
    #[derive(Debug)]
    pub enum Credential {}
    /// Bytes that a Participant uploaded for signing.
    #[derive(Debug)]
    pub enum Document {}
    /// The sealed electronic document of a check.
    #[derive(Debug)]
    pub enum Evidence {}
    /// An organisation under contract.
    #[derive(Debug)]
    pub enum Participant {}
    /// A Participant's web or mobile application.
    #[derive(Debug)]
    pub enum Application {}
    /// Frames that a device took during one drawn sequence of signals.
    #[derive(Debug)]
    pub enum Capture {}
    /// A short message to a phone.
    #[derive(Debug)]
    pub enum Message {}
    /// One proof of who the Client is, for one Session.
    #[derive(Debug)]
    pub enum Assertion {}
    /// One verified use of a Credential for a fixed list of digests.
    #[derive(Debug)]
    pub enum Activation {}
    /// One certificate, from the intention to issue it on.
    #[derive(Debug)]
    pub enum Certificate {}
    /// A signed demand: to issue or to revoke, of a Client or of an operator.
    #[derive(Debug)]
    pub enum Statement {}
    /// One life of a `tamga` process, from start to stop.
    #[derive(Debug)]
    pub enum Node {}
    /// One life of a `tamga-hsm` supervisor, from start to stop.
    #[derive(Debug)]
    pub enum Boot {}
    /// The keeping of one signature at a level, for as long as its file is kept.
    #[derive(Debug)]
    pub enum Upkeep {}
}

/// The id of a `T`.
pub struct Id<T> {
    bytes: [u8; 16],
    of: PhantomData<fn() -> T>,
}

/// The text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is a UUID in lower case with hyphens")]
pub struct IdError;

impl<T> Id<T> {
    /// A new id, ordered by its time.
    pub fn new(now: Time, rng: &mut impl Rng) -> Self {
        let mut random = [0_u8; 10];
        rng.fill_bytes(&mut random);
        Self::from_random(now, random)
    }

    /// A new id from ten random bytes that came from elsewhere, a token for example.
    pub fn from_random(now: Time, random: [u8; 10]) -> Self {
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
        Self::from_bytes(
            *uuid::Builder::from_unix_timestamp_millis(millis, &random)
                .as_uuid()
                .as_bytes(),
        )
    }

    /// The id with these raw bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self {
            bytes,
            of: PhantomData,
        }
    }

    /// The moment that the id was made for, to the millisecond.
    pub fn time(&self) -> Time {
        let mut millis = [0; 8];
        for (to, from) in millis.iter_mut().skip(2).zip(self.bytes) {
            *to = from;
        }
        Time::from_micros(i64::from_be_bytes(millis).saturating_mul(1_000))
    }

    /// The raw bytes, as they enter hashes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::from_bytes(self.bytes).as_hyphenated().fmt(f)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let id = Self::from_bytes(Uuid::try_parse(text).map_err(|_| IdError)?.into_bytes());
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(IdError)
        }
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.bytes.serialize(serializer)
        }
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?
                .parse()
                .map_err(de::Error::custom)
        } else {
            <[u8; 16]>::deserialize(deserializer).map(Self::from_bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_one() {
        let id = Id::<word::Session>::from_random(Time::from_unix_seconds(1_790_000_000), [0xA5; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            id.to_string().to_uppercase().parse::<Id<word::Session>>(),
            Err(IdError)
        );
        assert_eq!(
            id.to_string().replace('-', "").parse::<Id<word::Session>>(),
            Err(IdError)
        );
    }

    #[test]
    fn an_id_knows_its_moment() {
        let now = Time::from_micros(1_790_000_000_123_456);
        let id = Id::<word::Session>::from_random(now, [0xA5; 10]);
        assert_eq!(id.time(), Time::from_micros(1_790_000_000_123_000));
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let at = |seconds| Id::<word::Session>::from_random(Time::from_unix_seconds(seconds), [0; 10]);
        assert!(at(1_790_000_000) < at(1_790_000_001));
    }
}
