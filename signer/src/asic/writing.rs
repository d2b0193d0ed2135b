//! A ZIP file being written, APPNOTE 4.3: entries, then the directory.

use super::{
    ContainerError,
    directory::{Listed, Method},
};
use crate::Output;

/// A container has at most so many bytes, files and all; beyond, ZIP changes its form.
pub(super) const MOST_BYTES: u64 = u32::MAX as u64 - 1;

/// Entries so far, and the directory that they will have.
#[derive(Default)]
pub(super) struct Writing {
    output: Output,
    directory: Vec<u8>,
    entries: u16,
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
        let offset = number(self.output.length())?;
        self.output = core::mem::take(&mut self.output).source(0, listed.whole.clone());
        let method = match listed.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        };
        let packed = listed.place.end.saturating_sub(listed.place.start);
        let common = common(
            &listed.name,
            (listed.flags, method),
            (listed.crc, number(packed)?, number(listed.length)?),
        )?;
        self.list(&listed.name, &common, offset);
        Ok(())
    }

    fn entry(&mut self, name: &str, crc: u32, length: u64) -> Result<(), ContainerError> {
        const UTF8: u16 = 1 << 11;
        let offset = number(self.output.length())?;
        let length = number(length)?;
        let flags = if name.is_ascii() { 0 } else { UTF8 };
        let common = common(name, (flags, 0), (crc, length, length))?;
        let local = [b"PK\x03\x04", &common[..], name.as_bytes()].concat();
        self.output = core::mem::take(&mut self.output).bytes(local);
        self.list(name, &common, offset);
        Ok(())
    }

    fn list(&mut self, name: &str, common: &[u8], offset: u32) {
        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend_from_slice(&VERSION.to_le_bytes());
        self.directory.extend_from_slice(common);
        // No comment, the first disk, no attributes of any system.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&offset.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.entries = self.entries.saturating_add(1);
    }

    /// The whole file.
    pub(super) fn finish(self) -> Result<Output, ContainerError> {
        let (size, offset) = (
            number(self.directory.len() as u64)?,
            number(self.output.length())?,
        );
        let entries = self.entries.to_le_bytes();
        let end = [
            &b"PK\x05\x06\0\0\0\0"[..],
            &entries,
            &entries,
            &size.to_le_bytes(),
            &offset.to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        Ok(self.output.bytes(self.directory).bytes(end))
    }
}

/// What both headers say, from the version that is needed to the lengths of name and extra field.
fn common(
    name: &str,
    (flags, method): (u16, u16),
    (crc, packed, length): (u32, u32, u32),
) -> Result<Vec<u8>, ContainerError> {
    let name_length = u16::try_from(name.len()).map_err(|_| ContainerError::name(name, "is too long"))?;
    Ok([
        &VERSION.to_le_bytes()[..],
        &flags.to_le_bytes(),
        &method.to_le_bytes(),
        &DATE,
        &crc.to_le_bytes(),
        &packed.to_le_bytes(),
        &length.to_le_bytes(),
        &name_length.to_le_bytes(),
        &[0, 0],
    ]
    .concat())
}

fn number(length: u64) -> Result<u32, ContainerError> {
    match u32::try_from(length) {
        Ok(number) if length <= MOST_BYTES => Ok(number),
        _ => Err(ContainerError::TooLarge {
            what: "bytes",
            most: MOST_BYTES,
        }),
    }
}

/// 2.0, what every reader knows.
const VERSION: u16 = 20;
/// Midnight of 1 January 1980, the earliest: the same files give the same container.
const DATE: [u8; 4] = [0, 0, 0x21, 0];
