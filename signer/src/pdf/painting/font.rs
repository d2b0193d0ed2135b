//! How much room letters take at most. Widths are not read: a letter is thought as wide as its size, which few are.

use super::matrix::{Area, Matrix};
use crate::pdf::{
    PdfError,
    file::File,
    object::{Dictionary, Object},
    pages::rectangle,
};

/// The letters of a font at size one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Font {
    /// How many bytes a letter has at least.
    pub(super) bytes: usize,
    /// How far a letter goes on at most.
    pub(super) advance: f64,
    /// What a letter covers at most, from its origin.
    pub(super) letter: Area,
    /// Whether lines run downwards.
    pub(super) downwards: bool,
}

impl Default for Font {
    fn default() -> Self {
        Self {
            bytes: 1,
            advance: 1.0,
            letter: [-0.25, -0.4, 1.25, 1.15],
            downwards: false,
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
            _ => Ok(Self::default()),
        }
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
