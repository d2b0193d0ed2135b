//! [`Resources`]: what the names of a content stream stand for (ISO 32000-2, 7.8.3).

use std::{cell::RefCell, collections::BTreeMap};

use super::{font::Font, operands::Operands};
use crate::pdf::{
    PdfError,
    file::File,
    object::{Dictionary, Object},
};

/// What the names of a content stream stand for.
#[derive(Debug, Default)]
pub(super) struct Resources {
    pub(super) fonts: Dictionary,
    pub(super) objects: Dictionary,
    pub(super) parameters: Dictionary,
    /// Fonts that were read already.
    pub(super) known: RefCell<BTreeMap<Vec<u8>, Font>>,
}

impl Resources {
    pub(super) fn of(file: &File<'_>, dictionary: &Dictionary) -> Result<Self, PdfError> {
        let named = |kind| Ok::<_, PdfError>(file.dictionary(dictionary, kind)?.unwrap_or_default());
        Ok(Self {
            fonts: named("Font")?,
            objects: named("XObject")?,
            parameters: named("ExtGState")?,
            known: RefCell::default(),
        })
    }
}

/// What the name among the operands stands for.
pub(super) fn named(resources: &Dictionary, operands: &Operands) -> Object {
    let name = operands.name().unwrap_or_default();
    let found = resources.entries().find(|(key, _)| *key == name);
    found.map_or(Object::Null, |(_, value)| value.clone())
}
