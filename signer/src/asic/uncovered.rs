//! What stands in a container without any signature over it.
//!
//! People unpack a container and open what falls out, wherever it lay; so every file that is neither signed nor a
//! signature is named, those of META-INF too.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, ParsingOptions};

use super::{
    AsicError, Container, Entry, Kind,
    container::{META, MIMETYPE},
    limits::MOST_MANIFEST,
};
use crate::Uncovered;

/// Every file that no signature covers. `covered` are files with the types that are signed with them, `read` those of
/// META-INF that are signatures or what these are over.
pub(crate) fn uncovered(
    container: &Container<'_>,
    covered: &BTreeMap<String, Option<String>>,
    read: &BTreeSet<String>,
) -> Result<Vec<Uncovered>, AsicError> {
    let mut found = Vec::new();
    for entry in container.files() {
        let name = entry.name();
        if name == MIMETYPE || covered.contains_key(name) || read.contains(name) {
            continue;
        }
        if name.strip_prefix(META) == Some(LIST) {
            if !agrees(container, covered, entry)? {
                found.push(Uncovered::List {
                    file: name.to_owned(),
                });
            }
            continue;
        }
        found.push(Uncovered::File {
            file: name.to_owned(),
        });
    }
    Ok(found)
}

/// Whether the list of files (ODF 1.2, part 3, §4) names the files that are there, by the types that are signed.
fn agrees(
    container: &Container<'_>,
    covered: &BTreeMap<String, Option<String>>,
    entry: &Entry<'_>,
) -> Result<bool, AsicError> {
    if entry.length() > MOST_MANIFEST {
        return Ok(false);
    }
    let bytes = entry.read(MOST_MANIFEST)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = core::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| Document::parse_with_options(text, options).ok());
    let Some(document) = document else {
        return Ok(false);
    };
    let root = document.root_element();
    let is = |node: roxmltree::Node<'_, '_>, local: &str| {
        node.tag_name().namespace() == Some(ODF) && node.tag_name().name() == local
    };
    let mut listed = BTreeSet::new();
    for node in root.descendants().skip(1) {
        let blank = node.is_text() && node.text().is_none_or(|text| text.trim().is_empty());
        let path = node.attribute((ODF, "full-path"));
        let (true, Some(path)) = (node.is_element() && is(node, "file-entry"), path) else {
            if blank {
                continue;
            }
            return Ok(false);
        };
        let stated = node.attribute((ODF, "media-type")).unwrap_or_default();
        let signed = match path {
            "/" => container.kind().map(Kind::mime),
            _ => covered.get(path).and_then(Option::as_deref),
        };
        let is_folder = path.ends_with('/');
        if signed.is_some_and(|signed| signed != stated) || !(is_folder || listed.insert(path)) {
            return Ok(false);
        }
    }
    let payload: BTreeSet<&str> = container.payload().map(Entry::name).collect();
    Ok(is(root, "manifest") && listed == payload)
}

const LIST: &str = "manifest.xml";
const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
const MOST_NODES: u32 = 200_000;
