//! [`Update`]: what is appended to a PDF (ISO 32000-2, 7.5.6). The bytes before it are not touched.

use std::collections::BTreeMap;

use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object, Reference},
    section::Kind,
};

/// An incremental update in the making.
pub(crate) struct Update<'f, 'a> {
    file: &'f File<'a>,
    base: u64,
    bytes: Vec<u8>,
    written: BTreeMap<u32, (u64, u16)>,
    next: u32,
}

/// The highest offset that a table can tell.
const MOST_IN_TABLE: u64 = 9_999_999_999;

impl<'f, 'a> Update<'f, 'a> {
    /// Begins after the last byte.
    pub(crate) fn new(file: &'f File<'a>) -> Self {
        Self {
            file,
            base: file.source().length(),
            bytes: b"\n".to_vec(),
            written: BTreeMap::new(),
            next: file.free_number(),
        }
    }

    /// A name for a new object.
    pub(crate) fn reserve(&mut self) -> Reference {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        Reference {
            number,
            generation: 0,
        }
    }

    /// The offset of the next byte.
    fn place(&self) -> u64 {
        self.base + self.bytes.len() as u64
    }

    /// Writes a new object or another value of an old one.
    pub(crate) fn put(&mut self, reference: Reference, object: &Object) {
        let mut body = Vec::new();
        object.write(&mut body);
        self.put_body(reference, &body);
    }

    /// Writes an object whose body is made already. Returns where in the file the body stands.
    pub(crate) fn put_body(&mut self, reference: Reference, body: &[u8]) -> u64 {
        self.written
            .insert(reference.number, (self.place(), reference.generation));
        let head = format!("{} {} obj\n", reference.number, reference.generation);
        self.bytes.extend(head.bytes());
        let place = self.place();
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
        place
    }

    /// Writes a new object.
    pub(crate) fn add(&mut self, object: &Object) -> Reference {
        let reference = self.reserve();
        self.put(reference, object);
        reference
    }

    /// Writes consecutive new objects, whose bodies are made when the first number is known. Returns the first.
    pub(crate) fn add_bodies(&mut self, bodies: impl FnOnce(u32) -> Vec<Vec<u8>>) -> Reference {
        let first = Reference {
            number: self.next,
            generation: 0,
        };
        for body in bodies(first.number) {
            let reference = self.reserve();
            self.put_body(reference, &body);
        }
        first
    }

    /// Writes a new stream of data that is not packed.
    pub(crate) fn add_stream(&mut self, dictionary: Dictionary, data: &[u8]) -> Reference {
        let reference = self.reserve();
        let length = i64::try_from(data.len()).unwrap_or(i64::MAX);
        let mut body = Vec::with_capacity(data.len() + 64);
        dictionary
            .with("Length", Object::Integer(length))
            .write(&mut body);
        body.extend(b"\nstream\n");
        body.extend(data);
        body.extend(b"\nendstream");
        self.put_body(reference, &body);
        reference
    }

    /// Closes the update with cross-references of the kind that the file ends with. `chance` makes the second element of
    /// the file's identifier.
    pub(crate) fn finish(mut self, chance: &[u8; 16]) -> Result<Vec<u8>, PdfError> {
        let (kind, previous) = self.file.last_section()?;
        let trailer = self.trailer(previous, chance)?;
        let at = self.place();
        match kind {
            Kind::Table => self.table(&trailer)?,
            Kind::Stream => self.stream(trailer),
        }
        self.bytes.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        Ok(self.bytes)
    }

    /// The newest trailer with what is new; without what told of its own section.
    fn trailer(&self, previous: u64, chance: &[u8; 16]) -> Result<Dictionary, PdfError> {
        let mut trailer = self.file.trailer()?.clone();
        for key in [
            "XRefStm",
            "Type",
            "W",
            "Index",
            "Length",
            "Filter",
            "DecodeParms",
            "DL",
            "F",
            "FFilter",
            "FDecodeParms",
        ] {
            trailer.remove(key);
        }
        let fresh = Object::Text(chance.to_vec());
        let id = self.file.array(&trailer, "ID")?;
        let first = id.first().filter(|id| id.as_text().is_some());
        let id = vec![first.unwrap_or(&fresh).clone(), fresh.clone()];
        trailer.set("ID", Object::Array(id));
        trailer.set(
            "Prev",
            Object::Integer(i64::try_from(previous).unwrap_or(i64::MAX)),
        );
        trailer.set("Size", Object::Integer(i64::from(self.next)));
        Ok(trailer)
    }

    /// Consecutive numbers with their first.
    fn runs(&self) -> Vec<(u32, Vec<(u64, u16)>)> {
        let mut runs: Vec<(u32, Vec<(u64, u16)>)> = Vec::new();
        for (number, place) in &self.written {
            match runs.last_mut() {
                Some((first, places)) if *number as usize == *first as usize + places.len() => {
                    places.push(*place);
                }
                _ => runs.push((*number, vec![*place])),
            }
        }
        runs
    }

    fn table(&mut self, trailer: &Dictionary) -> Result<(), PdfError> {
        if self.place() > MOST_IN_TABLE {
            return Err(PdfError::TooMuch {
                what: "bytes before its cross-reference table",
                most: MOST_IN_TABLE,
            });
        }
        let runs = self.runs();
        self.bytes.extend(b"xref\n");
        for (first, places) in runs {
            self.bytes.extend(format!("{first} {}\n", places.len()).bytes());
            for (offset, generation) in places {
                self.bytes
                    .extend(format!("{offset:010} {generation:05} n\r\n").bytes());
            }
        }
        self.bytes.extend(b"trailer\n");
        trailer.write(&mut self.bytes);
        self.bytes.push(b'\n');
        Ok(())
    }

    fn stream(&mut self, trailer: Dictionary) {
        let itself = self.reserve();
        self.written.insert(itself.number, (self.place(), 0));
        let runs = self.runs();
        let mut index = Vec::new();
        let mut rows = Vec::new();
        for (first, places) in runs {
            let count = i64::try_from(places.len()).unwrap_or(i64::MAX);
            index.extend([Object::Integer(i64::from(first)), Object::Integer(count)]);
            for (offset, generation) in places {
                rows.push(1);
                rows.extend(offset.to_be_bytes());
                rows.extend(generation.to_be_bytes());
            }
        }
        let dictionary = trailer
            .with("Type", Object::name("XRef"))
            .with("Size", Object::Integer(i64::from(self.next)))
            .with("W", Object::Array([1, 8, 2].map(Object::Integer).to_vec()))
            .with("Index", Object::Array(index))
            .with(
                "Length",
                Object::Integer(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
            );
        self.bytes.extend(format!("{} 0 obj\n", itself.number).bytes());
        dictionary.write(&mut self.bytes);
        self.bytes.extend(b"\nstream\n");
        self.bytes.extend(rows);
        self.bytes.extend(b"\nendstream\nendobj\n");
    }
}
