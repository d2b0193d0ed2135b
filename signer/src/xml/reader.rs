//! Bytes become a [`Tree`], or are refused: XML 1.0 and Namespaces 1.0 without document types.
//!
//! Written by hand: tokenizers leave half of well-formedness to their caller, and the tree builders at hand forget
//! prefixes, positions or what stands outside the root, which canonicalisation needs. One pass, no recursion. With no
//! document type there are no default attributes, no entities but five, and every attribute is of type CDATA.

mod cursor;
mod namespaces;
mod text;

use core::ops::Range;
use std::collections::BTreeSet;

use self::{
    cursor::Cursor,
    namespaces::{NONE, Scope},
    text::{attribute_value, character_data, lines},
};
use super::{
    Limits, ReadError,
    error::told,
    tree::{Attribute, Name, Node, NodeId, NodeKind, Tag, Tree, XML},
};

/// Reads a document.
pub(crate) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Tree<'a>, ReadError> {
    let (source, offset) = decode(bytes, limits)?;
    let mut reader = Reader {
        cursor: Cursor::new(source, offset, limits.name),
        limits: *limits,
        scope: Scope::new(limits.namespaces),
        open: Vec::new(),
        nodes: Vec::with_capacity((source.len() / 32).min(limits.nodes)),
        attributes: Vec::new(),
        root: None,
    };
    reader.cursor.declaration()?;
    reader.content()?;
    let root = reader.root.ok_or_else(|| reader.cursor.fault("an element"))?;
    let tree = Tree {
        source,
        offset,
        nodes: reader.nodes,
        attributes: reader.attributes,
        declarations: reader.scope.into_declarations(),
        root,
    };
    unique_xml_ids(&tree)?;
    Ok(tree)
}

/// UTF-8 of characters that XML has, and where it begins.
fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(&'a str, usize), ReadError> {
    let most = limits.bytes.min(u64::from(u32::MAX / 2));
    if bytes.len() as u64 > most {
        let what = "bytes";
        return Err(ReadError::Limit { what, most, at: 0 });
    }
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) || bytes.contains(&0) {
        return Err(ReadError::Encoding {
            found: "UTF-16, UTF-32 or no text".to_owned(),
        });
    }
    let offset = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        3
    } else {
        0
    };
    let text =
        core::str::from_utf8(bytes.get(offset..).unwrap_or_default()).map_err(|error| ReadError::Utf8 {
            at: offset + error.valid_up_to(),
        })?;
    let foreign = text
        .bytes()
        .position(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    // U+FFFE and U+FFFF, the two that UTF-8 can write and XML cannot.
    let foreign = foreign.or_else(|| text.find("\u{FFFE}").or_else(|| text.find("\u{FFFF}")));
    match foreign {
        None => Ok((text, offset)),
        Some(at) => Err(ReadError::Form {
            expected: "a character that XML has",
            at: offset + at,
        }),
    }
}

fn unique_xml_ids(tree: &Tree<'_>) -> Result<(), ReadError> {
    let mut known = BTreeSet::new();
    let ids = tree
        .attributes
        .iter()
        .filter(|attribute| attribute.name.qualified == "xml:id");
    for id in ids {
        if !known.insert(id.value.trim()) {
            return Err(ReadError::SameId { id: told(&id.value) });
        }
    }
    Ok(())
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    limits: Limits,
    scope: Scope<'a>,
    open: Vec<NodeId>,
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
    root: Option<NodeId>,
}

impl<'a> Reader<'a> {
    fn content(&mut self) -> Result<(), ReadError> {
        while let Some(next) = self.cursor.peek() {
            if next != b'<' {
                self.text()?;
            } else if self.cursor.skip("</") {
                self.end_tag()?;
            } else if self.cursor.skip("<!--") {
                self.comment()?;
            } else if self.cursor.skip("<![CDATA[") {
                self.section()?;
            } else if self.cursor.skip("<?") {
                self.instruction()?;
            } else if self.cursor.starts_with("<!") {
                let at = self.cursor.place();
                return Err(if self.cursor.starts_with("<!DOCTYPE") {
                    ReadError::Doctype { at }
                } else {
                    self.cursor.fault("a comment, CDATA section or element")
                });
            } else {
                self.start_tag()?;
            }
        }
        if self.open.is_empty() {
            Ok(())
        } else {
            Err(self.cursor.fault("an end tag"))
        }
    }

    fn text(&mut self) -> Result<(), ReadError> {
        let start = self.cursor.at();
        let raw = self.cursor.until_tag();
        if self.open.is_empty() {
            return if raw
                .bytes()
                .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            {
                Ok(())
            } else {
                Err(self
                    .cursor
                    .fault_at(start, "nothing but white space outside the root element"))
            };
        }
        self.bounded(raw)?;
        let text = character_data(raw, &self.cursor, start)?;
        self.push(start, NodeKind::Text(text))
    }

    fn section(&mut self) -> Result<(), ReadError> {
        if self.open.is_empty() {
            return Err(self.cursor.fault("no CDATA section outside the root element"));
        }
        let start = self.cursor.at();
        let raw = self.cursor.until("]]>", "the end of a CDATA section")?;
        self.bounded(raw)?;
        if raw.is_empty() {
            Ok(())
        } else {
            self.push(start, NodeKind::Text(lines(raw)))
        }
    }

    fn comment(&mut self) -> Result<(), ReadError> {
        let start = self.cursor.at();
        let raw = self.cursor.until("--", "the end of a comment")?;
        self.cursor.expect(">", "no double hyphen inside a comment")?;
        self.bounded(raw)?;
        self.push(start, NodeKind::Comment(lines(raw)))
    }

    fn instruction(&mut self) -> Result<(), ReadError> {
        let start = self.cursor.at();
        let target = self.cursor.name()?;
        if target.contains(':') || target.eq_ignore_ascii_case("xml") {
            return Err(self.cursor.fault_at(start, "a name for a processing instruction"));
        }
        if !self.cursor.starts_with("?>") && !self.cursor.space() {
            return Err(self.cursor.fault("white space"));
        }
        let raw = self.cursor.until("?>", "the end of a processing instruction")?;
        self.bounded(raw)?;
        let content = lines(raw);
        self.push(start, NodeKind::Instruction { target, content })
    }

    fn start_tag(&mut self) -> Result<(), ReadError> {
        let start = self.cursor.at();
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.cursor.fault("one root element only"));
        }
        if self.open.len() >= self.limits.depth {
            return Err(self.over("elements inside one another", self.limits.depth));
        }
        self.cursor.expect("<", "a tag")?;
        let qualified = self.cursor.qualified_name()?;
        let (first_attribute, first_declaration) = (self.attributes.len(), self.scope.open());
        let one_tag = self.attribute_list(first_attribute)?;
        let at = self.cursor.place_of(start);
        self.scope.each_once(first_declaration, at)?;
        let name = self.scope.element(qualified, at)?;
        self.resolve(first_attribute, start)?;
        let attributes = range(first_attribute, self.attributes.len());
        let declarations = range(first_declaration, self.scope.declared());
        let inside = (!one_tag).then(|| (number(self.cursor.at()), number(self.cursor.at())));
        let tag = Tag {
            name,
            declarations,
            attributes,
            inside,
        };
        let id = NodeId(number(self.nodes.len()));
        self.push(start, NodeKind::Element(tag))?;
        if self.open.is_empty() {
            self.root = Some(id);
        }
        if one_tag {
            self.scope.close(first_declaration);
        } else {
            self.open.push(id);
        }
        Ok(())
    }

    /// Attributes and declarations up to the end of the tag; whether it is the only one of its element.
    fn attribute_list(&mut self, first: usize) -> Result<bool, ReadError> {
        let declared = self.scope.declared();
        loop {
            let space = self.cursor.space();
            if self.cursor.skip(">") {
                return Ok(false);
            }
            if self.cursor.skip("/>") {
                return Ok(true);
            }
            if !space {
                return Err(self.cursor.fault("white space before an attribute"));
            }
            if self.attributes.len() - first + self.scope.declared() - declared >= self.limits.attributes {
                return Err(self.over("attributes at one element", self.limits.attributes));
            }
            let start = self.cursor.at();
            let qualified = self.cursor.qualified_name()?;
            self.cursor.space();
            self.cursor.expect("=", "an equals sign")?;
            self.cursor.space();
            let value_at = self.cursor.at();
            let raw = self.cursor.quoted()?;
            self.bounded(raw)?;
            let value = attribute_value(raw, &self.cursor, value_at + 1)?;
            let prefix = match qualified.split_once(':') {
                None if qualified == "xmlns" => Some(""),
                Some(("xmlns", prefix)) => Some(prefix),
                _ => None,
            };
            if let Some(prefix) = prefix {
                self.scope.declare(prefix, value, self.cursor.place_of(start))?;
            } else {
                let colon = qualified.find(':').unwrap_or_default();
                let name = Name {
                    qualified,
                    prefix: number(colon),
                    namespace: NONE,
                };
                self.attributes.push(Attribute { name, value });
            }
        }
    }

    /// Gives the attributes their namespaces, and refuses two of one name.
    fn resolve(&mut self, first: usize, start: usize) -> Result<(), ReadError> {
        let at = self.cursor.place_of(start);
        for attribute in self.attributes.get_mut(first..).unwrap_or_default() {
            attribute.name.namespace = self.scope.attribute(attribute.name, at)?;
        }
        let mut rest = self.attributes.get(first..).unwrap_or_default();
        while let Some((one, others)) = rest.split_first() {
            let uri = self.scope.uri(one.name.namespace);
            let same = |other: &&Attribute<'_>| {
                other.name.local() == one.name.local() && self.scope.uri(other.name.namespace) == uri
            };
            if let Some(other) = others.iter().find(same) {
                let name = told(other.name.qualified);
                return Err(ReadError::Twice { name, at });
            }
            rest = others;
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), ReadError> {
        let before = number(self.cursor.at() - 2);
        let start = self.cursor.at();
        let qualified = self.cursor.qualified_name()?;
        self.cursor.space();
        self.cursor.expect(">", "the end of an end tag")?;
        let (at, after) = (number(self.cursor.at()), number(self.nodes.len()));
        let open = self.open.pop();
        let node = open.and_then(|id| self.nodes.get_mut(id.0 as usize));
        if let Some(Node {
            kind: NodeKind::Element(tag),
            end,
            after: last,
            ..
        }) = node
            && tag.name.qualified == qualified
        {
            (*end, *last) = (at, after);
            tag.inside = tag.inside.map(|(inside, _)| (inside, before));
            self.scope.close(tag.declarations.start as usize);
            Ok(())
        } else {
            Err(self
                .cursor
                .fault_at(start, "the end tag of the element that is open"))
        }
    }

    fn push(&mut self, start: usize, kind: NodeKind<'a>) -> Result<(), ReadError> {
        if self.nodes.len() >= self.limits.nodes {
            return Err(self.over("nodes", self.limits.nodes));
        }
        self.nodes.push(Node {
            parent: self.open.last().copied(),
            after: number(self.nodes.len() + 1),
            start: number(start),
            end: number(self.cursor.at()),
            kind,
        });
        Ok(())
    }

    fn bounded(&self, text: &str) -> Result<(), ReadError> {
        if text.len() > self.limits.text {
            return Err(self.over("bytes in one text", self.limits.text));
        }
        Ok(())
    }

    fn over(&self, what: &'static str, most: usize) -> ReadError {
        let (most, at) = (most as u64, self.cursor.place());
        ReadError::Limit { what, most, at }
    }
}

/// Places and counts are below the limit of [`decode`].
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn range(start: usize, end: usize) -> Range<u32> {
    number(start)..number(end)
}
