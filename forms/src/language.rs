//! [`Language`] and [`Languages`]: in which languages a paper speaks.

use serde::{Deserialize, Serialize};

/// A language of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Kazakh.
    #[serde(rename = "kk")]
    Kazakh,
    /// Russian.
    #[serde(rename = "ru")]
    Russian,
    /// English, for information: Kazakh and Russian are what counts. R201.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Kazakh, Self::Russian, Self::English];

    /// Its tag by BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Kazakh => "kk-KZ",
            Self::Russian => "ru-KZ",
            Self::English => "en",
        }
    }
}

/// The languages of one rendering, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Languages {
    /// One alone, as a screen shows it.
    Only(Language),
    /// Kazakh and Russian, which have equal force: what a court or an archive is given. R201.
    Official,
    /// Both of them, and English.
    All,
}

impl Languages {
    /// The languages.
    pub const fn list(self) -> &'static [Language] {
        match self {
            Self::Only(Language::Kazakh) => &[Language::Kazakh],
            Self::Only(Language::Russian) => &[Language::Russian],
            Self::Only(Language::English) => &[Language::English],
            Self::Official => &[Language::Kazakh, Language::Russian],
            Self::All => &Language::ALL,
        }
    }

    /// The language of the whole, by which a reader aloud begins.
    pub(crate) const fn first(self) -> Language {
        match self {
            Self::Only(only) => only,
            Self::Official | Self::All => Language::Kazakh,
        }
    }
}
