//! BER as foreign signers write it, rewritten with definite lengths.
//!
//! What is tolerated has one meaning only: indefinite lengths, lengths longer than needed, octet strings in pieces.
//! Values that are DER already keep their bytes, so hashes that others made over them still agree.

use std::borrow::Cow;

use pki::tlv::{Misread, wrap};

/// Deeper than any signature is.
const DEEPEST: usize = 40;

const CONSTRUCTED: u8 = 0x20;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = OCTETS | CONSTRUCTED;

/// The first value of these bytes with definite lengths, and how many bytes it took.
pub(crate) fn first(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, usize), Misread> {
    if let Some(length) = header(bytes).and_then(Header::whole)
        && let Some(value) = bytes.get(..length)
        && (Ber { rest: value, at: 0 }).is_definite(0)?
    {
        return Ok((Cow::Borrowed(value), length));
    }
    let mut ber = Ber { rest: bytes, at: 0 };
    let mut out = Vec::new();
    ber.rewrite(0, &mut out)?;
    Ok((Cow::Owned(out), ber.at))
}

/// Identifier and length of the value at the beginning of these bytes, and how many octets they take.
pub(crate) fn header(bytes: &[u8]) -> Option<Header> {
    const HIGH_NUMBER: u8 = 0x1F;
    let [tag, first, more @ ..] = bytes else {
        return None;
    };
    if tag & HIGH_NUMBER == HIGH_NUMBER || (*tag == 0 && *first != 0) {
        return None;
    }
    let digits = match first {
        0x80 if tag & CONSTRUCTED != 0 => {
            return Some(Header {
                tag: *tag,
                octets: 2,
                length: None,
                shortest: false,
            });
        }
        0..=0x7F => &[*first][..],
        0x81..=0x88 => more.get(..usize::from(first & 0x7F))?,
        _ => return None,
    };
    let length = digits
        .iter()
        .fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
    let long = *first > 0x80;
    Some(Header {
        tag: *tag,
        octets: 2 + if long { digits.len() } else { 0 },
        length: Some(length),
        shortest: !long || (length >= 0x80 && digits.first() != Some(&0)),
    })
}

/// What stands before a value's content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) tag: u8,
    /// How many octets it has itself.
    pub(crate) octets: usize,
    /// How long the content is; until the end-of-contents octets if absent.
    pub(crate) length: Option<u64>,
    shortest: bool,
}

impl Header {
    /// Whether these are the end-of-contents octets.
    pub(crate) const fn is_end(self) -> bool {
        self.tag == 0
    }

    /// How long the value is with this, if that is known.
    fn whole(self) -> Option<usize> {
        usize::try_from(self.length?).ok()?.checked_add(self.octets)
    }
}

struct Ber<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Ber<'a> {
    fn header(&mut self) -> Result<Header, Misread> {
        let misread = Misread { at: self.at };
        let header = header(self.rest).ok_or(misread)?;
        self.take(header.octets)?;
        Ok(header)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Misread> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(Misread { at: self.at })?;
        self.rest = rest;
        self.at += length;
        Ok(taken)
    }

    /// The content of a value of definite length.
    fn content(&mut self, length: u64) -> Result<Ber<'a>, Misread> {
        let at = self.at;
        let length = usize::try_from(length).map_err(|_| Misread { at })?;
        self.take(length).map(|rest| Ber { rest, at })
    }

    /// Whether nothing here has to be rewritten.
    fn is_definite(&mut self, depth: usize) -> Result<bool, Misread> {
        while !self.rest.is_empty() {
            let header = self.header()?;
            let Some(length) = header.length.filter(|_| header.shortest && !header.is_end()) else {
                return Ok(false);
            };
            let mut content = self.content(length)?;
            if header.tag == OCTETS_IN_PIECES {
                return Ok(false);
            }
            if header.tag & CONSTRUCTED != 0 && !content.deeper(header.tag, depth)?.is_definite(depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Checks that a constructed value may be entered.
    fn deeper(&mut self, tag: u8, depth: usize) -> Result<&mut Self, Misread> {
        const UNIVERSAL: u8 = 0xC0;
        let known = matches!(tag, 0x30 | 0x31 | OCTETS_IN_PIECES) || tag & UNIVERSAL != 0;
        if known && depth < DEEPEST {
            Ok(self)
        } else {
            Err(Misread { at: self.at })
        }
    }

    /// Writes the next value with definite lengths.
    fn rewrite(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), Misread> {
        let at = self.at;
        let header = self.header()?;
        if header.is_end() {
            return Err(Misread { at });
        }
        if header.tag & CONSTRUCTED == 0 {
            let length = header.length.ok_or(Misread { at })?;
            let content = self.content(length)?.rest;
            out.extend(wrap(header.tag, &[content]));
            return Ok(());
        }
        let mut inner = Vec::new();
        if let Some(length) = header.length {
            let mut content = self.content(length)?;
            content.deeper(header.tag, depth)?;
            while !content.rest.is_empty() {
                content.rewrite_in(header.tag, depth + 1, &mut inner)?;
            }
        } else {
            self.deeper(header.tag, depth)?;
            while !self.rest.starts_with(&[0, 0]) {
                self.rewrite_in(header.tag, depth + 1, &mut inner)?;
            }
            self.take(2)?;
        }
        let tag = if header.tag == OCTETS_IN_PIECES {
            OCTETS
        } else {
            header.tag
        };
        out.extend(wrap(tag, &[&inner]));
        Ok(())
    }

    /// Writes the next value inside a value of this tag; of a piece of an octet string, its octets only.
    fn rewrite_in(&mut self, tag: u8, depth: usize, out: &mut Vec<u8>) -> Result<(), Misread> {
        if tag != OCTETS_IN_PIECES {
            return self.rewrite(depth, out);
        }
        let at = self.at;
        match self.header()? {
            Header {
                tag: OCTETS,
                length: Some(length),
                ..
            } => {
                out.extend_from_slice(self.content(length)?.rest);
                Ok(())
            }
            _ => Err(Misread { at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// A value, DER, and the same as somebody else might write it.
    fn value() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
        let octets = (vec(any::<u8>(), 0..300), 1..100_usize).prop_map(|(octets, size)| {
            let pieces: Vec<Vec<u8>> = octets.chunks(size).map(|piece| wrap(OCTETS, &[piece])).collect();
            (
                wrap(OCTETS, &[&octets]),
                [vec![OCTETS_IN_PIECES, 0x80], pieces.concat(), vec![0, 0]].concat(),
            )
        });
        let number = vec(any::<u8>(), 1..20).prop_map(|number| {
            let long = [
                vec![0x02, 0x82, 0, u8::try_from(number.len()).unwrap()],
                number.clone(),
            ]
            .concat();
            (wrap(0x02, &[&number]), long)
        });
        prop_oneof![octets, number].prop_recursive(6, 40, 6, |inner| {
            (vec(inner, 0..6), prop_oneof![Just(0x30), Just(0x31), Just(0xA0)]).prop_map(|(inner, tag)| {
                let (der, ber): (Vec<_>, Vec<_>) = inner.into_iter().unzip();
                (
                    wrap(tag, &[&der.concat()]),
                    [vec![tag, 0x80], ber.concat(), vec![0, 0]].concat(),
                )
            })
        })
    }

    proptest! {
        #[test]
        fn whatever_has_one_meaning_is_read_as_its_der((der, ber) in value(), more: Vec<u8>) {
            let followed = [&ber[..], &more].concat();
            prop_assert_eq!(first(&followed).unwrap(), (Cow::Borrowed(&der[..]), ber.len()));
            prop_assert_eq!(first(&der).unwrap(), (Cow::Borrowed(&der[..]), der.len()));
            for end in 0..ber.len() {
                prop_assert!(first(&ber[..end]).is_err());
            }
        }

        #[test]
        fn noise_does_no_harm(noise: Vec<u8>) {
            if let Ok((value, taken)) = first(&noise) {
                prop_assert!(taken <= noise.len());
                prop_assert!(pki::tlv::Cursor::only(&value).is_ok());
            }
        }
    }

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_become_definite() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0x04, 1, 8, 0, 0, 0x02, 0x81, 1, 5, 0, 0,
        ];
        let der = [0x30, 7, 0x04, 2, 7, 8, 0x02, 1, 5];
        let more = [&ber[..], &[9]].concat();
        assert_eq!(first(&more).unwrap(), (Cow::Borrowed(&der[..]), ber.len()));
        assert!(matches!(first(&der).unwrap(), (Cow::Borrowed(_), 9)));
    }

    #[test]
    fn what_could_mean_something_else_is_refused() {
        let deep = [0x30, 0x80].repeat(DEEPEST + 2);
        for bad in [
            &deep[..],
            &[0x30, 0x80, 0x04, 1, 7],
            &[0x30, 0x80, 0, 1],
            &[0x30, 2, 0, 0],
            &[0x04, 0x80, 0, 0],
            &[0x24, 0x80, 0x24, 0x80, 0, 0, 0, 0],
            &[0x24, 0x80, 0x02, 1, 1, 0, 0],
            &[0x23, 0x80, 0x03, 1, 0, 0, 0],
            &[0x3F, 0x80, 0, 0],
            &[0, 0],
        ] {
            assert!(first(bad).is_err(), "{bad:02x?}");
        }
    }
}
