//! How many verifiers live on the token itself, for those who read R125 to the letter.

/// A bound, because tokens search their objects one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResidentRule {
    most: u64,
}

impl ResidentRule {
    /// A thousand.
    pub const SHIPPED: Self = Self { most: 1_000 };

    /// The most resident verifiers.
    pub const fn most(self) -> u64 {
        self.most
    }
}
