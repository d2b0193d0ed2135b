//! An indirect object as it stands in the file (ISO 32000-2, 7.3.10): number, generation, `obj`, value, `endobj`.

use core::ops::Range;

use super::{
    PdfError,
    lexer::{Fault, Lexer},
    object::{Dictionary, Object, Reference},
    parser::{Places, object_with_places},
    window::read_at,
};
use crate::Source;

/// An indirect object.
#[derive(Clone, Debug)]
pub(crate) struct Indirect {
    pub(crate) reference: Reference,
    pub(crate) object: Object,
    /// Where the values of a dictionary stand in the file.
    pub(crate) places: Vec<(Vec<u8>, Range<u64>)>,
    /// Where the data of a stream begins.
    pub(crate) data: Option<u64>,
    /// The first byte after it; of a stream, the first of its data.
    end: u64,
}

impl Indirect {
    /// Reads the object at an offset.
    pub(crate) fn read(source: &dyn Source, at: u64) -> Result<Self, PdfError> {
        let ((reference, object, places, is_stream), end) = read_at(source, at, parts)?;
        let places = places
            .into_iter()
            .map(|(key, place)| (key, at + place.start as u64..at + place.end as u64))
            .collect();
        Ok(Self {
            reference,
            object,
            places,
            data: is_stream.then_some(end),
            end,
        })
    }

    /// The dictionary of a stream and where its data is, if its length is this.
    pub(crate) fn stream(
        &self,
        source: &dyn Source,
        length: Option<u64>,
    ) -> Result<Option<(&Dictionary, Range<u64>)>, PdfError> {
        let Some((dictionary, start)) = self.object.as_dictionary().zip(self.data) else {
            return Ok(None);
        };
        let end = length
            .and_then(|length| start.checked_add(length))
            .filter(|end| *end <= source.length())
            .ok_or(PdfError::damaged(start, "a stream without its length"))?;
        after_stream(source, end)?;
        Ok(Some((dictionary, start..end)))
    }

    /// The first byte after it, if its data, where it has some, is of this length.
    pub(crate) fn end(&self, source: &dyn Source, length: Option<u64>) -> Result<u64, PdfError> {
        match self.stream(source, length)? {
            Some((_, data)) => after_stream(source, data.end),
            None => Ok(self.end),
        }
    }
}

/// Goes beyond the words after the data of a stream.
fn after_stream(source: &dyn Source, end: u64) -> Result<u64, PdfError> {
    let (ends, after) = read_at(source, end, |lexer| {
        Ok(lexer.keyword(b"endstream")? && lexer.keyword(b"endobj")?)
    })?;
    ends.then_some(after).ok_or(PdfError::damaged(
        end,
        "a stream does not end where its length says",
    ))
}

fn parts(lexer: &mut Lexer<'_>) -> Result<(Reference, Object, Places, bool), Fault> {
    let fault = |at, what| Err(Fault::Form { at, what });
    let number = lexer.integer()?.and_then(|number| u32::try_from(number).ok());
    let generation = lexer.integer()?.and_then(|number| u16::try_from(number).ok());
    let Some((number, generation)) = number.zip(generation) else {
        return fault(lexer.at(), "an object should begin here");
    };
    if !lexer.keyword(b"obj")? {
        return fault(lexer.at(), "an object should begin here");
    }
    let reference = Reference { number, generation };
    let (object, places) = object_with_places(lexer)?;
    if matches!(object, Object::Dictionary(_)) && lexer.keyword(b"stream")? {
        lexer.skip_stream_line()?;
        return Ok((reference, object, places, true));
    }
    if lexer.keyword(b"endobj")? {
        Ok((reference, object, places, false))
    } else {
        fault(lexer.at(), "an object does not end")
    }
}
