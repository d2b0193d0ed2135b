//! A cursor over canonical octets: tags, attributes and white space as C14N writes them.

use super::TbsError;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Where we are.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// The prefix of XMLDSig with its colon, or nothing for the default namespace.
    prefix: String,
}

/// A start tag's attributes; namespace declarations are not among them.
pub(super) struct Tag {
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// An attribute's value, taken out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let position = self.attributes.iter().position(|(known, _)| known == name)?;
        Some(self.attributes.swap_remove(position).1)
    }
}

impl<'a> Cursor<'a> {
    /// At the beginning.
    pub(super) fn new(octets: &'a [u8]) -> Result<Self, TbsError> {
        let text = core::str::from_utf8(octets).map_err(|error| fault_at(error.valid_up_to(), "UTF-8"))?;
        Ok(Self {
            text,
            at: 0,
            prefix: String::new(),
        })
    }

    /// The apex element, whose start tag decides the prefix; inherited declarations and `xml:` attributes may be
    /// there with inclusive canonicalisation.
    pub(super) fn root(&mut self, local: &str) -> Result<(), TbsError> {
        self.expect("<")?;
        let name = self.name()?;
        let prefix = match name.split_once(':') {
            None if name == local => String::new(),
            Some((prefix, found)) if found == local => format!("{prefix}:"),
            _ => return Err(self.fault(local)),
        };
        let (namespaces, tag) = self.attributes()?;
        let declared = prefix.trim_end_matches(':');
        if !namespaces
            .iter()
            .any(|(known, uri)| known == declared && uri == DSIG)
        {
            return Err(self.fault("the namespace of XML signatures"));
        }
        for (name, _) in &tag.attributes {
            if name != "Id" && !name.starts_with("xml:") {
                return Err(self.fault("no attribute but Id"));
            }
        }
        self.prefix = prefix;
        Ok(())
    }

    /// Whether the next thing is the start tag of this XMLDSig element.
    pub(super) fn opens(&self, local: &str) -> bool {
        let rest = self
            .rest()
            .strip_prefix('<')
            .and_then(|rest| rest.strip_prefix(self.prefix.as_str()));
        rest.and_then(|rest| rest.strip_prefix(local))
            .is_some_and(|rest| rest.starts_with([' ', '>']))
    }

    /// A start tag with no other attributes than these, and no declarations: canonical form does not repeat them.
    pub(super) fn open(&mut self, local: &str, admitted: &[&str]) -> Result<Tag, TbsError> {
        if !self.opens(local) {
            return Err(self.fault(local));
        }
        self.at += 1 + self.prefix.len() + local.len();
        let (namespaces, tag) = self.attributes()?;
        if !namespaces.is_empty() {
            return Err(self.fault("no namespace declaration"));
        }
        match tag
            .attributes
            .iter()
            .find(|(name, _)| !admitted.contains(&name.as_str()))
        {
            Some((name, _)) => Err(self.fault(&format!("no attribute {name}"))),
            None => Ok(tag),
        }
    }

    /// An end tag.
    pub(super) fn close(&mut self, local: &str) -> Result<(), TbsError> {
        let tag = format!("</{}{local}>", self.prefix);
        self.expect(&tag)
    }

    /// The element that lists prefixes for exclusive canonicalisation, if it is there.
    pub(super) fn inclusive_namespaces(&mut self) -> Result<(), TbsError> {
        const LOCAL: &str = "InclusiveNamespaces";
        let rest = self.rest();
        if !rest.starts_with('<') || rest.starts_with("</") {
            return Ok(());
        }
        self.expect("<")?;
        let name = self.name()?.to_owned();
        let prefix = match name.split_once(':') {
            None if name == LOCAL => "",
            Some((prefix, LOCAL)) => prefix,
            _ => return Err(self.fault(LOCAL)),
        };
        let (namespaces, tag) = self.attributes()?;
        let only = tag.attributes.iter().all(|(name, _)| name == "PrefixList");
        let bound = matches!(namespaces.as_slice(), [(known, uri)] if known == prefix && uri == EXCLUSIVE);
        if !only || !bound {
            return Err(self.fault("InclusiveNamespaces with a PrefixList and nothing else"));
        }
        self.expect(&format!("</{name}>"))
    }

    /// White space between elements.
    pub(super) fn space(&mut self) {
        while self.skip_space() {}
    }

    /// Text without its white space.
    pub(super) fn packed(&mut self) -> String {
        let mut packed = String::new();
        loop {
            if self.skip_space() {
                continue;
            }
            match self.rest().chars().next() {
                Some(next) if next.is_ascii_alphanumeric() || matches!(next, '+' | '/' | '=') => {
                    packed.push(next);
                    self.at += 1;
                }
                _ => return packed,
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

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// One piece of white space as text has it in canonical form: a carriage return is written as a reference.
    fn skip_space(&mut self) -> bool {
        let piece = [" ", "\t", "\n", "&#xD;"]
            .into_iter()
            .find(|piece| self.rest().starts_with(piece));
        self.at += piece.map_or(0, str::len);
        piece.is_some()
    }

    fn expect(&mut self, text: &str) -> Result<(), TbsError> {
        if self.rest().starts_with(text) {
            self.at += text.len();
            Ok(())
        } else {
            Err(self.fault(text))
        }
    }

    /// A name, qualified or not; ASCII, as all of ours are.
    fn name(&mut self) -> Result<&'a str, TbsError> {
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
        let length = self.rest().bytes().take_while(|byte| part(byte)).count();
        let name = self.rest().get(..length).unwrap_or_default();
        let sound = |part: &str| {
            part.bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        };
        if !name.split(':').all(sound) || name.split(':').count() > 2 {
            return Err(self.fault("a name"));
        }
        self.at += length;
        Ok(name)
    }

    /// Declarations, then attributes, each group in canonical order, up to and with the closing bracket.
    fn attributes(&mut self) -> Result<(Vec<(String, String)>, Tag), TbsError> {
        let (mut namespaces, mut attributes) =
            (Vec::<(String, String)>::new(), Vec::<(String, String)>::new());
        while !self.rest().starts_with('>') {
            self.expect(" ")?;
            let name = self.name()?;
            self.expect("=\"")?;
            let value = self.value()?;
            if let Some(prefix) = declared(name) {
                if !attributes.is_empty()
                    || namespaces.last().is_some_and(|(last, _)| last.as_str() >= prefix)
                {
                    return Err(self.fault("declarations first, in order, none twice"));
                }
                namespaces.push((prefix.to_owned(), value));
            } else {
                let in_order = attributes
                    .last()
                    .is_none_or(|(last, _)| order(last) < order(name));
                if !in_order || (name.contains(':') && !name.starts_with("xml:")) {
                    return Err(self.fault("attributes in order, none twice, none of a strange namespace"));
                }
                attributes.push((name.to_owned(), value));
            }
        }
        self.expect(">")?;
        Ok((namespaces, Tag { attributes }))
    }

    /// An attribute's value up to and with its closing quote.
    fn value(&mut self) -> Result<String, TbsError> {
        const REFERENCES: [(&str, char); 6] = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&quot;", '"'),
            ("&#x9;", '\t'),
            ("&#xA;", '\n'),
            ("&#xD;", '\r'),
        ];
        let mut value = String::new();
        loop {
            let next = self
                .rest()
                .chars()
                .next()
                .ok_or_else(|| self.fault("a closing quote"))?;
            match next {
                '"' => {
                    self.at += 1;
                    return Ok(value);
                }
                '&' => {
                    let known = REFERENCES
                        .into_iter()
                        .find(|(reference, _)| self.rest().starts_with(reference));
                    let (reference, meant) =
                        known.ok_or_else(|| self.fault("a reference that C14N writes"))?;
                    value.push(meant);
                    self.at += reference.len();
                }
                '<'
                | '\t'
                | '\n'
                | '\r'
                | '\0'..='\x08'
                | '\x0B'
                | '\x0C'
                | '\x0E'..='\x1F'
                | '\u{FFFE}'
                | '\u{FFFF}' => {
                    return Err(self.fault("a character that canonical attributes have"));
                }
                other => {
                    value.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
    }
}

/// The prefix that a declaration declares; nothing for the default namespace.
fn declared(name: &str) -> Option<&str> {
    if name == "xmlns" {
        Some("")
    } else {
        name.strip_prefix("xmlns:")
    }
}

/// C14N's order of attributes: by namespace, then by local name.
fn order(name: &str) -> (&str, &str) {
    name.split_once(':').map_or(("", name), |(_, local)| (XML, local))
}

fn fault_at(at: usize, expected: &str) -> TbsError {
    TbsError::Xml {
        at: u32::try_from(at).unwrap_or(u32::MAX),
        expected: expected.to_owned(),
    }
}
