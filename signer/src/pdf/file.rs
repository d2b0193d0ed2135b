//! [`File`]: a PDF read by offset. What is kept of it is bounded, however large it is.

use core::cell::{Cell, RefCell};
use std::{
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use super::{
    PdfError,
    container::Container,
    filter::unpack,
    indirect::Indirect,
    lexer::{Lexer, is_white},
    located::Prefix,
    object::{Dictionary, Object, Reference, Stream},
    painting::Painted,
    section::{Allowance, Entry, Kind, Section},
    unpacked::{Store, Unpacking},
};
use crate::Source;

/// A PDF.
pub(crate) struct File<'a> {
    source: &'a dyn Source,
    /// From the newest to the oldest.
    sections: Vec<Section>,
    containers: RefCell<VecDeque<(u32, Rc<Container>)>>,
    store: Rc<Store>,
    depth: Cell<u32>,
    /// Where the objects are that are read, while this is asked.
    read: RefCell<Option<BTreeMap<u32, Entry>>>,
}

const MOST_SECTIONS: usize = 1_000;
const MOST_CONTAINERS: usize = 4;
/// References that lead to references, lengths that are kept in streams that have lengths.
const DEEPEST: u32 = 16;
/// How far from the end the last `startxref` is looked for.
const TAIL: u64 = 2_048;

impl<'a> File<'a> {
    /// Opens a PDF.
    pub(crate) fn open(source: &'a dyn Source) -> Result<Self, PdfError> {
        Self::with(source, Rc::default())
    }

    /// Opens a PDF, of whose structure no more is unpacked than may still be.
    pub(crate) fn within(source: &'a dyn Source, unpacking: &Unpacking) -> Result<Self, PdfError> {
        Self::with(source, Rc::new(Store::within(unpacking)))
    }

    /// Opens an earlier revision of it, which shares what is unpacked and how much may be.
    pub(crate) fn earlier<'b>(&self, prefix: &'b Prefix<'a>) -> Result<File<'b>, PdfError> {
        File::with(prefix, Rc::clone(&self.store))
    }

    fn with(source: &'a dyn Source, store: Rc<Store>) -> Result<Self, PdfError> {
        require_header(source)?;
        let mut sections = Vec::new();
        let mut next = Some(last_section(source)?);
        let mut allowance = Allowance::new();
        while let Some(at) = next {
            if sections.iter().any(|known: &Section| known.at == at) {
                return Err(PdfError::damaged(
                    at,
                    "the cross-reference sections run in a circle",
                ));
            }
            if sections.len() >= MOST_SECTIONS {
                return Err(PdfError::TooMuch {
                    what: "revisions",
                    most: MOST_SECTIONS as u64,
                });
            }
            let section = Section::read(source, at, &mut allowance)?;
            if section.trailer.get("Encrypt").is_some() {
                return Err(PdfError::Encrypted);
            }
            next = section.previous()?;
            sections.push(section);
        }
        Ok(Self {
            source,
            sections,
            containers: RefCell::default(),
            store,
            depth: Cell::new(0),
            read: RefCell::default(),
        })
    }

    /// Its bytes.
    pub(crate) const fn source(&self) -> &'a dyn Source {
        self.source
    }

    /// Its cross-reference sections, the newest first.
    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The newest trailer.
    pub(crate) fn trailer(&self) -> Result<&Dictionary, PdfError> {
        self.newest().map(|section| &section.trailer)
    }

    fn newest(&self) -> Result<&Section, PdfError> {
        self.sections
            .first()
            .ok_or(PdfError::damaged(0, "it has no cross-references"))
    }

    /// How the newest cross-reference section is written and where it is.
    pub(crate) fn last_section(&self) -> Result<(Kind, u64), PdfError> {
        self.newest().map(|section| (section.kind, section.at))
    }

    /// A number that no object has, nor any above it.
    pub(crate) fn free_number(&self) -> u32 {
        let sizes = self.sections.iter().map(|section| {
            let size = section.trailer.get("Size").and_then(Object::as_integer);
            let size = size.and_then(|size| u32::try_from(size).ok()).unwrap_or(0);
            size.max(section.end())
        });
        sizes.max().unwrap_or(0).max(1)
    }

    /// The catalog's reference.
    pub(crate) fn root(&self) -> Result<Reference, PdfError> {
        let root = self.trailer()?.get("Root").and_then(Object::as_reference);
        root.ok_or(PdfError::damaged(0, "the trailer names no catalog"))
    }

    /// The catalog.
    pub(crate) fn catalog(&self) -> Result<Dictionary, PdfError> {
        let root = self.root()?;
        match self.load(root)? {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(PdfError::damaged(0, "the catalog is no dictionary")),
        }
    }

    /// Where an object is.
    pub(crate) fn entry(&self, number: u32) -> Result<Entry, PdfError> {
        let mut found = Entry::Free;
        for section in &self.sections {
            if let Some(entry) = section.entry(self.source, number)? {
                found = entry;
                break;
            }
        }
        if let Some(read) = self.read.borrow_mut().as_mut() {
            read.insert(number, found);
        }
        Ok(found)
    }

    /// Does something, and tells where the objects were that it read.
    pub(crate) fn recorded<T>(&self, inner: impl FnOnce() -> T) -> (T, BTreeMap<u32, Entry>) {
        // A container that is known already is not asked for where it is.
        self.containers.borrow_mut().clear();
        self.read.replace(Some(BTreeMap::new()));
        let done = inner();
        (done, self.read.take().unwrap_or_default())
    }

    /// What was found painted on its pages, in all revisions.
    pub(crate) fn painted(&self) -> &Painted {
        &self.store.painted
    }

    /// The object that a reference names; `null` if there is none (7.3.10).
    pub(crate) fn load(&self, reference: Reference) -> Result<Object, PdfError> {
        match self.entry(reference.number)? {
            Entry::Free => Ok(Object::Null),
            Entry::At { generation, .. } if generation != reference.generation => Ok(Object::Null),
            Entry::At { offset, .. } => {
                let indirect = self.indirect(reference, offset)?;
                self.whole(indirect)
            }
            Entry::In { .. } if reference.generation != 0 => Ok(Object::Null),
            Entry::In { stream, index } => self.deeper(|| {
                let container = self.container(stream)?;
                container.object(reference.number, index)
            }),
        }
    }

    /// The object as it stands in the file, if it stands there by itself.
    pub(crate) fn load_in_place(&self, reference: Reference) -> Result<Option<Indirect>, PdfError> {
        match self.entry(reference.number)? {
            Entry::At { offset, generation } if generation == reference.generation => {
                self.indirect(reference, offset).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// From where to where the object stands whose number begins at an offset.
    pub(crate) fn extent(
        &self,
        reference: Option<Reference>,
        offset: u64,
    ) -> Result<core::ops::Range<u64>, PdfError> {
        if !self
            .source
            .bytes(offset..offset.saturating_add(1))?
            .iter()
            .all(u8::is_ascii_digit)
        {
            return Err(PdfError::damaged(offset, "an object should begin here"));
        }
        let indirect = match reference {
            Some(reference) => self.indirect(reference, offset)?,
            None => Indirect::read(self.source, offset)?,
        };
        let length = self.length(&indirect)?;
        Ok(offset..indirect.end(self.source, length)?)
    }

    fn indirect(&self, reference: Reference, offset: u64) -> Result<Indirect, PdfError> {
        let indirect = Indirect::read(self.source, offset)?;
        if indirect.reference == reference {
            Ok(indirect)
        } else {
            Err(PdfError::damaged(
                offset,
                "another object is here than the cross-references say",
            ))
        }
    }

    /// How long the data of a stream is.
    fn length(&self, indirect: &Indirect) -> Result<Option<u64>, PdfError> {
        let dictionary = indirect.object.as_dictionary();
        let length = match dictionary.and_then(|dictionary| dictionary.get("Length")) {
            Some(length) if indirect.data.is_some() => self.deeper(|| self.resolve(length))?.as_integer(),
            _ => None,
        };
        Ok(length.and_then(|length| u64::try_from(length).ok()))
    }

    fn whole(&self, indirect: Indirect) -> Result<Object, PdfError> {
        let length = self.length(&indirect)?;
        match indirect.stream(self.source, length)? {
            Some((dictionary, data)) => Ok(Object::Stream(Stream {
                dictionary: dictionary.clone(),
                data,
            })),
            None => Ok(indirect.object),
        }
    }

    fn deeper<T>(&self, inner: impl FnOnce() -> Result<T, PdfError>) -> Result<T, PdfError> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return Err(PdfError::damaged(0, "its structure runs in a circle"));
        }
        self.depth.set(depth + 1);
        let result = inner();
        self.depth.set(depth);
        result
    }

    /// What an object stands for: itself, or what it refers to.
    pub(crate) fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        match object {
            Object::Reference(reference) => {
                let object = self.load(*reference)?;
                match object {
                    Object::Reference(_) => self.deeper(|| self.resolve(&object)),
                    object => Ok(object),
                }
            }
            object => Ok(object.clone()),
        }
    }

    /// The value of a key, resolved; `Null` if it is not there.
    pub(crate) fn value(&self, dictionary: &Dictionary, key: &str) -> Result<Object, PdfError> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The dictionary that a key leads to.
    pub(crate) fn dictionary(
        &self,
        dictionary: &Dictionary,
        key: &str,
    ) -> Result<Option<Dictionary>, PdfError> {
        Ok(match self.value(dictionary, key)? {
            Object::Dictionary(value) => Some(value),
            Object::Stream(stream) => Some(stream.dictionary),
            _ => None,
        })
    }

    /// The array that a key leads to; empty if there is none.
    pub(crate) fn array(&self, dictionary: &Dictionary, key: &str) -> Result<Vec<Object>, PdfError> {
        Ok(match self.value(dictionary, key)? {
            Object::Array(items) => items,
            _ => Vec::new(),
        })
    }

    /// The unpacked data of a stream.
    pub(crate) fn unpacked(&self, stream: &Stream, most: u64) -> Result<Vec<u8>, PdfError> {
        if stream.data.end.saturating_sub(stream.data.start) > most {
            return Err(PdfError::TooMuch {
                what: "bytes in one packed part of its structure",
                most,
            });
        }
        let mut dictionary = stream.dictionary.clone();
        for key in ["Filter", "DecodeParms"] {
            if let Some(value) = stream.dictionary.get(key) {
                dictionary.set(key, self.resolve(value)?);
            }
        }
        unpack(&dictionary, self.source.bytes(stream.data.clone())?, most)
    }

    /// Takes so many bytes from what may still be unpacked of it.
    pub(crate) fn spend(&self, bytes: usize) -> Result<(), PdfError> {
        self.store.spend(bytes)
    }

    fn container(&self, number: u32) -> Result<Rc<Container>, PdfError> {
        let known = self
            .containers
            .borrow()
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, container)| Rc::clone(container));
        if let Some(container) = known {
            return Ok(container);
        }
        let Entry::At {
            generation: 0,
            offset,
        } = self.entry(number)?
        else {
            return Err(PdfError::damaged(0, "an object stream that is not there"));
        };
        let reference = Reference {
            number,
            generation: 0,
        };
        let Object::Stream(stream) = self.whole(self.indirect(reference, offset)?)? else {
            return Err(PdfError::damaged(offset, "an object stream should be here"));
        };
        let container = self.store.container(&stream, || {
            let data = self.unpacked(&stream, Container::MOST)?;
            self.store.spend(data.len())?;
            Container::new(offset, &stream.dictionary, data)
        })?;
        let mut containers = self.containers.borrow_mut();
        containers.truncate(MOST_CONTAINERS - 1);
        containers.push_front((number, Rc::clone(&container)));
        Ok(container)
    }
}

/// `%PDF-m.n` at byte 0: offsets count from there, and a signature covers from there.
fn require_header(source: &dyn Source) -> Result<(), PdfError> {
    let header = source.bytes(0..8.min(source.length()))?;
    match header.strip_prefix(b"%PDF-") {
        Some([b'1'..=b'2', b'.', b'0'..=b'9']) => Ok(()),
        _ => Err(PdfError::NotPdf),
    }
}

fn last_section(source: &dyn Source) -> Result<u64, PdfError> {
    let length = source.length();
    let start = length.saturating_sub(TAIL);
    let tail = source.bytes(start..length)?;
    let mark = b"startxref";
    let place = tail.windows(mark.len()).rposition(|window| window == mark);
    let missing = PdfError::damaged(length, "its end is missing");
    let Some(place) = place else { return Err(missing) };
    let rest = tail.get(place + mark.len()..).unwrap_or_default();
    if !rest.first().copied().is_some_and(is_white) {
        return Err(missing);
    }
    let offset = Lexer::new(rest, true).integer().ok().flatten();
    let offset = offset
        .and_then(|offset| u64::try_from(offset).ok())
        .filter(|offset| *offset < length);
    offset.ok_or(missing)
}
