//! Spans of time as people write them: `60 s`, `5 min`, `24 h`, `2 d`. A bare number would leave its unit to memory.

use core::{fmt, time::Duration};

use serde::Deserialize;

/// A whole number of seconds with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Span(Duration);

/// The text is not a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a span of time is a whole number, a space and one of s, min, h, d: for example \"15 min\"")]
pub(crate) struct SpanError;

const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

impl Span {
    pub(crate) const fn new(span: Duration) -> Self {
        Self(span)
    }

    pub(crate) const fn duration(self) -> Duration {
        self.0
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        let (count, unit) = text.split_once(' ').ok_or(SpanError)?;
        let (_, seconds) = UNITS
            .into_iter()
            .find(|(name, _)| *name == unit)
            .ok_or(SpanError)?;
        if !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SpanError);
        }
        let count: u64 = count.parse().map_err(|_| SpanError)?;
        let seconds = count.checked_mul(seconds).ok_or(SpanError)?;
        Ok(Self(Duration::from_secs(seconds)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let whole = |(_, unit): &(&str, u64)| seconds != 0 && seconds.is_multiple_of(*unit);
        let (name, unit) = UNITS.into_iter().find(whole).unwrap_or(("s", 1));
        write!(f, "{} {name}", seconds / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_as_it_is_written() {
        for (text, seconds) in [
            ("0 s", 0),
            ("90 s", 90),
            ("15 min", 900),
            ("1 h", 3_600),
            ("2 d", 172_800),
        ] {
            let span = Span::try_from(text.to_owned());
            assert_eq!(span, Ok(Span::new(Duration::from_secs(seconds))), "{text}");
            assert_eq!(Span::new(Duration::from_secs(seconds)).to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_a_span() {
        for text in [
            "",
            "5",
            "5min",
            "5  min",
            " 5 min",
            "-5 min",
            "+5 min",
            "5 minutes",
            "1.5 h",
            "9 w",
        ] {
            assert_eq!(Span::try_from(text.to_owned()), Err(SpanError), "{text}");
        }
        assert_eq!(Span::try_from(format!("{} d", u64::MAX)), Err(SpanError));
    }
}
