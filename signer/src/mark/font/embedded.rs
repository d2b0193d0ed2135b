//! [`Embedded`]: a face cut down to the letters of one mark, as the objects that a PDF wants (ISO 32000-2 9.7, 9.9).

use core::fmt::Write as _;
use std::collections::BTreeMap;

use domain::sha256;
use subsetter::GlyphRemapper;

use super::Face;
use crate::mark::object::{Body, stream};

/// A face with the letters that are used of it.
#[derive(Clone, Debug)]
pub(in crate::mark) struct Embedded {
    face: Face,
    /// Each letter with its glyph in the cut-down font.
    letters: BTreeMap<char, u16>,
    /// Widths of the cut-down font's glyphs, in their order.
    widths: Vec<f64>,
    file: Vec<u8>,
}

impl Embedded {
    /// How many objects it is.
    pub(in crate::mark) const OBJECTS: u32 = 5;

    /// Cuts the face down; `None` when the vendored file cannot be read, or lacks a letter.
    pub(in crate::mark) fn new(face: Face, texts: &[&str]) -> Option<Self> {
        let mut letters = BTreeMap::new();
        for letter in texts.iter().flat_map(|text| text.chars()) {
            letters.insert(letter, face.glyph(letter)?);
        }
        let mut kept = GlyphRemapper::new();
        for glyph in letters.values_mut() {
            *glyph = kept.remap(*glyph);
        }
        let file = subsetter::subset(face.file(), 0, &kept).ok()?;
        let widths = kept.remapped_gids().map(|glyph| face.advance(glyph)).collect();
        Some(Self {
            face,
            letters,
            widths,
            file,
        })
    }

    /// The face.
    pub(in crate::mark) const fn face(&self) -> Face {
        self.face
    }

    /// A text as the string that shows it.
    pub(in crate::mark) fn string(&self, text: &str) -> String {
        let codes = text
            .chars()
            .filter_map(|letter| self.letters.get(&letter))
            .map(|glyph| format!("{glyph:04X}"));
        format!("<{}>", codes.collect::<String>())
    }

    /// Its objects, the first of which is the font; they take consecutive numbers.
    pub(in crate::mark) fn objects(&self, first: u32) -> [(u32, Body); Self::OBJECTS as usize] {
        let number = |offset: u32| first.saturating_add(offset);
        let name = format!("{}+{}", self.tag(), self.face.name());
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{} 0 R]/ToUnicode {} 0 R>>",
            number(1),
            number(4),
        );
        let widths = self
            .widths
            .iter()
            .map(|width| format!("{width:.0}"))
            .collect::<Vec<_>>()
            .join(" ");
        let descendant = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {} 0 R/CIDToGIDMap/Identity/DW 600/W[0[{widths}]]>>",
            number(2),
        );
        let length = format!("/Length1 {}", self.file.len());
        [
            (number(0), font.into_bytes()),
            (number(1), descendant.into_bytes()),
            (number(2), self.descriptor(&name, number(3)).into_bytes()),
            (number(3), stream(&length, &self.file)),
            (number(4), stream("", self.to_unicode().as_bytes())),
        ]
    }

    fn descriptor(&self, name: &str, file: u32) -> String {
        let metrics = self.face.metrics();
        let bounds = metrics.and_then(|metrics| metrics.bounds);
        let [left, bottom, right, top] =
            bounds.map_or([0.0; 4], |all| [all.x_min, all.y_min, all.x_max, all.y_max]);
        let (ascent, descent) = metrics.map_or((0.0, 0.0), |metrics| (metrics.ascent, metrics.descent));
        format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{left} {bottom} {right} {top}]\
             /ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {:.0}/StemV {}/FontFile2 {file} 0 R>>",
            Face::CAPITAL * 1000.0,
            self.face.stem(),
        )
    }

    /// Six letters that tell subsets apart: equal for equal subsets.
    fn tag(&self) -> String {
        sha256(&self.file)
            .iter()
            .take(6)
            .map(|byte| char::from(b'A' + byte % 26))
            .collect()
    }

    /// Which letter each glyph is, for readers and copying.
    fn to_unicode(&self) -> String {
        let pairs: Vec<String> = self
            .letters
            .iter()
            .map(|(letter, glyph)| {
                let mut units = [0; 2];
                let units = letter
                    .encode_utf16(&mut units)
                    .iter()
                    .map(|unit| format!("{unit:04X}"));
                format!("<{glyph:04X}> <{}>\n", units.collect::<String>())
            })
            .collect();
        let mut map = String::from(HEAD);
        for some in pairs.chunks(100) {
            // Writing into a String cannot fail.
            let _ = write!(map, "{} beginbfchar\n{}endbfchar\n", some.len(), some.concat());
        }
        map.push_str(FOOT);
        map
    }
}

const HEAD: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
    /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
    /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
    1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";

const FOOT: &str = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
