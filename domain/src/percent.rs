//! Percent: a share in hundredths of a percent, so that a threshold is compared exactly.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A share from 0 % to 100 %, to the hundredth of a percent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Percent(u16);

/// The text is not a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share is written as 0 to 100 with at most two decimals, e.g. 85 or 97.25")]
pub struct PercentError;

impl Percent {
    /// Everything.
    pub const WHOLE: Self = Self(10_000);

    /// So many whole percent; more than a hundred are a hundred.
    pub const fn new(whole: u8) -> Self {
        if whole > 100 {
            return Self::WHOLE;
        }
        Self(whole as u16 * 100)
    }

    /// In hundredths of a percent, as rows keep it.
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// From hundredths of a percent.
    pub const fn from_hundredths(hundredths: u16) -> Option<Self> {
        if hundredths > Self::WHOLE.0 {
            return None;
        }
        Some(Self(hundredths))
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, 3) || !digits(decimals, 2) {
            return Err(PercentError);
        }
        let scale = if decimals.len() == 1 { 10 } else { 1 };
        let number = |part: &str| part.parse::<u32>().map_err(|_| PercentError);
        let hundredths = number(whole)? * 100 + number(decimals)? * scale;
        // A leading zero would be a second text of one share.
        u16::try_from(hundredths)
            .ok()
            .and_then(Self::from_hundredths)
            .filter(|_| whole.len() == 1 || !whole.starts_with('0'))
            .ok_or(PercentError)
    }
}

impl TryFrom<String> for Percent {
    type Error = PercentError;

    fn try_from(text: String) -> Result<Self, PercentError> {
        text.parse()
    }
}

impl From<Percent> for String {
    fn from(percent: Percent) -> Self {
        percent.to_string()
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest / 10, rest % 10) {
            (0, 0) => write!(f, "{whole}"),
            (tenth, 0) => write!(f, "{whole}.{tenth}"),
            (tenth, hundredth) => write!(f, "{whole}.{tenth}{hundredth}"),
        }
    }
}

impl fmt::Debug for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_has_one_text_and_comes_back() {
        for hundredths in 0..=10_000 {
            let share = Percent::from_hundredths(hundredths).unwrap();
            assert_eq!(share.to_string().parse(), Ok(share));
        }
        assert_eq!("84.99".parse::<Percent>().unwrap().hundredths(), 8_499);
        assert!("84.99".parse::<Percent>().unwrap() < Percent::new(85));
        assert_eq!(Percent::new(200), Percent::WHOLE);
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in [
            "", "100.01", "101", "-1", "+5", "8 5", "85%", "85.", ".5", "85.123", "0x5", "085", "1e2",
            "999.99",
        ] {
            assert_eq!(text.parse::<Percent>(), Err(PercentError), "{text}");
        }
    }
}
