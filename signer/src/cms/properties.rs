//! What a signer says beside the signature, EN 319 122-1 §5.2. None of it is proof, so what cannot be read is left out.

use der::{
    Decode,
    asn1::{GeneralizedTime, UtcTime},
};
use domain::Time;
use pki::tlv::{Cursor, Misread};

use super::{Attribute, oid};
use crate::Properties;

/// Longer places are cut.
const LONGEST_PLACE: usize = 200;

/// What the signed attributes say.
pub(super) fn properties(attributes: &[Attribute]) -> Properties {
    let mut properties = Properties::default();
    for attribute in attributes {
        let Some(value) = attribute.only() else { continue };
        match attribute.oid {
            oid::SIGNING_TIME => properties.time = time(value),
            oid::SIGNATURE_POLICY => properties.policy = first_oid(value).ok(),
            oid::COMMITMENT => properties.commitments.extend(first_oid(value)),
            oid::SIGNER_LOCATION => properties.place = place(value).ok().filter(|place| !place.is_empty()),
            _ => {}
        }
    }
    properties
}

/// `Time ::= CHOICE { UTCTime, GeneralizedTime }`.
fn time(value: &[u8]) -> Option<Time> {
    let since = UtcTime::from_der(value)
        .map(|time| time.to_unix_duration())
        .or_else(|_| GeneralizedTime::from_der(value).map(|time| time.to_unix_duration()));
    let seconds = i64::try_from(since.ok()?.as_secs()).ok()?;
    Some(Time::from_unix_seconds(seconds))
}

/// The identifier that a SEQUENCE begins with.
fn first_oid(value: &[u8]) -> Result<String, Misread> {
    let oid = Cursor::only(value)?.enter(0x30)?.read()?.oid()?;
    Ok(oid.to_string())
}

/// `SignerLocation`: `[0]` country, `[1]` locality, `[2]` lines of an address.
fn place(value: &[u8]) -> Result<String, Misread> {
    let mut fields = Cursor::only(value)?.enter(0x30)?;
    let mut parts = Vec::new();
    for tag in [0xA0, 0xA1] {
        if let Some(part) = fields.optional(tag)? {
            parts.push(text(part.enter(tag)?.read()?.content));
        }
    }
    if let Some(lines) = fields.optional(0xA2)? {
        let mut lines = lines.enter(0xA2)?.enter(0x30)?;
        while !lines.is_done() {
            parts.push(text(lines.read()?.content));
        }
    }
    parts.reverse();
    Ok(parts.join(", ").chars().take(LONGEST_PLACE).collect())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|letter| !letter.is_control())
        .collect()
}
