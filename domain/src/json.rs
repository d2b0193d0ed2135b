//! JSON objects, read strictly: serde would take an array of the fields in order for the same struct.

use serde::Deserialize;

/// The object that `bytes` are, without anything before or after it; every other form is `None`.
pub(crate) fn object<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    if bytes.first() == Some(&b'{') {
        serde_json::from_slice(bytes).ok()
    } else {
        None
    }
}
