//! [`Sheet`]: what somebody must know of a page to put a mark on it; and a mark that stands there, ready to be signed.

use super::{
    Appearance, PdfError, Place,
    file::File,
    form::each_field,
    object::Object,
    pages::{self, rectangle},
    painting,
};
use crate::{
    Source,
    mark::{Composed, Page, Room, Size, Stand},
};

/// A page as it is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its boxes, as a mark is placed on it.
    pub page: Page,
    /// Where annotations are, marks of earlier signatures among them, in the page's own units.
    pub taken: Vec<[f64; 4]>,
}

const MOST_ANNOTATIONS: usize = 10_000;
/// Where an annotation may be that says its place in a way that cannot be read.
const EVERYWHERE: [f64; 4] = [-1e6, -1e6, 1e6, 1e6];
/// What a page is without a media box, which it must have: a letter.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

impl Sheet {
    /// Reads the page of this number, from 1 on.
    pub fn read(source: &dyn Source, page: u32) -> Result<Self, PdfError> {
        let file = File::open(source)?;
        Self::of(&file, &pages::find(&file, page)?)
    }

    /// Finds the lowest place of a page, or of the last one, where nothing is painted and no annotation stands.
    pub fn free(source: &dyn Source, page: Option<u32>, size: Size) -> Result<(u32, Stand), PdfError> {
        let file = File::open(source)?;
        let number = page.map_or_else(|| pages::count(&file), Ok)?;
        let room = Self::room(&file, &pages::find(&file, number)?)?;
        Ok((number, room.find(size)?))
    }

    /// A page, and what of it is taken by paint and annotations.
    pub(super) fn room(file: &File<'_>, page: &pages::Page) -> Result<Room, PdfError> {
        let sheet = Self::of(file, page)?;
        let mut room = Room::new(sheet.page);
        painting::take(file, page, &mut room)?;
        for taken in sheet.taken {
            room.take(taken);
        }
        Ok(room)
    }

    /// A page, and what of it is taken by words and pictures.
    pub(super) fn writing(file: &File<'_>, page: &pages::Page) -> Result<Room, PdfError> {
        let mut room = Room::new(Self::of(file, page)?.page);
        painting::take_writing(file, page, &mut room)?;
        Ok(room)
    }

    fn of(file: &File<'_>, page: &pages::Page) -> Result<Self, PdfError> {
        let mut taken = Vec::new();
        for annotation in file
            .array(&page.dictionary, "Annots")?
            .iter()
            .take(MOST_ANNOTATIONS)
        {
            let Some(dictionary) = file.resolve(annotation)?.as_dictionary().cloned() else {
                continue;
            };
            let object = file.value(&dictionary, "Rect")?;
            let place = match rectangle(file, &object)? {
                // Readers make something of it, and not all the same.
                None if object.as_array().is_some_and(|sides| !sides.is_empty()) => Some(EVERYWHERE),
                place => place,
            };
            taken.extend(place.filter(|[left, bottom, right, top]| right > left && top > bottom));
        }
        let media = rectangle(file, &page.value(file, "MediaBox")?)?.unwrap_or(LETTER);
        let crop = rectangle(file, &page.value(file, "CropBox")?)?;
        let rotate = page.value(file, "Rotate")?.as_integer().unwrap_or(0);
        let unit = file.value(&page.dictionary, "UserUnit")?;
        let page =
            Page::new(media, crop, rotate, Object::as_number(&unit)).map_err(|_| PdfError::Option {
                what: "page has no area, or is turned or scaled beyond what pages can be; choose another",
            })?;
        Ok(Self { page, taken })
    }

    /// Where a field stands that its author drew for a signature: the page, the place and the size that the mark is to be
    /// composed in. `None` if the field is not seen.
    pub fn field(source: &dyn Source, name: &str) -> Result<Option<(u32, Stand, Size)>, PdfError> {
        let file = File::open(source)?;
        let mut found = None;
        each_field(&file, |field| {
            if field.name == name {
                found = Some(field);
            }
            Ok(())
        })?;
        let refused = |what: &str| PdfError::Field {
            name: name.into(),
            what: what.into(),
        };
        let field = found.ok_or_else(|| refused("there is none of this name"))?;
        let own = rectangle(&file, &file.value(&field.dictionary, "Rect")?)?;
        let Some(own) = own.filter(|[left, bottom, right, top]| right > left && top > bottom) else {
            return Ok(None);
        };
        let itself = field.reference.map(Object::Reference);
        let mut pages = pages::Walk::new(&file)?;
        while let Some(page) = pages.next()? {
            let annotations = file.array(&page.dictionary, "Annots")?;
            if annotations
                .iter()
                .any(|annotation| Some(annotation) == itself.as_ref())
            {
                let (stand, size) = Self::of(&file, &page)?
                    .page
                    .exactly(own)
                    .map_err(|_| refused("it is too small or too large for a mark; sign without one"))?;
                return Ok(Some((page.number, stand, size)));
            }
        }
        Err(refused("no page shows it"))
    }

    /// How many pages a document has.
    pub fn count(source: &dyn Source) -> Result<u32, PdfError> {
        pages::count(&File::open(source)?)
    }
}

/// The visible mark, where it stands.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    composed: &'a Composed,
    stand: Stand,
    words: String,
}

impl<'a> Standing<'a> {
    /// Takes a mark and where it stands.
    pub fn new(composed: &'a Composed, stand: Stand) -> Self {
        let words = composed.draw(&stand, 1).speech().to_owned();
        Self {
            composed,
            stand,
            words,
        }
    }

    /// The place on the page of this number, from 1 on.
    pub fn on(&'a self, page: u32) -> Place<'a> {
        Place {
            page,
            rectangle: self.stand.rect(),
            appearance: self,
        }
    }
}

impl Appearance for Standing<'_> {
    fn objects(&self, first: u32) -> Vec<Vec<u8>> {
        let drawing = self.composed.draw(&self.stand, first);
        drawing.objects().iter().map(|(_, body)| body.clone()).collect()
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn language(&self) -> &str {
        self.composed.draw(&self.stand, 1).language().tag()
    }
}
