//! A cursor over the document's characters: literal text, white space, names.

use crate::xml::{ReadError, error::told};

/// Where we are.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Bytes before the text.
    offset: usize,
    longest_name: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, offset: usize, longest_name: usize) -> Self {
        Self {
            text,
            at: 0,
            offset,
            longest_name,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The same in the document's bytes.
    pub(super) fn place(&self) -> usize {
        self.place_of(self.at)
    }

    pub(super) fn place_of(&self, at: usize) -> usize {
        at + self.offset
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    pub(super) fn skip(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    pub(super) fn expect(&mut self, text: &str, expected: &'static str) -> Result<(), ReadError> {
        if self.skip(text) {
            Ok(())
        } else {
            Err(self.fault(expected))
        }
    }

    /// White space, and whether there was some.
    pub(super) fn space(&mut self) -> bool {
        let start = self.at;
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
        self.at > start
    }

    /// Everything before the next tag, comment or instruction.
    pub(super) fn until_tag(&mut self) -> &'a str {
        let rest = self.rest();
        let text = rest
            .find('<')
            .and_then(|length| rest.get(..length))
            .unwrap_or(rest);
        self.at += text.len();
        text
    }

    /// Everything before this mark, which is skipped.
    pub(super) fn until(&mut self, mark: &str, expected: &'static str) -> Result<&'a str, ReadError> {
        let (text, _) = self.rest().split_once(mark).ok_or_else(|| self.fault(expected))?;
        self.at += text.len() + mark.len();
        Ok(text)
    }

    /// What stands between quotes of either kind.
    pub(super) fn quoted(&mut self) -> Result<&'a str, ReadError> {
        if self.skip("\"") {
            self.until("\"", "a closing quote")
        } else if self.skip("'") {
            self.until("'", "a closing quote")
        } else {
            Err(self.fault("a quoted value"))
        }
    }

    pub(super) fn name(&mut self) -> Result<&'a str, ReadError> {
        let rest = self.rest();
        let first = rest.chars().next().is_some_and(starts_name);
        // Most names are ASCII, and what ends them too.
        let ascii = rest.bytes().take_while(|byte| is_ascii_in_names(*byte)).count();
        let length = match rest.get(ascii..) {
            Some(after) if !after.starts_with(|next: char| next.is_ascii()) => {
                let more = after.find(|character| !continues_name(character));
                ascii + more.unwrap_or(after.len())
            }
            _ => ascii,
        };
        if length > self.longest_name {
            return Err(ReadError::Limit {
                what: "bytes in a name",
                most: self.longest_name as u64,
                at: self.place(),
            });
        }
        match rest.get(..length).filter(|_| first) {
            Some(name) => {
                self.at += length;
                Ok(name)
            }
            None => Err(self.fault("a name")),
        }
    }

    /// A name with at most one colon, which parts two names.
    pub(super) fn qualified_name(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        let name = self.name()?;
        let parts_are_names = match name.split_once(':') {
            None => true,
            Some((prefix, local)) => {
                !prefix.is_empty() && !local.contains(':') && local.chars().next().is_some_and(starts_name)
            }
        };
        if parts_are_names {
            Ok(name)
        } else {
            Err(self.fault_at(start, "a qualified name"))
        }
    }

    /// `<?xml version="1.0" encoding="UTF-8" standalone="…"?>`, if it is there.
    pub(super) fn declaration(&mut self) -> Result<(), ReadError> {
        let is_there = self
            .rest()
            .strip_prefix("<?xml")
            .is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']));
        if !is_there {
            return Ok(());
        }
        self.at += "<?xml".len();
        if self.pseudo_attribute("version")? != Some("1.0") {
            return Err(self.fault("version 1.0"));
        }
        if let Some(encoding) = self.pseudo_attribute("encoding")?
            && !["UTF-8", "US-ASCII"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(encoding))
        {
            return Err(ReadError::Encoding {
                found: told(encoding),
            });
        }
        if self
            .pseudo_attribute("standalone")?
            .is_some_and(|value| value != "yes" && value != "no")
        {
            return Err(self.fault("standalone yes or no"));
        }
        self.space();
        self.expect("?>", "the end of the XML declaration")
    }

    fn pseudo_attribute(&mut self, name: &str) -> Result<Option<&'a str>, ReadError> {
        let start = self.at;
        if !self.space() || !self.skip(name) {
            self.at = start;
            return Ok(None);
        }
        self.space();
        self.expect("=", "an equals sign")?;
        self.space();
        self.quoted().map(Some)
    }

    pub(super) fn fault(&self, expected: &'static str) -> ReadError {
        self.fault_at(self.at, expected)
    }

    pub(super) fn fault_at(&self, at: usize, expected: &'static str) -> ReadError {
        ReadError::Form {
            expected,
            at: self.place_of(at),
        }
    }
}

/// `NameStartChar`, XML 1.0 (5th edition) [4].
fn starts_name(character: char) -> bool {
    matches!(character,
        ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// Those of them, and of the following, that ASCII has.
const fn is_ascii_in_names(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.')
}

/// `NameChar`, XML 1.0 (5th edition) [4a].
fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
