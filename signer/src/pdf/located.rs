//! [`Located`]: a signature as it stands in the file, with everything that is wrong about where and how it stands.
//!
//! The ranges of a signature must leave out the string of its own value and nothing else. Whatever else could be left
//! out, or read from another place than the one that was checked, is a fault.

use core::ops::Range;

use super::{
    PdfError, PdfFault,
    file::File,
    form::Field,
    indirect::Indirect,
    object::{Dictionary, Object},
};
use crate::{Source, SourceError};

/// A signature in its place.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) field: Field,
    pub(crate) dictionary: Dictionary,
    /// What it covers; empty if that cannot be told.
    pub(crate) ranges: Vec<Range<u64>>,
    /// Where the string of its value stands, brackets included.
    pub(crate) gap: Range<u64>,
    /// Its value with the zeros after it; empty if there is none.
    pub(crate) value: Vec<u8>,
    pub(crate) faults: Vec<PdfFault>,
}

/// No value is larger.
const MOST_VALUE: u64 = 4 * 1024 * 1024;

impl Located {
    /// Reads the signature of a field; nothing if the field is empty.
    pub(crate) fn read(file: &File<'_>, field: Field) -> Result<Option<Self>, PdfError> {
        let Some(held) = field.dictionary.get("V").cloned() else {
            return Ok(None);
        };
        let mut located = Self {
            field,
            dictionary: Dictionary::new(),
            ranges: Vec::new(),
            gap: 0..0,
            value: Vec::new(),
            faults: Vec::new(),
        };
        let in_place = match held.as_reference() {
            Some(reference) => file.load_in_place(reference)?,
            None => None,
        };
        if let Some(Indirect {
            object: Object::Dictionary(dictionary),
            places,
            data: None,
            ..
        }) = in_place
        {
            located.dictionary = dictionary;
            located.measure(file.source(), &places)?;
        } else {
            located.fault(PdfFault::NotAnObject);
            if let Object::Dictionary(dictionary) = file.resolve(&held)? {
                located.dictionary = dictionary;
            }
        }
        Ok(Some(located))
    }

    fn fault(&mut self, fault: PdfFault) {
        self.faults.push(fault);
    }

    /// The first byte after what it covers.
    pub(crate) fn end(&self) -> Option<u64> {
        self.ranges.last().map(|range| range.end)
    }

    fn measure(&mut self, source: &dyn Source, places: &[(Vec<u8>, Range<u64>)]) -> Result<(), PdfError> {
        let place = |key: &[u8]| {
            let mut found = places
                .iter()
                .filter(|(known, _)| known == key)
                .map(|(_, place)| place);
            (found.next().cloned(), found.next().is_none())
        };
        let (Some(gap), true) = place(b"Contents") else {
            self.fault(PdfFault::ValueMissing);
            return Ok(());
        };
        self.gap = gap;
        self.measure_value(source)?;
        if !place(b"ByteRange").1 {
            self.fault(PdfFault::RangesTwice);
            return Ok(());
        }
        let numbers = self.dictionary.get("ByteRange").and_then(Object::as_array);
        let numbers =
            numbers.map(|numbers| numbers.iter().map(|number| number.as_integer()?.try_into().ok()));
        let numbers: Option<Vec<u64>> = numbers.and_then(Iterator::collect);
        let Some([first, before, second, after]) = numbers.as_deref() else {
            self.fault(PdfFault::RangesForm);
            return Ok(());
        };
        let end = second.checked_add(*after).filter(|end| *end <= source.length());
        match end {
            None => self.fault(PdfFault::RangesBeyond),
            Some(_) if *first != 0 => self.fault(PdfFault::RangesStart),
            Some(end) => {
                if *before != self.gap.start || *second != self.gap.end {
                    self.fault(PdfFault::RangesGap);
                }
                if before <= second {
                    self.ranges = vec![0..*before, *second..end];
                } else {
                    self.fault(PdfFault::RangesOverlap);
                }
            }
        }
        Ok(())
    }

    /// The value must be one hexadecimal string, digits only, with DER and then zeros.
    fn measure_value(&mut self, source: &dyn Source) -> Result<(), PdfError> {
        let length = self.gap.end - self.gap.start;
        if !matches!(self.dictionary.get("Contents"), Some(Object::Text(_))) || length > MOST_VALUE {
            self.fault(PdfFault::ValueForm);
            return Ok(());
        }
        let raw = source.bytes(self.gap.clone())?;
        let digits = raw.strip_prefix(b"<").and_then(|raw| raw.strip_suffix(b">"));
        if !digits.is_some_and(|digits| digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit)) {
            self.fault(PdfFault::ValueDigits);
        }
        let bytes = self
            .dictionary
            .get("Contents")
            .and_then(Object::as_text)
            .unwrap_or_default();
        if bytes.iter().all(|byte| *byte == 0) {
            self.fault(PdfFault::ValueEmpty);
        } else {
            self.value = bytes.to_vec();
        }
        Ok(())
    }
}

/// A file as it was when it ended earlier.
pub(crate) struct Prefix<'a> {
    source: &'a dyn Source,
    length: u64,
}

impl<'a> Prefix<'a> {
    /// The first bytes of a source.
    pub(crate) fn new(source: &'a dyn Source, length: u64) -> Self {
        Self {
            source,
            length: length.min(source.length()),
        }
    }
}

impl Source for Prefix<'_> {
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
        self.source.read_at(offset, buffer)
    }
}
