//! How many verifiers live on the token itself, for those who read R125 ("inside the HSM") to the letter.

use serde::Deserialize;

use crate::{RuleError, bounds::within};

/// A bound, because tokens search their objects one by one: ten thousand of them cost 150 ms a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct ResidentRule {
    most: u64,
}

impl ResidentRule {
    /// A thousand; the number is ours.
    pub const SHIPPED: Self = Self { most: 1_000 };

    /// The most resident verifiers.
    pub const fn most(self) -> u64 {
        self.most
    }
}

impl Default for ResidentRule {
    fn default() -> Self {
        Self::SHIPPED
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    most: u64,
}

impl TryFrom<Written> for ResidentRule {
    type Error = RuleError;

    fn try_from(written: Written) -> Result<Self, RuleError> {
        let most = within("resident.most", written.most, &(0..=Self::SHIPPED.most))?;
        Ok(Self { most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_keeps_a_thousand_or_fewer() {
        assert_eq!(ResidentRule::default().most(), 1_000);
        assert_eq!(toml::from_str::<ResidentRule>("most = 0").unwrap().most(), 0);
        assert!(toml::from_str::<ResidentRule>("most = 1001").is_err());
    }
}
