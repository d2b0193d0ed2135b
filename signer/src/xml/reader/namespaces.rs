//! Which prefix stands for what, element by element (Namespaces in XML 1.0).

use std::borrow::Cow;

use super::{XML, number};
use crate::xml::{
    ReadError,
    error::told,
    tree::{Declaration, Name},
};

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// Where [`Scope`] keeps "no namespace".
pub(super) const NONE: u32 = 0;
const BUILT_IN: u32 = 1;

/// All declarations of the document, and which of them are in force.
pub(super) struct Scope<'a> {
    declarations: Vec<Declaration<'a>>,
    /// Numbers of those in force, the nearest last.
    active: Vec<u32>,
    most: usize,
}

impl<'a> Scope<'a> {
    pub(super) fn new(most: usize) -> Self {
        let declaration = |prefix, uri| Declaration {
            prefix,
            uri: Cow::Borrowed(uri),
        };
        Self {
            declarations: vec![declaration("", ""), declaration("xml", XML)],
            active: Vec::new(),
            most,
        }
    }

    /// Begins an element: the number of its first declaration, if it has one.
    pub(super) fn open(&self) -> usize {
        self.declarations.len()
    }

    /// How many declarations there are.
    pub(super) fn declared(&self) -> usize {
        self.declarations.len()
    }

    /// Ends the element whose first declaration has this number.
    pub(super) fn close(&mut self, first: usize) {
        while self.active.last().is_some_and(|last| *last as usize >= first) {
            self.active.pop();
        }
    }

    pub(super) fn declare(&mut self, prefix: &'a str, uri: Cow<'a, str>, at: usize) -> Result<(), ReadError> {
        let fault = |why| Err(ReadError::Namespace { why, at });
        if prefix == "xmlns" || uri == XMLNS {
            return fault("xmlns belongs to the language");
        }
        if (prefix == "xml") != (uri == XML) {
            return fault("the prefix xml and its namespace belong together");
        }
        if uri.is_empty() && !prefix.is_empty() {
            return fault("a prefix cannot be undeclared");
        }
        if !uri.is_empty() && !is_absolute(&uri) {
            return fault("it is a relative reference, which has no canonical form; write an absolute URI");
        }
        if self.active.len() >= self.most {
            return Err(ReadError::Limit {
                what: "namespaces in scope",
                most: self.most as u64,
                at,
            });
        }
        self.active.push(number(self.declarations.len()));
        self.declarations.push(Declaration { prefix, uri });
        Ok(())
    }

    /// The name of an element, once its declarations are known; no prefix is declared twice there.
    pub(super) fn element(&self, qualified: &'a str, at: usize) -> Result<Name<'a>, ReadError> {
        let colon = qualified.find(':').unwrap_or_default();
        let mut name = Name {
            qualified,
            prefix: number(colon),
            namespace: NONE,
        };
        name.namespace = match self.find(name.prefix()) {
            Some(found) => found,
            None if colon == 0 => NONE,
            None => return Err(unbound(name, at)),
        };
        Ok(name)
    }

    /// The namespace of an attribute; without prefix it has none.
    pub(super) fn attribute(&self, name: Name<'_>, at: usize) -> Result<u32, ReadError> {
        if name.prefix == 0 {
            return Ok(NONE);
        }
        self.find(name.prefix()).ok_or_else(|| unbound(name, at))
    }

    /// Refuses a prefix that the element of these declarations declares twice.
    pub(super) fn each_once(&self, first: usize, at: usize) -> Result<(), ReadError> {
        let mut rest = self.declarations.get(first..).unwrap_or_default();
        while let Some((one, others)) = rest.split_first() {
            if others.iter().any(|other| other.prefix == one.prefix) {
                let name = told(&format!("xmlns:{}", one.prefix));
                return Err(ReadError::Twice { name, at });
            }
            rest = others;
        }
        Ok(())
    }

    pub(super) fn uri(&self, number: u32) -> &str {
        self.declarations
            .get(number as usize)
            .map_or("", |declaration| &declaration.uri)
    }

    pub(super) fn into_declarations(self) -> Vec<Declaration<'a>> {
        self.declarations
    }

    fn find(&self, prefix: &str) -> Option<u32> {
        if prefix == "xml" {
            return Some(BUILT_IN);
        }
        // Most names have no prefix, and comparing nothing with nothing would cost more than the rest.
        let is_it = |known: &str| known.len() == prefix.len() && (prefix.is_empty() || known == prefix);
        let declares = |number: &&u32| {
            self.declarations
                .get(**number as usize)
                .is_some_and(|declaration| is_it(declaration.prefix))
        };
        self.active.iter().rev().find(declares).copied()
    }
}

fn unbound(name: Name<'_>, at: usize) -> ReadError {
    ReadError::Unbound {
        prefix: told(name.prefix()),
        at,
    }
}

/// C14N, 1.3: documents whose namespaces are relative references have no canonical form.
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(part)
    })
}
