//! Characters that canonical XML writes as references (C14N 1.0, 2.3).

/// Character data.
pub(super) fn text(content: &str, octets: &mut Vec<u8>) {
    replace(content, octets, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

/// An attribute's value, between double quotes.
pub(super) fn attribute(value: &str, octets: &mut Vec<u8>) {
    replace(value, octets, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn replace(content: &str, octets: &mut Vec<u8>, written: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = content.as_bytes();
    while let Some((at, reference)) = rest
        .iter()
        .enumerate()
        .find_map(|(at, byte)| written(*byte).map(|reference| (at, reference)))
    {
        let (plain, after) = rest.split_at(at);
        octets.extend_from_slice(plain);
        octets.extend_from_slice(reference.as_bytes());
        rest = after.get(1..).unwrap_or_default();
    }
    octets.extend_from_slice(rest);
}
