//! What a judge is given beside the signature: anchors, material, the time, and the rules.

use core::time::Duration;

use domain::{HashAlgorithm, Time};
use pki::{HashFunction, KeyKind, Scheme, path::Anchor};
use policies::Endurance;

use crate::Material;

/// Everything that a judgement depends on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Whom we believe.
    pub anchors: &'a [Anchor],
    /// What was fetched beside what is inside.
    pub material: &'a Material,
    /// The time of the judgement: everything that is here is known to exist then.
    pub at: Time,
    /// The rules.
    pub constraints: &'a Constraints,
}

/// The rules of a judgement, EN 319 102-1 §5.1.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraints {
    /// Until when algorithms are believed.
    pub endurance: Endurance,
    /// How long an answer or a list without `nextUpdate` is fresh.
    pub fresh: Duration,
    /// How far clocks may be apart.
    pub skew: Duration,
    /// Whether the signer's key must be one of commitment (`nonRepudiation`), as national rules ask.
    pub commitment: bool,
    /// Whether what is signed must name the certificate, also where the format does not ask it.
    pub binding: bool,
    /// Whether an authority's status speaks for the whole period until its next update. The standard counts it as known
    /// up to its issue only; authorities' lists are issued for months, so nobody could keep a signature by that.
    pub authorities_by_period: bool,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            endurance: Endurance::SHIPPED,
            fresh: Duration::from_mins(5),
            skew: Duration::from_mins(5),
            commitment: false,
            binding: false,
            authorities_by_period: true,
        }
    }
}

/// The shipped ones, with what a policy says about algorithms.
impl From<Endurance> for Constraints {
    fn from(endurance: Endurance) -> Self {
        Self {
            endurance,
            ..Self::default()
        }
    }
}

impl Constraints {
    /// The last moment at which a signature by this scheme and kind of key is believed without further proof.
    pub(super) fn end(&self, scheme: Scheme, key: KeyKind) -> Time {
        let never = Time::from_micros(i64::MIN);
        let hash = match scheme.hash() {
            None => self.endurance.curves,
            Some(HashFunction::Sha256) => self.endurance.sha256,
            Some(HashFunction::Sha384) => self.endurance.sha384,
            Some(HashFunction::Sha512) => self.endurance.sha512,
            Some(HashFunction::Md5 | HashFunction::Sha1 | HashFunction::Sha224) => never,
        };
        let key = match key {
            KeyKind::Rsa { bits } if bits < 2_048 => never,
            KeyKind::Rsa { bits } if bits < 3_072 => self.endurance.rsa_2048,
            KeyKind::Rsa { .. } => self.endurance.rsa_3072,
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 | KeyKind::Ed25519 => self.endurance.curves,
            KeyKind::Unknown => never,
        };
        hash.min(key)
    }

    /// The last moment at which a digest by this function proves anything without further proof.
    pub(super) const fn end_of_hash(&self, hash: HashAlgorithm) -> Time {
        match hash {
            HashAlgorithm::Sha256 => self.endurance.sha256,
            HashAlgorithm::Sha384 => self.endurance.sha384,
            HashAlgorithm::Sha512 => self.endurance.sha512,
        }
    }

    /// Whether something issued then, until its next update, is fresh at a time: EN 319 102-1 §5.2.5.
    pub(super) fn is_fresh(&self, (issued, next): (Time, Option<Time>), at: Time) -> bool {
        at <= next.unwrap_or_else(|| issued.plus(self.fresh)) && issued <= at.plus(self.skew)
    }
}
