//! Start and end tags of XMLDSig's elements, in the one namespace that the apex declares.
//!
//! Canonical form declares a namespace where it is first needed and nowhere below. Since every element here is
//! XMLDSig's, only the apex declares, and `InclusiveNamespaces`, which is the one element of another namespace.

use super::{
    super::TbsError,
    cursor::{Cursor, is_ncname},
};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Attributes of a start tag; namespace declarations are not among them.
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// An attribute's value, taken out.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let position = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(position).1)
    }

    /// Nothing was left in.
    pub(super) fn none_left(&self, cursor: &Cursor<'_>) -> Result<(), TbsError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(cursor.fault("no other attribute"))
        }
    }

    /// The first attribute that none of `admitted` names.
    fn stranger(&self, admitted: impl Fn(&str) -> bool) -> Option<&str> {
        self.0
            .iter()
            .map(|(name, _)| name.as_str())
            .find(|name| !admitted(name))
    }
}

/// Declarations, each a prefix (empty for the default namespace) and a URI.
type Declarations = Vec<(String, String)>;

/// A reader of XMLDSig's elements, opened at the apex.
pub(super) struct Elements<'a> {
    /// What stands between tags.
    pub(super) cursor: Cursor<'a>,
    /// The prefix of XMLDSig; empty for the default namespace.
    prefix: String,
    /// What the apex declares.
    declared: Declarations,
    /// Whether the apex has attributes that only inclusive canonicalisation brings there.
    inherits: bool,
    /// The apex's `Id`.
    id: Option<String>,
}

impl<'a> Elements<'a> {
    /// Reads the start tag of the apex, which decides the prefix. Other declarations and `xml:` attributes may
    /// have been inherited; [`Self::suits_exclusive`] says whether none was.
    pub(super) fn root(octets: &'a [u8], local: &str) -> Result<Self, TbsError> {
        Self::root_of(octets, local, DSIG)
    }

    /// The same for an apex of another namespace.
    pub(super) fn root_of(octets: &'a [u8], local: &str, namespace: &str) -> Result<Self, TbsError> {
        let mut cursor = Cursor::new(octets)?;
        cursor.expect("<")?;
        let name = cursor.name()?;
        let prefix = match name.split_once(':') {
            None if name == local => "",
            Some((prefix, found)) if found == local => prefix,
            _ => return Err(cursor.fault(local)),
        };
        let (declared, mut attributes) = start_tag(&mut cursor)?;
        if binding(&declared, prefix) != Some(namespace) {
            return Err(cursor.fault("the namespace of XML signatures"));
        }
        if binding(&declared, "") == Some("") {
            return Err(cursor.fault("no empty default namespace"));
        }
        if attributes
            .stranger(|name| name == "Id" || name.starts_with("xml:"))
            .is_some()
        {
            return Err(cursor.fault("no attribute but Id"));
        }
        Ok(Self {
            cursor,
            prefix: prefix.to_owned(),
            declared,
            inherits: attributes.stranger(|name| name == "Id").is_some(),
            id: attributes.take("Id"),
        })
    }

    /// The apex's `Id`.
    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether exclusive canonicalisation with this prefix list can have written the apex: it writes its own
    /// prefix and the listed ones, and inherits no attribute.
    pub(super) fn suits_exclusive(&self, listed: &[String]) -> bool {
        let written = |prefix: &str| {
            prefix == self.prefix
                || listed
                    .iter()
                    .any(|listed| listed == prefix || (listed == "#default" && prefix.is_empty()))
        };
        !self.inherits && self.declared.iter().all(|(prefix, _)| written(prefix))
    }

    /// Whether the next thing is the start tag of this element.
    pub(super) fn opens(&self, local: &str) -> bool {
        let rest = self.cursor.rest().strip_prefix(&self.tag("<", local));
        rest.is_some_and(|rest| rest.starts_with([' ', '>']))
    }

    /// A start tag with no other attributes than these, and no declarations.
    pub(super) fn open(&mut self, local: &str, admitted: &[&str]) -> Result<Attributes, TbsError> {
        if !self.opens(local) {
            return Err(self.cursor.fault(local));
        }
        self.cursor.expect(&self.tag("<", local))?;
        let (declared, attributes) = start_tag(&mut self.cursor)?;
        if !declared.is_empty() {
            return Err(self.cursor.fault("no namespace declaration"));
        }
        match attributes.stranger(|name| admitted.contains(&name)) {
            Some(_) => Err(self.cursor.fault("no other attribute")),
            None => Ok(attributes),
        }
    }

    /// A start tag whose one attribute is `Algorithm`.
    pub(super) fn open_algorithm(&mut self, local: &str) -> Result<String, TbsError> {
        let mut attributes = self.open(local, &["Algorithm"])?;
        let algorithm = attributes.take("Algorithm");
        algorithm.ok_or_else(|| self.cursor.fault("the attribute Algorithm"))
    }

    /// The start tag of an element of `XMLDSig` below an apex of another namespace, as exclusive canonicalisation writes
    /// it: with its own declaration. Its name comes too, for the end tag.
    pub(super) fn open_signature_element(&mut self, local: &str) -> Result<(&'a str, Attributes), TbsError> {
        self.cursor.expect("<")?;
        let name = self.cursor.name()?;
        let prefix = match name.split_once(':') {
            None if name == local => "",
            Some((prefix, found)) if found == local => prefix,
            _ => return Err(self.cursor.fault(local)),
        };
        let (declared, attributes) = start_tag(&mut self.cursor)?;
        if prefix != self.prefix
            && let [(found, DSIG)] = declared
                .iter()
                .map(|(p, u)| (p.as_str(), u.as_str()))
                .collect::<Vec<_>>()[..]
            && found == prefix
        {
            Ok((name, attributes))
        } else {
            Err(self
                .cursor
                .fault("the namespace of XML signatures, declared here and alone"))
        }
    }

    /// An end tag.
    pub(super) fn close(&mut self, local: &str) -> Result<(), TbsError> {
        let tag = self.tag("</", local) + ">";
        self.cursor.expect(&tag)
    }

    /// The one `XPath` expression there is: whatever is not in a signature. Its prefix is the apex's, so that it cannot
    /// mean something else.
    pub(super) fn expression(&mut self) -> Result<(), TbsError> {
        self.cursor.space();
        self.open("XPath", &[])?;
        if self.prefix.is_empty() {
            return Err(self
                .cursor
                .fault("a prefix, without which XPath names no namespace"));
        }
        let expression = format!("not(ancestor-or-self::{}:Signature)", self.prefix);
        self.cursor.expect(&expression)?;
        self.close("XPath")
    }

    /// The prefixes of the element that lists them for exclusive canonicalisation, if it is there.
    pub(super) fn inclusive_namespaces(&mut self) -> Result<Vec<String>, TbsError> {
        const LOCAL: &str = "InclusiveNamespaces";
        let rest = self.cursor.rest();
        if !rest.starts_with('<') || rest.starts_with("</") {
            return Ok(Vec::new());
        }
        self.cursor.expect("<")?;
        let name = self.cursor.name()?;
        let prefix = match name.split_once(':') {
            None if name == LOCAL => "",
            Some((prefix, LOCAL)) => prefix,
            _ => return Err(self.cursor.fault(LOCAL)),
        };
        let (declared, mut attributes) = start_tag(&mut self.cursor)?;
        let inherited = binding(&self.declared, prefix) == Some(EXCLUSIVE);
        let needed: &[_] = if inherited { &[] } else { &[(prefix, EXCLUSIVE)] };
        let declared = declared
            .iter()
            .map(|(prefix, uri)| (prefix.as_str(), uri.as_str()));
        if !declared.eq(needed.iter().copied()) {
            return Err(self
                .cursor
                .fault("its own namespace, declared where first needed"));
        }
        let list = attributes.take("PrefixList").filter(|_| attributes.0.is_empty());
        let listed = list.and_then(|list| prefixes(&list));
        let listed = listed.ok_or_else(|| self.cursor.fault("a PrefixList and nothing else"))?;
        self.cursor.expect(&format!("</{name}>"))?;
        Ok(listed)
    }

    fn tag(&self, bracket: &str, local: &str) -> String {
        let colon = if self.prefix.is_empty() { "" } else { ":" };
        format!("{bracket}{}{colon}{local}", self.prefix)
    }
}

/// Declarations, then attributes, each group in canonical order, up to and with the closing bracket.
fn start_tag(cursor: &mut Cursor<'_>) -> Result<(Declarations, Attributes), TbsError> {
    let (mut declared, mut attributes) = (Declarations::new(), Attributes(Vec::new()));
    while !cursor.skip(">") {
        cursor.expect(" ")?;
        let name = cursor.name()?;
        cursor.expect("=\"")?;
        let value = cursor.value()?;
        let in_order = if let Some(prefix) = declares(name) {
            if !is_declarable(prefix, &value) {
                return Err(cursor.fault("a declaration that namespaces allow"));
            }
            let last = declared.last().map(|(last, _)| last.as_str());
            let in_order = attributes.0.is_empty() && last.is_none_or(|last| last < prefix);
            declared.push((prefix.to_owned(), value));
            in_order
        } else {
            let last = attributes.0.last().map(|(last, _)| order(last));
            let in_order = last.is_none_or(|last| last < order(name));
            let ours = !name.contains(':') || name.starts_with("xml:");
            attributes.0.push((name.to_owned(), value));
            in_order && ours
        };
        if !in_order {
            return Err(cursor.fault("declarations, then attributes, in order, none twice, none foreign"));
        }
    }
    Ok((declared, attributes))
}

/// The prefix that a declaration declares; empty for the default namespace.
fn declares(name: &str) -> Option<&str> {
    match name.split_once(':') {
        None if name == "xmlns" => Some(""),
        Some(("xmlns", prefix)) => Some(prefix),
        _ => None,
    }
}

/// Namespaces in XML, 3: `xml` and `xmlns` belong to the language, and only the default may be undeclared. C14N,
/// 1.3: a namespace is not a relative reference.
fn is_declarable(prefix: &str, uri: &str) -> bool {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
    let absolute = scheme.is_some_and(|scheme| {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(part)
    });
    let undeclares = prefix.is_empty() && uri.is_empty();
    !["xml", "xmlns"].contains(&prefix) && ![XML, XMLNS].contains(&uri) && (absolute || undeclares)
}

/// C14N's order of attributes: by namespace, then by local name.
fn order(name: &str) -> (&str, &str) {
    match name.split_once(':') {
        Some((_, local)) => (XML, local),
        None => ("", name),
    }
}

/// What a prefix stands for.
fn binding<'d>(declared: &'d Declarations, prefix: &str) -> Option<&'d str> {
    let found = declared.iter().find(|(known, _)| known == prefix);
    found.map(|(_, uri)| uri.as_str())
}

/// The prefixes of a list, or nothing if it is none.
fn prefixes(list: &str) -> Option<Vec<String>> {
    let sound = list
        .split_ascii_whitespace()
        .all(|prefix| prefix == "#default" || is_ncname(prefix));
    sound.then(|| list.split_ascii_whitespace().map(str::to_owned).collect())
}
