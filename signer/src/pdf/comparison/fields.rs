//! Changes of fields: further signatures, and filling in where it is permitted.

use std::collections::BTreeMap;

use super::{Comparison, Standing, differing, looks};
use crate::Alteration;
use crate::pdf::{
    PdfError,
    file::File,
    form::{Field, each_field},
    object::{Dictionary, Object},
    permissions::Permission,
};

/// By which keys fields and widgets are named.
const PLACES: [&str; 9] = [
    "Fields", "Kids", "Annots", "Parent", "Obj", "CO", "Popup", "Lock", "SV",
];
/// What filling in changes.
const FILLED: [&str; 7] = ["V", "AS", "AP", "I", "RV", "M", "MK"];
/// What signing changes, `MK` only to nothing; a mark is also told in words.
const SIGNED: [&str; 8] = ["V", "AP", "AS", "Contents", "F", "Lang", "M", "MK"];
/// What a new signature field may have; none of it acts.
const WIDGET: [&str; 26] = [
    "AP",
    "AS",
    "Border",
    "BS",
    "C",
    "Contents",
    "DA",
    "DR",
    "F",
    "Ff",
    "FT",
    "Lang",
    "Lock",
    "M",
    "MK",
    "NM",
    "P",
    "Q",
    "Rect",
    "StructParent",
    "Subtype",
    "SV",
    "T",
    "TU",
    "Type",
    "V",
];
const MOST: usize = 50_000;

impl Comparison<'_, '_> {
    pub(super) fn fields(&mut self) -> Result<(), PdfError> {
        let (was, is) = (by_place(self.before)?, by_place(self.after)?);
        for (place, field) in &was {
            match is.get(place) {
                None => self.harm(Alteration::FieldRemoved {
                    field: field.name.clone(),
                }),
                Some(now) => self.field(field, now)?,
            }
        }
        for (place, field) in &is {
            if !was.contains_key(place) {
                self.new_field(field)?;
            }
        }
        self.widgets(&was)
    }

    fn field(&mut self, was: &Field, is: &Field) -> Result<(), PdfError> {
        let keys = differing(&was.dictionary, &is.dictionary);
        // The value may be an object of its own.
        let value = was.dictionary.get("V").and_then(Object::as_reference);
        let exchanged = value.is_some_and(|value| self.touched.contains(&value.number));
        if keys.is_empty() && !exchanged {
            return Ok(());
        }
        let name = &was.name;
        if was.name != is.name || was.kind != is.kind {
            self.harm(Alteration::FieldExchanged { field: name.clone() });
            return Ok(());
        }
        let signed = was.dictionary.get("V").is_some();
        if was.is_signature() && signed {
            self.harm(Alteration::SignatureExchanged { field: name.clone() });
            return Ok(());
        }
        let allowed = if was.is_signature() {
            SIGNED.as_slice()
        } else {
            &FILLED
        };
        let is_adorned = was.is_signature() && !looks::is_plain(self.after, &is.dictionary)?;
        let is_harm = |key: &&&str| !allowed.contains(*key) || **key == "MK" && is_adorned;
        if let Some(key) = keys.iter().find(is_harm) {
            self.harm(Alteration::FieldEntry {
                field: name.clone(),
                key: (*key).to_owned(),
            });
            return Ok(());
        }
        if was.is_signature() {
            self.signed(is)?;
        } else if self.may_fill(name) {
            self.tell(Alteration::FieldFilled { field: name.clone() }, true);
        } else {
            self.harm(Alteration::FieldFilledForbidden { field: name.clone() });
            self.explained
                .extend(was.reference.map(|reference| reference.number));
            return Ok(());
        }
        for (reference, roles) in [(was.reference, PLACES.as_slice()), (value, &["V"])] {
            if let Some(reference) = reference
                && self.referrers.only_as(reference.number, roles)
            {
                self.explain(reference.number);
            }
        }
        Ok(())
    }

    fn new_field(&mut self, field: &Field) -> Result<(), PdfError> {
        let name = &field.name;
        if !field.is_signature() || field.has_kids {
            self.harm(Alteration::FieldAdded { field: name.clone() });
            return Ok(());
        }
        let odd = field
            .dictionary
            .entries()
            .find(|(key, _)| !WIDGET.iter().any(|known| known.as_bytes() == *key));
        if let Some((key, _)) = odd {
            self.harm(Alteration::FieldActs {
                field: name.clone(),
                key: String::from_utf8_lossy(key).into_owned(),
            });
            return Ok(());
        }
        if let Some(key) = looks::ornament(self.after, &field.dictionary)? {
            self.harm(Alteration::FieldActs {
                field: name.clone(),
                key: key.to_owned(),
            });
        }
        if field.dictionary.get("V").is_some() {
            return self.signed(field);
        }
        let is_seen = self.mark(field)?;
        if is_seen && field.dictionary.get("AP").is_some() {
            self.harm(Alteration::FieldFeigned { field: name.clone() });
        } else if self.rules.permission == Some(Permission::Nothing) {
            self.harm(Alteration::FieldEmptyForbidden { field: name.clone() });
        } else {
            self.tell(Alteration::FieldEmpty { field: name.clone() }, true);
        }
        Ok(())
    }

    /// Widgets that stand apart from their field change with it.
    fn widgets(&mut self, fields: &BTreeMap<Place, Field>) -> Result<(), PdfError> {
        let open = self
            .touched
            .difference(&self.explained)
            .copied()
            .collect::<Vec<_>>();
        for number in open {
            let (was, is) = self.both(number)?;
            let (Object::Dictionary(was), Object::Dictionary(is)) = (&was, &is) else {
                continue;
            };
            let parent = was.get("Parent").and_then(Object::as_reference);
            let field = parent.and_then(|parent| fields.get(&Place::Object(parent.number)));
            if let Some(field) = field
                && is_widget(was, is)
                && (!field.is_signature()
                    || was.get("MK") == is.get("MK")
                    || looks::is_plain(self.after, is)?)
                && (self.may_fill(&field.name) || self.may_show(field))
                && self.referrers.only_as(number, &PLACES)
                && self.explain(number)
            {
                if field.is_signature() {
                    self.marks.insert(number, field.name.clone());
                }
                self.tell(
                    Alteration::FieldLook {
                        field: field.name.clone(),
                    },
                    true,
                );
            }
        }
        Ok(())
    }

    /// Whether a signature was put into an empty field, which may then be seen.
    fn may_show(&self, field: &Field) -> bool {
        field.is_signature()
            && field.dictionary.get("V").is_none()
            && self.rules.permission != Some(Permission::Nothing)
            && self.sound.get(&field.name) == Some(&Standing::Signature)
    }
}

fn is_widget(was: &Dictionary, is: &Dictionary) -> bool {
    let changed = differing(was, is);
    was.says("Subtype", "Widget") && was.get("T").is_none() && changed.iter().all(|key| FILLED.contains(key))
}

/// Where a field stands: objects keep their number, fields inside others are told by their name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Object(u32),
    Inside(String),
}

fn by_place(file: &File<'_>) -> Result<BTreeMap<Place, Field>, PdfError> {
    let mut fields = BTreeMap::new();
    each_field(file, |field| {
        let place = match field.reference {
            Some(reference) => Place::Object(reference.number),
            None => Place::Inside(field.name.clone()),
        };
        if fields.len() >= MOST {
            return Err(PdfError::TooMuch {
                what: "form fields",
                most: MOST as u64,
            });
        }
        fields.insert(place, field);
        Ok(())
    })?;
    Ok(fields)
}
