//! Unpacking what the structure is made of: Flate with or without a predictor (ISO 32000-2, 7.4.4), to a limit.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

use super::{
    PdfError,
    object::{Dictionary, Object},
};

/// Unpacks the data of a stream, at most so many bytes.
pub(crate) fn unpack(dictionary: &Dictionary, data: Vec<u8>, most: u64) -> Result<Vec<u8>, PdfError> {
    let packed = match dictionary.get("Filter") {
        None => return Ok(data),
        Some(Object::Array(filters)) if filters.is_empty() => return Ok(data),
        Some(Object::Array(filters)) => match filters.as_slice() {
            [one] => one,
            _ => return Err(unknown(dictionary.get("Filter").unwrap_or(&Object::Null))),
        },
        Some(one) => one,
    };
    let parameters = match dictionary.get("DecodeParms").or_else(|| dictionary.get("DP")) {
        Some(Object::Array(parameters)) => parameters.first(),
        other => other,
    };
    unpack_one(packed, parameters.unwrap_or(&Object::Null), &data, most)
}

/// Undoes one filter.
pub(crate) fn unpack_one(
    filter: &Object,
    parameters: &Object,
    data: &[u8],
    most: u64,
) -> Result<Vec<u8>, PdfError> {
    if !matches!(filter.as_name(), Some(b"FlateDecode" | b"Fl")) {
        return Err(unknown(filter));
    }
    let unpacked = inflate(data, most)?;
    match parameters.as_dictionary() {
        Some(parameters) => undo_predictor(parameters, unpacked),
        None => Ok(unpacked),
    }
}

fn unknown(filter: &Object) -> PdfError {
    let mut written = Vec::new();
    filter.write(&mut written);
    written.truncate(60);
    PdfError::Filter {
        filter: String::from_utf8_lossy(&written).into_owned(),
    }
}

fn inflate(data: &[u8], most: u64) -> Result<Vec<u8>, PdfError> {
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    decompress_to_vec_zlib_with_limit(data, limit).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => PdfError::TooMuch {
            what: "bytes in one packed part of its structure",
            most,
        },
        _ => PdfError::damaged(0, "a packed stream cannot be unpacked"),
    })
}

fn undo_predictor(parameters: &Dictionary, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
    let number = |key, default: usize| match parameters.get(key) {
        None => Some(default),
        Some(value) => value.as_integer().and_then(|value| usize::try_from(value).ok()),
    };
    let wrong = || PdfError::damaged(0, "a packed stream with a predictor that is none");
    let predictor = number("Predictor", 1).ok_or_else(wrong)?;
    if predictor == 1 {
        return Ok(data);
    }
    let columns = number("Columns", 1).filter(|columns| (1..=65_536).contains(columns));
    let plain = number("Colors", 1) == Some(1) && number("BitsPerComponent", 8) == Some(8);
    match columns {
        Some(columns) if (10..=15).contains(&predictor) && plain => undo_png(&data, columns),
        _ => Err(wrong()),
    }
}

/// PNG's filters with one byte per sample, which is all that structure uses.
fn undo_png(data: &[u8], columns: usize) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; columns];
    for line in data.chunks(columns + 1) {
        let (kind, values) = line
            .split_first()
            .filter(|(_, values)| values.len() == columns)
            .ok_or(PdfError::damaged(0, "a packed stream whose last line is cut"))?;
        let mut row = Vec::with_capacity(columns);
        let (mut left, mut corner) = (0_u8, 0_u8);
        for (value, up) in values.iter().zip(&above) {
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => *up,
                3 => u8::midpoint(left, *up),
                4 => paeth(left, *up, corner),
                _ => {
                    return Err(PdfError::damaged(
                        0,
                        "a packed stream with a predictor that is none",
                    ));
                }
            };
            left = value.wrapping_add(predicted);
            corner = *up;
            row.push(left);
        }
        out.extend(&row);
        above = row;
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let estimate = a + b - c;
    let [to_left, to_up, to_corner] = [a, b, c].map(|value| (estimate - value).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
