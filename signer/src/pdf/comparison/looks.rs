//! What a widget looks like: where it stands, what it shows there, and whether it is hidden.
//!
//! Readers differ in what they make of a widget that is not as it must be. So whatever is not read exactly counts as seen.

use crate::pdf::{
    PdfError, content,
    file::File,
    object::{Dictionary, Object},
    pages::rectangle,
};

/// Where a widget is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Site {
    /// It has no area, and nothing that could be drawn in one.
    Unseen,
    /// Left, bottom, right, top.
    At([f64; 4]),
    /// It may be seen anywhere.
    Unknown,
}

/// What the look of a widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    Nothing,
    /// A frame or a ground, to be written in.
    Lines,
    /// Words, pictures, or what cannot be told.
    More,
}

/// No side is farther away.
const FARTHEST: f64 = 100_000.0;
/// Flags by which an annotation is not seen on a screen (ISO 32000-2, 12.5.3).
const HIDDEN: i64 = 1 | 2 | 32;
/// What stands in a look that shows nothing.
const SILENT: [&[u8]; 5] = [b"/Tx", b"BMC", b"EMC", b"Q", b"q"];
/// What draws straight lines and areas between them, in one colour.
const RULED: [&[u8]; 26] = [
    b"B", b"B*", b"F", b"G", b"J", b"K", b"M", b"RG", b"S", b"W", b"W*", b"b", b"b*", b"cm", b"f", b"f*",
    b"g", b"h", b"j", b"k", b"l", b"m", b"n", b"re", b"rg", b"s",
];

/// Where a widget is seen, with a look or without: readers draw one of their own.
pub(super) fn site(file: &File<'_>, widget: &Dictionary) -> Result<Site, PdfError> {
    let object = file.value(widget, "Rect")?;
    let place = rectangle(file, &object)?;
    let place = place.filter(|sides| sides.iter().all(|side| side.abs() < FARTHEST));
    if let Some([left, bottom, right, top]) = place
        && left < right
        && bottom < top
    {
        return Ok(Site::At([left, bottom, right, top]));
    }
    let is_bare = shown(file, widget)? == Shown::Nothing && ornament(file, widget)?.is_none();
    let is_point = place.is_some() || object == Object::Null;
    Ok(if is_point && is_bare {
        Site::Unseen
    } else {
        Site::Unknown
    })
}

/// What a widget's own look shows.
pub(super) fn shown(file: &File<'_>, widget: &Dictionary) -> Result<Shown, PdfError> {
    let look = match file.value(widget, "AP")? {
        Object::Null => return Ok(Shown::Nothing),
        Object::Dictionary(look) => look,
        _ => return Ok(Shown::More),
    };
    let mut most = Shown::Nothing;
    for (_, state) in look.entries() {
        let shown = match file.resolve(state)? {
            Object::Null => Shown::Nothing,
            Object::Stream(stream) => match content::of_stream(file, &stream) {
                Ok(content) => told(&content),
                Err(PdfError::Source(error)) => return Err(error.into()),
                Err(_) => Shown::More,
            },
            _ => Shown::More,
        };
        most = most.max(shown);
    }
    Ok(most)
}

fn told(content: &[u8]) -> Shown {
    let lines = content.split(|byte| matches!(byte, b'\n' | b'\r'));
    let said = lines.filter_map(|line| line.split(|byte| *byte == b'%').next());
    let words = said.flat_map(|line| line.split(|byte| matches!(byte, 0 | b'\t' | 0x0c | b' ')));
    let shown = words.filter(|word| !word.is_empty()).map(|word| {
        let is_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
        if SILENT.contains(&word) {
            Shown::Nothing
        } else if RULED.contains(&word) || word.iter().all(is_number) {
            Shown::Lines
        } else {
            Shown::More
        }
    });
    shown.max().unwrap_or(Shown::Nothing)
}

/// By which of its entries readers draw a widget that has no look: ground, border, caption.
pub(super) fn ornament(file: &File<'_>, widget: &Dictionary) -> Result<Option<&'static str>, PdfError> {
    let look = file.value(widget, "AP")?;
    if let Some(look) = look.as_dictionary()
        && let Object::Stream(_) = file.value(look, "N")?
    {
        return Ok(None);
    }
    if !is_plain(file, widget)? {
        return Ok(Some("MK"));
    }
    let is_nought = |object: &Object| Ok::<_, PdfError>(file.resolve(object)? == Object::Integer(0));
    let style = match file.value(widget, "BS")? {
        Object::Null => true,
        Object::Dictionary(style) => is_nought(style.get("W").unwrap_or(&Object::Null))?,
        _ => false,
    };
    if !style {
        return Ok(Some("BS"));
    }
    for key in ["Border", "C"] {
        let is_none = match file.value(widget, key)? {
            Object::Null => true,
            // A border of no width; a colour that is none.
            Object::Array(items) => {
                items.is_empty()
                    || key == "Border"
                        && items.len() == 3
                        && items
                            .iter()
                            .all(|item| is_nought(item).is_ok_and(|nought| nought))
            }
            _ => false,
        };
        if !is_none {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// Whether what a widget says of its ground, border and caption is nothing; it may say how it is turned.
pub(super) fn is_plain(file: &File<'_>, widget: &Dictionary) -> Result<bool, PdfError> {
    Ok(match file.value(widget, "MK")? {
        Object::Null => true,
        Object::Dictionary(ornament) => ornament.entries().all(|(key, _)| key == b"R"),
        _ => false,
    })
}

/// The flags of an annotation; nothing if they are no whole number, which readers take for different ones.
pub(super) fn flags(file: &File<'_>, widget: &Dictionary) -> Result<Option<i64>, PdfError> {
    Ok(match file.value(widget, "F")? {
        Object::Null => Some(0),
        flags => flags.as_integer(),
    })
}

/// Whether readers may not show an annotation.
pub(super) fn is_hidden(file: &File<'_>, widget: &Dictionary) -> Result<bool, PdfError> {
    Ok(flags(file, widget)?.is_none_or(|flags| flags & HIDDEN != 0))
}
