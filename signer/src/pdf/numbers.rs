//! References that were met: one bit for each number that the format has, and a short list of all others.

use std::collections::BTreeSet;

use super::{PdfError, object::Reference};

/// The limit of the format is 8,388,607 (ISO 32000-1, Annex C).
const HIGHEST: u32 = 8_388_607;
/// Of generations other than 0 and numbers beyond the limit.
const MOST_OTHERS: usize = 100_000;

/// References that were met. Another generation of a number is another reference, and as a rule leads to nothing: it must
/// not stand for the first.
pub(crate) struct Numbers {
    usual: Vec<u64>,
    others: BTreeSet<(u32, u16)>,
}

impl Numbers {
    /// None.
    pub(crate) fn new() -> Self {
        Self {
            usual: vec![0; 1 + HIGHEST as usize / 64],
            others: BTreeSet::new(),
        }
    }

    /// Whether a reference is met for the first time.
    pub(crate) fn first(&mut self, reference: Reference) -> Result<bool, PdfError> {
        let Reference { number, generation } = reference;
        if generation == 0
            && let Some(word) = self.usual.get_mut(number as usize / 64)
        {
            let bit = 1 << (number % 64);
            let first = *word & bit == 0;
            *word |= bit;
            return Ok(first);
        }
        let first = self.others.insert((number, generation));
        if self.others.len() > MOST_OTHERS {
            return Err(PdfError::TooMuch {
                what: "objects of unusual numbers",
                most: MOST_OTHERS as u64,
            });
        }
        Ok(first)
    }
}
