//! What of a document may look different tomorrow, or elsewhere, although its bytes are the same: named one by one, for
//! the signer to see or the bank to refuse.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    PdfError,
    file::File,
    form::Form,
    numbers::Numbers,
    object::{Dictionary, Object, Reference},
    pages::{Walk, rectangle},
    xfa::{self, Xfa},
};
use crate::Source;

/// Why a document may look different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Hazard {
    /// A program in it.
    Script,
    /// Something happens by itself: on opening, closing, printing, showing a page.
    Automatic,
    /// It starts a program or opens a file of the reader's machine.
    Launch,
    /// It shows or loads something from another file.
    ExternalContent,
    /// It sends or loads the values of a form.
    Submission,
    /// It hides and shows parts of itself.
    Switch,
    /// A link to this address; what it shows is not part of the document.
    Link(String),
    /// A link into another document.
    ExternalDocument,
    /// Films, sounds, or models that a viewer plays.
    Multimedia,
    /// Layers that a viewer switches on and off.
    OptionalContent,
    /// A font that each viewer replaces by one of its own; its name.
    FontNotEmbedded(String),
    /// An XFA form beside the pages.
    Xfa,
    /// Fields whose values a viewer computes.
    Calculation,
    /// Fields whose look a viewer draws.
    ViewerDrawsForm,
    /// An annotation whose look a viewer draws; its kind.
    AnnotationWithoutLook(String),
    /// Files inside, which are not part of the pages.
    Attachment,
    /// It is too large to be looked through to the end.
    Unexamined,
}

/// A hazard in its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// On which page, from 1 on; on none, if it is of the whole document.
    pub page: Option<u32>,
    /// What.
    pub hazard: Hazard,
}

const MOST_FINDINGS: usize = 1_000;
const MOST_OBJECTS: u32 = 1_000_000;
const LONGEST: usize = 200;

/// Looks through a document.
pub fn hazards(source: &dyn Source) -> Result<Vec<Finding>, PdfError> {
    let file = File::open(source)?;
    let mut look = Look {
        file: &file,
        seen: Numbers::new(),
        walked: 0,
        page: None,
        findings: BTreeSet::new(),
    };
    // Pages that refer to each other are still looked through one by one.
    let mut pages = Walk::new(&file)?;
    while let Some(page) = pages.next()? {
        look.seen.first(page.reference)?;
    }
    let mut pages = Walk::new(&file)?;
    while let Some(page) = pages.next()? {
        look.page = Some(page.number);
        look.annotations(&page.dictionary)?;
        look.through(Object::Dictionary(page.dictionary.clone()))?;
        look.through(page.value(&file, "Resources")?)?;
        if look.is_full() {
            break;
        }
    }
    look.page = None;
    look.document()?;
    Ok(look.findings.into_iter().collect())
}

struct Look<'f, 'a> {
    file: &'f File<'a>,
    seen: Numbers,
    walked: u32,
    page: Option<u32>,
    findings: BTreeSet<Finding>,
}

impl Look<'_, '_> {
    fn found(&mut self, hazard: Hazard) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.insert(Finding {
                page: self.page,
                hazard,
            });
        }
    }

    fn is_full(&self) -> bool {
        self.walked >= MOST_OBJECTS || self.findings.len() >= MOST_FINDINGS
    }

    /// What is of the whole document.
    fn document(&mut self) -> Result<(), PdfError> {
        let catalog = self.file.catalog()?;
        if let Some(action) = self.file.dictionary(&catalog, "OpenAction")?
            && !action.says("S", "GoTo")
        {
            self.found(Hazard::Automatic);
        }
        if let Some(names) = self.file.dictionary(&catalog, "Names")? {
            if names.get("JavaScript").is_some() {
                self.found(Hazard::Script);
            }
            if names.get("EmbeddedFiles").is_some() {
                self.found(Hazard::Attachment);
            }
        }
        if catalog.get("AF").is_some() || catalog.get("Collection").is_some() {
            self.found(Hazard::Attachment);
        }
        if xfa::kind(self.file)? != Xfa::Absent {
            self.found(Hazard::Xfa);
        }
        if let Some(Form { dictionary, .. }) = Form::of(self.file)? {
            if !self.file.array(&dictionary, "CO")?.is_empty() {
                self.found(Hazard::Calculation);
            }
            if self.file.value(&dictionary, "NeedAppearances")? == Object::Boolean(true) {
                self.found(Hazard::ViewerDrawsForm);
            }
        }
        self.through(Object::Dictionary(catalog))?;
        if self.is_full() {
            self.found(Hazard::Unexamined);
            self.findings.insert(Finding {
                page: None,
                hazard: Hazard::Unexamined,
            });
        }
        Ok(())
    }

    fn annotations(&mut self, page: &Dictionary) -> Result<(), PdfError> {
        for annotation in self.file.array(page, "Annots")? {
            let Object::Dictionary(annotation) = self.file.resolve(&annotation)? else {
                continue;
            };
            let kind = self.file.value(&annotation, "Subtype")?;
            let kind = kind.as_name().unwrap_or_default();
            let shown = rectangle(self.file, &self.file.value(&annotation, "Rect")?)?
                .is_some_and(|[left, bottom, right, top]| right > left && top > bottom);
            let draws_itself = matches!(kind, b"Link" | b"Popup");
            if shown && !draws_itself && self.file.dictionary(&annotation, "AP")?.is_none() {
                self.found(Hazard::AnnotationWithoutLook(words(kind)));
            }
        }
        Ok(())
    }

    /// Goes through all that can be reached and was not seen yet.
    fn through(&mut self, root: Object) -> Result<(), PdfError> {
        let mut open = Vec::new();
        let mut next = Some(root);
        while let Some(object) = next {
            self.object(&object, &mut open)?;
            next = match open.pop() {
                Some(reference) if !self.is_full() => Some(self.file.load(reference)?),
                _ => None,
            };
            self.walked += 1;
        }
        Ok(())
    }

    fn object(&mut self, object: &Object, open: &mut Vec<Reference>) -> Result<(), PdfError> {
        match object {
            Object::Reference(reference) if self.seen.first(*reference)? => open.push(*reference),
            Object::Array(items) => {
                for item in items {
                    self.object(item, open)?;
                }
            }
            Object::Dictionary(dictionary) => {
                self.dictionary(dictionary)?;
                self.entries(dictionary, open)?;
            }
            Object::Stream(stream) => {
                self.stream(&stream.dictionary);
                self.dictionary(&stream.dictionary)?;
                self.entries(&stream.dictionary, open)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn entries(&mut self, dictionary: &Dictionary, open: &mut Vec<Reference>) -> Result<(), PdfError> {
        // From a field upwards lie fields of other pages; they are reached from the form too.
        let is_field = dictionary.get("Rect").is_some() || dictionary.get("T").is_some();
        for (key, value) in dictionary.entries() {
            if !(is_field && key == b"Parent") {
                self.object(value, open)?;
            }
        }
        Ok(())
    }

    fn stream(&mut self, dictionary: &Dictionary) {
        // The data of the stream, or the form, is in another file (7.3.8.2, 8.10.4).
        if dictionary.get("F").is_some()
            || (dictionary.says("Subtype", "Form") && dictionary.get("Ref").is_some())
        {
            self.found(Hazard::ExternalContent);
        }
        if dictionary.get("OPI").is_some() {
            self.found(Hazard::ExternalContent);
        }
    }

    fn dictionary(&mut self, dictionary: &Dictionary) -> Result<(), PdfError> {
        if dictionary.get("AA").is_some() {
            self.found(Hazard::Automatic);
        }
        match dictionary.get("Type").and_then(Object::as_name) {
            Some(b"Font") => self.font(dictionary)?,
            Some(b"OCG" | b"OCMD") => self.found(Hazard::OptionalContent),
            _ => {}
        }
        match dictionary.get("Subtype").and_then(Object::as_name) {
            Some(b"3D" | b"RichMedia" | b"Movie" | b"Screen" | b"Sound") => self.found(Hazard::Multimedia),
            Some(b"FileAttachment") => self.found(Hazard::Attachment),
            _ => {}
        }
        self.action(dictionary)
    }

    fn action(&mut self, dictionary: &Dictionary) -> Result<(), PdfError> {
        let kind = self.file.value(dictionary, "S")?;
        let hazard = match kind.as_name() {
            Some(b"JavaScript") => Hazard::Script,
            Some(b"Launch") => Hazard::Launch,
            Some(b"GoToR" | b"GoToE" | b"Thread") => Hazard::ExternalDocument,
            Some(b"SubmitForm" | b"ImportData" | b"ResetForm") => Hazard::Submission,
            Some(b"Hide" | b"SetOCGState") => Hazard::Switch,
            Some(b"Rendition" | b"Movie" | b"Sound" | b"RichMediaExecute" | b"GoTo3DView") => {
                Hazard::Multimedia
            }
            Some(b"URI") => {
                let address = self.file.value(dictionary, "URI")?;
                Hazard::Link(words(address.as_text().unwrap_or_default()))
            }
            _ => return Ok(()),
        };
        self.found(hazard);
        Ok(())
    }

    fn font(&mut self, font: &Dictionary) -> Result<(), PdfError> {
        let kind = self.file.value(font, "Subtype")?;
        // A composite font is as embedded as its descendant; a Type 3 font is drawn by the document itself.
        if matches!(kind.as_name(), Some(b"Type0" | b"Type3")) {
            return Ok(());
        }
        let descriptor = self.file.dictionary(font, "FontDescriptor")?.unwrap_or_default();
        if ["FontFile", "FontFile2", "FontFile3"]
            .iter()
            .all(|key| descriptor.get(key).is_none())
        {
            let name = self.file.value(font, "BaseFont")?;
            self.found(Hazard::FontNotEmbedded(words(name.as_name().unwrap_or_default())));
        }
        Ok(())
    }
}

/// Names and addresses as they can be shown.
fn words(bytes: &[u8]) -> String {
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned()
}
