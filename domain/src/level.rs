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

    /// How tables keep it: its place in [`ALL`](Self::ALL).
    pub const fn number(self) -> u8 {
        match self {
            Self::B => 0,
            Self::T => 1,
            Self::Lt => 2,
            Self::Lta => 3,
        }
    }

    /// The level that tables keep so.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }
}

impl core::fmt::Display for Level {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a level is B, T, LT or LTA")]
pub struct LevelError;

impl core::str::FromStr for Level {
    type Err = LevelError;

    /// The name with or without its first `B-`.
    fn from_str(text: &str) -> Result<Self, LevelError> {
        let named = |level: &Self| {
            let name = level.name();
            name == text || name.strip_prefix("B-") == Some(text)
        };
        Self::ALL.into_iter().find(named).ok_or(LevelError)
    }
}

impl<'de> serde::Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
