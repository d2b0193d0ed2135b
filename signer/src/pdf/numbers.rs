//! A set of object numbers, one bit each.

/// The limit of the format is 8,388,607 (ISO 32000-1, Annex C).
const HIGHEST: u32 = 8_388_607;

/// Numbers that were met.
pub(crate) struct Numbers(Vec<u64>);

impl Numbers {
    /// None.
    pub(crate) fn new() -> Self {
        Self(vec![0; 1 + HIGHEST as usize / 64])
    }

    /// Whether a number is met for the first time. Numbers beyond the format's limit never are.
    pub(crate) fn first(&mut self, number: u32) -> bool {
        let Some(word) = self.0.get_mut(number as usize / 64) else {
            return false;
        };
        let bit = 1 << (number % 64);
        let first = *word & bit == 0;
        *word |= bit;
        first
    }
}
