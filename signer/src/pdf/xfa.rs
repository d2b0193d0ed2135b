//! XFA forms: those whose pages a viewer makes are refused, because nobody else sees what was signed.

use super::{
    PdfError,
    file::File,
    form::Form,
    object::{Dictionary, Object},
};

/// How a document uses XFA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Xfa {
    Absent,
    /// Beside pages that are there.
    Static,
    /// Instead of them.
    Dynamic,
}

const MOST: u64 = 4 * 1024 * 1024;

/// Refuses a form whose pages are made by the viewer.
pub(crate) fn refuse_dynamic(file: &File<'_>) -> Result<(), PdfError> {
    if kind(file)? == Xfa::Dynamic {
        return Err(PdfError::DynamicForm);
    }
    Ok(())
}

/// How the document uses XFA.
pub(crate) fn kind(file: &File<'_>) -> Result<Xfa, PdfError> {
    let Some(form) = Form::of(file)? else {
        return Ok(Xfa::Absent);
    };
    if form.dictionary.get("XFA").is_none() {
        return Ok(Xfa::Absent);
    }
    let must_render = file.value(&file.catalog()?, "NeedsRendering")? == Object::Boolean(true);
    if must_render || asks_for_rendering(file, &form.dictionary)? {
        return Ok(Xfa::Dynamic);
    }
    Ok(Xfa::Static)
}

/// Whether a packet says `<dynamicRender>required</dynamicRender>`. What cannot be read is taken to say so.
fn asks_for_rendering(file: &File<'_>, form: &Dictionary) -> Result<bool, PdfError> {
    let packets = match file.value(form, "XFA")? {
        Object::Array(packets) => packets,
        packet => vec![packet],
    };
    for packet in packets.iter().take(64) {
        if let Object::Stream(stream) = file.resolve(packet)? {
            let Ok(bytes) = file.unpacked(&stream, MOST) else {
                return Ok(true);
            };
            let mark = b"dynamicRender";
            let after = bytes.windows(mark.len()).position(|window| window == mark);
            let words = after.and_then(|after| bytes.get(after + mark.len()..));
            if words.is_some_and(|words| {
                let words = words.strip_prefix(b">").unwrap_or(words);
                words.trim_ascii_start().starts_with(b"required")
            }) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
