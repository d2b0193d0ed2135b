//! Bytes as people compare them: lower-case hexadecimal.

use core::fmt::Write as _;

/// Bytes as lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Exactly `N` bytes from lower-case hexadecimal.
pub fn from_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N
        || !digits
            .iter()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_string_has_one_text() {
        assert_eq!(hexadecimal(&[0, 0xAB, 0x0F]), "00ab0f");
        assert_eq!(from_hexadecimal("00ab0f"), Some([0, 0xAB, 0x0F]));
        for text in ["00AB0F", "00ab0", "00ab0f0", "+0ab0f", "00ab0g", "00ab"] {
            assert_eq!(from_hexadecimal::<3>(text), None, "{text}");
        }
    }
}
