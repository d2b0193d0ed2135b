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
/// Flags by which an annotation keeps upright or its size when the page does not (ISO 32000-2, 12.5.3).
const ELSEWHERE: i64 = 8 | 16;
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
        let (sheet, is_told) = Self::told(file, page)?;
        if !is_told {
            return Err(PdfError::Painted {
                page: page.number,
                what: "where its annotations stand cannot be told",
            });
        }
        let mut room = painting::take(file, page, Room::new(sheet.page))?;
        for taken in sheet.taken {
            room.take(taken);
        }
        Ok(room)
    }

    /// A page, and what of it is taken by words and pictures.
    pub(super) fn writing(file: &File<'_>, page: &pages::Page) -> Result<Room, PdfError> {
        painting::take_writing(file, page, Room::new(Self::of(file, page)?.page))
    }

    fn of(file: &File<'_>, page: &pages::Page) -> Result<Self, PdfError> {
        Ok(Self::told(file, page)?.0)
    }

    /// A page, and whether all of its annotations tell where they stand.
    fn told(file: &File<'_>, page: &pages::Page) -> Result<(Self, bool), PdfError> {
        let mut taken = Vec::new();
        let rotate = page.value(file, "Rotate")?.as_integer().unwrap_or(0);
        let annotations = file.array(&page.dictionary, "Annots")?;
        let mut is_told = annotations.len() <= MOST_ANNOTATIONS;
        for annotation in annotations.iter().take(MOST_ANNOTATIONS) {
            let Some(dictionary) = file.resolve(annotation)?.as_dictionary().cloned() else {
                continue;
            };
            let place = file.value(&dictionary, "Rect")?;
            let is_none = place == Object::Null;
            let place = rectangle(file, &place)?;
            is_told &= is_none || place.is_some();
            let Some([left, bottom, right, top]) = place else {
                continue;
            };
            let flags = match file.value(&dictionary, "F")? {
                Object::Null => 0,
                flags => flags.as_integer().unwrap_or(ELSEWHERE),
            };
            // Turned around one of its corners, or scaled there.
            let around = if flags & ELSEWHERE != 0 && rotate % 360 != 0 {
                (right - left).max(top - bottom)
            } else {
                0.0
            };
            if right > left && top > bottom {
                taken.push([left - around, bottom - around, right + around, top + around]);
            }
        }
        let media = rectangle(file, &page.value(file, "MediaBox")?)?.unwrap_or(LETTER);
        let crop = rectangle(file, &page.value(file, "CropBox")?)?;
        let unit = file.value(&page.dictionary, "UserUnit")?;
        let page =
            Page::new(media, crop, rotate, Object::as_number(&unit)).map_err(|_| PdfError::Option {
                what: "page has no area, or is turned or scaled beyond what pages can be; choose another",
            })?;
        Ok((Self { page, taken }, is_told))
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
