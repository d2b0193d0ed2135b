//! [`Signal`]s that a device gives, and the [`Sequence`] that a server draws of them. R066.

use rand_core::Rng;
use serde::{Deserialize, Serialize};

/// What the Client is told to do, or what the screen does; each causes a visual change in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Turn the head to the left.
    TurnLeft,
    /// Turn the head to the right.
    TurnRight,
    /// Raise the chin.
    TurnUp,
    /// Close the eyes and open them.
    Blink,
    /// Smile.
    Smile,
    /// Come closer.
    ComeCloser,
    /// The screen lights the face in this colour.
    Light(Colour),
}

/// A colour of light that skin of every tone reflects measurably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 9] = [
        Self::TurnLeft,
        Self::TurnRight,
        Self::TurnUp,
        Self::Blink,
        Self::Smile,
        Self::ComeCloser,
        Self::Light(Colour::Red),
        Self::Light(Colour::Green),
        Self::Light(Colour::Blue),
    ];
}

/// Signals in the order in which they were drawn: at least three, none twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Signal>", into = "Vec<Signal>")]
pub struct Sequence(Vec<Signal>);

/// Signals that no draw gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sequence has at least {} signals and none twice", Sequence::LEAST)]
pub struct SequenceError;

impl Sequence {
    /// The least that the sources allow. R066.
    pub const LEAST: usize = 3;

    /// Draws so many signals, each order equally likely.
    pub fn draw(signals: u8, rng: &mut impl Rng) -> Self {
        let count = usize::from(signals).clamp(Self::LEAST, Signal::ALL.len());
        let mut left = Signal::ALL.to_vec();
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count {
            drawn.push(left.swap_remove(below(left.len(), rng)));
        }
        Self(drawn)
    }

    /// The signals in their order.
    pub fn signals(&self) -> &[Signal] {
        &self.0
    }
}

/// A number below `bound`, each equally likely. `bound` is at least 1 and small.
fn below(bound: usize, rng: &mut impl Rng) -> usize {
    let bound = u32::try_from(bound).unwrap_or(u32::MAX);
    // Draws beyond the last whole multiple would favour small numbers.
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let drawn = rng.next_u32();
        if drawn < fair {
            return usize::try_from(drawn % bound).unwrap_or(0);
        }
    }
}

impl TryFrom<Vec<Signal>> for Sequence {
    type Error = SequenceError;

    fn try_from(signals: Vec<Signal>) -> Result<Self, SequenceError> {
        let distinct: std::collections::BTreeSet<_> = signals.iter().collect();
        if signals.len() < Self::LEAST || distinct.len() != signals.len() {
            return Err(SequenceError);
        }
        Ok(Self(signals))
    }
}

impl From<Sequence> for Vec<Signal> {
    fn from(sequence: Sequence) -> Self {
        sequence.0
    }
}
