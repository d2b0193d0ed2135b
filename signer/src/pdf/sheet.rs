//! [`Sheet`]: what somebody must know of a page to put a mark on it.

use super::{
    PdfError,
    file::File,
    pages::{self, rectangle},
};
use crate::Source;

/// A page as it is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What a viewer shows, in the page's own units: left, bottom, right, top.
    pub visible: [f64; 4],
    /// By how much a viewer turns it, clockwise: 0, 90, 180 or 270 degrees.
    pub turn: u16,
    /// Where annotations are, marks of earlier signatures among them.
    pub annotations: Vec<[f64; 4]>,
}

const MOST_ANNOTATIONS: usize = 10_000;

impl Sheet {
    /// Reads the page of this number, from 1 on.
    pub fn read(source: &dyn Source, page: u32) -> Result<Self, PdfError> {
        let file = File::open(source)?;
        let page = pages::find(&file, page)?;
        let turn = page.value(&file, "Rotate")?.as_integer().unwrap_or(0);
        let turn = u16::try_from(turn.rem_euclid(360) / 90 * 90).unwrap_or(0);
        let mut annotations = Vec::new();
        for annotation in file
            .array(&page.dictionary, "Annots")?
            .iter()
            .take(MOST_ANNOTATIONS)
        {
            let Some(dictionary) = file.resolve(annotation)?.as_dictionary().cloned() else {
                continue;
            };
            let place = rectangle(&file, &file.value(&dictionary, "Rect")?)?;
            annotations.extend(place.filter(|[left, bottom, right, top]| right > left && top > bottom));
        }
        Ok(Self {
            visible: page.visible(&file)?,
            turn,
            annotations,
        })
    }

    /// How many pages a document has.
    pub fn count(source: &dyn Source) -> Result<u32, PdfError> {
        pages::count(&File::open(source)?)
    }
}
