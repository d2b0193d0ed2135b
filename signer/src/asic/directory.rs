//! The directory of a ZIP file (APPNOTE 4.3.12, 4.3.16), read so that it has one meaning only.
//!
//! The end record ends the file, the directory ends at the end record, and entries fill everything before it: whoever
//! reads from the front and whoever reads from the back find the same files.

use core::ops::Range;
use std::collections::HashSet;

use super::ContainerError;
use crate::Source;

/// At most how many files are told apart.
const MOST_ENTRIES: u64 = 10_000;
/// The longest name.
const LONGEST_NAME: usize = 1024;
/// A comment that a container may have: its media type (EN 319 162-1 §A.1). A file's is no longer.
const LONGEST_COMMENT: u64 = 100;

const END: [u8; 4] = *b"PK\x05\x06";
const END_LENGTH: u64 = 22;
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

struct End {
    entries: u64,
    directory: Range<u64>,
}

impl End {
    /// The end record, which must end the file; its comment may only be a media type.
    fn find(source: &dyn Source) -> Result<Self, ContainerError> {
        let length = source.length();
        let from = length.saturating_sub(END_LENGTH + LONGEST_COMMENT);
        let tail = source.bytes(from..length)?;
        let found = tail.windows(END.len()).rposition(|window| window == END);
        let at = found.ok_or(form("no end record", length))?;
        let begin = from + at as u64;
        let mut record = Record {
            bytes: tail.get(at..).unwrap_or_default(),
            at: begin,
        };
        record.signature(END)?;
        let (disk, directory_disk, here, entries) =
            (record.u16()?, record.u16()?, record.u16()?, record.u16()?);
        let (size, offset, comment) = (record.u32()?, record.u32()?, record.u16()?);
        let comment = record.take(usize::from(comment))?;
        record.end()?;
        if here == u16::MAX || size == u32::MAX || offset == u32::MAX {
            return Err(ContainerError::Unsupported { what: "ZIP64" });
        }
        if disk != 0 || directory_disk != 0 || here != entries {
            return Err(ContainerError::Unsupported {
                what: "several disks",
            });
        }
        if !comment.is_empty() && !comment.starts_with(b"mimetype=") {
            return Err(form("a comment that is no media type", begin));
        }
        let directory = u64::from(offset)..u64::from(offset) + u64::from(size);
        if directory.end != begin {
            return Err(form("something between directory and end record", directory.end));
        }
        if u64::from(entries) > MOST_ENTRIES {
            return Err(ContainerError::TooMuch {
                what: "files",
                most: MOST_ENTRIES,
            });
        }
        Ok(Self {
            entries: entries.into(),
            directory,
        })
    }
}

/// What both headers of an entry say.
#[derive(PartialEq, Eq)]
struct Common {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    length: u32,
}

struct Central {
    common: Common,
    name: String,
    local: u64,
}

impl Central {
    fn read(record: &mut Record<'_>) -> Result<Self, ContainerError> {
        const UNIX: u16 = 3;
        const LINK: u32 = 0xA000;
        const KIND: u32 = 0xF000;
        record.signature(ENTRY)?;
        let made_by = record.u16()?;
        record.u16()?;
        let (common, name_length, extra_length) = record.common()?;
        let comment_length = record.u16()?;
        let disk = record.u16()?;
        record.u16()?;
        let attributes = record.u32()?;
        let local = record.u32()?;
        let name = name(record.take(usize::from(name_length))?, common.flags)?;
        extra(record.take(usize::from(extra_length))?, &name)?;
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
        if [common.packed, common.length, local].contains(&u32::MAX) {
            return Err(ContainerError::Unsupported { what: "ZIP64" });
        }
        if made_by >> 8 == UNIX && attributes >> 16 & KIND == LINK {
            return Err(ContainerError::name(&name, "is a link"));
        }
        Ok(Self {
            common,
            name,
            local: local.into(),
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
        let (local, name_length, extra_length) = record.common()?;
        let name = record.take(usize::from(name_length))?;
        let extra_field = record.take(usize::from(extra_length))?;
        extra(extra_field, &self.name)?;
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
        let end = begin + u64::from(self.common.packed);
        let room = next.checked_sub(end).ok_or_else(differs)?;
        match (described, room) {
            (false, 0) => {}
            (true, 12 | 16) => self.descriptor(&source.bytes(end..next)?, end)?,
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
            length: self.common.length.into(),
            place: begin..end,
            plain: extra_field.is_empty(),
            whole: self.local..next,
            flags: self.common.flags,
        })
    }

    /// A data descriptor, with or without its signature.
    fn descriptor(&self, bytes: &[u8], at: u64) -> Result<(), ContainerError> {
        let mut record = Record { bytes, at };
        if bytes.len() == 16 {
            record.signature(DESCRIPTOR)?;
        }
        let found = (record.u32()?, record.u32()?, record.u32()?);
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
    if bytes.len() > LONGEST_NAME {
        return wrong("is too long");
    }
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
    Ok(())
}

/// Extra fields must be whole, and none may say again, and otherwise, what the header says.
fn extra(bytes: &[u8], name: &str) -> Result<(), ContainerError> {
    const ZIP64: u16 = 0x0001;
    const STRONG_ENCRYPTION: u16 = 0x0017;
    const UNICODE_PATH: u16 = 0x7075;
    const AES: u16 = 0x9901;
    let mut record = Record { bytes, at: 0 };
    while !record.bytes.is_empty() {
        let broken = |_| ContainerError::file(name, "has an extra field that is cut off");
        let kind = record.u16().map_err(broken)?;
        let length = record.u16().map_err(broken)?;
        record.take(usize::from(length)).map_err(broken)?;
        match kind {
            ZIP64 => return Err(ContainerError::Unsupported { what: "ZIP64" }),
            STRONG_ENCRYPTION | AES => return Err(ContainerError::Unsupported { what: "encryption" }),
            UNICODE_PATH => return Err(ContainerError::name(name, "has a second name in an extra field")),
            _ => {}
        }
    }
    Ok(())
}

fn form(what: &'static str, at: u64) -> ContainerError {
    ContainerError::Form { what, at }
}

/// Little-endian numbers, one after the other.
struct Record<'a> {
    bytes: &'a [u8],
    at: u64,
}

impl<'a> Record<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ContainerError> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(form("the end", self.at))?;
        self.bytes = rest;
        self.at += length as u64;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ContainerError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| form("the end", at))
    }

    fn u16(&mut self) -> Result<u16, ContainerError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, ContainerError> {
        self.array().map(u32::from_le_bytes)
    }

    fn signature(&mut self, wanted: [u8; 4]) -> Result<(), ContainerError> {
        let at = self.at;
        if self.array()? == wanted {
            Ok(())
        } else {
            Err(form("no header", at))
        }
    }

    /// From the flags to the lengths of name and extra field.
    fn common(&mut self) -> Result<(Common, u16, u16), ContainerError> {
        let (flags, method) = (self.u16()?, self.u16()?);
        self.u32()?; // time and date
        let common = Common {
            flags,
            method,
            crc: self.u32()?,
            packed: self.u32()?,
            length: self.u32()?,
        };
        Ok((common, self.u16()?, self.u16()?))
    }

    fn end(&self) -> Result<(), ContainerError> {
        if self.bytes.is_empty() {
            Ok(())
        } else {
            Err(form("something after the end", self.at))
        }
    }
}
