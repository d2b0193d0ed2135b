//! How much room letters take at most: as far on as the font says, or as their size where it does not.

use std::{collections::HashMap, rc::Rc};

use super::matrix::{Area, Matrix};
use crate::pdf::{
    PdfError, content,
    file::File,
    lexer::is_regular,
    object::{Dictionary, Object, Stream},
};

/// The letters of a font at size one.
#[derive(Clone, Debug)]
pub(super) struct Font {
    /// How many bytes a letter has at least.
    pub(super) bytes: usize,
    /// How far a letter goes back and on at most.
    pub(super) advance: [f64; 2],
    /// What a letter covers at most, from its origin.
    pub(super) letter: Area,
    /// Whether lines run downwards.
    pub(super) downwards: bool,
    /// How far certain letters go on, by their codes.
    pub(super) widths: Option<Rc<HashMap<u16, f64>>>,
}

/// Ranges of widths tell no more together than there are codes, twice.
const MOST_WIDTHS: usize = 131_072;

impl Default for Font {
    fn default() -> Self {
        Self {
            bytes: 1,
            advance: [0.0, 1.0],
            letter: [-0.25, -0.4, 1.25, 1.15],
            downwards: false,
            widths: None,
        }
    }
}

impl Font {
    /// Reads a font whose letters the document does not draw itself.
    pub(super) fn read(file: &File<'_>, font: &Dictionary) -> Result<Self, PdfError> {
        if file.value(font, "Subtype")?.as_name() != Some(b"Type0") {
            return simple(file, font);
        }
        match file.value(font, "Encoding")? {
            Object::Name(name) if name == b"V" || name.ends_with(b"-V") => {
                let below = descendant(file, font)?;
                if ["W2", "DW2"].iter().any(|key| below.get(key).is_some()) {
                    return Err(unclear());
                }
                Ok(Self {
                    letter: [-1.25, -1.25, 1.25, 1.15],
                    downwards: true,
                    ..composite(file, &below, 1)?
                })
            }
            Object::Name(name) => {
                let bytes = if name == b"Identity-H" { 2 } else { 1 };
                composite(file, &descendant(file, font)?, bytes)
            }
            Object::Stream(stream) if is_plain(file, &stream)? => {
                composite(file, &descendant(file, font)?, 1)
            }
            _ => Err(unclear()),
        }
    }

    /// How far a text goes back and on at size one, and how many letters it has at most.
    pub(super) fn measure(&self, text: &[u8]) -> ([f64; 2], f64) {
        let letters = f64::from(u32::try_from(text.len().div_ceil(self.bytes)).unwrap_or(u32::MAX));
        let Some(widths) = &self.widths else {
            return (self.advance.map(|side| side * letters), letters);
        };
        let code = |letter: &[u8]| {
            letter
                .iter()
                .fold(0_u16, |code, byte| code << 8 | u16::from(*byte))
        };
        let mut moves = [0.0; 2];
        for letter in text.chunks(self.bytes) {
            let known = widths.get(&code(letter)).copied();
            let [back, on] = known.map_or(self.advance, around);
            moves = [moves[0] + back, moves[1] + on];
        }
        (moves, letters)
    }

    /// What reading it cost beside one object.
    pub(super) fn cost(&self) -> u32 {
        let widths = self.widths.as_ref().map_or(0, |widths| widths.len());
        u32::try_from(widths / 4).unwrap_or(u32::MAX)
    }
}

/// How far back and on a width goes; what some readers take without its sign, both ways.
fn around(width: f64) -> [f64; 2] {
    if width < 0.0 {
        [width, -width]
    } else {
        [0.0, width]
    }
}

/// Widths of a font with codes of one byte (9.6.2).
fn simple(file: &File<'_>, font: &Dictionary) -> Result<Font, PdfError> {
    let descriptor = file.dictionary(font, "FontDescriptor")?.unwrap_or_default();
    let missing = around(width(&file.value(&descriptor, "MissingWidth")?)?);
    let mut plain = Font::default();
    plain.advance = [missing[0], missing[1].max(plain.advance[1])];
    let list = file.array(font, "Widths")?;
    if list.is_empty() {
        return Ok(plain);
    }
    let number = |key| Ok::<_, PdfError>(file.value(font, key)?.as_integer());
    let first = number("FirstChar")?.and_then(|first| u16::try_from(first).ok());
    let first = first.filter(|first| *first < 256).ok_or(unclear())?;
    let end = number("LastChar")?.unwrap_or(255);
    let mut widths = HashMap::new();
    for (code, item) in (first..=255).zip(list) {
        let item = file.resolve(&item)?;
        let known = width(&item)?;
        if i64::from(code) > end {
            let [back, on] = around(known);
            plain.advance = [plain.advance[0].min(back), plain.advance[1].max(on)];
        } else if item != Object::Null {
            widths.insert(code, known);
        }
    }
    plain.widths = Some(Rc::new(widths));
    Ok(plain)
}

/// What a font is made of that has codes of several bytes.
fn descendant(file: &File<'_>, font: &Dictionary) -> Result<Dictionary, PdfError> {
    match file.array(font, "DescendantFonts")?.first() {
        Some(below) => match file.resolve(below)? {
            Object::Dictionary(below) => Ok(below),
            _ => Err(unclear()),
        },
        None => Err(unclear()),
    }
}

/// Whether a mapping of codes writes across and is no other's continuation (9.7.5.4).
fn is_plain(file: &File<'_>, stream: &Stream) -> Result<bool, PdfError> {
    let stated = file.value(&stream.dictionary, "WMode")?;
    if !matches!(stated, Object::Null | Object::Integer(0)) || stream.dictionary.get("UseCMap").is_some() {
        return Ok(false);
    }
    let content = content::of_stream(file, stream)?;
    let mut words = content
        .split(|byte| !is_regular(*byte))
        .filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let is_across = word != b"WMode" || words.next() == Some(b"0");
        if !is_across || word == b"usecmap" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Widths of a font with codes of two bytes (9.7.4.3), where codes are the letters' own numbers; for other codes the widest.
fn composite(file: &File<'_>, below: &Dictionary, bytes: usize) -> Result<Font, PdfError> {
    let mut widths = HashMap::new();
    let mut told = 0;
    let mut items = file.array(below, "W")?.into_iter();
    while let Some(first) = items.next() {
        let first = code(&file.resolve(&first)?)?;
        match file.resolve(&items.next().ok_or(unclear())?)? {
            Object::Array(list) => {
                for (code, item) in (first..=u16::MAX).zip(list) {
                    widths.insert(code, width(&file.resolve(&item)?)?);
                }
            }
            last => {
                let last = code(&last)?;
                let known = width(&file.resolve(&items.next().ok_or(unclear())?)?)?;
                widths.extend((first..=last).map(|code| (code, known)));
                told += usize::from(last.saturating_sub(first));
            }
        }
        if told > MOST_WIDTHS {
            return Err(unclear());
        }
    }
    let mut font = Font {
        bytes,
        ..Font::default()
    };
    let missing = around(width(&file.value(below, "DW")?)?);
    let known = widths.values().copied().map(around).filter(|_| bytes == 1);
    for [back, on] in known.chain([missing]) {
        font.advance = [font.advance[0].min(back), font.advance[1].max(on)];
    }
    if bytes != 1 {
        font.widths = Some(Rc::new(widths));
    }
    Ok(font)
}

fn code(object: &Object) -> Result<u16, PdfError> {
    let code = object.as_integer().and_then(|code| u16::try_from(code).ok());
    code.ok_or(unclear())
}

/// A width at size one; nought where there is none.
fn width(object: &Object) -> Result<f64, PdfError> {
    if *object == Object::Null {
        return Ok(0.0);
    }
    let width = object.as_number().filter(|width| width.is_finite());
    Ok(width.ok_or(unclear())? / 1000.0)
}

const fn unclear() -> PdfError {
    PdfError::damaged(0, "a font does not say how large its letters are")
}

/// A matrix that a dictionary has.
pub(super) fn matrix(
    file: &File<'_>,
    dictionary: &Dictionary,
    key: &str,
) -> Result<Option<Matrix>, PdfError> {
    let mut numbers = [0.0; 6];
    let items = file.array(dictionary, key)?;
    if items.len() != numbers.len() {
        return Ok(None);
    }
    for (number, item) in numbers.iter_mut().zip(&items) {
        *number = Object::as_number(&file.resolve(item)?).unwrap_or(f64::NAN);
    }
    Ok(Some(Matrix(numbers)))
}
