//! [`Store`]: what was unpacked of a file's object streams, and [`Unpacking`]: how much more may be.
//!
//! A small file can make a reader unpack the same large stream again and again; so streams are kept, and their sum is bounded.

use core::{
    cell::RefCell,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{collections::VecDeque, rc::Rc, sync::Arc};

use super::{
    PdfError,
    container::Container,
    object::{Object, Stream},
    painting::Painted,
};

/// How many bytes may still be unpacked of the structure of one file, or of several that share it: the documents of one act
/// cost together little more than one document may.
#[derive(Clone, Debug)]
pub struct Unpacking(Arc<AtomicU64>);

impl Unpacking {
    /// For so many documents together, of usual size or one of them of any.
    pub fn of_documents(count: usize) -> Self {
        let usual = (count as u64).saturating_mul(MOST_USUALLY);
        Self(Arc::new(AtomicU64::new(MOST_UNPACKED.saturating_add(usual))))
    }
}

impl Default for Unpacking {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(MOST_UNPACKED)))
    }
}

/// What was unpacked of object streams, for all revisions of a file together.
#[derive(Default)]
pub(super) struct Store {
    unpacking: Unpacking,
    /// What was found painted on its pages.
    pub(super) painted: Painted,
    /// From the last used on; each with the place of its data in the file, and how it is read.
    kept: RefCell<VecDeque<(Stream, Rc<Container>)>>,
}

impl Store {
    pub(super) fn within(unpacking: &Unpacking) -> Self {
        Self {
            unpacking: unpacking.clone(),
            painted: Painted::default(),
            kept: RefCell::default(),
        }
    }

    /// Takes so many bytes from what may still be unpacked.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), PdfError> {
        let Unpacking(unpacking) = &self.unpacking;
        let spent = |left: u64| Some(left.saturating_sub(bytes as u64));
        // The closure always answers, so there is always a value before.
        let left = unpacking
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent)
            .unwrap_or(0);
        if left < bytes as u64 {
            return Err(PdfError::TooMuch {
                what: "bytes in all packed parts of its structure together",
                most: MOST_UNPACKED,
            });
        }
        Ok(())
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
/// What the structure of a PDF of some hundred pages comes to.
const MOST_USUALLY: u64 = 4 * 1024 * 1024;
