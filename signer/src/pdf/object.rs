//! PDF objects (ISO 32000-2, 7.3) and how they are written.
//!
//! Numbers with a fraction keep their digits, so that an object which is copied with one change is otherwise unchanged.

use core::ops::Range;

/// The name of an indirect object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Reference {
    /// Its number.
    pub(crate) number: u32,
    /// Its generation.
    pub(crate) generation: u16,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number with a fraction, in its own digits.
    Real(Vec<u8>),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(Reference),
    Stream(Stream),
}

/// A dictionary in the order of its file; no key is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dictionary(Vec<(Vec<u8>, Object)>);

/// A stream: its dictionary and where its data lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stream {
    pub(crate) dictionary: Dictionary,
    pub(crate) data: Range<u64>,
}

impl Object {
    /// A name.
    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A text string: ASCII as it is, anything else in UTF-16 (7.9.2.2).
    pub(crate) fn text(text: &str) -> Self {
        if text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
            return Self::Text(text.as_bytes().to_vec());
        }
        let units = core::iter::once(0xFEFF).chain(text.encode_utf16());
        Self::Text(units.flat_map(u16::to_be_bytes).collect())
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A number of either kind.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => i32::try_from(*value).ok().map(f64::from),
            Self::Real(digits) => core::str::from_utf8(digits).ok()?.parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The dictionary, of a stream too.
    pub(crate) fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// A text string as characters: UTF-16, UTF-8 or, near enough, Latin.
    pub(crate) fn to_words(&self) -> Option<String> {
        let text = self.as_text()?;
        Some(if let Some(wide) = text.strip_prefix(&[0xFE, 0xFF]) {
            let units = wide
                .chunks_exact(2)
                .filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        } else if let Some(utf8) = text.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
            String::from_utf8_lossy(utf8).into_owned()
        } else {
            text.iter().copied().map(char::from).collect()
        })
    }

    /// Writes the object. Streams cannot be written without their data; only their dictionary is.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Boolean(value) => out.extend(if *value { b"true".as_slice() } else { b"false" }),
            Self::Integer(value) => out.extend(value.to_string().bytes()),
            Self::Real(digits) => out.extend(digits),
            Self::Name(name) => write_name(name, out),
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => {
                out.push(b'[');
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dictionary(dictionary) => dictionary.write(out),
            Self::Reference(reference) => {
                out.extend(format!("{} {} R", reference.number, reference.generation).bytes());
            }
            Self::Stream(stream) => stream.dictionary.write(out),
        }
    }
}

impl Dictionary {
    /// An empty one.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// This and one more entry, or another value for it.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    /// Writes an entry; the place of an existing one is kept.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == key.as_bytes()) {
            *known = value;
        } else {
            self.0.push((key.as_bytes().to_vec(), value));
        }
    }

    /// Adds an entry as it was read. False if the key is there already with another value.
    pub(super) fn admit(&mut self, key: Vec<u8>, value: Object) -> bool {
        if let Some((_, known)) = self.0.iter().find(|(known, _)| *known == key) {
            return *known == value;
        }
        self.0.push((key, value));
        true
    }

    /// Forgets an entry.
    pub(crate) fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| known != key.as_bytes());
    }

    /// The value of a key; one that is `null` is not there (7.3.7).
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0
            .iter()
            .find(|(known, value)| known == key.as_bytes() && *value != Object::Null)
            .map(|(_, value)| value)
    }

    /// Whether an entry is this name.
    pub(crate) fn says(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::as_name) == Some(name.as_bytes())
    }

    /// Every entry.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// Writes the dictionary.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend(b"<<");
        for (key, value) in &self.0 {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
        }
        out.extend(b">>");
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        match byte {
            b'#' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' => {
                out.extend(format!("#{byte:02X}").bytes());
            }
            0x21..=0x7e => out.push(*byte),
            _ => out.extend(format!("#{byte:02X}").bytes()),
        }
    }
}

fn write_text(text: &[u8], out: &mut Vec<u8>) {
    if text.iter().all(|byte| matches!(byte, 0x20..=0x7e)) {
        out.push(b'(');
        for byte in text {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        out.extend(hex(text));
        out.push(b'>');
    }
}

/// Capital hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)])
        .collect()
}
