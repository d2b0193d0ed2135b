//! Names as others wrote them: whether two are the same, and how people read one.
//!
//! RFC 5280 §7.1: names are compared attribute by attribute, text without regard to its string type, its case and
//! repeated white space; a name that is the same byte by byte is the same.

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use crate::elements::{Element, Elements, FormError, OBJECT_IDENTIFIER, SEQUENCE, SET};

const UTF8_STRING: u8 = 0x0C;
const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
const UNIVERSAL_STRING: u8 = 0x1C;
const BMP_STRING: u8 = 0x1E;
/// More attributes than any name has.
const MOST: usize = 64;

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    /// Its type.
    pub(crate) id: ObjectIdentifier,
    value: Element<'a>,
}

/// The relative names of a DER `Name`, each with its attributes.
pub(crate) fn attributes(name: &[u8]) -> Result<Vec<Vec<Attribute<'_>>>, FormError> {
    let mut relative = Elements::sequence(name, "a name")?;
    let wrong = relative.wrong();
    let mut all = Vec::new();
    let mut count = 0;
    while !relative.is_empty() {
        let mut pairs = relative.take(SET)?.elements();
        let mut together = Vec::new();
        while !pairs.is_empty() {
            let mut pair = pairs.take(SEQUENCE)?.elements();
            let id = pair.take(OBJECT_IDENTIFIER)?.oid()?;
            let value = pair.any()?;
            pair.end()?;
            together.push(Attribute { id, value });
            count += 1;
        }
        if together.is_empty() || count > MOST {
            return Err(wrong);
        }
        all.push(together);
    }
    Ok(all)
}

/// Whether two names are the same.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one == other
        || matches!((attributes(one), attributes(other)), (Ok(one), Ok(other))
            if one.len() == other.len() && begins(&one, &other))
}

/// Whether a name lies under another: the other's relative names begin it.
pub(crate) fn lies_under(name: &[u8], base: &[u8]) -> bool {
    matches!((attributes(name), attributes(base)), (Ok(name), Ok(base)) if begins(&name, &base))
}

fn begins(name: &[Vec<Attribute<'_>>], base: &[Vec<Attribute<'_>>]) -> bool {
    name.len() >= base.len()
        && name.iter().zip(base).all(|(one, other)| {
            one.len() == other.len() && other.iter().all(|pair| one.iter().any(|mine| mine.agrees(pair)))
        })
}

impl Attribute<'_> {
    fn agrees(&self, other: &Attribute<'_>) -> bool {
        if self.id != other.id {
            return false;
        }
        if self.value.whole == other.value.whole {
            return true;
        }
        match (self.text(), other.text()) {
            (Some(one), Some(other)) => folded(&one) == folded(&other),
            _ => false,
        }
    }

    /// Its text, if it is one.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        let content = self.value.content;
        match self.value.tag {
            UTF8_STRING | PRINTABLE_STRING | IA5_STRING => {
                core::str::from_utf8(content).ok().map(Cow::Borrowed)
            }
            // T.61 as everybody writes it: Latin-1.
            TELETEX_STRING => Some(content.iter().map(|byte| char::from(*byte)).collect()),
            BMP_STRING if content.len().is_multiple_of(2) => {
                let units: Vec<u16> = content
                    .chunks_exact(2)
                    .map(|pair| pair.iter().fold(0, |unit, byte| (unit << 8) | u16::from(*byte)))
                    .collect();
                String::from_utf16(&units).ok().map(Cow::Owned)
            }
            UNIVERSAL_STRING if content.len().is_multiple_of(4) => content
                .chunks_exact(4)
                .map(|four| {
                    char::from_u32(four.iter().fold(0, |point, byte| (point << 8) | u32::from(*byte)))
                })
                .collect::<Option<String>>()
                .map(Cow::Owned),
            _ => None,
        }
    }
}

fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// A name as people read it: `CN=…, O=…`, in the order in which it is written.
pub fn text(name: &[u8]) -> String {
    let Ok(attributes) = attributes(name) else {
        return String::new();
    };
    let mut parts = Vec::new();
    for attribute in attributes.iter().flatten() {
        let value = attribute.text().map_or_else(
            || format!("#{}", domain::hexadecimal(attribute.value.whole)),
            |text| {
                text.chars()
                    .map(|letter| if letter.is_control() { ' ' } else { letter })
                    .collect()
            },
        );
        parts.push(format!("{}={value}", label(&attribute.id.to_string())));
    }
    parts.join(", ")
}

fn label(oid: &str) -> &str {
    match oid {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "GN",
        "2.5.4.97" => "organizationIdentifier",
        "1.2.840.113549.1.9.1" => "emailAddress",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::{sequence, wrap};

    fn name(parts: &[(u8, &str)]) -> Vec<u8> {
        let cn = [6, 3, 0x55, 4, 3];
        let parts: Vec<Vec<u8>> = parts
            .iter()
            .map(|(tag, text)| wrap(SET, &[&sequence(&[&cn, &wrap(*tag, &[text.as_bytes()])])]))
            .collect();
        sequence(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_compared_as_text_and_part_by_part() {
        let one = name(&[(UTF8_STRING, "Қазақстан"), (UTF8_STRING, "Root  CA")]);
        assert!(same(
            &one,
            &name(&[(UTF8_STRING, "ҚАЗАҚСТАН"), (PRINTABLE_STRING, "root ca")])
        ));
        assert!(!same(&one, &name(&[(UTF8_STRING, "Қазақстан")])));
        assert!(!same(
            &one,
            &name(&[(UTF8_STRING, "Root CA"), (UTF8_STRING, "Қазақстан")])
        ));
        assert!(lies_under(&one, &name(&[(UTF8_STRING, "Қазақстан")])));
        assert!(!lies_under(&one, &name(&[(UTF8_STRING, "Qazaqstan")])));
        assert_eq!(text(&one), "CN=Қазақстан, CN=Root  CA");
    }

    #[test]
    fn an_alphabet_of_two_or_four_bytes_is_read() {
        let (two, four) = ("\0R\0C", "\0\0\0R\0\0\0C");
        assert!(same(
            &name(&[(BMP_STRING, two)]),
            &name(&[(UNIVERSAL_STRING, four)])
        ));
        assert!(same(&name(&[(BMP_STRING, two)]), &name(&[(UTF8_STRING, "rc")])));
    }
}
