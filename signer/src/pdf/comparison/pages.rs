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
            .iter()
            .filter_map(|field| field.reference)
            .map(|found| found.number)
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

    fn page(&mut self, page: &Page, list: Option<u32>, signatures: &BTreeSet<u32>) -> Result<(), PdfError> {
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
        signatures: &BTreeSet<u32>,
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
            if reference.is_some_and(|found| signatures.contains(&found)) {
                let dictionary = self.after.resolve(annotation)?;
                self.seen(number, &dictionary)?;
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

    /// Tells of a signature's mark that is seen.
    fn seen(&mut self, page: u32, annotation: &Object) -> Result<(), PdfError> {
        let Some(dictionary) = annotation.as_dictionary() else {
            return Ok(());
        };
        let rectangle = crate::pdf::pages::rectangle(self.after, &self.after.value(dictionary, "Rect")?)?;
        let [left, bottom, right, top] = rectangle.unwrap_or_default();
        if right > left && top > bottom && dictionary.get("AP").is_some() {
            let at = |edge: f64| format!("{edge:.0}");
            let what = Alteration::MarkShown {
                page,
                left: at(left),
                bottom: at(bottom),
                right: at(right),
                top: at(top),
            };
            self.tell(what, true);
        }
        Ok(())
    }
}
