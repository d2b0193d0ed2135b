//! Which keys and signatures are made. R007.

use domain::{KeyAlgorithm, SignatureProfile};

/// Closed lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithms {
    keys: &'static [KeyAlgorithm],
    profiles: &'static [SignatureProfile],
}

impl Algorithms {
    /// All that the boundary can make.
    pub const SHIPPED: Self = Self {
        keys: &KeyAlgorithm::ALL,
        profiles: &SignatureProfile::ALL,
    };

    /// Whether a Client may have such a key.
    pub fn admits_key(&self, algorithm: KeyAlgorithm) -> bool {
        self.keys.contains(&algorithm)
    }

    /// Whether signatures of this kind are made.
    pub fn admits_profile(&self, profile: SignatureProfile) -> bool {
        self.profiles.contains(&profile)
    }
}
