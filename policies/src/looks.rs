//! [`Looks`]: documents that may look different tomorrow or elsewhere, and which of them are refused.
//!
//! A signature says that bytes stay as they are, not what a viewer makes of them. Every document whose look may change
//! is named to the Client with its cautions; a bank may refuse some kinds, or all. The choice as shipped is ours: the
//! sources name no kind.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A kind of thing by which a document may look different, or holds what is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// A viewer draws an annotation.
    AnnotationWithoutLook,
    /// Files inside that are not part of the pages.
    Attachment,
    /// Something happens by itself.
    Automatic,
    /// A viewer computes values.
    Calculation,
    /// Comments, at which programs may stop reading.
    Comments,
    /// Something of another file is shown.
    ExternalContent,
    /// A link into another document.
    ExternalDocument,
    /// A font that each viewer replaces.
    FontNotEmbedded,
    /// A program or file of the reader's machine is opened.
    Launch,
    /// A link to an address.
    Link,
    /// Films, sounds or models.
    Multimedia,
    /// Layers.
    OptionalContent,
    /// A program.
    Script,
    /// A stylesheet outside.
    Stylesheet,
    /// Values are sent or loaded.
    Submission,
    /// Parts are hidden and shown.
    Switch,
    /// Too large to be looked through.
    Unexamined,
    /// A viewer draws fields.
    ViewerDrawsForm,
    /// An XFA form.
    Xfa,
}

impl Look {
    /// Every kind, by name.
    pub const ALL: [Self; 19] = [
        Self::AnnotationWithoutLook,
        Self::Attachment,
        Self::Automatic,
        Self::Calculation,
        Self::Comments,
        Self::ExternalContent,
        Self::ExternalDocument,
        Self::FontNotEmbedded,
        Self::Launch,
        Self::Link,
        Self::Multimedia,
        Self::OptionalContent,
        Self::Script,
        Self::Stylesheet,
        Self::Submission,
        Self::Switch,
        Self::Unexamined,
        Self::ViewerDrawsForm,
        Self::Xfa,
    ];

    /// Its name in files and on our wire, e.g. `font-not-embedded`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnnotationWithoutLook => "annotation-without-look",
            Self::Attachment => "attachment",
            Self::Automatic => "automatic",
            Self::Calculation => "calculation",
            Self::Comments => "comments",
            Self::ExternalContent => "external-content",
            Self::ExternalDocument => "external-document",
            Self::FontNotEmbedded => "font-not-embedded",
            Self::Launch => "launch",
            Self::Link => "link",
            Self::Multimedia => "multimedia",
            Self::OptionalContent => "optional-content",
            Self::Script => "script",
            Self::Stylesheet => "stylesheet",
            Self::Submission => "submission",
            Self::Switch => "switch",
            Self::Unexamined => "unexamined",
            Self::ViewerDrawsForm => "viewer-draws-form",
            Self::Xfa => "xfa",
        }
    }
}

/// Which documents are refused for their looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub enum Looks {
    /// None: all cautions are named, and the Client decides.
    #[default]
    Named,
    /// Those with a caution of these kinds.
    Refused(BTreeSet<Look>),
    /// All with any caution.
    Static,
}

impl Looks {
    /// Whether a document with a caution of this kind is refused.
    pub fn refuse(&self, look: Look) -> bool {
        match self {
            Self::Named => false,
            Self::Refused(kinds) => kinds.contains(&look),
            Self::Static => true,
        }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "looks is \"named\", \"static\", or a list of kinds that are refused"
)]
enum Written {
    Word(Word),
    Kinds(BTreeSet<Look>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Named,
    Static,
}

impl From<Written> for Looks {
    fn from(written: Written) -> Self {
        match written {
            Written::Word(Word::Named) => Self::Named,
            Written::Word(Word::Static) => Self::Static,
            Written::Kinds(kinds) => Self::Refused(kinds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Rule {
        looks: Looks,
    }

    fn read(text: &str) -> Result<Looks, toml::de::Error> {
        toml::from_str::<Rule>(text).map(|rule| rule.looks)
    }

    #[test]
    fn every_kind_is_refused_by_its_name() {
        for look in Look::ALL {
            let rule = read(&format!("looks = [\"{}\"]", look.name())).unwrap();
            for other in Look::ALL {
                assert_eq!(rule.refuse(other), other == look, "{look:?} {other:?}");
            }
            assert!(!read("looks = \"named\"").unwrap().refuse(look));
            assert!(read("looks = \"static\"").unwrap().refuse(look));
        }
        for text in ["looks = \"all\"", "looks = [\"scripts\"]", "looks = true"] {
            assert!(
                read(text).unwrap_err().to_string().contains("a list of kinds"),
                "{text}"
            );
        }
    }
}
