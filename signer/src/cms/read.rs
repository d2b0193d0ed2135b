//! Reading a `ContentInfo` by offset: what stands before the content, where the content is, and what comes after it.
//!
//! The content may have gigabytes; it is passed over. What comes after it is bounded and read whole.

use core::ops::Range;

use pki::tlv::{Cursor, Misread};

use super::{
    Content, SignedData, SignerInfo,
    ber::{self, Header},
};
use crate::{Source, SourceError};

/// At most how many bytes of certificates, lists and signatures are read. A full list of a large authority has 30 MiB.
const MOST_AROUND: u64 = 64 << 20;
/// At most how many pieces content may be in: 4 GiB as openssl writes them.
const MOST_PIECES: usize = 1 << 20;
/// At most how many signatures are told apart.
const MOST_SIGNERS: usize = 256;
/// At most how many certificates, and as many lists and answers.
const MOST_ELEMENTS: usize = 4096;
/// More than the digest algorithms of all signers take.
const MOST_ALGORITHMS: u64 = 4096;

/// Not a signature that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Not BER of a `SignedData`.
    #[error("not a CMS SignedData: unexpected encoding at byte {at}")]
    Form {
        /// Where.
        at: u64,
    },
    /// Something else in a `ContentInfo`.
    #[error("the file is CMS, but not SignedData: its content is of type {oid}")]
    Type {
        /// What it is.
        oid: String,
    },
    /// More than is read.
    #[error("the signature has more than {most} {what}; nothing honest needs that")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// Bytes after the end.
    #[error("there are {bytes} bytes after the end of the signature; cut them off")]
    Trailing {
        /// How many.
        bytes: u64,
    },
}

impl SignedData {
    /// Reads a `ContentInfo` that fills the source.
    pub fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let (signed, end) = Self::read_first(source)?;
        match source.length() - end {
            0 => Ok(signed),
            bytes => Err(ReadError::Trailing { bytes }),
        }
    }

    /// Reads a `ContentInfo` that zeros fill up, as holes in a PDF are.
    pub fn read_padded(source: &dyn Source) -> Result<Self, ReadError> {
        let (signed, end) = Self::read_first(source)?;
        let mut at = end;
        while at < source.length() {
            let next = source.length().min(at + 4096);
            if source.bytes(at..next)?.iter().any(|octet| *octet != 0) {
                return Err(ReadError::Trailing {
                    bytes: source.length() - end,
                });
            }
            at = next;
        }
        Ok(signed)
    }

    /// Reads a `ContentInfo` at the beginning of the source, and says where it ends.
    fn read_first(source: &dyn Source) -> Result<(Self, u64), ReadError> {
        let mut walk = Walk { source, at: 0 };
        let info = walk.enter(0x30)?;
        let oid = walk.oid()?;
        if oid != pki::oid::SIGNED_DATA {
            return Err(ReadError::Type { oid: oid.to_string() });
        }
        let explicit = walk.enter(0xA0)?;
        let data = walk.enter(0x30)?;
        walk.small(16)?; // version: what is inside says it better
        let digest_algorithms = walk.small(MOST_ALGORITHMS)?;
        let content_info = walk.enter(0x30)?;
        let content_type = walk.oid()?;
        let content = if walk.is_at(content_info)? {
            Content::Detached
        } else {
            let explicit = walk.enter(0xA0)?;
            let pieces = walk.octets()?;
            walk.leave(explicit)?;
            Content::Attached(pieces)
        };
        walk.leave(content_info)?;
        let mut signed = Self {
            digest_algorithms: elements(Cursor::only(&digest_algorithms), 0x31).map_err(walk.misread())?,
            content_type,
            content,
            certificates: Vec::new(),
            revocations: Vec::new(),
            signers: Vec::new(),
        };
        walk.after(data, &mut signed)?;
        walk.leave(data)?;
        walk.leave(explicit)?;
        walk.leave(info)?;
        Ok((signed, walk.at))
    }
}

/// Where a value that was entered ends.
#[derive(Clone, Copy)]
enum End {
    At(u64),
    Marked,
}

struct Walk<'a> {
    source: &'a dyn Source,
    at: u64,
}

impl Walk<'_> {
    fn fault(&self) -> ReadError {
        ReadError::Form { at: self.at }
    }

    /// Makes a fault in something that begins here one of the whole.
    fn misread(&self) -> impl Fn(Misread) -> ReadError + use<> {
        let begin = self.at;
        move |misread| ReadError::Form {
            at: begin.saturating_add(misread.at as u64),
        }
    }

    /// At most so many bytes from here on.
    fn window(&self, most: u64) -> Result<Vec<u8>, ReadError> {
        let end = self.source.length().min(self.at.saturating_add(most));
        Ok(self.source.bytes(self.at..end)?)
    }

    fn header(&mut self) -> Result<Header, ReadError> {
        const LONGEST: u64 = 10;
        let header = ber::header(&self.window(LONGEST)?).ok_or_else(|| self.fault())?;
        self.at += header.octets as u64;
        Ok(header)
    }

    fn enter(&mut self, tag: u8) -> Result<End, ReadError> {
        let fault = self.fault();
        let header = self.header()?;
        if header.tag != tag {
            return Err(fault);
        }
        match header.length {
            None => Ok(End::Marked),
            Some(length) => match self.at.checked_add(length) {
                Some(end) if end <= self.source.length() => Ok(End::At(end)),
                _ => Err(fault),
            },
        }
    }

    fn is_at(&self, end: End) -> Result<bool, ReadError> {
        Ok(match end {
            End::At(end) => self.at == end,
            End::Marked => self.window(2)? == [0, 0],
        })
    }

    fn leave(&mut self, end: End) -> Result<(), ReadError> {
        if !self.is_at(end)? {
            return Err(self.fault());
        }
        if matches!(end, End::Marked) {
            self.at += 2;
        }
        Ok(())
    }

    /// The next value, which is small, with definite lengths.
    fn small(&mut self, most: u64) -> Result<Vec<u8>, ReadError> {
        let window = self.window(most)?;
        let (value, taken) = ber::first(&window).map_err(self.misread())?;
        self.at += taken as u64;
        Ok(value.into_owned())
    }

    fn oid(&mut self) -> Result<der::asn1::ObjectIdentifier, ReadError> {
        let misread = self.misread();
        let value = self.small(64)?;
        Cursor::only(&value)
            .and_then(pki::tlv::Value::oid)
            .map_err(misread)
    }

    /// Where the octets of an octet string are.
    fn octets(&mut self) -> Result<Vec<Range<u64>>, ReadError> {
        let fault = self.fault();
        let header = ber::header(&self.window(10)?).ok_or_else(|| self.fault())?;
        if header.tag == 0x04 {
            return Ok(self.piece()?.into_iter().collect());
        }
        if header.tag != 0x24 {
            return Err(fault);
        }
        let end = self.enter(0x24)?;
        let mut pieces: Vec<Range<u64>> = Vec::new();
        while !self.is_at(end)? {
            if pieces.len() == MOST_PIECES {
                return Err(ReadError::TooMany {
                    what: "pieces of content",
                    most: MOST_PIECES as u64,
                });
            }
            pieces.extend(self.piece()?);
        }
        self.leave(end)?;
        Ok(pieces)
    }

    /// Passes over an octet string of definite length; nothing if it is empty.
    fn piece(&mut self) -> Result<Option<Range<u64>>, ReadError> {
        let End::At(end) = self.enter(0x04)? else {
            return Err(self.fault());
        };
        let piece = self.at..end;
        self.at = end;
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }

    /// Certificates, lists and signatures.
    fn after(&mut self, end: End, signed: &mut SignedData) -> Result<(), ReadError> {
        let last = match end {
            End::At(end) => end,
            End::Marked => self.source.length(),
        };
        if last.saturating_sub(self.at) > MOST_AROUND {
            return Err(ReadError::TooMany {
                what: "bytes of certificates, lists and signatures",
                most: MOST_AROUND,
            });
        }
        let misread = self.misread();
        let bytes = self.source.bytes(self.at..last)?;
        let mut rest = bytes.as_slice();
        let mut before = 0;
        for tag in [0xA0, 0xA1, 0x31] {
            if tag != 0x31 && rest.first() != Some(&tag) {
                continue;
            }
            let (value, taken) = ber::first(rest).map_err(&misread)?;
            let value = elements(Cursor::only(&value), tag).map_err(&misread)?;
            match tag {
                0xA0 => signed.certificates = few(value, "certificates", MOST_ELEMENTS)?,
                0xA1 => signed.revocations = few(value, "lists and answers", MOST_ELEMENTS)?,
                _ => {
                    signed.signers = few(value, "signatures", MOST_SIGNERS)?
                        .iter()
                        .map(|signer| SignerInfo::read(signer))
                        .collect::<Result<_, _>>()
                        .map_err(&misread)?;
                }
            }
            rest = rest.get(taken..).unwrap_or_default();
            before += taken as u64;
        }
        self.at += before;
        Ok(())
    }
}

/// The elements of a SET OF, as they stand.
fn elements(set: Result<pki::tlv::Value<'_>, Misread>, tag: u8) -> Result<Vec<Vec<u8>>, Misread> {
    let mut set = set?.enter(tag)?;
    let mut elements = Vec::new();
    while !set.is_done() {
        elements.push(set.read()?.encoded.to_vec());
    }
    Ok(elements)
}

fn few(elements: Vec<Vec<u8>>, what: &'static str, most: usize) -> Result<Vec<Vec<u8>>, ReadError> {
    if elements.len() > most {
        Err(ReadError::TooMany {
            what,
            most: most as u64,
        })
    } else {
        Ok(elements)
    }
}
