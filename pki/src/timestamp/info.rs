//! [`StampInfo`]: what a token says, `TSTInfo` of RFC 3161 §2.4.2.

use core::time::Duration;

use der::asn1::ObjectIdentifier;
use domain::{Digest, HashAlgorithm, Time};

use crate::tlv::{Cursor, Misread};

/// What a time stamp says. Whether it is to be believed is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampInfo {
    /// By which policy it was made.
    pub policy: ObjectIdentifier,
    /// The digest's algorithm.
    pub algorithm: ObjectIdentifier,
    /// The digest.
    pub hashed: Vec<u8>,
    /// Its number, the octets of the INTEGER.
    pub serial: Vec<u8>,
    /// When.
    pub at: Time,
    /// How far that may be wrong; nothing is said if absent.
    pub accuracy: Option<Duration>,
    /// Whether stamps of this authority can be ordered by their times alone.
    pub ordering: bool,
    /// The asker's nonce, the octets of the INTEGER.
    pub nonce: Option<Vec<u8>>,
}

impl StampInfo {
    /// Reads the content of a token.
    pub fn parse(der: &[u8]) -> Result<Self, Misread> {
        let mut fields = Cursor::only(der)?.enter(0x30)?;
        let version = fields.read()?;
        if version.small()? != 1 {
            return Err(Misread { at: version.at });
        }
        let policy = fields.read()?.oid()?;
        let mut imprint = fields.enter(0x30)?;
        let mut algorithm = imprint.enter(0x30)?;
        let hash = algorithm.read()?.oid()?;
        algorithm.optional(0x05)?;
        algorithm.end()?;
        let hashed = imprint.expect(0x04)?.content.to_vec();
        imprint.end()?;
        let serial = fields.expect(0x02)?.content.to_vec();
        let time = fields.expect(0x18)?;
        let at = moment(time.content).ok_or(Misread { at: time.at })?;
        let accuracy = match fields.optional(0x30)? {
            Some(value) => Some(accuracy(value.enter(0x30)?)?),
            None => None,
        };
        let ordering = match fields.optional(0x01)? {
            Some(value) if value.content == [0xFF] => true,
            Some(value) if value.content == [0] => false,
            Some(value) => return Err(Misread { at: value.at }),
            None => false,
        };
        let nonce = fields.optional(0x02)?.map(|nonce| nonce.content.to_vec());
        fields.optional(0xA0)?; // who the authority says it is
        fields.optional(0xA1)?; // extensions
        fields.end()?;
        Ok(Self {
            policy,
            algorithm: hash,
            hashed,
            serial,
            at,
            accuracy,
            ordering,
            nonce,
        })
    }

    /// The digest that is stamped, if its algorithm is one of ours.
    pub fn digest(&self) -> Option<Digest> {
        let oid = self.algorithm.to_string();
        let algorithm = HashAlgorithm::ALL.into_iter().find(|hash| hash.oid() == oid)?;
        algorithm.parse(&self.hashed).ok()
    }
}

/// `Accuracy ::= SEQUENCE { seconds, [0] millis, [1] micros }`, each optional.
fn accuracy(mut parts: Cursor<'_>) -> Result<Duration, Misread> {
    let mut total = Duration::ZERO;
    for (tag, unit) in [
        (0x02, Duration::from_secs(1)),
        (0x80, Duration::from_millis(1)),
        (0x81, Duration::from_micros(1)),
    ] {
        if let Some(value) = parts.optional(tag)? {
            let misread = Misread { at: value.at };
            let number = match value.content {
                [] | [(0x80..), ..] => return Err(misread),
                digits if digits.len() > 4 => return Err(misread),
                digits => digits
                    .iter()
                    .fold(0_u32, |sum, digit| sum << 8 | u32::from(*digit)),
            };
            total = total.saturating_add(unit.saturating_mul(number));
        }
    }
    parts.end()?;
    Ok(total)
}

/// `GeneralizedTime` in UTC, with a fraction of a second that does not end in zero (RFC 3161 §2.4.2).
fn moment(text: &[u8]) -> Option<Time> {
    let (whole, fraction) = match text.strip_suffix(b"Z")? {
        whole if whole.len() == 14 => (whole, &[][..]),
        longer => match longer.split_at_checked(14)? {
            (whole, [b'.', fraction @ ..]) => match fraction {
                [] | [.., b'0'] => return None,
                fraction => (whole, fraction),
            },
            _ => return None,
        },
    };
    if !whole.iter().chain(fraction).all(u8::is_ascii_digit) || fraction.len() > 9 {
        return None;
    }
    let number = |range: core::ops::Range<usize>| {
        let digits = core::str::from_utf8(whole.get(range)?).ok()?;
        digits.parse::<u16>().ok()
    };
    let small = |range| number(range).and_then(|number| u8::try_from(number).ok());
    let date = der::DateTime::new(
        number(0..4)?,
        small(4..6)?,
        small(6..8)?,
        small(8..10)?,
        small(10..12)?,
        small(12..14)?,
    )
    .ok()?;
    let seconds = i64::try_from(date.unix_duration().as_secs()).ok()?;
    let micros = fraction
        .iter()
        .chain(&[b'0'; 6])
        .take(6)
        .fold(0_u64, |micros, digit| micros * 10 + u64::from(digit - b'0'));
    Some(Time::from_unix_seconds(seconds).plus(Duration::from_micros(micros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_fractions() {
        let whole = moment(b"20260102030405Z").unwrap();
        assert_eq!(whole, Time::parse_rfc3339("2026-01-02T03:04:05Z").unwrap());
        assert_eq!(
            moment(b"20260102030405.25Z").unwrap(),
            whole.plus(Duration::from_millis(250))
        );
        for bad in [
            &b"20260102030405"[..],
            b"20260102030405.Z",
            b"20260102030405.50Z",
            b"20261302030405Z",
            b"202601020304Z",
            b"20260102030405+0500",
        ] {
            assert_eq!(moment(bad), None);
        }
    }
}
