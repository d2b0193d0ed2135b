//! [`Term`] and [`Said`]: fixed words in three languages, and what is written of them and of values.

use crate::{Language, Languages, Number, Words, face::shown, words::Link};

/// Fixed words in three languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub(crate) kazakh: &'static str,
    pub(crate) russian: &'static str,
    pub(crate) english: &'static str,
}

impl Term {
    pub(crate) const fn new(kazakh: &'static str, russian: &'static str, english: &'static str) -> Self {
        Self {
            kazakh,
            russian,
            english,
        }
    }

    /// The words in one language.
    pub const fn within(self, language: Language) -> &'static str {
        match language {
            Language::Kazakh => self.kazakh,
            Language::Russian => self.russian,
            Language::English => self.english,
        }
    }

    /// The words in each of these languages.
    pub(crate) fn said(self, languages: Languages) -> Said {
        let mut spans: Vec<Span> = Vec::new();
        for language in languages.list() {
            let text = self.within(*language);
            // What is written alike in two languages is written once.
            if spans.iter().all(|span| span.text != text) {
                spans.push(Span {
                    language: Some(*language),
                    text: text.to_owned(),
                });
            }
        }
        Said(spans)
    }
}

/// What is written in one place: in one language after the other, or once where it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said(pub(crate) Vec<Span>);

/// Words of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub language: Option<Language>,
    pub text: String,
}

impl Said {
    /// What has no language of ours: a name, a number, a time.
    pub(crate) fn plain(text: &str) -> Self {
        Self(vec![Span {
            language: None,
            text: shown(text),
        }])
    }

    /// Paragraphs of somebody else's words.
    pub(crate) fn paragraphs<'a>(paragraphs: impl Iterator<Item = &'a str>) -> Self {
        Self(paragraphs.flat_map(|text| Self::plain(text).0).collect())
    }

    /// With further paragraphs below.
    pub(crate) fn and(mut self, below: Self) -> Self {
        self.0.extend(below.0);
        self
    }

    /// Everything on one line, as titles and bookmarks have it.
    pub(crate) fn line(&self) -> String {
        let texts: Vec<_> = self.0.iter().map(|span| span.text.as_str()).collect();
        texts.join(" / ")
    }
}

impl From<&Words> for Said {
    fn from(words: &Words) -> Self {
        Self::plain(words.as_str())
    }
}

impl From<&Number> for Said {
    fn from(number: &Number) -> Self {
        Self::plain(number.as_str())
    }
}

impl From<&Link> for Said {
    fn from(link: &Link) -> Self {
        Self::plain(link.as_str())
    }
}
