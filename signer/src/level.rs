//! [`Level`]: how long a signature can be judged without asking anybody.

/// A baseline level of EN 319 122, 132, 142 and 162; each contains those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Signed.
    B,
    /// Time-stamped: it existed before its certificate ended or was revoked.
    T,
    /// All certificates, lists and answers are inside.
    Lt,
    /// Sealed by an archive time stamp, which can be renewed before its algorithm or certificate ends.
    Lta,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::B, Self::T, Self::Lt, Self::Lta];

    /// The name that the standards give it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::B => "B-B",
            Self::T => "B-T",
            Self::Lt => "B-LT",
            Self::Lta => "B-LTA",
        }
    }
}
