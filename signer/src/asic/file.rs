//! [`Entry`]: a file in a container, read by offset whether it is compressed or not.

use std::{
    cell::RefCell,
    io::{self, Read},
};

use flate2::bufread::DeflateDecoder;

use super::{
    ContainerError,
    directory::{Listed, Method},
};
use crate::{Source, SourceError};

/// Compressed files are not unpacked to more than so many times their size, once they are larger than [`SMALL`].
const MOST_TIMES: u64 = 200;
const SMALL: u64 = 1 << 20;

/// A file in a container.
#[derive(Clone)]
pub struct Entry<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) listed: Listed,
}

impl<'a> Entry<'a> {
    /// Its name, with its folders.
    pub fn name(&self) -> &str {
        &self.listed.name
    }

    /// How long it is.
    pub const fn length(&self) -> u64 {
        self.listed.length
    }

    /// Its bytes. Compressed ones are unpacked as they are read, from the beginning on.
    pub fn open(&self) -> Result<Box<dyn Source + 'a>, ContainerError> {
        let within = Within {
            source: self.source,
            begin: self.listed.place.start,
            length: self.listed.place.end - self.listed.place.start,
        };
        if self.listed.method == Method::Stored {
            return Ok(Box::new(within));
        }
        let bomb = self.listed.length > SMALL && self.listed.length / MOST_TIMES > within.length;
        if bomb {
            return Err(ContainerError::file(
                self.name(),
                "unpacks to far more than it is",
            ));
        }
        Ok(Box::new(Unpacked {
            length: self.listed.length,
            packed: within,
            state: RefCell::new(None),
        }))
    }

    /// All of a small file, after its checksum was compared.
    pub fn read(&self, most: u64) -> Result<Vec<u8>, ContainerError> {
        if self.length() > most {
            return Err(ContainerError::TooMuch {
                what: "bytes in a file of META-INF",
                most,
            });
        }
        let bytes = self.open()?.bytes(0..self.length())?;
        if crc32fast::hash(&bytes) == self.listed.crc {
            Ok(bytes)
        } else {
            Err(ContainerError::file(self.name(), "does not have its checksum"))
        }
    }
}

/// A part of a source.
#[derive(Clone, Copy)]
struct Within<'a> {
    source: &'a dyn Source,
    begin: u64,
    length: u64,
}

impl Source for Within<'_> {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let asked = offset.saturating_add(buffer.len() as u64);
        if asked > self.length {
            return Err(SourceError::Beyond {
                length: self.length,
                asked,
            });
        }
        self.source.read_at(self.begin.saturating_add(offset), buffer)
    }
}

/// A compressed file. Reading goes on where it stopped; reading backwards begins anew.
struct Unpacked<'a> {
    packed: Within<'a>,
    length: u64,
    state: RefCell<Option<Unpacking<'a>>>,
}

struct Unpacking<'a> {
    decoder: DeflateDecoder<io::BufReader<Reading<'a>>>,
    at: u64,
}

impl Unpacking<'_> {
    fn skip(&mut self, to: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.decoder).take(to - self.at), &mut io::sink())?;
        self.at += skipped;
        if self.at == to {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

impl Source for Unpacked<'_> {
    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let asked = offset.saturating_add(buffer.len() as u64);
        if asked > self.length {
            return Err(SourceError::Beyond {
                length: self.length,
                asked,
            });
        }
        let mut state = self.state.borrow_mut();
        let mut unpacking = state
            .take()
            .filter(|unpacking| unpacking.at <= offset)
            .unwrap_or_else(|| Unpacking {
                decoder: DeflateDecoder::new(io::BufReader::new(Reading {
                    packed: self.packed,
                    at: 0,
                })),
                at: 0,
            });
        unpacking.skip(offset)?;
        unpacking.decoder.read_exact(buffer)?;
        unpacking.at = asked;
        // What comes after the stated end would be seen by others.
        if asked == self.length && unpacking.decoder.read(&mut [0])? != 0 {
            return Err(SourceError::Io(io::Error::other(
                "the file unpacks to more than it says",
            )));
        }
        *state = Some(unpacking);
        Ok(())
    }
}

/// A source as it is read from front to back.
struct Reading<'a> {
    packed: Within<'a>,
    at: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.packed.length - self.at).unwrap_or(usize::MAX);
        let count = left.min(buffer.len());
        let Some(part) = buffer.get_mut(..count) else {
            return Ok(0);
        };
        self.packed.read_at(self.at, part).map_err(io::Error::other)?;
        self.at += count as u64;
        Ok(count)
    }
}
