//! [`Drawing`]: a mark as the objects and entries that the writer of a PDF puts into the file.

use core::fmt::Write as _;

use super::{
    Composed, Language, Stand,
    canvas::COLOURS,
    font::Embedded,
    object::{Body, numbers, stream, text_string},
};

/// A mark, drawn.
#[derive(Clone, Debug)]
pub struct Drawing {
    rect: [f64; 4],
    language: Language,
    speech: String,
    objects: Vec<(u32, Body)>,
    form: u32,
}

/// An indirect object of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its number.
    pub number: u32,
    /// Its generation.
    pub generation: u16,
}

impl core::fmt::Display for Reference {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} {} R", self.number, self.generation)
    }
}

impl Composed {
    /// How many object numbers the drawing takes.
    pub fn count(&self) -> u32 {
        let fonts = u32::try_from(self.fonts.len()).unwrap_or(u32::MAX);
        fonts.saturating_mul(Embedded::OBJECTS).saturating_add(1)
    }

    /// Draws the mark where it stands, as objects of consecutive numbers, generation 0, the first of which is the
    /// appearance.
    pub fn draw(&self, stand: &Stand, first: u32) -> Drawing {
        let mut objects = Vec::new();
        let mut resources = String::new();
        let mut next = first.saturating_add(1);
        for font in &self.fonts {
            // Writing into a String cannot fail.
            let _ = write!(resources, "/{} {next} 0 R", font.face().resource());
            objects.extend(font.objects(next));
            next = next.saturating_add(Embedded::OBJECTS);
        }
        let fonts = if resources.is_empty() {
            resources
        } else {
            format!("/Font<<{resources}>>")
        };
        let entries = format!(
            "/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 {}]/Matrix[{}]/Resources<<{COLOURS}{fonts}>>",
            numbers(&[self.size.width(), self.size.height()]),
            numbers(&stand.matrix(self.size)),
        );
        objects.insert(0, (first, stream(&entries, &self.content())));
        Drawing {
            rect: stand.rect(),
            language: self.mark.language,
            speech: self.mark.speech(),
            objects,
            form: first,
        }
    }
}

impl Drawing {
    /// The objects with their numbers: what stands between `obj` and `endobj` of each.
    pub fn objects(&self) -> &[(u32, Vec<u8>)] {
        &self.objects
    }

    /// The number of the appearance.
    pub const fn form(&self) -> u32 {
        self.form
    }

    /// Where the annotation stands, in the page's own coordinates.
    pub const fn rect(&self) -> [f64; 4] {
        self.rect
    }

    /// What is read aloud.
    pub fn speech(&self) -> &str {
        &self.speech
    }

    /// In which language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Entries of the dictionary that is both the signature's field and its widget: where it stands, its appearance,
    /// that it is printed and stays where it is, and what is read aloud (ISO 32000-2 12.5.2, 12.7.4.1). `/Type`,
    /// `/Subtype`, `/P`, `/FT`, `/T`, `/V`, `/Parent` and `/StructParent` are the writer's.
    pub fn annotation(&self) -> Vec<u8> {
        // Print and Locked.
        const FLAGS: u8 = 4 | 128;
        let speech = text_string(&self.speech);
        format!(
            "/Rect[{}]/F {FLAGS}/AP<</N {} 0 R>>/Contents{speech}/TU{speech}/Lang({})",
            numbers(&self.rect),
            self.form,
            self.language.tag(),
        )
        .into_bytes()
    }

    /// The structure element of a tagged document, what stands between `obj` and `endobj`: a form field whose content
    /// is the annotation (ISO 32000-2 14.7.5.3, 14.8.4.8.2). The writer adds it to the parent's `/K`, and to the
    /// parent tree under the annotation's `/StructParent`.
    pub fn structure(&self, parent: Reference, page: Reference, annotation: Reference) -> Vec<u8> {
        format!(
            "<</Type/StructElem/S/Form/P {parent}/Pg {page}/Lang({})/Alt{}\
             /K<</Type/OBJR/Pg {page}/Obj {annotation}>>>>",
            self.language.tag(),
            text_string(&self.speech),
        )
        .into_bytes()
    }
}
