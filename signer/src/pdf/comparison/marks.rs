//! Later signatures and what is seen of them: each must be one, and must not stand over what the signer saw.
//!
//! Whose a later signature is does not matter here: a stranger's own, sound in itself, could cover a sum or a name. A
//! mark is harmless where nothing was, or in a field that was there for it, whatever its size, unless the field stands over
//! words or pictures, was hidden, or said something itself.

use std::collections::BTreeMap;

use super::{
    Comparison,
    looks::{self, Shown, Site},
};
use crate::{
    Alteration,
    mark::Room,
    pdf::{
        PdfError, Sheet,
        form::Field,
        object::{Dictionary, Object},
        pages::{self, Page, Walk},
        permissions::Permission,
    },
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
/// What decides how a widget is seen where it stands.
const LOOK: [&str; 4] = ["AP", "AS", "F", "MK"];

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
    pub(super) fn mark(&mut self, field: &Field) -> Result<bool, PdfError> {
        let name = || field.name.clone();
        match (looks::site(self.after, &field.dictionary)?, field.reference) {
            (Site::Unseen, _) => return Ok(false),
            (Site::Unknown, _) => self.harm(Alteration::MarkUnmeasured { field: name() }),
            (Site::At(_), None) => self.harm(Alteration::MarkLoose { field: name() }),
            (Site::At(_), Some(reference)) => {
                self.marks.insert(reference.number, name());
            }
        }
        Ok(true)
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
        let was = pages::find(self.before, page.number)?;
        let known = self.known(&was)?;
        let (mut fresh, mut filled) = (Vec::new(), Vec::new());
        for (mark, field, widget) in shown {
            let place = match looks::site(self.after, &widget)? {
                Site::Unseen => continue,
                Site::At(place) => place,
                Site::Unknown => {
                    self.harm(Alteration::MarkUnmeasured { field });
                    continue;
                }
            };
            if widget.get("AP").is_some() {
                let [left, bottom, right, top] = words(place);
                let what = Alteration::MarkShown {
                    page: page.number,
                    left,
                    bottom,
                    right,
                    top,
                };
                self.tell(what, true);
            }
            let was = known.iter().find(|(number, _)| *number == Some(mark));
            let was = was.map(|(_, was)| was);
            self.flags(page.number, &field, was, &widget)?;
            match was {
                None => fresh.push((field, place)),
                Some(was) if LOOK.iter().all(|key| was.get(key) == widget.get(key)) => {}
                Some(was) => {
                    self.exchanged(page.number, &field, was, &widget)?;
                    filled.push((mark, field, place));
                }
            }
        }
        if !fresh.is_empty() {
            let room = told(Sheet::room(self.before, &was))?;
            let places: Vec<_> = fresh.iter().map(|(_, place)| *place).collect();
            let taken = room.map(|room| room.taken(&places));
            for (field, place) in fresh {
                let over = taken.as_ref().map(|taken| taken.contains(&place));
                self.stands(page.number, field, place, over);
            }
        }
        if !filled.is_empty() {
            let room = told(Sheet::writing(self.before, &was))?;
            let places: Vec<_> = filled.iter().map(|(_, _, place)| *place).collect();
            let taken = room.map(|room| room.taken(&places));
            for (mark, field, place) in filled {
                let beside = self.beside(&known, mark, place)?;
                let over = taken.as_ref().map(|taken| taken.contains(&place) || beside);
                self.stands(page.number, field, place, over);
            }
        }
        Ok(())
    }

    /// The annotations that a page had.
    fn known(&self, was: &Page) -> Result<Vec<Known>, PdfError> {
        let mut known = Vec::new();
        for annotation in self.before.array(&was.dictionary, "Annots")? {
            if let Object::Dictionary(widget) = self.before.resolve(&annotation)? {
                known.push((annotation.as_reference().map(|found| found.number), widget));
            }
        }
        Ok(known)
    }

    /// Flags may not move a mark from where it says that it is, nor show what was hidden.
    fn flags(
        &mut self,
        page: u32,
        field: &str,
        was: Option<&Dictionary>,
        is: &Dictionary,
    ) -> Result<(), PdfError> {
        let flags = looks::flags(self.after, is)?;
        let is_same = was.is_some_and(|was| was.get("F") == is.get("F"));
        let field = || field.to_owned();
        if !is_same && flags.is_none_or(|flags| flags & ELSEWHERE != 0) {
            self.harm(Alteration::MarkElsewhere { field: field(), page });
        }
        if let Some(was) = was
            && !is_same
            && looks::is_hidden(self.before, was)?
            && !looks::is_hidden(self.after, is)?
        {
            self.harm(Alteration::MarkUnhidden { field: field(), page });
        }
        Ok(())
    }

    /// What a field said by its look, it must go on to say.
    fn exchanged(
        &mut self,
        page: u32,
        field: &str,
        was: &Dictionary,
        is: &Dictionary,
    ) -> Result<(), PdfError> {
        let is_other = ["AP", "AS"].iter().any(|key| was.get(key) != is.get(key));
        if is_other && looks::shown(self.before, was)? == Shown::More {
            let field = field.to_owned();
            self.harm(Alteration::MarkExchanged { field, page });
        }
        Ok(())
    }

    /// Whether a field stood over something else than itself that was shown by a look of its own.
    fn beside(&self, known: &[Known], mark: u32, place: [f64; 4]) -> Result<bool, PdfError> {
        for (number, other) in known {
            if *number == Some(mark) || other.get("AP").is_none() || looks::is_hidden(self.before, other)? {
                continue;
            }
            match looks::site(self.before, other)? {
                Site::Unseen => {}
                Site::At(other) if !do_meet(place, other) => {}
                Site::At(_) | Site::Unknown => return Ok(true),
            }
        }
        Ok(false)
    }

    fn stands(&mut self, page: u32, field: String, place: [f64; 4], over: Option<bool>) {
        let [left, bottom, right, top] = words(place);
        match over {
            Some(false) => {}
            Some(true) => self.harm(Alteration::MarkOver {
                field,
                page,
                left,
                bottom,
                right,
                top,
            }),
            None => self.harm(Alteration::MarkOverUnknown { field, page }),
        }
    }
}

/// An annotation that was there, and its number if it has one.
type Known = (Option<u32>, Dictionary);

/// Nothing if a page cannot be looked through.
fn told(room: Result<Room, PdfError>) -> Result<Option<Room>, PdfError> {
    match room {
        Ok(room) => Ok(Some(room)),
        Err(PdfError::Source(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

fn words(place: [f64; 4]) -> [String; 4] {
    place.map(|side| format!("{side:.0}"))
}

/// Whether two rectangles have more in common than an edge.
fn do_meet([left, bottom, right, top]: [f64; 4], [a, b, c, d]: [f64; 4]) -> bool {
    const EDGE: f64 = 0.5;
    left + EDGE < c && a + EDGE < right && bottom + EDGE < d && b + EDGE < top
}
