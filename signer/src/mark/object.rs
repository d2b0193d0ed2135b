//! The few forms of PDF's syntax that a mark's objects need.

/// What stands between `obj` and `endobj`.
pub(super) type Body = Vec<u8>;

/// A stream, compressed; the entries are those that its dictionary has besides.
pub(super) fn stream(entries: &str, bytes: &[u8]) -> Body {
    const LEVEL: u8 = 9;
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(bytes, LEVEL);
    let mut body = format!(
        "<<{entries}/Filter/FlateDecode/Length {}>>\nstream\n",
        packed.len()
    )
    .into_bytes();
    body.extend_from_slice(&packed);
    body.extend_from_slice(b"\nendstream");
    body
}

/// A number with at most four decimals, never in scientific form (ISO 32000-2 7.3.3).
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Numbers with spaces between them.
pub(super) fn numbers(values: &[f64]) -> String {
    values.iter().copied().map(number).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_scientific() {
        assert_eq!(
            numbers(&[0.0, -0.000_01, 1.5, 100.0, -7.123_456, 1e9]),
            "0 0 1.5 100 -7.1235 1000000000"
        );
    }
}
