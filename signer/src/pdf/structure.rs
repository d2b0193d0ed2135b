//! The structure of a tagged document (ISO 32000-2, 14.7): a mark is entered as a form field, so that those who hear a
//! document read hear the mark too.
//!
//! What is there stays: an element is added at the end of the document's element, and an entry at the end of the
//! parent tree. This is done for the first signature only. No permission of `DocMDP` speaks of the structure, and others
//! that compare revisions, pyHanko among them, take a structure that was changed after a signature for a document that
//! was. Later marks are heard as form fields by their own words (`TU`, `Contents`).

use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object, Reference},
    options::Place,
    update::Update,
};

/// Levels of the parent tree, and entries of what is written anew.
const DEEPEST: usize = 16;
const MOST_ENTRIES: usize = 100_000;

/// Enters a mark. Returns the key under which the parent tree has it; `None` if the document is not tagged, or its
/// structure cannot take it without being repaired.
pub(crate) fn enter(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    (field, page): (Reference, Reference),
    place: &Place<'_>,
) -> Result<Option<i64>, PdfError> {
    let catalog = file.catalog()?;
    let Some(root) = catalog.get("StructTreeRoot").and_then(Object::as_reference) else {
        return Ok(None);
    };
    let Object::Dictionary(mut tree) = file.load(root)? else {
        return Ok(None);
    };
    let Some(key) = free_key(file, &tree)? else {
        return Ok(None);
    };
    let Some((parent, mut above)) = document_element(file, &tree)? else {
        return Ok(None);
    };
    let element = update.reserve();
    let content = Dictionary::new()
        .with("Type", Object::name("OBJR"))
        .with("Pg", Object::Reference(page))
        .with("Obj", Object::Reference(field));
    let body = Dictionary::new()
        .with("Type", Object::name("StructElem"))
        .with("S", Object::name("Form"))
        .with("P", Object::Reference(parent))
        .with("Pg", Object::Reference(page))
        .with("Lang", Object::text(place.appearance.language()))
        .with("Alt", Object::text(place.appearance.words()))
        .with("K", Object::Dictionary(content));
    update.put(element, &Object::Dictionary(body));
    append(update, file, &mut above, "K", [Object::Reference(element)])?;
    update.put(parent, &Object::Dictionary(above));
    number(update, file, &mut tree, (key, element))?;
    tree.set("ParentTreeNextKey", Object::Integer(key.saturating_add(1)));
    update.put(root, &Object::Dictionary(tree));
    Ok(Some(key))
}

/// The only element below the root, as every tagged document should have one.
fn document_element(file: &File<'_>, tree: &Dictionary) -> Result<Option<(Reference, Dictionary)>, PdfError> {
    let below = match tree.get("K") {
        Some(Object::Reference(reference)) => match file.load(*reference)? {
            Object::Array(items) => items.as_slice().first().and_then(Object::as_reference),
            _ => Some(*reference),
        },
        Some(Object::Array(items)) => items.first().and_then(Object::as_reference),
        _ => None,
    };
    let Some(below) = below else { return Ok(None) };
    Ok(match file.load(below)? {
        Object::Dictionary(element) if element.get("S").is_some() => Some((below, element)),
        _ => None,
    })
}

/// A key above all that the parent tree has.
fn free_key(file: &File<'_>, tree: &Dictionary) -> Result<Option<i64>, PdfError> {
    let Some(mut node) = file.dictionary(tree, "ParentTree")? else {
        return Ok(None);
    };
    for _ in 0..DEEPEST {
        let entries = file.array(&node, "Nums")?;
        let kids = file.array(&node, "Kids")?;
        if entries.len() > MOST_ENTRIES || kids.len() > MOST_ENTRIES {
            return Ok(None);
        }
        let Some(last) = kids.last() else {
            let last = match entries.as_slice() {
                [.., key, _] => file.resolve(key)?.as_integer(),
                _ => Some(-1),
            };
            let next = file.value(tree, "ParentTreeNextKey")?.as_integer().unwrap_or(0);
            return Ok(last
                .and_then(|last| last.checked_add(1))
                .map(|key| key.max(next))
                .filter(|key| (0..i64::from(i32::MAX)).contains(key)));
        };
        let Object::Dictionary(kid) = file.resolve(last)? else {
            return Ok(None);
        };
        node = kid;
    }
    Ok(None)
}

/// Adds an entry at the end of the parent tree: to its only node, or as one more leaf.
fn number(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    tree: &mut Dictionary,
    (key, element): (i64, Reference),
) -> Result<(), PdfError> {
    let Some(mut node) = file.dictionary(tree, "ParentTree")? else {
        return Ok(());
    };
    let entry = [Object::Integer(key), Object::Reference(element)];
    if node.get("Kids").is_some() {
        let leaf = Dictionary::new()
            .with("Limits", Object::Array(vec![Object::Integer(key); 2]))
            .with("Nums", Object::Array(entry.to_vec()));
        let leaf = update.add(&Object::Dictionary(leaf));
        append(update, file, &mut node, "Kids", [Object::Reference(leaf)])?;
    } else {
        append(update, file, &mut node, "Nums", entry)?;
    }
    match tree.get("ParentTree").and_then(Object::as_reference) {
        Some(reference) => update.put(reference, &Object::Dictionary(node)),
        None => tree.set("ParentTree", Object::Dictionary(node)),
    }
    Ok(())
}

/// Adds to the array that an entry is or refers to; what was no array becomes the first of one.
fn append<const N: usize>(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    dictionary: &mut Dictionary,
    key: &str,
    items: [Object; N],
) -> Result<(), PdfError> {
    let mut array = match file.value(dictionary, key)? {
        Object::Array(array) => array,
        Object::Null => Vec::new(),
        // One element or number, in its own words.
        _ => dictionary.get(key).cloned().into_iter().collect(),
    };
    let list = dictionary.get(key).and_then(Object::as_reference);
    let is_list = list.is_some() && matches!(file.value(dictionary, key)?, Object::Array(_));
    array.extend(items);
    match list {
        Some(list) if is_list => update.put(list, &Object::Array(array)),
        _ => dictionary.set(key, Object::Array(array)),
    }
    Ok(())
}
