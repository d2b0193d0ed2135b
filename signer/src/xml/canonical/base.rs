//! What an apex inherits of `xml:` attributes: in C14N 1.0 all (2.4), in 1.1 `xml:lang` and `xml:space` (2.4), and
//! `xml:base` joined from all that stand around it (2.4 and its appendix).

use std::borrow::Cow;

use super::method::Version;
use crate::xml::tree::{Element, XML};

const BASE: &str = "xml:base";

/// Attributes that replace the element's own: a value, or nothing where the attribute must go.
pub(super) fn inherited<'t>(element: Element<'t, '_>, kind: Version) -> Vec<(&'t str, Option<Cow<'t, str>>)> {
    let mut found: Vec<(&str, Option<Cow<'_, str>>)> = Vec::new();
    for ancestor in element.lineage().skip(1) {
        for attribute in ancestor.attributes() {
            let name = attribute.name.qualified;
            let inherits = match kind {
                Version::Inclusive => name.starts_with("xml:"),
                Version::Inclusive11 => matches!(name, "xml:lang" | "xml:space"),
                Version::Exclusive => false,
            };
            let own = element.attributes().iter().any(|own| own.name.qualified == name);
            if inherits && !own && found.iter().all(|(known, _)| *known != name) {
                found.push((name, Some(Cow::Borrowed(&*attribute.value))));
            }
        }
    }
    if kind == Version::Inclusive11
        && let Some(base) = joined_base(element)
    {
        found.push((BASE, Some(base).filter(|base| !base.is_empty()).map(Cow::Owned)));
    }
    found
}

/// `xml:base` as it holds at the element, if any around it says one; empty where it must go.
fn joined_base(element: Element<'_, '_>) -> Option<String> {
    let base = |element: Element<'_, '_>| element.attribute(XML, "base").map(str::to_owned);
    element.lineage().skip(1).find_map(base)?;
    element
        .lineage()
        .filter_map(base)
        .reduce(|inner, outer| join(&outer, &inner))
}

/// RFC 3986, 5.2, with the changes that C14N 1.1 makes: the base may be relative, and `..` that lead out of it stay.
fn join(base: &str, reference: &str) -> String {
    let (base, reference) = (Parts::of(base), Parts::of(reference));
    let mut joined = Parts {
        fragment: reference.fragment,
        ..Parts::default()
    };
    let path;
    if reference.scheme.is_some() {
        (joined.scheme, joined.authority, joined.query) =
            (reference.scheme, reference.authority, reference.query);
        path = without_dots(reference.path);
    } else if reference.authority.is_some() {
        (joined.scheme, joined.authority, joined.query) = (base.scheme, reference.authority, reference.query);
        path = without_dots(reference.path);
    } else {
        (joined.scheme, joined.authority) = (base.scheme, base.authority);
        if reference.path.is_empty() {
            path = without_dots(base.path);
            joined.query = reference.query.or(base.query);
        } else {
            joined.query = reference.query;
            path = if reference.path.starts_with('/') {
                without_dots(reference.path)
            } else {
                without_dots(&merged(&base, reference.path))
            };
        }
    }
    joined.path = &path;
    joined.text()
}

/// RFC 3986, 5.2.3; a base that ends in `..` names a folder.
fn merged(base: &Parts<'_>, path: &str) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    let folder = base
        .path
        .rfind('/')
        .map_or("", |slash| base.path.get(..=slash).unwrap_or_default());
    let last = base.path.get(folder.len()..).unwrap_or_default();
    let slash = if last == ".." { "../" } else { "" };
    format!("{folder}{slash}{path}")
}

/// Removes `.`, resolves `..`, and keeps those that lead out of a relative path.
fn without_dots(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut folder = path.is_empty();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if absolute => {}
            other => kept.push(other),
        }
    }
    let tail = if (path.ends_with('/') || folder) && !kept.is_empty() {
        "/"
    } else {
        ""
    };
    let head = if absolute { "/" } else { "" };
    format!("{head}{}{tail}", kept.join("/"))
}

/// A URI reference in its five parts.
#[derive(Default)]
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Self {
        let (rest, fragment) = cut(uri, '#');
        let (rest, query) = cut(rest, '?');
        let (scheme, rest) = match rest.split_once(':') {
            Some((scheme, rest)) if !scheme.contains('/') => (Some(scheme), rest),
            _ => (None, rest),
        };
        let (authority, path) = match rest.strip_prefix("//") {
            None => (None, rest),
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                let (authority, path) = rest.split_at(end);
                (Some(authority), path)
            }
        };
        Self {
            scheme,
            authority,
            path,
            query,
            fragment,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(scheme) = self.scheme {
            text.extend([scheme, ":"]);
        }
        if let Some(authority) = self.authority {
            text.extend(["//", authority]);
        }
        text.push_str(self.path);
        if let Some(query) = self.query {
            text.extend(["?", query]);
        }
        if let Some(fragment) = self.fragment {
            text.extend(["#", fragment]);
        }
        text
    }
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}
