//! [`Face`]: the two fonts of every mark, vendored with their licence in `typeface`.
//!
//! The text is Cyrillic and Latin in normal form C, so a letter is a glyph, and nothing has to be shaped.

mod embedded;

use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    instance::{LocationRef, Size},
    metrics::Metrics,
};

pub(super) use embedded::Embedded;

/// A weight of the mark's font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// Text.
    Regular,
    /// The heading and the name.
    Bold,
}

impl Face {
    /// Every face.
    pub(super) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The height of capitals, in ems; of both faces.
    pub(super) const CAPITAL: f64 = 0.714;

    /// The name by which the drawing calls it.
    pub(super) const fn resource(self) -> &'static str {
        match self {
            Self::Regular => "R",
            Self::Bold => "B",
        }
    }

    /// The glyph of a letter, if there is one.
    pub(super) fn glyph(self, letter: char) -> Option<u16> {
        let glyph = self.parsed()?.charmap().map(letter)?;
        u16::try_from(glyph.to_u32()).ok().filter(|number| *number != 0)
    }

    /// How wide a text of one line is, in the unit of `size`.
    pub(super) fn width(self, text: &str, size: f64) -> f64 {
        text.chars()
            .filter_map(|letter| self.glyph(letter))
            .map(|glyph| self.advance(glyph) * size / 1000.0)
            .sum()
    }

    /// How far a glyph moves on, in thousandths of an em.
    fn advance(self, glyph: u16) -> f64 {
        self.parsed()
            .map(|face| face.glyph_metrics(Size::unscaled(), LocationRef::default()))
            .and_then(|metrics| metrics.advance_width(GlyphId::new(u32::from(glyph))))
            .map_or(0.0, f64::from)
    }

    /// What holds for all its glyphs, in thousandths of an em.
    fn metrics(self) -> Option<Metrics> {
        self.parsed()
            .map(|face| face.metrics(Size::unscaled(), LocationRef::default()))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Regular => "NotoSans-Regular",
            Self::Bold => "NotoSans-Bold",
        }
    }

    /// How thick its stems are, in thousandths of an em.
    const fn stem(self) -> u16 {
        match self {
            Self::Regular => 87,
            Self::Bold => 146,
        }
    }

    const fn file(self) -> &'static [u8] {
        match self {
            Self::Regular => typeface::REGULAR,
            Self::Bold => typeface::BOLD,
        }
    }

    /// The file, whose tables are found but not read. It has a thousand units to the em, which a test holds.
    fn parsed(self) -> Option<FontRef<'static>> {
        FontRef::new(self.file()).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn both_faces_have_the_letters_of_the_country() {
        for face in Face::ALL {
            let metrics = face.metrics().unwrap();
            assert_eq!(metrics.units_per_em, 1000);
            assert_eq!(metrics.cap_height, Some(714.0));
            for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЪъ ÄäĞğŪūÑñÖöÜüŞşİı«»–—…№₸•·".chars()
            {
                assert!(face.glyph(letter).is_some(), "{face:?} {letter}");
            }
        }
    }

    #[test]
    fn no_two_letters_share_a_glyph_so_that_text_can_be_copied_out() {
        for face in Face::ALL {
            let mut letters = BTreeMap::new();
            for letter in '\0'..='\u{FFFF}' {
                if let Some(glyph) = face.glyph(letter) {
                    assert_eq!(letters.insert(glyph, letter), None, "{letter}");
                }
            }
            assert!(letters.len() > 500);
        }
    }
}
