//! A cursor over canonical octets: literal text, names, attribute values and white space as C14N writes them.

use super::{super::TbsError, named};

/// What canonical attribute values write instead of a character, always in this spelling.
const REFERENCES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&quot;", '"'),
    ("&#x9;", '\t'),
    ("&#xA;", '\n'),
    ("&#xD;", '\r'),
];

/// Where we are.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning.
    pub(super) fn new(octets: &'a [u8]) -> Result<Self, TbsError> {
        match core::str::from_utf8(octets) {
            Ok(text) => Ok(Self { text, at: 0 }),
            Err(error) => Err(fault_at(error.valid_up_to(), "UTF-8")),
        }
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Exactly this text.
    pub(super) fn expect(&mut self, text: &str) -> Result<(), TbsError> {
        if self.skip(text) {
            Ok(())
        } else {
            Err(self.fault(text))
        }
    }

    /// Exactly this text, if it is there.
    pub(super) fn skip(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Text of plain characters, up to whatever else comes: printable ASCII that canonical text writes as it is, and
    /// letters of every alphabet.
    pub(super) fn text(&mut self) -> &'a str {
        let rest = self.rest();
        let part = |character: char| {
            character.is_alphanumeric() || (matches!(character, ' '..='~') && !"<>&".contains(character))
        };
        let text = rest
            .find(|character| !part(character))
            .map_or(rest, |end| rest.get(..end).unwrap_or_default());
        self.at += text.len();
        text
    }

    /// White space between elements.
    pub(super) fn space(&mut self) {
        while self.skip(" ") || self.skip("\t") || self.skip("\n") {}
    }

    /// The base64 of a digest without its white space. Santuario breaks its lines with CR LF, and C14N writes the
    /// CR as a reference; alone it does not occur.
    pub(super) fn base64(&mut self) -> String {
        let mut packed = String::new();
        loop {
            self.space();
            if self.skip("&#xD;\n") {
                continue;
            }
            let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
            match self.take_while(part) {
                "" => return packed,
                run => packed.push_str(run),
            }
        }
    }

    /// A name, qualified or not; ASCII, as all of ours are.
    pub(super) fn name(&mut self) -> Result<&'a str, TbsError> {
        let start = self.at;
        let name = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte));
        let mut parts = name.split(':');
        if parts.clone().count() <= 2 && parts.all(is_ncname) {
            Ok(name)
        } else {
            Err(fault_at(start, "a name"))
        }
    }

    /// An attribute's value up to and with its closing quote.
    pub(super) fn value(&mut self) -> Result<String, TbsError> {
        let mut value = String::new();
        loop {
            let mut rest = self.rest().chars();
            match rest.next() {
                Some('"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some('&') => value.push(self.reference()?),
                Some(next) if is_plain(next) => {
                    value.push(next);
                    self.at += next.len_utf8();
                }
                Some(_) => return Err(self.fault("a character that canonical attributes have")),
                None => return Err(self.fault("a closing quote")),
            }
        }
    }

    /// Nothing more.
    pub(super) fn end(&self) -> Result<(), TbsError> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.fault("the end"))
        }
    }

    /// Something else should stand here.
    pub(super) fn fault(&self, expected: &str) -> TbsError {
        fault_at(self.at, expected)
    }

    fn reference(&mut self) -> Result<char, TbsError> {
        let meant = REFERENCES
            .into_iter()
            .find_map(|(written, meant)| self.skip(written).then_some(meant));
        meant.ok_or_else(|| self.fault("a reference that C14N writes"))
    }

    fn take_while(&mut self, part: impl Fn(&u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().take_while(part).count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

/// Whether this is a name without colon, in ASCII.
pub(super) fn is_ncname(name: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    name.bytes().next().is_some_and(first)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Whether XML has this character and C14N writes it as itself in a value.
fn is_plain(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\x1F' | '<' | '"' | '&' | '\u{FFFE}' | '\u{FFFF}'
    )
}

fn fault_at(at: usize, expected: &str) -> TbsError {
    TbsError::Xml {
        at: u32::try_from(at).unwrap_or(u32::MAX),
        expected: named(expected),
    }
}
