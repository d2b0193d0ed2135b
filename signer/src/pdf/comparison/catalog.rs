//! Changes of the catalog, the form's own entries, and the store of validation data.

use super::{Comparison, differing};
use crate::Alteration;
use crate::pdf::{
    PdfError,
    file::File,
    form::Form,
    object::{Dictionary, Object},
    pages::Walk,
    permissions::Permission,
};

/// What a store's dictionaries may have (EN 319 142-1, 5.4.2).
const STORE: [&str; 5] = ["Type", "Certs", "CRLs", "OCSPs", "VRI"];
const RELATED: [&str; 6] = ["Type", "Cert", "CRL", "OCSP", "TU", "TS"];
const MOST_RELATED: usize = 10_000;
/// How deep fields are looked for their kind.
const DEEPEST: usize = 32;

impl Comparison<'_, '_> {
    /// Catalog, form and store.
    pub(super) fn catalog(&mut self) -> Result<(), PdfError> {
        let (before, after) = (self.before.catalog()?, self.after.catalog()?);
        for key in differing(&before, &after) {
            match key {
                "AcroForm" | "DSS" | "Extensions" | "Version" => {}
                "Metadata" => self.described(),
                "Perms" => self.harm(Alteration::RightsAdded),
                _ => self.harm(Alteration::CatalogEntry { key: key.to_owned() }),
            }
        }
        let root = self.before.root()?.number;
        if !self.explain(root) {
            self.harm(Alteration::CatalogShared);
        }
        self.description()?;
        self.form()?;
        self.store(&before, &after)
    }

    /// The information dictionary and the metadata say something about the document, and show nothing of it.
    fn description(&mut self) -> Result<(), PdfError> {
        let info = self.before.trailer()?.get("Info").cloned();
        let metadata = self.before.catalog()?.get("Metadata").cloned();
        for object in [info, metadata].into_iter().flatten() {
            if let Some(reference) = object.as_reference()
                && self.touched.contains(&reference.number)
                && self.referrers.only_as(reference.number, &["Info", "Metadata"])
            {
                self.explained.insert(reference.number);
                self.described();
            }
        }
        Ok(())
    }

    fn described(&mut self) {
        let open = self.rules.permission != Some(Permission::Nothing);
        self.tell(Alteration::Description, open);
    }

    fn form(&mut self) -> Result<(), PdfError> {
        let empty = || Form {
            dictionary: Dictionary::new(),
            reference: None,
        };
        let (before, after) = (Form::of(self.before)?, Form::of(self.after)?);
        let before = before.unwrap_or_else(empty);
        let after = after.unwrap_or_else(empty);
        for key in differing(&before.dictionary, &after.dictionary) {
            match key {
                "Fields" | "SigFlags" => {}
                "DR" | "NeedAppearances" if self.may_fill_all() => {
                    self.tell(Alteration::FormFonts, true);
                }
                "DA" | "DR"
                    if before.dictionary.get(key).is_none()
                        && self.rules.permission != Some(Permission::Nothing)
                        && (self.may_fill_all() || self.is_all_drawn(&after)?) =>
                {
                    self.tell(Alteration::FontsAdded, true);
                }
                _ => self.harm(Alteration::FormEntry { key: key.to_owned() }),
            }
        }
        let list = before.dictionary.get("Fields").and_then(Object::as_reference);
        for (reference, role) in [(before.reference, "AcroForm"), (list, "Fields")] {
            if let Some(reference) = reference
                && self.referrers.only_as(reference.number, &[role])
            {
                self.explain(reference.number);
            }
        }
        Ok(())
    }

    /// Whether the signature permits filling in every field: fonts are those of all.
    fn may_fill_all(&self) -> bool {
        self.rules.locks.is_empty() && self.may_fill("")
    }

    /// Whether nothing that was there is drawn with the fonts of the form: all has a look of its own, and readers are to
    /// use it.
    fn is_all_drawn(&self, after: &Form) -> Result<bool, PdfError> {
        match self.after.value(&after.dictionary, "NeedAppearances")? {
            Object::Null | Object::Boolean(false) => {}
            _ => return Ok(false),
        }
        let mut walk = Walk::new(self.before)?;
        while let Some(page) = walk.next()? {
            for annotation in self.before.array(&page.dictionary, "Annots")? {
                if let Object::Dictionary(annotation) = self.before.resolve(&annotation)?
                    && !is_drawn(self.before, &annotation)?
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn store(&mut self, before: &Dictionary, after: &Dictionary) -> Result<(), PdfError> {
        let (was, is) = (store(self.before, before)?, store(self.after, after)?);
        let (Some((old, mut parts)), Some((new, _))) = (was, is) else {
            self.harm(Alteration::StoreBroken);
            return Ok(());
        };
        if before.get("DSS").is_none() && after.get("DSS").is_none() {
            return Ok(());
        }
        let changed = old != new || parts.iter().any(|part| self.touched.contains(part));
        parts.retain(|part| {
            let allowed = ["DSS", "Certs", "CRLs", "OCSPs", "VRI", "Cert", "CRL", "OCSP"];
            // Entries of VRI are named by digests.
            self.referrers.only_as(*part, &allowed) || self.is_named_by_digest(*part)
        });
        for part in parts {
            self.explain(part);
        }
        if changed {
            self.tell(Alteration::ValidationData, true);
        }
        Ok(())
    }

    fn is_named_by_digest(&self, number: u32) -> bool {
        self.referrers.only_by(number, |key| {
            key.len() >= 40 && key.iter().all(u8::is_ascii_hexdigit)
        })
    }
}

/// Whether an annotation needs no fonts of the form: it has a look of its own, or says nothing with letters.
fn is_drawn(file: &File<'_>, annotation: &Dictionary) -> Result<bool, PdfError> {
    let is_written = annotation.says("Subtype", "FreeText")
        || annotation.says("Subtype", "Widget") && !is_for_signature(file, annotation)?;
    if !is_written {
        return Ok(true);
    }
    let look = file.value(annotation, "AP")?;
    let Some(look) = look.as_dictionary() else {
        return Ok(false);
    };
    Ok(match file.value(look, "N")? {
        Object::Stream(_) => true,
        // One look for each state of a button.
        Object::Dictionary(states) => {
            file.value(annotation, "AS")?.as_name().is_some() && states.entries().next().is_some()
        }
        _ => false,
    })
}

fn is_for_signature(file: &File<'_>, widget: &Dictionary) -> Result<bool, PdfError> {
    let mut node = widget.clone();
    for _ in 0..DEEPEST {
        match file.value(&node, "FT")? {
            Object::Null => {}
            kind => return Ok(kind.as_name() == Some(b"Sig")),
        }
        let Some(parent) = file.dictionary(&node, "Parent")? else {
            break;
        };
        node = parent;
    }
    Ok(false)
}

/// A store, and the numbers of the dictionaries and lists that it consists of; its streams may never change. Nothing, if
/// it has something else in it.
fn store(file: &File<'_>, catalog: &Dictionary) -> Result<Option<(Dictionary, Vec<u32>)>, PdfError> {
    let Some(dictionary) = file.dictionary(catalog, "DSS")? else {
        return Ok(Some((Dictionary::new(), Vec::new())));
    };
    let mut numbers = Vec::new();
    numbers.extend(
        catalog
            .get("DSS")
            .and_then(Object::as_reference)
            .map(|found| found.number),
    );
    if !is_made_of(file, &dictionary, &STORE, &mut numbers)? {
        return Ok(None);
    }
    let related = file.dictionary(&dictionary, "VRI")?.unwrap_or_default();
    for (key, value) in related.entries().take(MOST_RELATED) {
        if key == b"Type" {
            continue;
        }
        numbers.extend(value.as_reference().map(|found| found.number));
        let entry = file.resolve(value)?;
        let Some(entry) = entry.as_dictionary() else {
            return Ok(None);
        };
        if !is_made_of(file, entry, &RELATED, &mut numbers)? {
            return Ok(None);
        }
    }
    Ok(Some((dictionary, numbers)))
}

fn is_made_of(
    file: &File<'_>,
    dictionary: &Dictionary,
    keys: &[&str],
    numbers: &mut Vec<u32>,
) -> Result<bool, PdfError> {
    for (key, value) in dictionary.entries() {
        if !keys.iter().any(|known| known.as_bytes() == key) {
            return Ok(false);
        }
        let held = file.resolve(value)?;
        if let (Some(reference), false) = (value.as_reference(), matches!(held, Object::Stream(_))) {
            numbers.push(reference.number);
        }
    }
    Ok(true)
}
