//! Base64url without padding, the one text form of bytes on the wire.
//!
//! Strict: no padding, no white space, no stray bits at the end, so that one byte string has one text.

use base64ct::{Base64UrlUnpadded, Encoding};

/// The text is not strict base64url without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding, or not of the length that this field has")]
pub struct Base64Error;

/// Bytes as base64url text.
pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Base64url text as bytes.
pub fn from_base64url(text: &str) -> Result<Vec<u8>, Base64Error> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Base64Error)
}

/// Base64url text as exactly `N` bytes, decoded in place so that a secret leaves no copy.
pub(crate) fn into_array<const N: usize>(text: &str, out: &mut [u8; N]) -> Result<(), Base64Error> {
    match Base64UrlUnpadded::decode(text, out) {
        Ok(decoded) if decoded.len() == N => Ok(()),
        _ => Err(Base64Error),
    }
}
