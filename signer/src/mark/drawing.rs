//! [`Drawing`]: a mark as the objects that the writer of a PDF puts into the file.

use core::fmt::Write as _;

use super::{
    Composed, Language, Stand,
    canvas::COLOURS,
    font::Embedded,
    object::{Body, numbers, stream},
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
}
