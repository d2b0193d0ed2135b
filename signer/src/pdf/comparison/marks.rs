//! Later signatures and what is seen of them: each must be one, and all together may hide only little of a page.

use std::collections::BTreeMap;

use super::Comparison;
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
            None => self.harm(format!(
                "field {name:?} has a signature that is none, or is broken"
            )),
            Some(Standing::Stamp) if shown => {
                self.harm(format!("document time stamp {name:?} is shown on a page"));
            }
            Some(Standing::Stamp) => self.tell(format!("document time stamp {name:?} was added"), true),
            Some(Standing::Signature) if self.rules.permission == Some(Permission::Nothing) => {
                self.harm(format!(
                    "signature {name:?} was added, which the certification does not permit"
                ));
            }
            Some(Standing::Signature) if self.rules.locks.iter().any(|lock| lock.holds(name)) => {
                self.harm(format!("signature {name:?} was added in a field that was locked"));
            }
            Some(Standing::Signature) => self.tell(format!("signature {name:?} was added"), true),
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
                None => self.harm(format!(
                    "signature {:?} is shown by no object of its own",
                    field.name
                )),
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
                let number = page.number;
                self.harm(format!(
                    "later signatures are shown over a large part of page {number}"
                ));
            }
        }
        if !missing.is_empty() {
            self.harm("a later signature is shown, and no page says where".into());
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
