//! What changed between two revisions of a file, and whether a signature over the first permits it.
//!
//! Everything that is not known to be harmless is told as harmful. An object may be changed only in the role that it had
//! for the signer: whatever is also used as a page's content or resource is explained by no other role.

mod catalog;
mod fields;
mod looks;
mod marks;
mod pages;
mod referrers;
mod touched;

use std::collections::{BTreeMap, BTreeSet};

use self::referrers::Referrers;
pub(super) use self::{
    marks::{Sound, Standing},
    referrers::Budget,
};
use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object, Reference},
    permissions::{Permission, Rules},
};
use crate::{Alteration, Change, Part};

/// Two revisions, and what is known of their differences.
pub(super) struct Comparison<'f, 'a> {
    before: &'f File<'a>,
    after: &'f File<'a>,
    rules: &'f Rules,
    sound: &'f Sound,
    /// Widgets of signatures that are new or may be seen otherwise than before, with the names of their fields.
    marks: BTreeMap<u32, String>,
    /// Objects that were there and are different now.
    touched: BTreeSet<u32>,
    referrers: Referrers,
    explained: BTreeSet<u32>,
    changes: Vec<Change>,
}

/// More than this is not told one by one.
const MOST_CHANGES: usize = 1_000;

/// Compares a revision with a later one, under the rules of a signature over the first.
pub(super) fn compare(
    before: &File<'_>,
    after: &File<'_>,
    (rules, sound): (&Rules, &Sound),
    budget: &Budget,
) -> Result<Vec<Change>, PdfError> {
    let found = match touched::find(before, after)? {
        Ok(found) => found,
        Err(harm) => {
            return Ok(vec![Change {
                what: harm,
                harmless: false,
            }]);
        }
    };
    let targets = found.touched.union(&found.added).copied().collect();
    let mut comparison = Comparison {
        before,
        after,
        rules,
        sound,
        marks: BTreeMap::new(),
        referrers: Referrers::find(before, &targets, budget)?,
        touched: found.touched,
        explained: BTreeSet::new(),
        changes: Vec::new(),
    };
    comparison.supplied(&found.added);
    for number in found.recalled {
        comparison.harm(Alteration::Recalled { object: number });
    }
    comparison.catalog()?;
    comparison.fields()?;
    comparison.pages()?;
    comparison.covered()?;
    comparison.rest()?;
    comparison.changes.truncate(MOST_CHANGES);
    Ok(comparison.changes)
}

impl Comparison<'_, '_> {
    fn harm(&mut self, what: Alteration) {
        self.tell(what, false);
    }

    fn tell(&mut self, what: Alteration, harmless: bool) {
        let change = Change { what, harmless };
        if self.changes.len() < MOST_CHANGES && !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Whether the signature permits filling in a field that it has not locked.
    fn may_fill(&self, field: &str) -> bool {
        self.rules
            .permission
            .is_some_and(|permission| permission >= Permission::Forms)
            && !self.rules.locks.iter().any(|lock| lock.holds(field))
    }

    fn may_annotate(&self) -> bool {
        self.rules.permission == Some(Permission::Annotations)
    }

    /// What the signed part refers to and does not have must not appear later.
    fn supplied(&mut self, added: &BTreeSet<u32>) {
        for number in added {
            if self.referrers.any(*number) {
                self.harm(Alteration::Supplied { object: *number });
            }
        }
        if !self.referrers.is_complete() {
            self.harm(Alteration::TooLarge);
        }
    }

    /// Takes a touched object out of what is still to be explained. False if it cannot be explained by this role.
    fn explain(&mut self, number: u32) -> bool {
        if !self.touched.contains(&number) || self.explained.contains(&number) {
            return true;
        }
        if self.referrers.as_look(number) {
            return false;
        }
        self.explained.insert(number);
        true
    }

    /// Both versions of a touched object.
    fn both(&self, number: u32) -> Result<(Object, Object), PdfError> {
        let load = |file: &File<'_>| match file.entry(number)? {
            super::section::Entry::At { generation, .. } => file.load(Reference { number, generation }),
            _ => file.load(Reference {
                number,
                generation: 0,
            }),
        };
        Ok((load(self.before)?, load(self.after)?))
    }

    /// Whatever no role explains.
    fn rest(&mut self) -> Result<(), PdfError> {
        let rest = self
            .touched
            .difference(&self.explained)
            .copied()
            .collect::<Vec<_>>();
        for number in rest {
            let (before, after) = self.both(number)?;
            let part = match &before {
                Object::Stream(_) => Part::Stream,
                object => match object
                    .as_dictionary()
                    .and_then(|dictionary| dictionary.get("Type"))
                {
                    Some(Object::Name(name)) => Part::Typed {
                        kind: String::from_utf8_lossy(name).into_owned(),
                    },
                    _ => Part::Other,
                },
            };
            let object = number;
            self.harm(if after == Object::Null {
                Alteration::ObjectRemoved { object, part }
            } else {
                Alteration::ObjectChanged { object, part }
            });
        }
        Ok(())
    }
}

/// The keys whose values differ.
fn differing<'d>(before: &'d Dictionary, after: &'d Dictionary) -> BTreeSet<&'d str> {
    let keys = before.entries().chain(after.entries()).map(|(key, _)| key);
    keys.filter_map(|key| core::str::from_utf8(key).ok())
        .filter(|key| before.get(key) != after.get(key))
        .collect()
}
