//! Changes of pages: nothing but annotations may be added, and only those that are permitted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Comparison, differing};
use crate::Alteration;
use crate::pdf::{
    PdfError,
    form::signature_fields,
    object::{Dictionary, Object},
    pages::{Page, Walk},
};

/// By which keys pages are never named by what draws them.
const ANNOTATION_LIST: [&str; 1] = ["Annots"];

impl Comparison<'_, '_> {
    pub(super) fn pages(&mut self) -> Result<(), PdfError> {
        let open = self
            .touched
            .difference(&self.explained)
            .copied()
            .collect::<BTreeSet<_>>();
        if open.is_empty() {
            return Ok(());
        }
        let signatures = signature_fields(self.after)?;
        let signatures = signatures
            .into_iter()
            .filter_map(|field| Some((field.reference?.number, field.name)))
            .collect();
        let mut lists = BTreeMap::<u32, usize>::new();
        let mut changed = Vec::new();
        let mut walk = Walk::new(self.before)?;
        while let Some(page) = walk.next()? {
            let list = page.dictionary.get("Annots").and_then(Object::as_reference);
            let list = list
                .map(|list| list.number)
                .filter(|number| open.contains(number));
            if let Some(list) = list {
                *lists.entry(list).or_default() += 1;
            }
            if list.is_some() || open.contains(&page.reference.number) {
                changed.push((page, list));
            }
        }
        for (page, list) in changed {
            self.page(&page, list, &signatures)?;
        }
        for (list, _) in lists.into_iter().filter(|(_, pages)| *pages == 1) {
            if self.referrers.only_as(list, &ANNOTATION_LIST) {
                self.explain(list);
            }
        }
        Ok(())
    }

    fn page(
        &mut self,
        page: &Page,
        list: Option<u32>,
        signatures: &BTreeMap<u32, String>,
    ) -> Result<(), PdfError> {
        let number = page.number;
        let now = match self.after.load(page.reference)? {
            Object::Dictionary(now) => now,
            _ => Dictionary::new(),
        };
        let mut harmless = true;
        for key in differing(&page.dictionary, &now) {
            if key != "Annots" {
                harmless = false;
                self.harm(Alteration::PageEntry {
                    page: number,
                    key: key.to_owned(),
                });
            }
        }
        if page.dictionary.get("Annots") != now.get("Annots") || list.is_some() {
            self.annotations(page, &now, signatures)?;
        }
        let reference = page.reference.number;
        if !harmless {
            self.explained.insert(reference);
        } else if !self.explain(reference) {
            self.harm(Alteration::PageShared { page: number });
        }
        Ok(())
    }

    fn annotations(
        &mut self,
        page: &Page,
        now: &Dictionary,
        signatures: &BTreeMap<u32, String>,
    ) -> Result<(), PdfError> {
        let number = page.number;
        let was = self.before.array(&page.dictionary, "Annots")?;
        let is = self.after.array(now, "Annots")?;
        let mut old = was.iter().peekable();
        for annotation in &is {
            if old.peek() == Some(&annotation) {
                old.next();
                continue;
            }
            let reference = annotation.as_reference().map(|found| found.number);
            let field = reference.and_then(|found| signatures.get_key_value(&found));
            if let Some((found, name)) = field {
                // One that was there may not have been seen.
                self.marks.insert(*found, name.clone());
            } else if self.may_annotate() {
                self.tell(Alteration::AnnotationAdded { page: number }, true);
            } else {
                self.harm(Alteration::AnnotationOver { page: number });
            }
        }
        if old.next().is_some() {
            self.harm(Alteration::AnnotationRemoved { page: number });
        }
        Ok(())
    }
}
