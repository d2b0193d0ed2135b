//! [`Cursor`]: reads tag, length and value, and keeps the bytes as they came.
//!
//! Lengths are definite and as short as they can be, tags are one octet: what is read so has one encoding of its
//! frame. Whether the values are DER is for whoever knows what they should be.

use der::asn1::ObjectIdentifier;

/// Something else should stand at this byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the encoding is not what it should be at byte {at}")]
pub struct Misread {
    /// Which byte, counted from where reading began.
    pub at: usize,
}

/// Where we are: what is left, and its place in the whole.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    at: usize,
}

/// One value.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// Its identifier octet.
    pub tag: u8,
    /// Its content.
    pub content: &'a [u8],
    /// Identifier, length and content.
    pub encoded: &'a [u8],
    /// Its place in the whole.
    pub at: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of some bytes.
    pub const fn new(rest: &'a [u8]) -> Self {
        Self { rest, at: 0 }
    }

    /// The one value that these bytes are.
    pub fn only(bytes: &'a [u8]) -> Result<Value<'a>, Misread> {
        let mut cursor = Self::new(bytes);
        let value = cursor.read()?;
        cursor.end()?;
        Ok(value)
    }

    /// The next value.
    pub fn read(&mut self) -> Result<Value<'a>, Misread> {
        let misread = Misread { at: self.at };
        let (tag, header, length) = header(self.rest).ok_or(misread)?;
        let whole = header.checked_add(length).ok_or(misread)?;
        let (encoded, rest) = self.rest.split_at_checked(whole).ok_or(misread)?;
        let value = Value {
            tag,
            content: encoded.get(header..).ok_or(misread)?,
            encoded,
            at: self.at,
        };
        self.rest = rest;
        self.at += whole;
        Ok(value)
    }

    /// The next value, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Result<Value<'a>, Misread> {
        self.read()?.of(tag)
    }

    /// Into the next value, which must have this tag.
    pub fn enter(&mut self, tag: u8) -> Result<Self, Misread> {
        self.read()?.enter(tag)
    }

    /// The next value, if there is one and it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Value<'a>>, Misread> {
        if self.rest.first() == Some(&tag) {
            self.read().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The tag of the next value, if there is one.
    pub fn next_tag(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Whether nothing is left.
    pub const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub const fn end(&self) -> Result<(), Misread> {
        if self.is_done() {
            Ok(())
        } else {
            Err(Misread { at: self.at })
        }
    }
}

impl<'a> Value<'a> {
    /// Itself, if it has this tag.
    pub const fn of(self, tag: u8) -> Result<Self, Misread> {
        if self.tag == tag {
            Ok(self)
        } else {
            Err(Misread { at: self.at })
        }
    }

    /// Into its content, if it has this tag.
    pub const fn enter(self, tag: u8) -> Result<Cursor<'a>, Misread> {
        match self.of(tag) {
            Ok(value) => Ok(Cursor {
                rest: value.content,
                at: value.at + (value.encoded.len() - value.content.len()),
            }),
            Err(misread) => Err(misread),
        }
    }

    /// The object identifier that it is.
    pub fn oid(self) -> Result<ObjectIdentifier, Misread> {
        let misread = Misread { at: self.at };
        let content = self.of(0x06)?.content;
        // Arcs that begin with 0x80 are padded: another encoding of the same identifier (X.690, 8.19.2).
        let padded = content
            .split_inclusive(|octet| octet & 0x80 == 0)
            .any(|arc| arc.first() == Some(&0x80));
        if padded {
            return Err(misread);
        }
        ObjectIdentifier::from_bytes(content).map_err(|_| misread)
    }

    /// The small number that it is.
    pub fn small(self) -> Result<u8, Misread> {
        match *self.of(0x02)?.content {
            [number @ ..0x80] => Ok(number),
            _ => Err(Misread { at: self.at }),
        }
    }
}

/// Identifier, octets before the content, octets of the content.
fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    const HIGH_NUMBER: u8 = 0x1F;
    let [tag, first, more @ ..] = bytes else {
        return None;
    };
    if tag & HIGH_NUMBER == HIGH_NUMBER || *tag == 0 {
        return None;
    }
    let digits = match first {
        0..=0x7F => return Some((*tag, 2, usize::from(*first))),
        0x81..=0x88 => more.get(..usize::from(first & 0x7F))?,
        _ => return None,
    };
    let length = digits
        .iter()
        .fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
    let shortest = digits.first() != Some(&0) && length >= 0x80;
    Some((*tag, 2 + digits.len(), usize::try_from(length).ok()?)).filter(|_| shortest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_in_their_one_form_only() {
        assert_eq!(Cursor::only(&[0x04, 1, 7]).unwrap().content, [7]);
        let long = [&[0x04, 0x81, 0x80][..], &[0; 128]].concat();
        assert_eq!(Cursor::only(&long).unwrap().content.len(), 128);
        for bad in [
            &[0x04][..],
            &[0x04, 2, 0],
            &[0x04, 1, 0, 0],
            &[0x04, 0x81, 1, 0],
            &[0x04, 0x82, 0, 1, 0],
            &[0x24, 0x80, 0, 0],
            &[0x1F, 1, 0],
            &[0, 0],
            &[0x04, 0x88, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert!(Cursor::only(bad).is_err(), "{bad:02x?}");
        }
        assert!(Cursor::only(&[0x06, 3, 0x2A, 0x80, 1]).unwrap().oid().is_err());
    }
}
