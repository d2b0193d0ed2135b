//! The form (ISO 32000-2, 12.7): its fields, and those among them that are signatures.

use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object, Reference},
};

/// The form of a document.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) dictionary: Dictionary,
    /// Absent if the form stands inside the catalog.
    pub(crate) reference: Option<Reference>,
}

/// A field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its whole name: partial names with points between them.
    pub(crate) name: String,
    /// Absent if it stands inside another object, which is against the rules.
    pub(crate) reference: Option<Reference>,
    pub(crate) dictionary: Dictionary,
    /// Its type, of its own or from above.
    pub(crate) kind: Option<Vec<u8>>,
    /// Whether it has fields or widgets below it.
    pub(crate) has_kids: bool,
}

const DEEPEST: usize = 32;
const MOST_FIELDS: usize = 100_000;
const LONGEST_NAME: usize = 4_096;

impl Field {
    /// Whether it is for a signature.
    pub(crate) fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

impl Form {
    /// The form, if there is one.
    pub(crate) fn of(file: &File<'_>) -> Result<Option<Self>, PdfError> {
        let catalog = file.catalog()?;
        let Some(value) = catalog.get("AcroForm") else {
            return Ok(None);
        };
        match file.resolve(value)? {
            Object::Dictionary(dictionary) => Ok(Some(Self {
                dictionary,
                reference: value.as_reference(),
            })),
            Object::Null => Ok(None),
            _ => Err(PdfError::damaged(0, "the form is no dictionary")),
        }
    }
}

/// Goes through all fields, from the root of each tree down.
pub(crate) fn each_field(
    file: &File<'_>,
    mut visit: impl FnMut(Field) -> Result<(), PdfError>,
) -> Result<(), PdfError> {
    let Some(form) = Form::of(file)? else {
        return Ok(());
    };
    let root = Above::default();
    let mut open = vec![(file.array(&form.dictionary, "Fields")?.into_iter(), root)];
    let mut seen = 0;
    while let Some((kids, above)) = open.last_mut() {
        let Some(kid) = kids.next() else {
            open.pop();
            continue;
        };
        seen += 1;
        if seen > MOST_FIELDS {
            return Err(PdfError::TooMuch {
                what: "form fields",
                most: MOST_FIELDS as u64,
            });
        }
        let Object::Dictionary(dictionary) = file.resolve(&kid)? else {
            continue;
        };
        // A kid without a name is a widget of the field above (12.7.4.2).
        if dictionary.get("T").is_none() && !above.name.is_empty() {
            continue;
        }
        let below = above.and(file, &dictionary)?;
        let kids = file.array(&dictionary, "Kids")?;
        let field = Field {
            name: below.name.clone(),
            reference: kid.as_reference(),
            dictionary,
            kind: below.kind.clone(),
            has_kids: !kids.is_empty(),
        };
        visit(field)?;
        if !kids.is_empty() {
            if open.len() >= DEEPEST {
                return Err(PdfError::TooMuch {
                    what: "form fields in each other",
                    most: DEEPEST as u64,
                });
            }
            open.push((kids.into_iter(), below));
        }
    }
    Ok(())
}

/// Every signature field.
pub(crate) fn signature_fields(file: &File<'_>) -> Result<Vec<Field>, PdfError> {
    let mut fields = Vec::new();
    each_field(file, |field| {
        if field.is_signature() && (!field.has_kids || field.dictionary.get("V").is_some()) {
            fields.push(field);
        }
        Ok(())
    })?;
    Ok(fields)
}

/// What a field takes from those above it.
#[derive(Clone, Debug, Default)]
struct Above {
    name: String,
    kind: Option<Vec<u8>>,
}

impl Above {
    fn and(&self, file: &File<'_>, dictionary: &Dictionary) -> Result<Self, PdfError> {
        let own = file.value(dictionary, "T")?.to_words().unwrap_or_default();
        let name = match (self.name.is_empty(), own.is_empty()) {
            (true, _) => own,
            (_, true) => self.name.clone(),
            _ => format!("{}.{own}", self.name),
        };
        if name.len() > LONGEST_NAME {
            return Err(PdfError::TooMuch {
                what: "bytes in the name of a form field",
                most: LONGEST_NAME as u64,
            });
        }
        let kind = match file.value(dictionary, "FT")? {
            Object::Name(kind) => Some(kind),
            _ => self.kind.clone(),
        };
        Ok(Self { name, kind })
    }
}
