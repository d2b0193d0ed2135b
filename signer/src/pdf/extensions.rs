//! The catalog's word that a document has what EN 319 142-1 adds to PDF 1.7: `ESIC`, level 2, for signatures of the form
//! `ETSI.CAdES.detached` and for the store of validation data.
//!
//! PDF 2.0 has both itself and needs no such word; below 1.7 it would contradict the version of the file (ISO 32000-1,
//! 7.12.3), which stays as its producer wrote it.

use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object},
};

const PREFIX: &str = "ESIC";
const BASE: &str = "1.7";
const LEVEL: i64 = 2;

/// Declares the extension. True if the catalog did not do so before.
pub(crate) fn declare(file: &File<'_>, catalog: &mut Dictionary) -> Result<bool, PdfError> {
    let source = file.source();
    let head = source.bytes(0..HEAD.min(source.length()))?;
    let version = match catalog.get("Version") {
        Some(version) => version.as_name() == Some(BASE.as_bytes()),
        None => head.starts_with(b"%PDF-1.7"),
    };
    let extensions = match catalog.get("Extensions") {
        _ if !version => return Ok(false),
        None => Dictionary::new(),
        Some(Object::Dictionary(extensions)) if extensions.get(PREFIX).is_none() => extensions.clone(),
        // Another's, or one that stands elsewhere.
        Some(_) => return Ok(false),
    };
    let own = Dictionary::new()
        .with("BaseVersion", Object::name(BASE))
        .with("ExtensionLevel", Object::Integer(LEVEL));
    let extensions = extensions.with(PREFIX, Object::Dictionary(own));
    catalog.set("Extensions", Object::Dictionary(extensions));
    Ok(true)
}

const HEAD: u64 = 8;
