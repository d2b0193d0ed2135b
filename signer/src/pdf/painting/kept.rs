//! [`Painted`]: what was found painted, for all revisions of a file together, and how much more may be looked through.

use core::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use crate::{
    mark::{self, Room},
    pdf::{
        PdfError,
        file::File,
        object::{Dictionary, Object},
        section::Entry,
    },
};

/// What the same room is found for: the page's boxes and whether its rules count, its content and its resources.
pub(super) type Key = ((mark::Page, bool), Object, Dictionary);
/// The room, or why there is none.
pub(super) type Told = Result<Room, &'static str>;
/// Where the objects were that were read.
pub(in crate::pdf) type Read = BTreeMap<u32, Entry>;

/// What was found painted on pages.
pub(in crate::pdf) struct Painted {
    left: Cell<u32>,
    /// From the last used on.
    kept: RefCell<VecDeque<(Key, Read, Told)>>,
}

/// What may be looked through for one file: four pages of the most that one may have.
const MOST: u32 = 16_000_000;
const MOST_KEPT: usize = 16;
/// Pages that read more objects are looked through again.
const MOST_READ: usize = 10_000;

impl Default for Painted {
    fn default() -> Self {
        Self {
            left: Cell::new(MOST),
            kept: RefCell::default(),
        }
    }
}

impl Painted {
    pub(super) fn left(&self) -> u32 {
        self.left.get()
    }

    pub(super) fn spend(&self, amount: u32) {
        self.left.set(self.left.get().saturating_sub(amount));
    }

    /// What was found for the same content, if all that it was read from is where it was.
    pub(super) fn find(&self, file: &File<'_>, key: &Key) -> Result<Option<Told>, PdfError> {
        let mut kept = self.kept.borrow_mut();
        let mut found = None;
        for (number, (known, read, _)) in kept.iter().enumerate() {
            if known == key && is_same(file, read)? {
                found = Some(number);
                break;
            }
        }
        let Some(known) = found.and_then(|number| kept.remove(number)) else {
            return Ok(None);
        };
        let told = known.2.clone();
        kept.push_front(known);
        Ok(Some(told))
    }

    pub(super) fn keep(&self, key: Key, read: Read, told: Told) {
        if read.len() <= MOST_READ {
            let mut kept = self.kept.borrow_mut();
            kept.truncate(MOST_KEPT - 1);
            kept.push_front((key, read, told));
        }
    }
}

fn is_same(file: &File<'_>, read: &Read) -> Result<bool, PdfError> {
    for (number, entry) in read {
        if file.entry(*number)? != *entry {
            return Ok(false);
        }
    }
    Ok(true)
}
