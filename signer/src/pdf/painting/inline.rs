//! Images inside content (ISO 32000-2, 8.9.7): where they end. An image whose end readers may see at different places is
//! none that is stepped over.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::pdf::{PdfError, lexer::is_white, object::Object};

/// No more ends of an image are tried, nor is more unpacked for each.
const MOST_ENDS: usize = 8;
const MOST_BYTES: usize = 1 << 20;

/// What comes after `EI`, where the image's dictionary and what comes after `ID` are these.
pub(super) fn after<'c>(dictionary: &[Object], content: &'c [u8]) -> Result<&'c [u8], PdfError> {
    let data = match content {
        [white, data @ ..] if is_white(*white) => data,
        _ => return Err(unclear()),
    };
    if !dictionary.len().is_multiple_of(2) {
        return Err(unclear());
    }
    let entry = |short: &str, long: &str| {
        let mut pairs = dictionary.chunks(2).filter_map(|pair| match pair {
            [Object::Name(name), value] if name == short.as_bytes() || name == long.as_bytes() => Some(value),
            _ => None,
        });
        let found = pairs.next();
        // A key that is there twice is read in two ways.
        if pairs.next().is_some() {
            Err(unclear())
        } else {
            Ok(found)
        }
    };
    let filter = match entry("F", "Filter")? {
        Some(Object::Array(filters)) => filters.first(),
        other => other,
    };
    let length = match filter {
        None => {
            let number = |short, long| {
                let number = entry(short, long)?.and_then(Object::as_integer);
                number
                    .and_then(|number| u32::try_from(number).ok())
                    .map(u64::from)
                    .ok_or(unclear())
            };
            let (width, height) = (number("W", "Width")?, number("H", "Height")?);
            let bits = if entry("IM", "ImageMask")? == Some(&Object::Boolean(true)) {
                1
            } else {
                let colours = match entry("CS", "ColorSpace")? {
                    Some(Object::Name(name)) => match name.as_slice() {
                        b"G" | b"DeviceGray" => 1,
                        b"RGB" | b"DeviceRGB" => 3,
                        b"CMYK" | b"DeviceCMYK" => 4,
                        _ => return Err(unclear()),
                    },
                    Some(Object::Array(items)) if matches!(items.first(), Some(Object::Name(name)) if name == b"I" || name == b"Indexed") => {
                        1
                    }
                    _ => return Err(unclear()),
                };
                colours * number("BPC", "BitsPerComponent")?
            };
            let row = width.saturating_mul(bits).div_ceil(8);
            usize::try_from(row.saturating_mul(height)).map_err(|_| unclear())?
        }
        Some(Object::Name(name)) => match name.as_slice() {
            b"Fl" | b"FlateDecode" => deflated(data)?,
            b"A85" | b"ASCII85Decode" => mark(data, b"~>")?,
            b"AHx" | b"ASCIIHexDecode" => mark(data, b">")?,
            b"RL" | b"RunLengthDecode" => runs(data)?,
            _ => return Err(unclear()),
        },
        Some(_) => return Err(unclear()),
    };
    let stated = entry("L", "Length")?;
    if stated.is_some_and(|stated| stated.as_integer() != i64::try_from(length).ok()) {
        return Err(unclear());
    }
    let rest = data.get(length..).ok_or(unclear())?;
    match rest.trim_ascii_start() {
        [b'E', b'I'] => Ok(&[]),
        [b'E', b'I', after @ ..] if after.first().is_some_and(|byte| is_white(*byte)) => Ok(after),
        _ => Err(unclear()),
    }
}

/// Where packed data ends: before the first `EI` up to which it can be unpacked.
fn deflated(data: &[u8]) -> Result<usize, PdfError> {
    let ends = data
        .windows(3)
        .enumerate()
        .filter(|(_, word)| matches!(word, [white, b'E', b'I'] if is_white(*white)));
    for (end, _) in ends.take(MOST_ENDS) {
        let packed = data.get(..end).unwrap_or_default();
        if decompress_to_vec_zlib_with_limit(packed, MOST_BYTES).is_ok() {
            return Ok(end);
        }
    }
    Err(unclear())
}

fn mark(data: &[u8], mark: &[u8]) -> Result<usize, PdfError> {
    let place = data.windows(mark.len()).position(|window| window == mark);
    place.map(|place| place + mark.len()).ok_or(unclear())
}

fn runs(data: &[u8]) -> Result<usize, PdfError> {
    let mut at = 0_usize;
    loop {
        let length = usize::from(*data.get(at).ok_or(unclear())?);
        at += match length {
            128 => return Ok(at + 1),
            0..128 => length + 2,
            _ => 2,
        };
    }
}

const fn unclear() -> PdfError {
    PdfError::damaged(0, "an image without a certain end")
}
