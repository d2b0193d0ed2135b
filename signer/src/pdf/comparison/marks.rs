//! Later signatures and what is seen of them: each must be one, and all together may hide only little of a page.

use std::collections::BTreeMap;

use super::Comparison;
use crate::Alteration;
use crate::pdf::{
    PdfError,
    form::Field,
    object::{Dictionary, Object},
    pages::{Page, Walk, rectangle},
    permissions::Permission,
};

/// The signatures and document time stamps of a file that stand as they must and agree with what they cover, by the
/// names of their fields.
pub(in crate::pdf) type Sound = BTreeMap<String, Standing>;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pdf) enum Standing {
    Signature,
    Stamp,
}

/// All later marks together cover at most this part of a page.
const LARGEST: f64 = 0.25;

impl Comparison<'_, '_> {
    /// A field that was empty or missing has a signature.
    pub(super) fn signed(&mut self, field: &Field) -> Result<(), PdfError> {
        let name = &field.name;
        let shown = self.mark(field)?;
        match self.sound.get(name) {
            None => self.harm(Alteration::SignatureBroken { field: name.clone() }),
            Some(Standing::Stamp) if shown => {
                self.harm(Alteration::StampShown { field: name.clone() });
            }
            Some(Standing::Stamp) => self.tell(Alteration::StampAdded { field: name.clone() }, true),
            Some(Standing::Signature) if self.rules.permission == Some(Permission::Nothing) => {
                self.harm(Alteration::SignatureForbidden { field: name.clone() });
            }
            Some(Standing::Signature) if self.rules.locks.iter().any(|lock| lock.holds(name)) => {
                self.harm(Alteration::SignatureLocked { field: name.clone() });
            }
            Some(Standing::Signature) => self.tell(Alteration::SignatureAdded { field: name.clone() }, true),
        }
        Ok(())
    }

    /// Notes a field that may be seen. Whether it is.
    fn mark(&mut self, field: &Field) -> Result<bool, PdfError> {
        let shown = self.area(&field.dictionary)? > 0.0 && field.dictionary.get("AP").is_some();
        if shown {
            match field.reference {
                Some(reference) => {
                    self.marks.insert(reference.number);
                }
                None => self.harm(Alteration::MarkLoose {
                    field: field.name.clone(),
                }),
            }
        }
        Ok(shown)
    }

    pub(super) fn area(&self, widget: &Dictionary) -> Result<f64, PdfError> {
        let rectangle = rectangle(self.after, &self.after.value(widget, "Rect")?)?;
        Ok(rectangle.map_or(0.0, area))
    }

    /// How much the later marks cover of each page.
    pub(super) fn covered(&mut self) -> Result<(), PdfError> {
        let mut missing = self.marks.clone();
        if missing.is_empty() {
            return Ok(());
        }
        let mut walk = Walk::new(self.after)?;
        while let Some(page) = walk.next()? {
            let mut sum = 0.0;
            for annotation in self.after.array(&page.dictionary, "Annots")? {
                let number = annotation.as_reference().map(|reference| reference.number);
                if let Some(number) = number
                    && self.marks.contains(&number)
                    && let Object::Dictionary(widget) = self.after.resolve(&annotation)?
                {
                    missing.remove(&number);
                    sum += self.area(&widget)?;
                }
            }
            if sum > 0.0 && sum > self.size(&page)? * LARGEST {
                self.harm(Alteration::MarksLarge { page: page.number });
            }
        }
        if !missing.is_empty() {
            self.harm(Alteration::MarkNowhere);
        }
        Ok(())
    }

    /// How large the part of a page is that is shown.
    fn size(&self, page: &Page) -> Result<f64, PdfError> {
        let media = rectangle(self.after, &page.value(self.after, "MediaBox")?)?;
        let crop = rectangle(self.after, &page.value(self.after, "CropBox")?)?;
        let sizes = [media, crop].into_iter().flatten().map(area);
        Ok(sizes.reduce(f64::min).unwrap_or(0.0))
    }
}

fn area([left, bottom, right, top]: [f64; 4]) -> f64 {
    (right - left) * (top - bottom)
}
