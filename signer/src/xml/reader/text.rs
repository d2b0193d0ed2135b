//! Character data and attribute values as XML 1.0 gives them to applications: line ends, references, white space.

use std::borrow::Cow;

use super::cursor::Cursor;
use crate::xml::{ReadError, error::told};

/// Line ends become LF, and nothing else changes (2.11): comments, instructions, CDATA sections.
pub(super) fn lines(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Text between tags.
pub(super) fn character_data<'a>(
    raw: &'a str,
    cursor: &Cursor<'_>,
    start: usize,
) -> Result<Cow<'a, str>, ReadError> {
    if !raw.bytes().any(|byte| matches!(byte, b'&' | b'>' | b'\r')) {
        return Ok(Cow::Borrowed(raw));
    }
    if let Some(at) = raw.find("]]>") {
        return Err(cursor.fault_at(start + at, "no end of a CDATA section in text"));
    }
    expand(raw, cursor, start, |character| character).map(Cow::Owned)
}

/// An attribute's value (3.3.3), of type CDATA.
pub(super) fn attribute_value<'a>(
    raw: &'a str,
    cursor: &Cursor<'_>,
    start: usize,
) -> Result<Cow<'a, str>, ReadError> {
    if !raw
        .bytes()
        .any(|byte| matches!(byte, b'&' | b'<' | b'\r' | b'\n' | b'\t'))
    {
        return Ok(Cow::Borrowed(raw));
    }
    if let Some(at) = raw.find('<') {
        return Err(cursor.fault_at(start + at, "no less-than sign in a value"));
    }
    let blank = |character| {
        if matches!(character, '\n' | '\t') {
            ' '
        } else {
            character
        }
    };
    expand(raw, cursor, start, blank).map(Cow::Owned)
}

/// Line ends and references; `written` changes only what was not a reference.
fn expand(
    raw: &str,
    cursor: &Cursor<'_>,
    start: usize,
    written: impl Fn(char) -> char,
) -> Result<String, ReadError> {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\r' => {
                characters.next_if(|(_, next)| *next == '\n');
                text.push(written('\n'));
            }
            '&' => {
                let rest = raw.get(at + 1..).unwrap_or_default();
                let name = rest.split_once(';').map(|(name, _)| name);
                let name = name.ok_or_else(|| cursor.fault_at(start + at, "a reference"))?;
                text.push(reference(name).ok_or_else(|| unknown(name, cursor, start + at))?);
                characters.nth(name.chars().count());
            }
            other => text.push(written(other)),
        }
    }
    Ok(text)
}

fn unknown(name: &str, cursor: &Cursor<'_>, at: usize) -> ReadError {
    if name.starts_with('#') {
        return cursor.fault_at(at, "a reference to a character that XML has");
    }
    ReadError::Entity {
        name: told(name),
        at: cursor.place_of(at),
    }
}

/// The character that a reference stands for (4.1, 4.6).
fn reference(name: &str) -> Option<char> {
    let code = |digits: &str, radix| {
        // The parser of the library would also take a sign.
        let digits = Some(digits).filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)))?;
        let code = u32::from_str_radix(digits, radix).ok()?;
        char::from_u32(code)
            .filter(|character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..))
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => match name.strip_prefix("#x") {
            Some(digits) => code(digits, 16),
            None => name.strip_prefix('#').and_then(|digits| code(digits, 10)),
        },
    }
}
