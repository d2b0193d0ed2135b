//! [`Phrase`]: words of others (a name, a bank, a purpose) that a mark may show.
//!
//! What cannot be drawn exactly as it was given is refused: a letter without a glyph would be an empty box, and a
//! control or a direction mark could make the mark read otherwise than it is written.

use unicode_normalization::UnicodeNormalization as _;

use super::font::Face;

/// Words that a mark can show: one line, in normal form C, each letter in the mark's fonts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(String);

/// The words cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// Nothing there.
    #[error("there is nothing to show: leave it out, or give its words")]
    Empty,
    /// Too many letters.
    #[error("at most {} letters can be shown: shorten it", Phrase::LETTERS)]
    Long,
    /// A control, a line break or a mark that turns the direction of writing.
    #[error("U+{code:04X} is not a letter but a control: remove it")]
    Control {
        /// Its code point.
        code: u32,
    },
    /// A letter that the fonts do not have.
    #[error("the mark's fonts have no letter U+{code:04X}: write it in Cyrillic or Latin letters")]
    Glyph {
        /// Its code point.
        code: u32,
    },
}

impl Phrase {
    /// How many letters it may have.
    pub const LETTERS: usize = 160;

    /// Takes the words, with single spaces between them.
    pub fn new(text: &str) -> Result<Self, PhraseError> {
        // Normal form C never makes a text more than three times as long, and no letter is longer than four bytes.
        if text.len() > 4 * 3 * Self::LETTERS {
            return Err(PhraseError::Long);
        }
        let mut phrase = String::with_capacity(text.len());
        let mut letters = 0_usize;
        for letter in text.trim_matches(' ').nfc() {
            if letter == ' ' && phrase.ends_with(' ') {
                continue;
            }
            let code = u32::from(letter);
            if is_control(letter) {
                return Err(PhraseError::Control { code });
            }
            if Face::ALL.iter().any(|face| face.glyph(letter).is_none()) {
                return Err(PhraseError::Glyph { code });
            }
            phrase.push(letter);
            letters += 1;
        }
        match letters {
            0 => Err(PhraseError::Empty),
            1..=Self::LETTERS => Ok(Self(phrase)),
            _ => Err(PhraseError::Long),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, separators of lines, and what is invisible or turns the direction of writing.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_names_in_both_scripts_are_shown() {
        for name in [
            "Әйгерім Ғабитқызы Нұрмағамбетова-Өтеғұлова",
            "Қуаныш Үміт Һәкім Іңкәр",
            "Äigerım Ğabitqyzy Nūrmağambetova Ŋ Ş",
            "«Банк» АҚ, 1 000 ₸ № 7 – “а”",
        ] {
            assert_eq!(Phrase::new(name).unwrap().as_str(), name);
        }
        assert_eq!(
            Phrase::new("  И\u{306}ван   Петров ").unwrap().as_str(),
            "Йван Петров"
        );
    }

    #[test]
    fn what_cannot_be_drawn_as_written_is_refused() {
        let long = "ә".repeat(Phrase::LETTERS + 1);
        for (text, error) in [
            ("", PhraseError::Empty),
            ("   ", PhraseError::Empty),
            (long.as_str(), PhraseError::Long),
            ("a\nb", PhraseError::Control { code: 0x0A }),
            ("a\u{7}", PhraseError::Control { code: 7 }),
            ("a\u{202E}b", PhraseError::Control { code: 0x202E }),
            ("a\u{200B}b", PhraseError::Control { code: 0x200B }),
            ("a\u{AD}b", PhraseError::Control { code: 0xAD }),
            ("\u{E0041}", PhraseError::Control { code: 0xE0041 }),
            ("汉字", PhraseError::Glyph { code: 0x6C49 }),
            ("a\u{301}\u{301}", PhraseError::Glyph { code: 0x301 }),
        ] {
            assert_eq!(Phrase::new(text), Err(error));
        }
        assert_eq!(Phrase::new(&"a".repeat(100_000)), Err(PhraseError::Long));
    }
}
