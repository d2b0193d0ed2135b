//! [`Store`]: what was unpacked of a file's object streams, and [`Unpacking`]: how much more may be.
//!
//! A small file can make a reader unpack the same large stream again and again; so streams are kept, and their sum is bounded.

use core::cell::{Cell, RefCell};
use std::{collections::VecDeque, rc::Rc};

use super::{
    PdfError,
    container::Container,
    object::{Object, Stream},
};

/// How many bytes may still be unpacked of the structure of one file, or of several that share it: the documents of one act
/// cost together no more than one document may.
#[derive(Clone, Debug)]
pub struct Unpacking(Rc<Cell<u64>>);

impl Default for Unpacking {
    fn default() -> Self {
        Self(Rc::new(Cell::new(MOST_UNPACKED)))
    }
}

/// What was unpacked of object streams, for all revisions of a file together.
#[derive(Default)]
pub(super) struct Store {
    unpacking: Unpacking,
    /// From the last used on; each with the place of its data in the file, and how it is read.
    kept: RefCell<VecDeque<(Stream, Rc<Container>)>>,
}

impl Store {
    pub(super) fn within(unpacking: &Unpacking) -> Self {
        Self {
            unpacking: unpacking.clone(),
            kept: RefCell::default(),
        }
    }

    /// Takes so many bytes from what may still be unpacked.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), PdfError> {
        let Unpacking(unpacking) = &self.unpacking;
        let left = unpacking.get().checked_sub(bytes as u64);
        unpacking.set(left.unwrap_or(0));
        left.map(drop).ok_or(PdfError::TooMuch {
            what: "bytes in all packed parts of its structure together",
            most: MOST_UNPACKED,
        })
    }

    /// The container that a stream holds. One whose filter is told elsewhere may differ between revisions.
    pub(super) fn container(
        &self,
        stream: &Stream,
        read: impl FnOnce() -> Result<Container, PdfError>,
    ) -> Result<Rc<Container>, PdfError> {
        let mut kept = self.kept.borrow_mut();
        let place = kept.iter().position(|(known, _)| known == stream);
        if let Some(known) = place.and_then(|place| kept.remove(place)) {
            let container = Rc::clone(&known.1);
            kept.push_front(known);
            return Ok(container);
        }
        drop(kept);
        let container = Rc::new(read()?);
        let keys = ["Filter", "DecodeParms", "DP"];
        if keys
            .iter()
            .any(|key| stream.dictionary.get(key).is_some_and(is_indirect))
        {
            return Ok(container);
        }
        let mut kept = self.kept.borrow_mut();
        kept.push_front((stream.clone(), Rc::clone(&container)));
        let mut bytes = 0;
        let fits = kept.iter().take_while(|(_, container)| {
            bytes += container.size();
            bytes <= MOST_KEPT
        });
        let fits = fits.count();
        kept.truncate(fits);
        Ok(container)
    }
}

fn is_indirect(object: &Object) -> bool {
    match object {
        Object::Reference(_) => true,
        Object::Array(items) => items.iter().any(is_indirect),
        Object::Dictionary(dictionary) => dictionary.entries().any(|(_, value)| is_indirect(value)),
        _ => false,
    }
}

/// Unpacked object streams that are kept.
const MOST_KEPT: usize = 64 * 1024 * 1024;
/// Unpacked object streams, each time that one is unpacked.
const MOST_UNPACKED: u64 = 256 * 1024 * 1024;
