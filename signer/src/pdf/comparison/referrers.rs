//! By what the signed part refers to certain objects: found by walking all that can be reached in it.

use core::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{
    PdfError,
    file::File,
    numbers::Numbers,
    object::{Object, Reference},
};

/// For each object the keys by which others name it.
#[derive(Debug)]
pub(super) struct Referrers {
    keys: BTreeMap<u32, BTreeSet<Vec<u8>>>,
    complete: bool,
}

const MOST_WALKED: u32 = 1_000_000;

/// How many objects may be walked for all signatures of a file together.
pub(in crate::pdf) struct Budget(Cell<u32>);

impl Budget {
    /// All of it.
    pub(in crate::pdf) const fn new() -> Self {
        Self(Cell::new(MOST_WALKED))
    }

    fn spend(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Keys by which pages, patterns and forms name what they draw.
const LOOK: [&[u8]; 14] = [
    b"AP",
    b"ColorSpace",
    b"Contents",
    b"ExtGState",
    b"Font",
    b"G",
    b"N",
    b"Pattern",
    b"Properties",
    b"Resources",
    b"SMask",
    b"Shading",
    b"XObject",
    b"CharProcs",
];

impl Referrers {
    /// Walks a revision.
    pub(super) fn find(file: &File<'_>, targets: &BTreeSet<u32>, budget: &Budget) -> Result<Self, PdfError> {
        let mut found = Self {
            keys: BTreeMap::new(),
            complete: true,
        };
        if targets.is_empty() {
            return Ok(found);
        }
        let mut complete = true;
        let mut seen = [Numbers::new(), Numbers::new()];
        let mut open = Vec::new();
        let mut note = |object: &Object, key: &'static [u8], open: &mut Vec<(Reference, &'static [u8])>| {
            each_reference(object, key, &mut |key, reference: Reference| {
                if targets.contains(&reference.number) {
                    found
                        .keys
                        .entry(reference.number)
                        .or_default()
                        .insert(key.to_vec());
                }
                let look = LOOK.iter().find(|look| **look == key);
                let [plain, drawn] = &mut seen;
                let seen = if look.is_some() { drawn } else { plain };
                match seen.first(reference) {
                    Ok(true) => open.push((reference, look.copied().unwrap_or_default())),
                    Ok(false) => {}
                    Err(_) => complete = false,
                }
            });
        };
        note(&Object::Dictionary(file.trailer()?.clone()), b"", &mut open);
        let mut ended = true;
        while let Some((reference, key)) = open.pop() {
            if !budget.spend() {
                ended = false;
                break;
            }
            note(&file.load(reference)?, key, &mut open);
        }
        found.complete = complete && ended;
        Ok(found)
    }

    /// Whether anything refers to an object.
    pub(super) fn any(&self, number: u32) -> bool {
        self.keys.contains_key(&number)
    }

    /// Whether something draws with an object.
    pub(super) fn as_look(&self, number: u32) -> bool {
        let keys = self.keys.get(&number);
        keys.is_some_and(|keys| keys.iter().any(|key| LOOK.contains(&key.as_slice())))
    }

    /// Whether an object is named by nothing but these keys.
    pub(super) fn only_as(&self, number: u32, allowed: &[&str]) -> bool {
        self.only_by(number, |key| {
            allowed.iter().any(|allowed| allowed.as_bytes() == key)
        })
    }

    /// Whether an object is named by nothing but keys of a kind.
    pub(super) fn only_by(&self, number: u32, allowed: impl Fn(&[u8]) -> bool) -> bool {
        let keys = self.keys.get(&number);
        keys.is_none_or(|keys| keys.iter().all(|key| allowed(key)))
    }

    /// Whether the walk came to its end.
    pub(super) const fn is_complete(&self) -> bool {
        self.complete
    }
}

/// Every reference in an object with the nearest key above it.
fn each_reference(object: &Object, key: &[u8], visit: &mut impl FnMut(&[u8], Reference)) {
    match object {
        Object::Reference(reference) => visit(key, *reference),
        Object::Array(items) => {
            for item in items {
                each_reference(item, key, visit);
            }
        }
        Object::Dictionary(dictionary) => {
            for (own, value) in dictionary.entries() {
                // What stands in a dictionary of resources or states is named by what the dictionary is.
                let own = if LOOK.contains(&key) { key } else { own };
                each_reference(value, own, visit);
            }
        }
        Object::Stream(stream) => {
            for (own, value) in stream.dictionary.entries() {
                each_reference(value, own, visit);
            }
        }
        _ => {}
    }
}
