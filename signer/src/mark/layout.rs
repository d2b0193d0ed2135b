//! [`Design`]: how a bank wants its marks to look, within what can be read.

use super::Accent;

/// A bank's choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// What is shown.
    pub layout: Layout,
    /// How large; without one, the layout's own, higher when the words need it.
    pub size: Option<Size>,
    /// In which colour.
    pub accent: Accent,
}

/// What is shown, and in which arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Everything: heading, name, national number, time, certificate, bank and purpose, host, and the square.
    Wide,
    /// The heading, name, national number, time and certificate, and the square.
    Compact,
    /// The square alone; the rest is said to those who hear it.
    Code,
}

/// A size as it is seen, in points (1/72 inch).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    width: f64,
    height: f64,
}

/// Not a size that a mark can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark is {} to {} points wide and high", Size::LEAST, Size::MOST)]
pub struct SizeError;

impl Size {
    /// No side is shorter.
    pub const LEAST: f64 = 10.0;
    /// No side is longer.
    pub const MOST: f64 = 1000.0;

    /// Takes a width and a height in points.
    pub fn new(width: f64, height: f64) -> Result<Self, SizeError> {
        let fits = |side: f64| (Self::LEAST..=Self::MOST).contains(&side);
        if fits(width) && fits(height) {
            Ok(Self { width, height })
        } else {
            Err(SizeError)
        }
    }

    /// How wide.
    pub const fn width(self) -> f64 {
        self.width
    }

    /// How high.
    pub const fn height(self) -> f64 {
        self.height
    }
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 3] = [Self::Wide, Self::Compact, Self::Code];

    /// The size that it has when nobody chooses one.
    pub const fn size(self) -> Size {
        let (width, height) = match self {
            Self::Wide => (288.0, 96.0),
            Self::Compact => (204.0, 60.0),
            Self::Code => (64.0, 64.0),
        };
        Size { width, height }
    }

    /// How much of the width the square takes at most, and at least when the words need room.
    pub(super) const fn code_share(self) -> [f64; 2] {
        match self {
            Self::Wide => [0.33, 0.22],
            Self::Compact => [0.30, 0.22],
            Self::Code => [1.0, 1.0],
        }
    }
}
