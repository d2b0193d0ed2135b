//! The directory of a ZIP file (APPNOTE 4.3.12, 4.3.16), read so that it has one meaning only.
//!
//! The end record ends the file, the directory ends at the end record, and entries fill everything before it: whoever
//! reads from the front and whoever reads from the back find the same files.

mod end;
mod extra;
mod record;

use core::ops::Range;
use std::collections::HashSet;

use self::{end::End, record::Record};
use super::{
    ContainerError,
    limits::{LONGEST_COMMENT, LONGEST_NAME},
};
use crate::Source;

const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const LOCAL_LENGTH: u64 = 30;
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const DESCRIBED: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
/// Encryption aside, what else may be said: how hard was compressed.
const KNOWN: u16 = DESCRIBED | UTF8 | 0b110;

/// How a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

/// An entry whose two headers agree.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) length: u64,
    /// Where its bytes are, compressed or not.
    pub(super) place: Range<u64>,
    /// Whether its local header has no extra field.
    pub(super) plain: bool,
    /// Where its local header begins, and where the next one does.
    pub(super) whole: Range<u64>,
    pub(super) flags: u16,
    /// Whether its sizes have eight bytes (ZIP64).
    pub(super) is_wide: bool,
}

/// All files of a container, in the order in which they stand.
pub(super) fn entries(source: &dyn Source) -> Result<Vec<Listed>, ContainerError> {
    let end = End::find(source)?;
    let bytes = source.bytes(end.directory.clone())?;
    let mut record = Record {
        bytes: &bytes,
        at: end.directory.start,
    };
    let mut central = Vec::new();
    for _ in 0..end.entries {
        central.push(Central::read(&mut record)?);
    }
    record.end()?;
    central.sort_by_key(|entry| entry.local);
    let mut listed = Vec::new();
    let mut folded = HashSet::new();
    let mut at = 0;
    let nexts = central.iter().skip(1).map(|entry| entry.local);
    for (entry, next) in central.iter().zip(nexts.chain([end.directory.start])) {
        if entry.local != at {
            return Err(form("a gap or an overlap", at));
        }
        if !folded.insert(entry.name.trim_end_matches('/').to_lowercase()) {
            return Err(ContainerError::name(&entry.name, "is there twice"));
        }
        listed.push(entry.joined(source, next)?);
        at = next;
    }
    if at != end.directory.start {
        return Err(form("something before the directory", at));
    }
    Ok(listed)
}

/// What both headers of an entry say.
#[derive(PartialEq, Eq)]
struct Common {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    length: u64,
}

struct Central {
    common: Common,
    name: String,
    local: u64,
    /// Whether its sizes have eight bytes.
    is_wide: bool,
}

impl Central {
    fn read(record: &mut Record<'_>) -> Result<Self, ContainerError> {
        const UNIX: u16 = 3;
        const LINK: u32 = 0xA000;
        const KIND: u32 = 0xF000;
        record.signature(ENTRY)?;
        let made_by = record.u16()?;
        record.u16()?;
        let (mut common, name_length, extra_length) = record.common()?;
        let comment_length = record.u16()?;
        let disk = record.u16()?;
        record.u16()?;
        let attributes = record.u32()?;
        let mut local = u64::from(record.u32()?);
        let is_wide = [common.packed, common.length].contains(&extra::MASK);
        let name = name(record.take(usize::from(name_length))?, common.flags)?;
        let extra_field = record.take(usize::from(extra_length))?;
        extra::read(extra_field, &name, &mut common, Some(&mut local))?;
        record.take(usize::from(comment_length))?;
        if u64::from(comment_length) > LONGEST_COMMENT {
            return Err(ContainerError::file(
                &name,
                "has a comment that is as long as a document",
            ));
        }
        if disk != 0 {
            return Err(ContainerError::Unsupported {
                what: "several disks",
            });
        }
        if common.flags & ENCRYPTED != 0 {
            return Err(ContainerError::Unsupported { what: "encryption" });
        }
        if common.flags & !KNOWN != 0 {
            return Err(ContainerError::Unsupported {
                what: "an unknown kind of entry",
            });
        }
        if made_by >> 8 == UNIX && attributes >> 16 & KIND == LINK {
            return Err(ContainerError::name(&name, "is a link"));
        }
        Ok(Self {
            common,
            name,
            local,
            is_wide,
        })
    }

    /// The entry, once its local header says the same and its bytes fill the place until the next one.
    fn joined(&self, source: &dyn Source, next: u64) -> Result<Listed, ContainerError> {
        let differs = || ContainerError::file(&self.name, "has two headers that contradict each other");
        let limit = next.min(self.local + LOCAL_LENGTH + 2 * u64::from(u16::MAX));
        let bytes = source.bytes(self.local..limit)?;
        let mut record = Record {
            bytes: &bytes,
            at: self.local,
        };
        record.signature(LOCAL)?;
        record.u16()?;
        let (mut local, name_length, extra_length) = record.common()?;
        let name = record.take(usize::from(name_length))?;
        let extra_field = record.take(usize::from(extra_length))?;
        let is_wide = extra::read(extra_field, &self.name, &mut local, None)? || self.is_wide;
        let described = self.common.flags & DESCRIBED != 0;
        let blank = Common {
            crc: 0,
            packed: 0,
            length: 0,
            ..self.common
        };
        if name != self.name.as_bytes() || (local != self.common && !(described && local == blank)) {
            return Err(differs());
        }
        let begin = record.at;
        let end = begin.checked_add(self.common.packed).ok_or_else(differs)?;
        let room = next.checked_sub(end).ok_or_else(differs)?;
        match (described, is_wide, room) {
            (false, _, 0) => {}
            (true, false, 12 | 16) | (true, true, 20 | 24) => {
                self.descriptor(&source.bytes(end..next)?, end, is_wide)?;
            }
            _ => return Err(form("something between entries", end)),
        }
        let method = match self.common.method {
            0 if self.common.packed == self.common.length => Method::Stored,
            0 => return Err(differs()),
            8 => Method::Deflated,
            _ => {
                return Err(ContainerError::Unsupported {
                    what: "an unusual compression",
                });
            }
        };
        if self.name.ends_with('/') && self.common.length != 0 {
            return Err(ContainerError::name(&self.name, "is a folder with content"));
        }
        Ok(Listed {
            name: self.name.clone(),
            method,
            crc: self.common.crc,
            length: self.common.length,
            place: begin..end,
            plain: extra_field.is_empty(),
            whole: self.local..next,
            flags: self.common.flags,
            is_wide,
        })
    }

    /// A data descriptor, with or without its signature.
    fn descriptor(&self, bytes: &[u8], at: u64, is_wide: bool) -> Result<(), ContainerError> {
        let mut record = Record { bytes, at };
        if matches!(bytes.len(), 16 | 24) {
            record.signature(DESCRIPTOR)?;
        }
        let found = (record.u32()?, record.size(is_wide)?, record.size(is_wide)?);
        if found == (self.common.crc, self.common.packed, self.common.length) {
            Ok(())
        } else {
            Err(ContainerError::file(
                &self.name,
                "has two headers that contradict each other",
            ))
        }
    }
}

/// A name that leads nowhere else and reads the same everywhere.
fn name(bytes: &[u8], flags: u16) -> Result<String, ContainerError> {
    let name = String::from_utf8_lossy(bytes).into_owned();
    let wrong = |what| Err(ContainerError::name(&name, what));
    if core::str::from_utf8(bytes).is_err() || (flags & UTF8 == 0 && !bytes.is_ascii()) {
        return wrong("is not marked as UTF-8");
    }
    sound_name(&name)?;
    Ok(name)
}

/// Refuses names that lead out of a folder, or that some system takes for another one.
pub(super) fn sound_name(name: &str) -> Result<(), ContainerError> {
    let wrong = |what| Err(ContainerError::name(name, what));
    if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) || name.chars().any(char::is_control) {
        return wrong("has characters that not every system knows");
    }
    let path = name.strip_suffix('/').unwrap_or(name);
    let leads_out = |part: &str| {
        part.is_empty() || part.chars().all(|letter| letter == '.') || part.ends_with([' ', '.'])
    };
    if path.split('/').any(leads_out) {
        return wrong("leads elsewhere");
    }
    if name.len() > LONGEST_NAME {
        return wrong("is too long");
    }
    Ok(())
}

fn form(what: &'static str, at: u64) -> ContainerError {
    ContainerError::Form { what, at }
}
