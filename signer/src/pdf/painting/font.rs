//! How much room letters take at most: as far on as the font says, or as their size where it does not.

use std::{collections::HashMap, rc::Rc};

use super::matrix::{Area, Matrix};
use crate::pdf::{
    PdfError,
    file::File,
    object::{Dictionary, Object},
    pages::rectangle,
};

/// The letters of a font at size one.
#[derive(Clone, Debug)]
pub(super) struct Font {
    /// How many bytes a letter has at least.
    pub(super) bytes: usize,
    /// How far a letter goes on at most.
    pub(super) advance: f64,
    /// What a letter covers at most, from its origin.
    pub(super) letter: Area,
    /// Whether lines run downwards.
    pub(super) downwards: bool,
    /// How far certain letters go on, by their codes.
    widths: Option<Rc<HashMap<u16, f64>>>,
}

/// A font says no more widths.
const MOST_WIDTHS: usize = 65_536;

impl Default for Font {
    fn default() -> Self {
        Self {
            bytes: 1,
            advance: 1.0,
            letter: [-0.25, -0.4, 1.25, 1.15],
            downwards: false,
            widths: None,
        }
    }
}

impl Font {
    /// Reads a font.
    pub(super) fn read(file: &File<'_>, font: &Dictionary) -> Result<Self, PdfError> {
        match file.value(font, "Subtype")?.as_name() {
            Some(b"Type0") => Ok(match file.value(font, "Encoding")?.as_name() {
                Some(b"Identity-H") => Self {
                    bytes: 2,
                    widths: composite(file, font)?,
                    ..Self::default()
                },
                Some(name) if name.ends_with(b"-V") => Self {
                    letter: [-1.25, -1.25, 1.25, 1.15],
                    downwards: true,
                    ..Self::default()
                },
                _ => Self::default(),
            }),
            Some(b"Type3") => Self::drawn(file, font),
            _ => Ok(Self {
                widths: simple(file, font)?,
                ..Self::default()
            }),
        }
    }

    /// How far a text goes on at size one, and how many letters it has at most.
    pub(super) fn measure(&self, text: &[u8]) -> (f64, f64) {
        let letters = f64::from(u32::try_from(text.len().div_ceil(self.bytes)).unwrap_or(u32::MAX));
        let Some(widths) = &self.widths else {
            return (letters * self.advance, letters);
        };
        let code = |letter: &[u8]| {
            letter
                .iter()
                .fold(0_u16, |code, byte| code << 8 | u16::from(*byte))
        };
        let width = |letter| widths.get(&code(letter)).copied().unwrap_or(self.advance);
        (text.chunks(self.bytes).map(width).sum(), letters)
    }

    /// What reading it cost beside one object.
    pub(super) fn cost(&self) -> u32 {
        let widths = self.widths.as_ref().map_or(0, |widths| widths.len());
        u32::try_from(widths / 4).unwrap_or(u32::MAX)
    }

    /// A font whose letters the document draws (9.6.4).
    fn drawn(file: &File<'_>, font: &Dictionary) -> Result<Self, PdfError> {
        let unknown = PdfError::damaged(0, "a font does not say how large its letters are");
        let Some(matrix) = matrix(file, font, "FontMatrix")? else {
            return Err(unknown);
        };
        let letter = rectangle(file, &file.value(font, "FontBBox")?)?;
        let Some(letter) = letter.filter(|[left, bottom, right, top]| right > left && top > bottom) else {
            return Err(unknown);
        };
        let mut widest = 0.0_f64;
        for width in file.array(font, "Widths")? {
            let width = file.resolve(&width)?.as_number().unwrap_or_default();
            widest = widest.max(width.abs());
        }
        let Matrix([a, ..]) = matrix;
        Ok(Self {
            advance: widest * a.abs(),
            letter: matrix.area(letter),
            ..Self::default()
        })
    }
}

/// Widths of a font with codes of one byte (9.6.2).
fn simple(file: &File<'_>, font: &Dictionary) -> Result<Option<Rc<HashMap<u16, f64>>>, PdfError> {
    let first = file.value(font, "FirstChar")?.as_integer();
    let Some(first) = first.and_then(|first| u16::try_from(first).ok()) else {
        return Ok(None);
    };
    let mut widths = HashMap::new();
    for (code, width) in (first..=255).zip(file.array(font, "Widths")?) {
        put(&mut widths, code, &file.resolve(&width)?);
    }
    Ok(Some(Rc::new(widths)))
}

/// Widths of a font with codes of two bytes (9.7.4.3), where codes are the letters' own numbers.
fn composite(file: &File<'_>, font: &Dictionary) -> Result<Option<Rc<HashMap<u16, f64>>>, PdfError> {
    let Some(below) = file.array(font, "DescendantFonts")?.into_iter().next() else {
        return Ok(None);
    };
    let Object::Dictionary(below) = file.resolve(&below)? else {
        return Ok(None);
    };
    let mut widths = HashMap::new();
    let mut items = file.array(&below, "W")?.into_iter();
    while let (Some(first), Some(second)) = (items.next(), items.next()) {
        let Some(first) = code(&file.resolve(&first)?) else {
            return Ok(None);
        };
        match file.resolve(&second)? {
            Object::Array(list) => {
                for (code, width) in (first..=u16::MAX).zip(list) {
                    put(&mut widths, code, &file.resolve(&width)?);
                }
            }
            last => {
                let (Some(last), Some(width)) = (code(&last), items.next()) else {
                    return Ok(None);
                };
                let width = file.resolve(&width)?;
                (first..=last).for_each(|code| put(&mut widths, code, &width));
            }
        }
        if widths.len() > MOST_WIDTHS {
            return Ok(None);
        }
    }
    Ok(Some(Rc::new(widths)))
}

fn code(object: &Object) -> Option<u16> {
    object.as_integer().and_then(|code| u16::try_from(code).ok())
}

/// Notes a width; what is none leaves the letter at its most.
fn put(widths: &mut HashMap<u16, f64>, code: u16, width: &Object) {
    if let Some(width) = width.as_number().filter(|width| width.is_finite()) {
        widths.insert(code, width.abs() / 1000.0);
    }
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
