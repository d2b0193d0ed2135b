//! What was added after a signature, byte by byte. Programs that repair files search them for objects and show what they
//! find, so nothing may be there that the cross-references do not list, nor anything that makes a program repair.

use core::ops::Range;
use std::collections::BTreeSet;

use super::{
    PdfError,
    file::File,
    lexer::{is_regular, is_white},
    object::{Object, Reference},
    section::{Entry, Kind, Section},
};
use crate::{Alteration, Source};

/// Something that no strict reader minds and a repairing one shows. It harms every signature that ends before it.
#[derive(Clone, Debug)]
pub(super) struct Loose {
    pub(super) at: u64,
    pub(super) what: Alteration,
}

const MOST_OBJECTS: usize = 500_000;
/// No file that readers take has numbers above (ISO 32000-1, annex C).
const MOST_NUMBERS: i64 = 8_388_608;
/// Between two objects nobody leaves more.
const LONGEST_GAP: u64 = 4_096;
/// An end of line, which some programs add.
const LONGEST_TAIL: u64 = 2;

/// Whatever is loose after an offset at which a revision ends.
pub(super) fn loose(file: &File<'_>, end: u64) -> Result<Vec<Loose>, PdfError> {
    let mut check = Check {
        file,
        source: file.source(),
        found: Vec::new(),
        pieces: Vec::new(),
    };
    let sections = file.sections();
    let mut size = 0;
    for section in sections.iter().rev() {
        let stated = section.trailer.get("Size").and_then(Object::as_integer);
        size = i64::from(section.end()).max(size);
        if section.at >= end {
            // Producers leave room above; below, some readers would not see all objects.
            if !stated.is_some_and(|stated| (size..=MOST_NUMBERS).contains(&stated)) {
                check.tell(section.at, Alteration::OddReferences);
            }
            check.section(section, end)?;
        }
        size = stated.unwrap_or_default().max(size);
    }
    check.gaps(end)?;
    check.hidden(end)?;
    Ok(check.found)
}

struct Check<'f, 'a> {
    file: &'f File<'a>,
    source: &'a dyn Source,
    found: Vec<Loose>,
    /// What is listed, and where its first byte must be.
    pieces: Vec<(u64, u64)>,
}

impl Check<'_, '_> {
    fn tell(&mut self, at: u64, what: Alteration) {
        self.found.push(Loose { at, what });
    }

    /// The objects of a section, and the section itself with all that belongs to it.
    fn section(&mut self, section: &Section, end: u64) -> Result<(), PdfError> {
        if section.kind == Kind::Table {
            let between = self
                .source
                .bytes(section.close.start..(section.close.start + 64).min(section.close.end))?;
            let white = between.iter().take_while(|byte| is_white(**byte)).count();
            if !section.is_regular()
                || between.get(white) != Some(&b'<')
                || !self.is_made_of(section.at..section.close.start, is_of_table)?
            {
                self.tell(section.at, Alteration::OddReferences);
            }
            if let Some(hidden) = section.trailer.get("XRefStm").and_then(Object::as_integer) {
                self.object(None, u64::try_from(hidden).unwrap_or_default(), end)?;
            }
        }
        match self.after(section)? {
            Some(close) if section.kind == Kind::Table => self.pieces.push((section.at, close)),
            Some(close) => {
                self.object(None, section.at, end)?;
                self.pieces.push((section.close.end, close));
            }
            None => self.tell(section.close.end.max(end), Alteration::OddReferences),
        }
        for number in section.numbers() {
            if self.pieces.len() > MOST_OBJECTS {
                self.tell(self.source.length(), Alteration::Unlisted);
                break;
            }
            if let Some(Entry::At { offset, generation }) = section.entry(self.source, number)?
                && offset >= end
            {
                self.object(Some(Reference { number, generation }), offset, end)?;
            }
        }
        Ok(())
    }

    fn object(&mut self, reference: Option<Reference>, offset: u64, end: u64) -> Result<(), PdfError> {
        if offset < end {
            return Ok(());
        }
        match self.file.extent(reference, offset) {
            Ok(extent) => self.pieces.push((extent.start, extent.end)),
            Err(PdfError::Source(error @ crate::SourceError::Io(_))) => return Err(error.into()),
            Err(_) => self.tell(offset, Alteration::Unlisted),
        }
        Ok(())
    }

    /// Where `startxref`, the offset in plain digits, and `%%EOF` end, if they are there.
    fn after(&self, section: &Section) -> Result<Option<u64>, PdfError> {
        let start = section.close.end;
        let bytes = self
            .source
            .bytes(start..(start + LONGEST_GAP).min(self.source.length()))?;
        let Some(word) = bytes.windows(9).position(|window| window == b"startxref") else {
            return Ok(None);
        };
        let (gap, rest) = bytes.split_at_checked(word).unwrap_or_default();
        let rest = rest.get(9..).unwrap_or_default();
        let digits = section.at.to_string();
        let place = |rest: &[u8]| {
            let (white, rest) = white(rest);
            let rest = rest.strip_prefix(digits.as_bytes()).filter(|_| white > 0)?;
            let (white, rest) = self::white(rest);
            rest.strip_prefix(b"%%EOF").filter(|_| white > 0).map(<[u8]>::len)
        };
        let left = place(rest).filter(|_| is_gap(gap));
        Ok(left.map(|left| start + (bytes.len() - left) as u64))
    }

    /// Nothing but white space and plain comments between what is listed, and nothing after it.
    fn gaps(&mut self, end: u64) -> Result<(), PdfError> {
        self.pieces.sort_unstable();
        self.pieces.dedup();
        let mut at = end;
        for (start, close) in core::mem::take(&mut self.pieces) {
            if start < at {
                self.tell(start, Alteration::HiddenInside);
            } else if start - at > LONGEST_GAP || !is_gap(&self.source.bytes(at..start)?) {
                self.tell(start - 1, Alteration::Unlisted);
            }
            at = at.max(close);
            self.pieces.push((start, close));
        }
        let length = self.source.length();
        if length.saturating_sub(at) > LONGEST_TAIL || !self.is_made_of(at..length, is_white)? {
            self.tell(length.saturating_sub(1), Alteration::Tail);
        }
        Ok(())
    }

    /// What reads as the head of an object where none is listed, in whatever data, string or comment.
    fn hidden(&mut self, end: u64) -> Result<(), PdfError> {
        let starts = self
            .pieces
            .iter()
            .map(|(start, _)| *start)
            .collect::<BTreeSet<_>>();
        let mut heads = Heads::default();
        let mut hidden = None;
        self.each_byte(end..self.source.length(), |at, byte| {
            let found = heads.next(at, byte).filter(|found| !starts.contains(found));
            // The last harms the most signatures.
            hidden = found.or(hidden);
            true
        })?;
        if let Some(at) = hidden {
            self.tell(at, Alteration::HiddenInside);
        }
        Ok(())
    }

    fn is_made_of(&self, range: Range<u64>, of: impl Fn(u8) -> bool) -> Result<bool, PdfError> {
        let mut all = true;
        self.each_byte(range, |_, byte| {
            all = of(byte);
            all
        })?;
        Ok(all)
    }

    /// Until the visitor wants no more.
    fn each_byte(&self, range: Range<u64>, mut visit: impl FnMut(u64, u8) -> bool) -> Result<(), PdfError> {
        const PIECE: u64 = 64 * 1024;
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start + PIECE);
            for (at, byte) in (start..end).zip(self.source.bytes(start..end)?) {
                if !visit(at, byte) {
                    return Ok(());
                }
            }
            start = end;
        }
        Ok(())
    }
}

/// `number generation obj` in a row of bytes, however it is embedded.
#[derive(Default)]
struct Heads {
    /// Where the digits begin with which the last two words and this one end.
    words: [Option<u64>; 3],
    /// How much of `obj` this word has after its beginning or its digits.
    matched: usize,
    inside: bool,
}

impl Heads {
    fn next(&mut self, at: u64, byte: u8) -> Option<u64> {
        if !is_regular(byte) {
            if !is_white(byte) {
                self.words = [None; 3];
            }
            self.inside = false;
            return None;
        }
        if !self.inside {
            self.words.rotate_left(1);
            let [.., word] = &mut self.words;
            *word = None;
            self.inside = true;
            self.matched = 0;
        }
        let [first, second, word] = &mut self.words;
        if byte.is_ascii_digit() {
            word.get_or_insert(at);
            self.matched = 0;
            return None;
        }
        let expected = b"obj".get(self.matched) == Some(&byte);
        if !expected {
            *word = None;
            self.matched = usize::MAX;
            return None;
        }
        self.matched += 1;
        if self.matched < 3 {
            return None;
        }
        // `4 0obj` is read as a head too.
        match (*first, *second, *word) {
            (_, Some(number), Some(_)) | (Some(number), Some(_), None) => Some(number),
            _ => None,
        }
    }
}

fn white(bytes: &[u8]) -> (usize, &[u8]) {
    let count = bytes.iter().take_while(|byte| is_white(**byte)).count();
    (count, bytes.get(count..).unwrap_or_default())
}

/// White space, and lines of comment that name what wrote the file, as some producers leave.
fn is_gap(bytes: &[u8]) -> bool {
    bytes.split(|byte| matches!(byte, b'\r' | b'\n')).all(|line| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" %-_.,:;".contains(byte);
        let holds = |word: &[u8]| line.windows(word.len()).any(|window| window == word);
        line.iter().all(|byte| is_white(*byte))
            || line.starts_with(b"%")
                && line.len() < 128
                && line.iter().all(plain)
                && ![b"obj".as_slice(), b"xref", b"trailer", b"stream", b"EOF", b"PDF"]
                    .iter()
                    .any(|word| holds(word))
    })
}

const fn is_of_table(byte: u8) -> bool {
    is_white(byte) || byte.is_ascii_digit() || byte.is_ascii_lowercase()
}
