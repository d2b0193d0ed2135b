//! [`Code`]: the square that a telephone reads, as modules; vectors, so that no print makes it blurred.

use qrcode::{Color, EcLevel, QrCode};

use super::Address;

/// A QR code of error correction M.
#[derive(Clone, Debug)]
pub(super) struct Code {
    side: usize,
    dark: Vec<bool>,
}

/// A run of dark modules: column, row from the top, length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub column: usize,
    pub row: usize,
    pub length: usize,
}

impl Code {
    /// How many modules of light are around it (ISO/IEC 18004 6.3.8).
    pub(super) const QUIET: usize = 4;

    /// The address as a square; `None` when it does not fit, which its length forbids.
    pub(super) fn new(address: &Address) -> Option<Self> {
        let code = QrCode::with_error_correction_level(address.as_str(), EcLevel::M).ok()?;
        Some(Self {
            side: code.width(),
            dark: code
                .into_colors()
                .into_iter()
                .map(|colour| colour == Color::Dark)
                .collect(),
        })
    }

    /// How many modules a side has.
    pub(super) const fn side(&self) -> usize {
        self.side
    }

    /// The dark modules, row by row.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for (row, modules) in self.dark.chunks(self.side.max(1)).enumerate() {
            let mut column = 0;
            for same in modules.chunk_by(|left, right| left == right) {
                if same.first() == Some(&true) {
                    runs.push(Run {
                        column,
                        row,
                        length: same.len(),
                    });
                }
                column += same.len();
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_makes_forty_five_modules_a_side() {
        let longest = format!("https://bank.kz/{}", "aZ-_".repeat(40));
        let longest = Address::new(longest.get(..Address::BYTES).unwrap()).unwrap();
        let code = Code::new(&longest).unwrap();
        assert_eq!(code.side(), 45);
        let dark: usize = code.runs().iter().map(|run| run.length).sum();
        assert_eq!(dark, code.dark.iter().filter(|dark| **dark).count());
    }

    #[test]
    fn finder_patterns_stand_in_three_corners() {
        let code = Code::new(&Address::new("https://qol.bank.kz/v/7Q2F").unwrap()).unwrap();
        let (runs, far) = (code.runs(), code.side() - 7);
        for (column, row) in [(0, 0), (far, 0), (0, far)] {
            assert!(runs.contains(&Run {
                column,
                row,
                length: 7
            }));
        }
    }
}
