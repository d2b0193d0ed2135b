//! Tags, lengths and values, for structures that are too long to be built from parsed parts: a CRL of a million
//! entries is joined from entries that were encoded once. And for those whose bytes must stay as they came, since
//! others hashed them: [`Cursor`] reads without giving anything another form.

mod cursor;

use der::{
    Encode,
    asn1::{GeneralizedTime, UtcTime},
};
use domain::Time;

pub use self::cursor::{Cursor, Misread, Value};

/// A value under a tag.
pub fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = head(tag, length);
    bytes.reserve_exact(length);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Tag and length of a value that follows.
pub fn head(tag: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![tag];
    push_length(&mut bytes, length);
    bytes
}

/// A SEQUENCE.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    wrap(0x30, parts)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number of bytes of a length fits a byte"
)]
fn push_length(bytes: &mut Vec<u8>, length: usize) {
    if length < 0x80 {
        bytes.push(length as u8);
        return;
    }
    let digits = length.to_be_bytes();
    let skip = digits.iter().take_while(|digit| **digit == 0).count();
    bytes.push(0x80 | (digits.len() - skip) as u8);
    bytes.extend(digits.iter().skip(skip));
}

/// A `Time` of RFC 5280 §4.1.2.5: `UTCTime` through 2049, `GeneralizedTime` after.
pub fn time(at: Time) -> der::Result<Vec<u8>> {
    let date = date(at)?;
    if date.year() < 2050 {
        UtcTime::from_date_time(date)?.to_der()
    } else {
        GeneralizedTime::from_date_time(date).to_der()
    }
}

/// A `GeneralizedTime` of whole seconds.
pub(crate) fn generalized(at: Time) -> der::Result<GeneralizedTime> {
    date(at).map(GeneralizedTime::from_date_time)
}

/// Whole seconds, cut.
pub(crate) fn date(at: Time) -> der::Result<der::DateTime> {
    let seconds = u64::try_from(at.unix_seconds()).unwrap_or(0);
    der::DateTime::from_unix_duration(core::time::Duration::from_secs(seconds))
}
