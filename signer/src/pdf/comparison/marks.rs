//! Later signatures and what is seen of them: each must be one, and must not stand over what the signer saw.
//!
//! Whose a later signature is does not matter here: a stranger's own, sound in itself, could cover a sum or a name. A
//! mark is harmless where nothing was, or in a field that was there for it, whatever its size.

use std::collections::BTreeMap;

use super::Comparison;
use crate::Alteration;
use crate::pdf::{
    PdfError, Sheet,
    form::Field,
    object::{Dictionary, Object},
    pages::{self, Page, Walk, rectangle},
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

/// Flags by which an annotation is shown elsewhere than its rectangle says, turned or scaled (ISO 32000-2, 12.5.3).
const ELSEWHERE: i64 = 8 | 16;

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
                    self.marks.insert(reference.number, field.name.clone());
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

    /// What the later marks stand over, page by page.
    pub(super) fn covered(&mut self) -> Result<(), PdfError> {
        let mut missing = self.marks.clone();
        if missing.is_empty() {
            return Ok(());
        }
        let mut walk = Walk::new(self.after)?;
        while let Some(page) = walk.next()? {
            let mut shown = Vec::new();
            for annotation in self.after.array(&page.dictionary, "Annots")? {
                let number = annotation.as_reference().map(|reference| reference.number);
                if let Some(number) = number
                    && let Some(name) = self.marks.get(&number)
                    && let Object::Dictionary(widget) = self.after.resolve(&annotation)?
                {
                    missing.remove(&number);
                    shown.push((number, name.clone(), widget));
                }
            }
            if !shown.is_empty() {
                self.over(&page, shown)?;
            }
        }
        if !missing.is_empty() {
            self.harm(Alteration::MarkNowhere);
        }
        Ok(())
    }

    /// Tells which marks of a page stand where something was.
    fn over(&mut self, page: &Page, shown: Vec<(u32, String, Dictionary)>) -> Result<(), PdfError> {
        let number = page.number;
        let was = pages::find(self.before, number)?;
        let mut known = BTreeMap::new();
        for annotation in self.before.array(&was.dictionary, "Annots")? {
            if let Some(reference) = annotation.as_reference()
                && let Object::Dictionary(widget) = self.before.resolve(&annotation)?
            {
                known.insert(reference.number, widget);
            }
        }
        let mut fresh = Vec::new();
        for (mark, name, widget) in shown {
            let was = known.get(&mark);
            let flags = self.after.value(&widget, "F")?.as_integer().unwrap_or(0);
            if flags & ELSEWHERE != 0 && was.is_none_or(|was| was.get("F") != widget.get("F")) {
                self.harm(Alteration::MarkElsewhere {
                    field: name.clone(),
                    page: number,
                });
            }
            let place = rectangle(self.after, &self.after.value(&widget, "Rect")?)?;
            fresh.extend(place.filter(|_| was.is_none()).map(|place| (name, place)));
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let room = match Sheet::room(self.before, &was) {
            Ok(room) => Some(room),
            Err(PdfError::Source(error)) => return Err(error.into()),
            Err(_) => None,
        };
        let places = fresh.iter().map(|(_, place)| *place).collect::<Vec<_>>();
        let taken = room.map(|room| room.taken(&places));
        for (field, place) in fresh {
            match &taken {
                Some(taken) if !taken.contains(&place) => {}
                Some(_) => {
                    let [left, bottom, right, top] = place.map(|side| format!("{side:.0}"));
                    self.harm(Alteration::MarkOver {
                        field,
                        page: number,
                        left,
                        bottom,
                        right,
                        top,
                    });
                }
                None => self.harm(Alteration::MarkOverUnknown { field, page: number }),
            }
        }
        Ok(())
    }
}

fn area([left, bottom, right, top]: [f64; 4]) -> f64 {
    (right - left) * (top - bottom)
}
