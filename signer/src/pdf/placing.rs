//! Putting a signature field into a document: form, field, page and catalog, in whichever way they are written.

use super::{
    PdfError,
    file::File,
    form::{Field, Form, each_field},
    object::{Dictionary, Object, Reference},
    options::Place,
    pages, structure,
    update::Update,
};

/// Printed, and not to be moved (Table 167).
const FLAGS: i64 = 4 | 128;
/// There are signatures, and nothing may be changed but by appending (Table 225).
const SIGNATURES_EXIST: i64 = 3;

/// The field that a signature goes into.
#[derive(Debug)]
pub(crate) enum Target {
    /// There, and empty.
    Empty(Field, Reference),
    /// To be made, with a name that is free.
    New(String),
}

/// The field of this name, or a free name.
pub(crate) fn target(file: &File<'_>, name: Option<&str>) -> Result<Target, PdfError> {
    let mut known = None;
    let mut taken = std::collections::BTreeSet::new();
    each_field(file, |field| {
        if Some(field.name.as_str()) == name {
            known = Some(field);
        } else if name.is_none() && field.name.starts_with(FREE) {
            taken.insert(field.name);
        }
        Ok(())
    })?;
    let Some(name) = name else {
        let mut numbers = 1_u32..;
        let free =
            numbers.find_map(|number| Some(format!("{FREE}{number}")).filter(|name| !taken.contains(name)));
        return free.map(Target::New).ok_or(PdfError::Option {
            what: "field has no free name",
        });
    };
    let refused = |what: &str| PdfError::Field {
        name: name.into(),
        what: what.into(),
    };
    let Some(field) = known else {
        if name.is_empty() || name.contains('.') || name.len() > 128 || name.chars().any(char::is_control) {
            return Err(refused("a new field's name has 1 to 128 bytes and no points"));
        }
        return Ok(Target::New(name.into()));
    };
    match field.reference {
        _ if !field.is_signature() => Err(refused("a field of this name is there, but not for a signature")),
        _ if field.dictionary.get("V").is_some() => Err(refused("it is signed already")),
        _ if field.has_kids => Err(refused(
            "it is shown in several places, which a signature must not be",
        )),
        Some(reference) => Ok(Target::Empty(field, reference)),
        None => Err(refused("it stands inside another object")),
    }
}

const FREE: &str = "Signature";

/// Puts an empty field's signature in.
pub(crate) fn fill(
    update: &mut Update<'_, '_>,
    (field, reference): (&Field, Reference),
    signature: Reference,
    place: Option<&Place<'_>>,
) {
    let mut dictionary = field.dictionary.clone().with("V", Object::Reference(signature));
    if let Some(place) = place {
        dictionary.set("AP", drawn(update, place));
        dictionary.set("Contents", Object::text(place.appearance.words()));
        dictionary.set("Lang", Object::text(place.appearance.language()));
    }
    update.put(reference, &Object::Dictionary(dictionary));
}

/// Makes a field with its signature, and puts it on its page; of the first signature, into the structure too. Returns
/// the field.
pub(crate) fn make(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    (name, signature): (&str, Reference),
    place: Option<&Place<'_>>,
    is_first: bool,
) -> Result<Reference, PdfError> {
    let page = pages::find(file, place.map_or(1, |place| place.page))?;
    let zero = || vec![Object::Integer(0); 4];
    let itself = update.reserve();
    let mut field = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(name))
        .with("F", Object::Integer(FLAGS))
        .with("P", Object::Reference(page.reference))
        .with("V", Object::Reference(signature))
        .with("Rect", Object::Array(zero()));
    if let Some(place) = place {
        let [left, bottom, right, top] = place.rectangle;
        if !place.rectangle.iter().all(|side| side.abs() < 100_000.0) || left >= right || bottom >= top {
            return Err(PdfError::Option {
                what: "rectangle is none: left, bottom, right, top are wanted",
            });
        }
        let sides = place
            .rectangle
            .map(|side| Object::Real(format!("{side:.3}").into_bytes()));
        field.set("Rect", Object::Array(sides.to_vec()));
        field.set("TU", Object::text(place.appearance.words()));
        field.set("Contents", Object::text(place.appearance.words()));
        field.set("Lang", Object::text(place.appearance.language()));
        field.set("AP", drawn(update, place));
        if is_first && let Some(key) = structure::enter(update, file, (itself, page.reference), place)? {
            field.set("StructParent", Object::Integer(key));
        }
    }
    update.put(itself, &Object::Dictionary(field));
    annotate(update, file, page, itself)?;
    Ok(itself)
}

fn drawn(update: &mut Update<'_, '_>, place: &Place<'_>) -> Object {
    let form = update.add_bodies(|first| place.appearance.objects(first));
    Object::Dictionary(Dictionary::new().with("N", Object::Reference(form)))
}

/// Adds an annotation to a page, whose list may be its own, an object, or missing.
fn annotate(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    page: pages::Page,
    annotation: Reference,
) -> Result<(), PdfError> {
    let mut dictionary = page.dictionary;
    let mut annotations = file.array(&dictionary, "Annots")?;
    let shared = dictionary.get("Annots").and_then(Object::as_reference);
    annotations.push(Object::Reference(annotation));
    let annotations = Object::Array(annotations);
    if let Some(shared) = shared {
        update.put(shared, &annotations);
    } else {
        dictionary.set("Annots", annotations);
        update.put(page.reference, &Object::Dictionary(dictionary));
    }
    Ok(())
}

/// Says in the form that there are signatures, and adds a new field to it. True if the catalog was changed.
pub(crate) fn enter(
    update: &mut Update<'_, '_>,
    file: &File<'_>,
    catalog: &mut Dictionary,
    field: Option<Reference>,
) -> Result<bool, PdfError> {
    let form = Form::of(file)?;
    let is_new = form.is_none();
    let form = form.unwrap_or_else(|| Form {
        dictionary: Dictionary::new(),
        reference: None,
    });
    let mut dictionary = form.dictionary.clone();
    if let Some(field) = field {
        let mut fields = file.array(&dictionary, "Fields")?;
        fields.push(Object::Reference(field));
        match dictionary.get("Fields").and_then(Object::as_reference) {
            Some(list) => update.put(list, &Object::Array(fields)),
            None => dictionary.set("Fields", Object::Array(fields)),
        }
    }
    let flags = file.value(&dictionary, "SigFlags")?.as_integer().unwrap_or(0);
    if flags & SIGNATURES_EXIST != SIGNATURES_EXIST {
        dictionary.set("SigFlags", Object::Integer(flags | SIGNATURES_EXIST));
    }
    match form.reference {
        _ if dictionary == form.dictionary => Ok(false),
        Some(reference) => {
            update.put(reference, &Object::Dictionary(dictionary));
            Ok(false)
        }
        None if is_new => {
            let reference = update.add(&Object::Dictionary(dictionary));
            catalog.set("AcroForm", Object::Reference(reference));
            Ok(true)
        }
        None => {
            catalog.set("AcroForm", Object::Dictionary(dictionary));
            Ok(true)
        }
    }
}
