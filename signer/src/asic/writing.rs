//! A ZIP file being written, APPNOTE 4.3: entries, then the directory. Numbers that do not fit into four bytes are written
//! as ZIP64 has them, and no others: what fits is the form that every reader knows.

use super::{
    ContainerError,
    directory::{Listed, Method},
    limits::{MOST_DIRECTORY, MOST_ENTRIES},
};
use crate::Output;

/// Entries so far, and the directory that they will have.
#[derive(Default)]
pub(super) struct Writing {
    output: Output,
    directory: Vec<u8>,
    entries: u64,
}

impl Writing {
    /// A stored file of our own.
    pub(super) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), ContainerError> {
        self.entry(name, crc32fast::hash(bytes), bytes.len() as u64)?;
        self.output = core::mem::take(&mut self.output).bytes(bytes.to_vec());
        Ok(())
    }

    /// A stored file that is a whole source: its number and length.
    pub(super) fn source(
        &mut self,
        name: &str,
        (number, length): (usize, u64),
        crc: u32,
    ) -> Result<(), ContainerError> {
        self.entry(name, crc, length)?;
        self.output = core::mem::take(&mut self.output).source(number, 0..length);
        Ok(())
    }

    /// An entry of source number 0, with its local header as it stands.
    pub(super) fn copied(&mut self, listed: &Listed) -> Result<(), ContainerError> {
        let header = Header {
            name: &listed.name,
            flags: listed.flags,
            method: match listed.method {
                Method::Stored => 0,
                Method::Deflated => 8,
            },
            crc: listed.crc,
            packed: listed.place.end.saturating_sub(listed.place.start),
            length: listed.length,
            // A descriptor of eight bytes a number stays one.
            is_wide: listed.is_wide,
        };
        self.list(&header)?;
        self.output = core::mem::take(&mut self.output).source(0, listed.whole.clone());
        Ok(())
    }

    fn entry(&mut self, name: &str, crc: u32, length: u64) -> Result<(), ContainerError> {
        const UTF8: u16 = 1 << 11;
        let header = Header {
            name,
            flags: if name.is_ascii() { 0 } else { UTF8 },
            method: 0,
            crc,
            packed: length,
            length,
            is_wide: length >= MASK,
        };
        self.list(&header)?;
        let extra = header.extra(None);
        let local = [
            b"PK\x03\x04",
            &header.common(extra.len())?[..],
            name.as_bytes(),
            &extra,
        ]
        .concat();
        self.output = core::mem::take(&mut self.output).bytes(local);
        Ok(())
    }

    /// Puts an entry that comes next into the directory.
    fn list(&mut self, header: &Header<'_>) -> Result<(), ContainerError> {
        let offset = self.output.length();
        let extra = header.extra(Some(offset));
        self.directory.extend_from_slice(b"PK\x01\x02");
        let version = if extra.is_empty() { VERSION } else { WIDE_VERSION };
        self.directory.extend_from_slice(&version.to_le_bytes());
        self.directory.extend_from_slice(&header.common(extra.len())?);
        // No comment, the first disk, no attributes of any system.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory
            .extend_from_slice(&masked(offset, false).to_le_bytes());
        self.directory.extend_from_slice(header.name.as_bytes());
        self.directory.extend_from_slice(&extra);
        self.entries += 1;
        for (found, most, what) in [
            (self.entries, MOST_ENTRIES, "files"),
            (self.directory.len() as u64, MOST_DIRECTORY, "bytes of directory"),
        ] {
            if found > most {
                return Err(ContainerError::TooLarge { what, most });
            }
        }
        Ok(())
    }

    /// The whole file.
    pub(super) fn finish(self) -> Output {
        let (size, offset) = (self.directory.len() as u64, self.output.length());
        let mut end = Vec::new();
        if offset >= MASK {
            let at = offset.saturating_add(size);
            end.extend_from_slice(b"PK\x06\x06");
            end.extend_from_slice(&44_u64.to_le_bytes());
            end.extend_from_slice(&WIDE_VERSION.to_le_bytes());
            end.extend_from_slice(&WIDE_VERSION.to_le_bytes());
            end.extend_from_slice(&[0; 8]);
            for number in [self.entries, self.entries, size, offset] {
                end.extend_from_slice(&number.to_le_bytes());
            }
            end.extend_from_slice(b"PK\x06\x07\0\0\0\0");
            end.extend_from_slice(&at.to_le_bytes());
            end.extend_from_slice(&1_u32.to_le_bytes());
        }
        // At most MOST_ENTRIES.
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX).to_le_bytes();
        end.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        end.extend_from_slice(&entries);
        end.extend_from_slice(&entries);
        end.extend_from_slice(&masked(size, false).to_le_bytes());
        end.extend_from_slice(&masked(offset, false).to_le_bytes());
        end.extend_from_slice(&[0, 0]);
        self.output.bytes(self.directory).bytes(end)
    }
}

/// What both headers of an entry say.
struct Header<'n> {
    name: &'n str,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    length: u64,
    is_wide: bool,
}

impl Header<'_> {
    /// The numbers of ZIP64; the directory's also have the offset.
    fn extra(&self, offset: Option<u64>) -> Vec<u8> {
        let mut numbers = Vec::new();
        if self.is_wide || self.packed.max(self.length) >= MASK {
            numbers.extend([self.length, self.packed]);
        }
        numbers.extend(offset.filter(|offset| *offset >= MASK));
        let Ok(length @ 1..) = u16::try_from(8 * numbers.len()) else {
            return Vec::new();
        };
        let mut extra = [1_u16.to_le_bytes(), length.to_le_bytes()].concat();
        extra.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        extra
    }

    /// From the version that is needed to the lengths of name and extra field.
    fn common(&self, extra: usize) -> Result<Vec<u8>, ContainerError> {
        let too_long = |_| ContainerError::name(self.name, "is too long");
        let name_length = u16::try_from(self.name.len()).map_err(too_long)?;
        let extra_length = u16::try_from(extra).map_err(too_long)?;
        let version = if extra > 0 { WIDE_VERSION } else { VERSION };
        let is_wide = self.is_wide || self.packed.max(self.length) >= MASK;
        Ok([
            &version.to_le_bytes()[..],
            &self.flags.to_le_bytes(),
            &self.method.to_le_bytes(),
            &DATE,
            &self.crc.to_le_bytes(),
            &masked(self.packed, is_wide).to_le_bytes(),
            &masked(self.length, is_wide).to_le_bytes(),
            &name_length.to_le_bytes(),
            &extra_length.to_le_bytes(),
        ]
        .concat())
    }
}

/// A number that fits, or the mark that it stands elsewhere.
fn masked(number: u64, is_wide: bool) -> u32 {
    if is_wide {
        return u32::MAX;
    }
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// From here on ZIP64 has the number.
const MASK: u64 = u32::MAX as u64;
/// 2.0, what every reader knows.
const VERSION: u16 = 20;
/// 4.5, ZIP64.
const WIDE_VERSION: u16 = 45;
/// Midnight of 1 January 1980, the earliest: the same files give the same container.
const DATE: [u8; 4] = [0, 0, 0x21, 0];
