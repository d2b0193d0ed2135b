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
