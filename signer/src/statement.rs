//! [`Statement`]: one thing that is told of a document, as a code with particulars for programs and as a sentence for
//! people.
//!
//! Whatever is told is a variant of an enum that is declared by [`statements!`]: one row has its meaning, its code, its
//! particulars and its words in Kazakh, Russian and English. A row without words, or with a place in its words that is
//! no particular of it, does not compile.

use domain::{Language, Moment, Time};

/// A particular of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Particular {
    /// A count or a number.
    Number(u64),
    /// Another statement.
    Statement(Statement),
    /// Words of a document, a certificate or a standard.
    Text(String),
    /// A moment.
    Time(Time),
}

/// What all statements of a kind have in common.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name for programs, which never changes.
    pub(crate) code: &'static str,
    /// The names of its particulars.
    pub(crate) names: &'static [&'static str],
    /// Its sentence in Kazakh, Russian and English; `{name}` stands for a particular.
    pub(crate) words: [&'static str; 3],
}

/// One thing that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    row: &'static Row,
    particulars: Vec<Particular>,
}

/// Whatever can be told.
pub trait Stated {
    /// With all its particulars.
    fn statement(&self) -> Statement;
}

impl Row {
    /// The row, if every place in its words is a particular and every particular has its place in all of them.
    pub(crate) const fn checked(self) -> Self {
        let [kazakh, russian, english] = self.words;
        assert!(
            is_filled(kazakh.as_bytes(), self.names)
                && is_filled(russian.as_bytes(), self.names)
                && is_filled(english.as_bytes(), self.names),
            "the places in the words are not the particulars"
        );
        self
    }
}

impl Statement {
    pub(crate) const fn new(row: &'static Row, particulars: Vec<Particular>) -> Self {
        Self { row, particulars }
    }

    /// Its name for programs, which never changes.
    pub const fn code(&self) -> &'static str {
        self.row.code
    }

    /// Its particulars by their names.
    pub fn particulars(&self) -> impl Iterator<Item = (&'static str, &Particular)> {
        self.row.names.iter().copied().zip(&self.particulars)
    }

    /// Its sentence.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for piece in language.of(self.row.words).split('{') {
            match piece.split_once('}') {
                None => text.push_str(piece),
                Some((name, rest)) => {
                    let value = self.particulars().find(|(known, _)| *known == name);
                    text.extend(value.map(|(_, value)| value.text(language)));
                    text.push_str(rest);
                }
            }
        }
        text
    }
}

impl Particular {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Statement(statement) => statement.text(language),
            Self::Text(text) => text.clone(),
            Self::Time(time) => Moment::told(*time, language),
        }
    }
}

impl From<&String> for Particular {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&u32> for Particular {
    fn from(number: &u32) -> Self {
        Self::Number(u64::from(*number))
    }
}

impl From<&u64> for Particular {
    fn from(number: &u64) -> Self {
        Self::Number(*number)
    }
}

impl From<&usize> for Particular {
    fn from(number: &usize) -> Self {
        Self::Number(*number as u64)
    }
}

impl From<&Time> for Particular {
    fn from(time: &Time) -> Self {
        Self::Time(*time)
    }
}

impl<T: Stated> From<&Box<T>> for Particular {
    fn from(stated: &Box<T>) -> Self {
        Self::Statement(stated.statement())
    }
}

/// Whether the places of a text are exactly these names.
const fn is_filled(text: &[u8], names: &[&str]) -> bool {
    let (mut rest, mut places) = (text, 0);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'{' {
            if !starts_with_any(after, names) {
                return false;
            }
            places += 1;
        }
    }
    let mut left = names;
    while let Some((name, others)) = left.split_first() {
        left = others;
        if !has_place(text, name) {
            return false;
        }
    }
    places >= names.len()
}

const fn has_place(text: &[u8], name: &str) -> bool {
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'{' && is_place(after, name.as_bytes()) {
            return true;
        }
    }
    false
}

const fn starts_with_any(text: &[u8], names: &[&str]) -> bool {
    let mut left = names;
    while let Some((name, others)) = left.split_first() {
        left = others;
        if is_place(text, name.as_bytes()) {
            return true;
        }
    }
    false
}

const fn is_place(mut text: &[u8], mut name: &[u8]) -> bool {
    while let (Some((byte, after)), Some((letter, letters))) = (text.split_first(), name.split_first()) {
        if *byte != *letter {
            return false;
        }
        (text, name) = (after, letters);
    }
    name.is_empty() && matches!(text.first(), Some(b'}'))
}

/// Declares an enum of statements, one row each: `Variant { particular: Type } = "code": Kazakh, Russian, English;`.
macro_rules! statements {
    ($(#[$outer:meta])* pub enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty),+ $(,)? })? = $code:literal:
            $kazakh:literal, $russian:literal, $english:literal;)+
    }) => {
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $(
                $(#[$doc])*
                $variant $({
                    $(#[doc = concat!("`", stringify!($field), "` of the sentence.")] $field: $type,)+
                })?,
            )+
        }

        impl $crate::statement::Stated for $name {
            fn statement(&self) -> $crate::statement::Statement {
                match self {
                    $(Self::$variant $({ $($field),+ })? => {
                        const ROW: &$crate::statement::Row = &$crate::statement::Row {
                            code: $code,
                            names: &[$($(stringify!($field)),+)?],
                            words: [$kazakh, $russian, $english],
                        }
                        .checked();
                        $crate::statement::Statement::new(ROW, vec![$($($field.into()),+)?])
                    })+
                }
            }
        }

        impl From<&$name> for $crate::statement::Particular {
            fn from(stated: &$name) -> Self {
                Self::Statement($crate::statement::Stated::statement(stated))
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&$crate::statement::Stated::statement(self).text(domain::Language::English))
            }
        }

        #[cfg(test)]
        impl $name {
            /// The codes and words of all.
            pub(crate) const ROWS: &[$crate::statement::Row] = &[
                $($crate::statement::Row {
                    code: $code,
                    names: &[$($(stringify!($field)),+)?],
                    words: [$kazakh, $russian, $english],
                },)+
            ];
        }
    };
}

pub(crate) use statements;

#[cfg(test)]
mod tests;
