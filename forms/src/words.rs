//! [`Words`], [`Prose`], [`Link`] and [`Number`]: what others wrote, bounded and without anything invisible.
//!
//! A control or a mark that turns the direction of writing could make a paper read otherwise than it is written, so
//! both are refused. A letter that the fonts do not have is no reason to refuse a name: it is shown as its code, in
//! brackets, alike on paper and on screen, and stands as it is in the data.

use core::{fmt, str::FromStr};

use domain::Id;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// Words that no form can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// Nothing there.
    #[error("there is nothing written: leave the field out, or fill it in")]
    Empty,
    /// Too long.
    #[error("at most {most} characters fit here: shorten it")]
    Long {
        /// How many fit.
        most: usize,
    },
    /// A control, or a mark that turns the direction of writing.
    #[error("U+{code:04X} is not a letter but a control: remove it")]
    Control {
        /// Its code point.
        code: u32,
    },
    /// Not an address of a page.
    #[error("an address begins with https:// and has no spaces")]
    Address,
    /// Not a number of a paper.
    #[error("a number has letters of the English alphabet, digits, and . - / between them")]
    Number,
}

/// A line of words: a name, an address, a position.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words(String);

/// Paragraphs: an analysis, a chronology, a scenario.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prose(String);

/// The address of a page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

/// The number of a paper: an id, or what a registry gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(String);

impl Words {
    /// Characters that fit.
    pub const MOST: usize = 500;

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Prose {
    /// Characters that fit.
    pub const MOST: usize = 40_000;

    /// Its paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.0
            .split('\n')
            .filter(|paragraph| !paragraph.trim().is_empty())
    }
}

impl Link {
    /// Characters that fit.
    pub const MOST: usize = 2_000;

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Number {
    /// Characters that fit.
    pub const MOST: usize = 64;

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Words {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        let words = bounded(text, Self::MOST, is_control)?;
        Ok(Self(
            words
                .split(' ')
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        ))
    }
}

impl FromStr for Prose {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        bounded(text, Self::MOST, |letter| letter != '\n' && is_control(letter)).map(Self)
    }
}

impl FromStr for Link {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        let link = bounded(text, Self::MOST, is_control)?;
        let host = link.strip_prefix("https://").ok_or(WordsError::Address)?;
        if host.is_empty() || link.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
            return Err(WordsError::Address);
        }
        Ok(Self(link))
    }
}

impl FromStr for Number {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        let between = |letter: char| matches!(letter, '.' | '-' | '/');
        if !text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || between(letter))
            || text.starts_with(between)
            || text.ends_with(between)
        {
            return Err(WordsError::Number);
        }
        bounded(text, Self::MOST, is_control).map(Self)
    }
}

impl<T> From<Id<T>> for Number {
    fn from(id: Id<T>) -> Self {
        Self(id.to_string())
    }
}

/// In normal form C, trimmed, not empty and not too long.
fn bounded(text: &str, most: usize, refused: impl Fn(char) -> bool) -> Result<String, WordsError> {
    // Normal form C never makes a text more than three times as long, and no letter is longer than four bytes.
    if text.len() > 12 * most {
        return Err(WordsError::Long { most });
    }
    let normal: String = text.nfc().collect();
    let normal = normal.trim_matches([' ', '\n']);
    if normal.is_empty() {
        return Err(WordsError::Empty);
    }
    if let Some(control) = normal.chars().find(|letter| refused(*letter)) {
        return Err(WordsError::Control {
            code: u32::from(control),
        });
    }
    if normal.chars().count() > most {
        return Err(WordsError::Long { most });
    }
    Ok(normal.to_owned())
}

/// Controls, separators of lines, and what is invisible or turns the direction of writing.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = WordsError;

            fn try_from(text: String) -> Result<Self, WordsError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(written: $name) -> Self {
                written.0
            }
        }
    )+};
}

as_text!(Words, Prose, Link, Number);

macro_rules! hidden_in_debug {
    ($($name:ident),+) => {$(
        // They may name a person.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

hidden_in_debug!(Words, Prose, Link);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_invisible_or_turns_the_writing_is_refused() {
        for (text, code) in [
            ("a\u{0}b", 0),
            ("a\nb", 0x0A),
            ("a\u{202E}b", 0x202E),
            ("a\u{2066}b", 0x2066),
            ("a\u{200B}b", 0x200B),
            ("a\u{FEFF}b", 0xFEFF),
            ("a\u{E000}b", 0xE000),
        ] {
            assert_eq!(text.parse::<Words>(), Err(WordsError::Control { code }));
        }
        assert!("a\nb".parse::<Prose>().is_ok());
        assert_eq!("a\rb".parse::<Prose>(), Err(WordsError::Control { code: 0x0D }));
    }

    #[test]
    fn words_are_bounded_and_have_one_form() {
        let words: Words = "  И\u{306}ван   Петров ".parse().unwrap();
        assert_eq!(words.as_str(), "Йван Петров");
        assert_eq!(format!("{words:?}"), "Words(…)");
        assert_eq!(" ".parse::<Words>(), Err(WordsError::Empty));
        let long = WordsError::Long { most: Words::MOST };
        assert_eq!("ә".repeat(Words::MOST + 1).parse::<Words>(), Err(long));
        assert_eq!("a".repeat(1_000_000).parse::<Words>(), Err(long));
        assert!("ә".repeat(Words::MOST).parse::<Words>().is_ok());
    }

    #[test]
    fn an_address_is_one_that_a_page_may_lead_to() {
        assert!("https://id.bank.kz/cb?x=1#y".parse::<Link>().is_ok());
        for text in [
            "http://bank.kz",
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://a\"b",
        ] {
            assert_eq!(text.parse::<Link>(), Err(WordsError::Address), "{text}");
        }
        for text in ["-1", "1/", "№ 5", "a b", "<b>"] {
            assert_eq!(text.parse::<Number>(), Err(WordsError::Number), "{text}");
        }
    }
}
