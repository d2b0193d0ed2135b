//! Elements of DER that others wrote, one after the other, without a copy.
//!
//! What is signed is kept as the bytes that came: encoding it again would answer for another structure than the one
//! that was read. Long lists are walked, not collected. [`Cursor`] reads the frames; here every error says what the
//! bytes were said to be.

use core::time::Duration;

use der::{
    DateTime, Decode,
    asn1::{BitString, ObjectIdentifier},
};
use domain::Time;

use crate::tlv::Cursor;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0A;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The bytes are not what they are said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not {0} in DER")]
pub struct FormError(pub &'static str);

/// Elements that follow one another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a> {
    cursor: Cursor<'a>,
    what: &'static str,
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    /// Its first byte.
    pub(crate) tag: u8,
    /// All of it.
    pub(crate) whole: &'a [u8],
    /// What it holds.
    pub(crate) content: &'a [u8],
    what: &'static str,
}

impl<'a> Elements<'a> {
    /// The elements in these bytes, which are said to be `what`.
    pub(crate) const fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self {
            cursor: Cursor::new(bytes),
            what,
        }
    }

    /// The elements inside the one SEQUENCE that these bytes are.
    pub(crate) fn sequence(bytes: &'a [u8], what: &'static str) -> Result<Self, FormError> {
        let mut outer = Self::new(bytes, what);
        let inner = outer.take(SEQUENCE)?;
        outer.end()?;
        Ok(inner.elements())
    }

    /// The error that says what these bytes are not.
    pub(crate) const fn wrong(&self) -> FormError {
        FormError(self.what)
    }

    /// Whether nothing is left.
    pub(crate) const fn is_empty(&self) -> bool {
        self.cursor.is_done()
    }

    /// Whether the next element has this tag.
    pub(crate) fn at(&self, tag: u8) -> bool {
        self.cursor.next_tag() == Some(tag)
    }

    /// The next element.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, FormError> {
        let value = self.cursor.read().map_err(|_| self.wrong())?;
        Ok(Element {
            tag: value.tag,
            whole: value.encoded,
            content: value.content,
            what: self.what,
        })
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Element<'a>, FormError> {
        if self.at(tag) {
            self.any()
        } else {
            Err(self.wrong())
        }
    }

    /// The next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, FormError> {
        if self.at(tag) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Nothing may be left.
    pub(crate) const fn end(self) -> Result<(), FormError> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.wrong())
        }
    }
}

impl<'a> Element<'a> {
    /// The elements that it holds.
    pub(crate) const fn elements(&self) -> Elements<'a> {
        Elements::new(self.content, self.what)
    }

    /// The one element that it holds, which must have this tag.
    pub(crate) fn single(&self, tag: u8) -> Result<Self, FormError> {
        let mut inner = self.elements();
        let single = inner.take(tag)?;
        inner.end()?;
        Ok(single)
    }

    /// It as a type of `der`.
    pub(crate) fn decode<T: Decode<'a>>(&self) -> Result<T, FormError> {
        T::from_der(self.whole).map_err(|_| FormError(self.what))
    }

    /// It as an object identifier.
    pub(crate) fn oid(&self) -> Result<ObjectIdentifier, FormError> {
        self.decode()
    }

    /// A BOOLEAN; DER knows two.
    pub(crate) fn boolean(&self) -> Result<bool, FormError> {
        match (self.tag, self.content) {
            (BOOLEAN, [0xFF]) => Ok(true),
            (BOOLEAN, [0]) => Ok(false),
            _ => Err(FormError(self.what)),
        }
    }

    /// The whole bytes of a BIT STRING.
    pub(crate) fn bits(&self) -> Result<&'a [u8], FormError> {
        match (self.tag, self.content.split_first()) {
            (BIT_STRING, Some((0, bits))) => Ok(bits),
            _ => Err(FormError(self.what)),
        }
    }

    /// The flags of a BIT STRING of named bits, first bit lowest.
    pub(crate) fn flags(&self) -> Result<u32, FormError> {
        let bits: BitString = self.decode()?;
        Ok(bits
            .bits()
            .take(u32::BITS as usize)
            .enumerate()
            .filter(|(_, set)| *set)
            .fold(0, |flags, (place, _)| flags | (1 << place)))
    }

    /// A small number.
    pub(crate) fn number(&self) -> Result<u64, FormError> {
        self.decode()
    }

    /// A `Time`, or a `GeneralizedTime` with or without a fraction; always UTC.
    pub(crate) fn time(&self) -> Result<Time, FormError> {
        time(self.tag, self.content).ok_or(FormError(self.what))
    }
}

fn time(tag: u8, content: &[u8]) -> Option<Time> {
    let text = core::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (text, fraction) = match (tag, text.split_once('.')) {
        (UTC_TIME, None) => {
            let year: u8 = text.get(..2)?.parse().ok()?;
            // RFC 5280 §4.1.2.5.1.
            let century = if year < 50 { "20" } else { "19" };
            (format!("{century}{text}"), "")
        }
        (GENERALIZED_TIME, None) => (text.to_owned(), ""),
        // RFC 3161 §2.4.2: a fraction is not empty and does not end in zero.
        (GENERALIZED_TIME, Some((whole, fraction)))
            if !fraction.is_empty() && fraction.len() <= 9 && !fraction.ends_with('0') =>
        {
            (whole.to_owned(), fraction)
        }
        _ => return None,
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if text.len() != 14 || !all_digits(&text) || !all_digits(fraction) {
        return None;
    }
    let pair = |at: usize| text.get(at..at + 2)?.parse::<u8>().ok();
    let year = text.get(..4)?.parse().ok()?;
    let date = DateTime::new(year, pair(4)?, pair(6)?, pair(8)?, pair(10)?, pair(12)?).ok()?;
    let seconds = i64::try_from(date.unix_duration().as_secs()).ok()?;
    let micros = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    Some(Time::from_unix_seconds(seconds).plus(Duration::from_micros(micros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_and_exact() {
        let utc = |text: &str| time(UTC_TIME, text.as_bytes()).map(|time| time.to_string());
        let general = |text: &str| time(GENERALIZED_TIME, text.as_bytes()).map(|time| time.to_string());
        assert_eq!(utc("261121112601Z").as_deref(), Some("2026-11-21T11:26:01Z"));
        assert_eq!(utc("990101000000Z").as_deref(), Some("1999-01-01T00:00:00Z"));
        assert_eq!(
            general("20500101000000Z").as_deref(),
            Some("2050-01-01T00:00:00Z")
        );
        assert_eq!(
            general("20261121112601.25Z").as_deref(),
            Some("2026-11-21T11:26:01.25Z")
        );
        for wrong in [
            "2611211126Z",
            "261121112601+0500",
            "261321112601Z",
            "26112111260aZ",
            "261121112601.5Z",
            "é61121112601Z",
        ] {
            assert_eq!(utc(wrong), None, "{wrong}");
        }
        for wrong in [
            "20261121112601.Z",
            "20261121112601.50Z",
            "20261121112601",
            "+0261121112601Z",
            "20261121112601.1234567891Z",
        ] {
            assert_eq!(general(wrong), None, "{wrong}");
        }
    }
}
