//! [`Face`]: the two weights in which everything is written, letter by letter.
//!
//! The text is Cyrillic and Latin in normal form C, so a letter is a glyph, and nothing has to be shaped.

use core::fmt::Write as _;

use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    instance::{LocationRef, Size},
};

/// A weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Text.
    Regular,
    /// Headings and names.
    Bold,
}

/// A letter as it is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    /// Its glyph.
    pub glyph: u32,
    /// How far it moves on, in ems.
    pub advance: f32,
}

impl Face {
    pub(crate) const fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => typeface::REGULAR,
            Self::Bold => typeface::BOLD,
        }
    }

    /// How the letters of a text are drawn, each with where it stands in the text; those without a glyph are left out.
    pub(crate) fn letters(self, text: &str) -> Vec<(usize, char, Letter)> {
        let Ok(font) = FontRef::new(self.file()) else {
            return Vec::new();
        };
        let map = font.charmap();
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let letter = |letter: char| {
            let glyph = map.map(letter).filter(|glyph| *glyph != GlyphId::NOTDEF)?;
            // A thousand units make an em, which a test holds.
            let advance = metrics.advance_width(glyph)? / 1000.0;
            Some(Letter {
                glyph: glyph.to_u32(),
                advance,
            })
        };
        text.char_indices()
            .filter_map(|(at, sign)| Some((at, sign, letter(sign)?)))
            .collect()
    }
}

/// The text as the fonts can show it: a letter that they do not have is its code in brackets.
pub(crate) fn shown(text: &str) -> String {
    let Ok(font) = FontRef::new(typeface::REGULAR) else {
        return String::new();
    };
    let map = font.charmap();
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if map.map(letter).is_some_and(|glyph| glyph != GlyphId::NOTDEF) {
            shown.push(letter);
        } else {
            // Writing into a string cannot fail.
            let _ = write!(shown, "[U+{:04X}]", u32::from(letter));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_have_the_same_letters_and_a_thousand_units_to_the_em() {
        let all: String = ('\u{20}'..'\u{3000}').collect();
        let signs = |face: Face| {
            face.letters(&all)
                .iter()
                .map(|(_, sign, _)| *sign)
                .collect::<String>()
        };
        assert_eq!(signs(Face::Regular), signs(Face::Bold));
        for face in [Face::Regular, Face::Bold] {
            let font = FontRef::new(face.file()).unwrap();
            assert_eq!(
                font.metrics(Size::unscaled(), LocationRef::default())
                    .units_per_em,
                1000
            );
        }
    }

    #[test]
    fn a_letter_without_a_glyph_is_its_code() {
        assert_eq!(shown("Ұлы 汉 ب"), "Ұлы [U+6C49] [U+0628]");
    }
}
