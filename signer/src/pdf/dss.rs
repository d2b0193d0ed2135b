//! The document security store (EN 319 142-1, 5.4.2): certificates, lists and answers that travel with the document.
//!
//! It has no `VRI`: what that says of single signatures is optional, and validators build their chains from the lists of
//! the whole store. Foreign ones are kept as they are.

use std::collections::BTreeSet;

use super::{
    PdfError, extensions,
    file::File,
    object::{Dictionary, Object},
    update::Update,
};
use crate::Material;

const MOST_ENTRIES: usize = 20_000;
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// One list may be large; it is held while it is read.
const MOST_ENTRY: u64 = 32 * 1024 * 1024;

/// What is in the store; entries that are no streams are passed over.
pub(crate) fn read(file: &File<'_>) -> Result<Material, PdfError> {
    let Some(store) = file.dictionary(&file.catalog()?, "DSS")? else {
        return Ok(Material::default());
    };
    let mut left = (MOST_ENTRIES, MOST_BYTES);
    Ok(Material {
        certificates: entries(file, &store, "Certs", &mut left)?,
        lists: entries(file, &store, "CRLs", &mut left)?,
        answers: entries(file, &store, "OCSPs", &mut left)?,
    })
}

fn entries(
    file: &File<'_>,
    store: &Dictionary,
    key: &str,
    left: &mut (usize, u64),
) -> Result<BTreeSet<Vec<u8>>, PdfError> {
    let too_much = |what, most| PdfError::TooMuch { what, most };
    let mut found = BTreeSet::new();
    for entry in file.array(store, key)? {
        left.0 = left
            .0
            .checked_sub(1)
            .ok_or(too_much("entries in its security store", MOST_ENTRIES as u64))?;
        if let Object::Stream(stream) = file.resolve(&entry)? {
            let bytes = file.unpacked(&stream, MOST_ENTRY)?;
            left.1 = left
                .1
                .checked_sub(bytes.len() as u64)
                .ok_or(too_much("bytes in its security store", MOST_BYTES))?;
            found.insert(bytes);
        }
    }
    Ok(found)
}

/// Whether there is a store.
pub(crate) fn exists(file: &File<'_>) -> Result<bool, PdfError> {
    Ok(file.dictionary(&file.catalog()?, "DSS")?.is_some())
}

/// Adds to the store what it does not have.
pub(crate) fn add(update: &mut Update<'_, '_>, file: &File<'_>, material: Material) -> Result<(), PdfError> {
    let fresh = material.without(&read(file)?);
    let mut catalog = file.catalog()?;
    let known = catalog.get("DSS").and_then(Object::as_reference);
    let mut store = file
        .dictionary(&catalog, "DSS")?
        .unwrap_or_else(|| Dictionary::new().with("Type", Object::name("DSS")));
    for (key, entries) in [
        ("Certs", fresh.certificates),
        ("CRLs", fresh.lists),
        ("OCSPs", fresh.answers),
    ] {
        if entries.is_empty() {
            continue;
        }
        let mut list = file.array(&store, key)?;
        for entry in entries {
            list.push(Object::Reference(update.add_stream(Dictionary::new(), &entry)));
        }
        store.set(key, Object::Array(list));
    }
    let store = Object::Dictionary(store);
    if let Some(known) = known {
        update.put(known, &store);
    } else {
        let reference = update.add(&store);
        catalog.set("DSS", Object::Reference(reference));
        extensions::declare(file, &mut catalog)?;
        update.put(file.root()?, &Object::Dictionary(catalog));
    }
    Ok(())
}
