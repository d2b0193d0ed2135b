//! Reading a piece of structure at an offset: a small window first, larger ones only if the piece does not end in it.

use super::{
    PdfError,
    lexer::{Fault, Lexer},
};
use crate::Source;

/// Windows in the order in which they are tried; the last is the largest object that is read.
const SIZES: [u64; 5] = [1024, 16 * 1024, 256 * 1024, 2 * 1024 * 1024, 16 * 1024 * 1024];

/// Reads one piece at an offset. Returns it with the offset of what follows.
pub(super) fn read_at<T>(
    source: &dyn Source,
    at: u64,
    piece: impl Fn(&mut Lexer<'_>) -> Result<T, Fault>,
) -> Result<(T, u64), PdfError> {
    let length = source.length();
    if at >= length {
        return Err(PdfError::damaged(
            at,
            "something should be there, but the file ends before",
        ));
    }
    for size in SIZES {
        let end = length.min(at.saturating_add(size));
        let window = source.bytes(at..end)?;
        let mut lexer = Lexer::new(&window, end == length);
        match piece(&mut lexer) {
            Ok(value) => return Ok((value, at + lexer.at() as u64)),
            Err(Fault::More) => {}
            Err(fault) => return Err(told(fault, at)),
        }
    }
    Err(PdfError::TooMuch {
        what: "bytes in one object",
        most: SIZES.into_iter().max().unwrap_or_default(),
    })
}

/// The fault with its place in the file.
pub(super) fn told(fault: Fault, base: u64) -> PdfError {
    match fault {
        Fault::More => PdfError::damaged(base, "an object is cut"),
        Fault::Form { at, what } => PdfError::damaged(base + at as u64, what),
        Fault::TwoReadings { at, what } => PdfError::two_readings(base + at as u64, what),
        Fault::TooMuch { what, most } => PdfError::TooMuch { what, most },
    }
}
