//! What is painted on a page, as it was before it was packed: content streams with the filters that producers use for
//! them (ISO 32000-2, 7.4).

use super::{
    PdfError,
    file::File,
    lexer::is_white,
    object::{Object, Stream},
};

/// No content is unpacked beyond this.
const MOST: u64 = 16 << 20;
/// Nor are there more pieces or filters.
const MOST_PIECES: usize = 1_000;
const MOST_FILTERS: usize = 4;

/// The content of a page, its pieces one after the other (7.8.2).
pub(crate) fn of_page(file: &File<'_>, contents: &Object) -> Result<Vec<u8>, PdfError> {
    let pieces = match file.resolve(contents)? {
        Object::Array(pieces) if pieces.len() > MOST_PIECES => return Err(too_much()),
        Object::Array(pieces) => pieces,
        piece => vec![piece],
    };
    let mut content = Vec::new();
    for piece in pieces {
        if let Object::Stream(stream) = file.resolve(&piece)? {
            content.extend(of_stream(file, &stream)?);
            content.push(b'\n');
        }
        if content.len() as u64 > MOST {
            return Err(too_much());
        }
    }
    Ok(content)
}

/// The content of one stream.
pub(crate) fn of_stream(file: &File<'_>, stream: &Stream) -> Result<Vec<u8>, PdfError> {
    if stream.data.end.saturating_sub(stream.data.start) > MOST {
        return Err(too_much());
    }
    let filters = match file.value(&stream.dictionary, "Filter")? {
        Object::Array(filters) => filters,
        Object::Null => Vec::new(),
        filter => vec![filter],
    };
    let parameters = match file.value(&stream.dictionary, "DecodeParms")? {
        Object::Array(parameters) => parameters,
        Object::Null => Vec::new(),
        parameters => vec![parameters],
    };
    if filters.len() > MOST_FILTERS {
        return Err(too_much());
    }
    let mut data = file.source().bytes(stream.data.clone())?;
    file.spend(data.len())?;
    for (number, filter) in filters.iter().enumerate() {
        let filter = file.resolve(filter)?;
        data = match filter.as_name() {
            Some(b"ASCII85Decode" | b"A85") => from_85(&data)?,
            Some(b"ASCIIHexDecode" | b"AHx") => from_hex(&data)?,
            Some(b"RunLengthDecode" | b"RL") => from_runs(&data)?,
            _ => {
                let parameters = parameters.get(number).unwrap_or(&Object::Null);
                super::filter::unpack_one(&filter, &file.resolve(parameters)?, &data, MOST)?
            }
        };
        file.spend(data.len())?;
    }
    Ok(data)
}

const fn too_much() -> PdfError {
    PdfError::TooMuch {
        what: "bytes painted on one page",
        most: MOST,
    }
}

const fn broken() -> PdfError {
    PdfError::damaged(0, "a packed stream cannot be unpacked")
}

/// Five letters for four bytes (7.4.3).
fn from_85(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = Vec::with_capacity(5);
    for byte in data {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            byte if is_white(*byte) => {}
            _ => return Err(broken()),
        }
        if group.len() == 5 {
            out.extend(value_of_85(&group)?);
            group.clear();
        }
    }
    if !group.is_empty() {
        let length = group.len() - 1;
        group.resize(5, 84);
        out.extend(value_of_85(&group)?.iter().take(length));
    }
    Ok(out)
}

fn value_of_85(group: &[u8]) -> Result<[u8; 4], PdfError> {
    let value = group.iter().try_fold(0_u32, |value, digit| {
        value.checked_mul(85)?.checked_add(u32::from(*digit))
    });
    value.map(u32::to_be_bytes).ok_or(broken())
}

/// Two digits for a byte (7.4.2).
fn from_hex(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::with_capacity(data.len() / 2);
    let mut high = None;
    for byte in data {
        let digit = match byte {
            b'>' => break,
            byte if is_white(*byte) => continue,
            byte => char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok()),
        };
        let digit = digit.ok_or(broken())?;
        high = match high {
            None => Some(digit),
            Some(high) => {
                out.push(high << 4 | digit);
                None
            }
        };
    }
    out.extend(high.map(|high| high << 4));
    Ok(out)
}

/// Bytes that are repeated, and bytes that are not (7.4.5).
fn from_runs(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((length, after)) = rest.split_first() {
        rest = match usize::from(*length) {
            128 => break,
            length @ 0..128 => {
                let (bytes, after) = after.split_at_checked(length + 1).ok_or(broken())?;
                out.extend(bytes);
                after
            }
            length => {
                let (byte, after) = after.split_first().ok_or(broken())?;
                out.resize(out.len() + 257 - length, *byte);
                after
            }
        };
        if out.len() as u64 > MOST {
            return Err(too_much());
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_text_and_runs_are_undone() {
        assert_eq!(from_85(b"87cURD]i,\"Ebo80~>").unwrap(), b"Hello World!");
        assert_eq!(from_85(b"z87 cU\nR~>").unwrap(), b"\0\0\0\0Hell");
        assert_eq!(from_85(b"87cURD]~>").unwrap(), b"Hello");
        assert_eq!(from_hex(b"48 65 6C6c 7>").unwrap(), b"Hellp");
        assert_eq!(from_runs(&[1, b'a', b'b', 254, b'c', 128, 9]).unwrap(), b"abccc");
        for data in [b"uuuuu".as_slice(), b"v", b"\x80"] {
            assert!(from_85(data).is_err());
        }
        assert!(from_hex(b"4g").is_err() && from_runs(&[5, 1]).is_err() && from_runs(&[200]).is_err());
    }
}
