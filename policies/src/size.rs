//! Sizes as people write them: `64 KiB`, `32 MiB`, `4 GiB`. A bare number would leave its unit to memory.

use core::fmt;

use serde::Deserialize;

/// A whole number of bytes with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Size(u64);

/// The text is not a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a size is a whole number, a space and one of GiB, MiB, KiB, B: for example \"32 MiB\"")]
pub(crate) struct SizeError;

const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl Size {
    pub(crate) const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    pub(crate) const fn bytes(self) -> u64 {
        self.0
    }
}

impl TryFrom<String> for Size {
    type Error = SizeError;

    fn try_from(text: String) -> Result<Self, SizeError> {
        let (count, unit) = text.split_once(' ').ok_or(SizeError)?;
        let (_, bytes) = UNITS
            .into_iter()
            .find(|(name, _)| *name == unit)
            .ok_or(SizeError)?;
        if !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SizeError);
        }
        let count: u64 = count.parse().map_err(|_| SizeError)?;
        count.checked_mul(bytes).map(Self).ok_or(SizeError)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0;
        let whole = |(_, unit): &(&str, u64)| bytes != 0 && bytes.is_multiple_of(*unit);
        let (name, unit) = UNITS.into_iter().find(whole).unwrap_or(("B", 1));
        write!(f, "{} {name}", bytes / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_reads_as_it_is_written_and_nothing_else_does() {
        for (text, bytes) in [
            ("0 B", 0),
            ("1000 B", 1_000),
            ("64 KiB", 65_536),
            ("4 GiB", 4 << 30),
        ] {
            assert_eq!(Size::try_from(text.to_owned()), Ok(Size::new(bytes)), "{text}");
            assert_eq!(Size::new(bytes).to_string(), text);
        }
        for text in [
            "",
            "5",
            "5MiB",
            "5  MiB",
            "-5 B",
            "+5 B",
            "5 MB",
            "1.5 GiB",
            "17179869184 GiB",
        ] {
            assert_eq!(Size::try_from(text.to_owned()), Err(SizeError), "{text}");
        }
    }
}
