//! A cursor over strict DER, and the proof that a whole structure is DER before anything in it is believed.
//!
//! [`strict`] walks every value down to the last, so that no part that we do not interpret (a policy, a name) can
//! be read differently elsewhere. What [`Cursor`] reads after that is shape only.

use der::{
    Tag as DerTag,
    asn1::{AnyRef, GeneralizedTime, ObjectIdentifier, UtcTime},
};

/// Identifier octets that we know. High tag numbers do not occur in signed attributes and are refused.
pub(super) mod tag {
    pub(in super::super) const BOOLEAN: u8 = 0x01;
    pub(in super::super) const INTEGER: u8 = 0x02;
    pub(in super::super) const BIT_STRING: u8 = 0x03;
    pub(in super::super) const OCTET_STRING: u8 = 0x04;
    pub(in super::super) const NULL: u8 = 0x05;
    pub(in super::super) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in super::super) const ENUMERATED: u8 = 0x0A;
    pub(in super::super) const UTF8_STRING: u8 = 0x0C;
    pub(in super::super) const PRINTABLE_STRING: u8 = 0x13;
    pub(in super::super) const TELETEX_STRING: u8 = 0x14;
    pub(in super::super) const IA5_STRING: u8 = 0x16;
    pub(in super::super) const UTC_TIME: u8 = 0x17;
    pub(in super::super) const GENERALIZED_TIME: u8 = 0x18;
    pub(in super::super) const VISIBLE_STRING: u8 = 0x1A;
    pub(in super::super) const UNIVERSAL_STRING: u8 = 0x1C;
    pub(in super::super) const BMP_STRING: u8 = 0x1E;
    pub(in super::super) const SEQUENCE: u8 = 0x30;
    pub(in super::super) const SET: u8 = 0x31;
    /// `[n]`, constructed.
    pub(in super::super) const fn context(number: u8) -> u8 {
        0xA0 | number
    }
}

const CONSTRUCTED: u8 = 0x20;
const CONTEXT_SPECIFIC: u8 = 0x80;
const CLASS: u8 = 0xC0;
const NUMBER: u8 = 0x1F;

/// Deeper than any attribute is.
const DEEPEST: usize = 24;

/// Something else should stand at this byte of the whole structure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault(pub(super) usize);

/// Where we are: what is left, and its place in the whole structure.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

/// One value: identifier, content, and both with the length between them.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) encoded: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Value<'a> {
    /// A cursor over the content, if the identifier is this one.
    pub(super) fn enter(self, tag: u8) -> Result<Cursor<'a>, Fault> {
        self.content_of(tag).map(|rest| Cursor {
            rest,
            at: self.at + self.encoded.len() - rest.len(),
        })
    }

    /// The content, if the identifier is this one.
    pub(super) fn content_of(self, tag: u8) -> Result<&'a [u8], Fault> {
        if self.tag == tag {
            Ok(self.content)
        } else {
            Err(Fault(self.at))
        }
    }

    /// The object identifier that this value is.
    pub(super) fn oid(self) -> Result<ObjectIdentifier, Fault> {
        let content = self.content_of(tag::OBJECT_IDENTIFIER)?;
        ObjectIdentifier::from_bytes(content).map_err(|_| Fault(self.at))
    }
}

impl<'a> Cursor<'a> {
    /// At the beginning of the whole structure.
    pub(super) const fn new(rest: &'a [u8]) -> Self {
        Self { rest, at: 0 }
    }

    /// The next value.
    pub(super) fn next(&mut self) -> Result<Value<'a>, Fault> {
        let fault = Fault(self.at);
        let (tag, header, length) = header(self.rest).ok_or(fault)?;
        let (encoded, rest) = self.rest.split_at_checked(header + length).ok_or(fault)?;
        let content = encoded.get(header..).ok_or(fault)?;
        let value = Value {
            tag,
            content,
            encoded,
            at: self.at,
        };
        self.rest = rest;
        self.at += encoded.len();
        Ok(value)
    }

    /// The next value's content.
    pub(super) fn enter(&mut self, tag: u8) -> Result<Self, Fault> {
        self.next()?.enter(tag)
    }

    /// The next value, if there is one and its identifier is this one.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Value<'a>> {
        let mut ahead = *self;
        let value = ahead.next().ok().filter(|value| value.tag == tag)?;
        *self = ahead;
        Some(value)
    }

    /// Whether nothing is left.
    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub(super) const fn end(&self) -> Result<(), Fault> {
        if self.is_done() {
            Ok(())
        } else {
            Err(Fault(self.at))
        }
    }
}

/// One value and nothing after it, DER all the way down.
pub(super) fn strict(der: &[u8]) -> Result<(), Fault> {
    let mut whole = Cursor::new(der);
    let mut open = vec![whole.enter(tag::SET)?];
    whole.end()?;
    while let Some(inner) = open.last_mut() {
        if inner.is_done() {
            open.pop();
            continue;
        }
        let value = inner.next()?;
        if !sound(value) || open.len() == DEEPEST {
            return Err(Fault(value.at));
        }
        if value.tag & CONSTRUCTED != 0 {
            open.push(value.enter(value.tag)?);
        }
    }
    Ok(())
}

/// Identifier, octets before the content, octets of the content. Two octets of length are enough for what we read.
fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    match *bytes {
        [tag, ..] if tag & NUMBER == NUMBER => None,
        [tag, short @ (..=0x7F), ..] => Some((tag, 2, usize::from(short))),
        [tag, 0x81, long @ (0x80..), ..] => Some((tag, 3, usize::from(long))),
        [tag, 0x82, high @ (1..), low, ..] => Some((tag, 4, usize::from(u16::from_be_bytes([high, low])))),
        _ => None,
    }
}

/// Whether the content is what DER writes for this identifier; closed for the universal class.
fn sound(value: Value<'_>) -> bool {
    let content = value.content;
    let any = |tag| AnyRef::new(tag, content);
    match value.tag {
        tag::BOOLEAN => matches!(content, [0 | 0xFF]),
        tag::INTEGER | tag::ENUMERATED => match content {
            [] | [0, (..0x80), ..] | [0xFF, (0x80..), ..] => false,
            [..] => true,
        },
        tag::BIT_STRING => sound_bits(content),
        tag::NULL => content.is_empty(),
        tag::OBJECT_IDENTIFIER => sound_oid(content),
        tag::UTF8_STRING => core::str::from_utf8(content).is_ok(),
        tag::PRINTABLE_STRING | tag::IA5_STRING | tag::VISIBLE_STRING => content.is_ascii(),
        tag::UTC_TIME => any(DerTag::UtcTime).is_ok_and(|any| any.decode_as::<UtcTime>().is_ok()),
        tag::GENERALIZED_TIME => {
            any(DerTag::GeneralizedTime).is_ok_and(|any| any.decode_as::<GeneralizedTime>().is_ok())
        }
        tag::OCTET_STRING
        | tag::TELETEX_STRING
        | tag::UNIVERSAL_STRING
        | tag::BMP_STRING
        | tag::SEQUENCE
        | tag::SET => true,
        other => other & CLASS == CONTEXT_SPECIFIC,
    }
}

/// X.690, 11.2: the unused bits are zero.
fn sound_bits(content: &[u8]) -> bool {
    match content {
        [0] => true,
        [unused @ (..8), .., last] => last & ((1 << unused) - 1) == 0,
        _ => false,
    }
}

/// X.690, 8.19: whole arcs, none padded. `const-oid` reads padded arcs, whose text is that of the right ones.
fn sound_oid(content: &[u8]) -> bool {
    let mut arcs = content.split_inclusive(|octet| octet & 0x80 == 0);
    let whole = |arc: &[u8]| arc.last().is_some_and(|last| last & 0x80 == 0);
    let minimal = |arc: &[u8]| arc.first() != Some(&0x80);
    !content.is_empty()
        && arcs.all(|arc| whole(arc) && minimal(arc))
        && ObjectIdentifier::from_bytes(content).is_ok()
}
