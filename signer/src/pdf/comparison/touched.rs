//! Which objects a later revision changes, by its cross-references.

use std::collections::BTreeSet;

use crate::{
    Alteration, Source,
    pdf::{
        PdfError,
        file::File,
        object::{Object, Reference, Stream},
        section::Entry,
    },
};

/// What later revisions wrote.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Objects that were there and are different.
    pub(super) touched: BTreeSet<u32>,
    /// Objects that were not there.
    pub(super) added: BTreeSet<u32>,
    /// Objects that now come from bytes which were in the file before.
    pub(super) recalled: BTreeSet<u32>,
}

const MOST: usize = 500_000;

/// The objects, or why the revisions cannot be compared.
pub(super) fn find(before: &File<'_>, after: &File<'_>) -> Result<Result<Found, Alteration>, PdfError> {
    let end = before.source().length();
    let (_, last) = before.last_section()?;
    let newer = after
        .sections()
        .iter()
        .take_while(|section| section.at != last)
        .count();
    let (newer, older) = after.sections().split_at(newer);
    if older.len() != before.sections().len() || newer.iter().any(|section| section.at < end) {
        return Ok(Err(Alteration::SectionsReplaced));
    }
    if before.root()? != after.root()? {
        return Ok(Err(Alteration::CatalogReplaced));
    }
    let mut found = Found::default();
    let mut numbers = BTreeSet::new();
    for number in newer.iter().flat_map(super::super::section::Section::numbers) {
        numbers.insert(number);
        if numbers.len() > MOST {
            return Ok(Err(Alteration::TooManyObjects));
        }
    }
    for number in numbers {
        let (old, new) = (before.entry(number)?, after.entry(number)?);
        if old == new {
            continue;
        }
        let was = load(before, number, old)?;
        if !matches!(new, Entry::Free) && offset(after, new)? < end {
            found.recalled.insert(number);
        }
        if was == Object::Null {
            found.added.insert(number);
        } else if !same(before, &was, after, &load(after, number, new)?)? {
            found.touched.insert(number);
        }
    }
    Ok(Ok(found))
}

fn load(file: &File<'_>, number: u32, entry: Entry) -> Result<Object, PdfError> {
    let generation = match entry {
        Entry::At { generation, .. } => generation,
        Entry::Free | Entry::In { .. } => 0,
    };
    file.load(Reference { number, generation })
}

/// Where the bytes of an object are.
fn offset(file: &File<'_>, entry: Entry) -> Result<u64, PdfError> {
    Ok(match entry {
        Entry::Free => u64::MAX,
        Entry::At { offset, .. } => offset,
        Entry::In { stream, .. } => match file.entry(stream)? {
            Entry::At { offset, .. } => offset,
            Entry::Free | Entry::In { .. } => 0,
        },
    })
}

fn same(before: &File<'_>, was: &Object, after: &File<'_>, is: &Object) -> Result<bool, PdfError> {
    match (was, is) {
        (Object::Stream(was), Object::Stream(is)) => {
            Ok(was.dictionary == is.dictionary && same_data((before.source(), was), (after.source(), is))?)
        }
        _ => Ok(was == is),
    }
}

fn same_data(
    (before, was): (&dyn Source, &Stream),
    (after, is): (&dyn Source, &Stream),
) -> Result<bool, PdfError> {
    const PIECE: u64 = 64 * 1024;
    let length = was.data.end - was.data.start;
    if is.data.end - is.data.start != length {
        return Ok(false);
    }
    let mut at = 0;
    while at < length {
        let next = length.min(at + PIECE);
        let piece = |source: &dyn Source, start: u64| source.bytes(start + at..start + next);
        if piece(before, was.data.start)? != piece(after, is.data.start)? {
            return Ok(false);
        }
        at = next;
    }
    Ok(true)
}
