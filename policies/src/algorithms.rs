//! Which keys and signatures are made: the keys that R007 has the CA create and use inside its HSM.

use std::borrow::Cow;

use domain::{KeyAlgorithm, SignatureProfile};
use serde::Deserialize;

use crate::RuleError;

/// Closed lists; what stands in neither is refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Algorithms {
    keys: Cow<'static, [KeyAlgorithm]>,
    default: KeyAlgorithm,
    profiles: Cow<'static, [SignatureProfile]>,
}

impl Algorithms {
    /// All that the boundary can make; P-256 unless asked otherwise. The choice is ours.
    pub const SHIPPED: Self = Self {
        keys: Cow::Borrowed(&KeyAlgorithm::ALL),
        default: KeyAlgorithm::P256,
        profiles: Cow::Borrowed(&SignatureProfile::ALL),
    };

    /// Whether a Client may have such a key.
    pub fn admits_key(&self, algorithm: KeyAlgorithm) -> bool {
        self.keys.contains(&algorithm)
    }

    /// The kind of key that a Client gets unless something else is asked for; always an admitted one.
    pub const fn default_key(&self) -> KeyAlgorithm {
        self.default
    }

    /// Whether signatures of this kind are made.
    pub fn admits_profile(&self, profile: SignatureProfile) -> bool {
        self.profiles.contains(&profile)
    }
}

impl Default for Algorithms {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    keys: Vec<KeyAlgorithm>,
    default: KeyAlgorithm,
    profiles: Vec<SignatureProfile>,
}

impl Default for Written {
    fn default() -> Self {
        let Algorithms {
            keys,
            default,
            profiles,
        } = Algorithms::SHIPPED;
        Self {
            keys: keys.into_owned(),
            default,
            profiles: profiles.into_owned(),
        }
    }
}

impl TryFrom<Written> for Algorithms {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let Written {
            keys,
            default,
            profiles,
        } = written;
        if !is_list(&keys) {
            return Err(RuleError::List {
                rule: "algorithms.keys",
            });
        }
        if !is_list(&profiles) {
            return Err(RuleError::List {
                rule: "algorithms.profiles",
            });
        }
        if !keys.contains(&default) {
            return Err(RuleError::Default(default));
        }
        let signs = |key: &KeyAlgorithm| profiles.iter().any(|profile| profile.fits(*key));
        if let Some(unused) = keys.iter().find(|key| !signs(key)) {
            return Err(RuleError::Unused(*unused));
        }
        Ok(Self {
            keys: Cow::Owned(keys),
            default,
            profiles: Cow::Owned(profiles),
        })
    }
}

fn is_list<T: Ord + Copy>(entries: &[T]) -> bool {
    let mut distinct = entries.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    !entries.is_empty() && distinct.len() == entries.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_boundary_can_make_is_admitted_as_shipped() {
        let rule = Algorithms::default();
        assert!(KeyAlgorithm::ALL.into_iter().all(|key| rule.admits_key(key)));
        assert!(
            SignatureProfile::ALL
                .into_iter()
                .all(|profile| rule.admits_profile(profile))
        );
        assert_eq!(rule.default_key(), KeyAlgorithm::P256);
    }

    #[test]
    fn a_file_may_shorten_the_lists_and_must_leave_them_usable() {
        let read = toml::from_str::<Algorithms>;
        let few = "keys = ['p384']\ndefault = 'p384'\nprofiles = ['ecdsa-p384-sha384']";
        let rule = read(few).unwrap();
        assert!(rule.admits_key(KeyAlgorithm::P384) && !rule.admits_key(KeyAlgorithm::P256));
        assert!(!rule.admits_profile(SignatureProfile::RsaPssSha256));
        for (text, why) in [
            ("keys = []", "algorithms.keys must name something"),
            ("profiles = []", "algorithms.profiles must name something"),
            ("keys = ['p256', 'p256']", "nothing twice"),
            ("keys = ['p384']", "algorithms.default is p256"),
            (
                "profiles = ['ecdsa-p256-sha256']",
                "a key of kind p384 can sign with",
            ),
            ("keys = ['rsa-1024']", "unknown variant"),
            ("profiles = ['rsa-pkcs1-sha1']", "unknown variant"),
        ] {
            let refused = read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
