//! Signatures as text: PEM or bare base64, as the national services hand them out (domain facts 2.4).

use base64ct::{Base64, Encoding};

use crate::{Source, SourceError};

/// The longest text that is read; it is decoded in memory. Binary files have no such limit.
const MOST: u64 = 96 << 20;
/// Labels that stand for a `ContentInfo`.
const LABELS: [&str; 3] = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA"];

/// Text that is no signature.
#[derive(Debug, thiserror::Error)]
pub enum ArmourError {
    /// The text cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Longer than is read.
    #[error(
        "the signature is text of {found} bytes, of which at most {MOST} are read; give it in binary form"
    )]
    Length {
        /// How long it is.
        found: u64,
    },
    /// Not PEM with a label of CMS, nor base64.
    #[error("the signature is neither binary, nor PEM labelled CMS or PKCS7, nor base64")]
    Form,
}

/// The binary form of a signature that is text; nothing if it is binary already.
pub fn unarmoured(source: &dyn Source) -> Result<Option<Vec<u8>>, ArmourError> {
    let length = source.length();
    let begin = source.bytes(0..length.min(1))?;
    if begin
        .first()
        .is_none_or(|octet| *octet == 0x30 && !looks_like_text(source))
    {
        return Ok(None);
    }
    if length > MOST {
        return Err(ArmourError::Length { found: length });
    }
    let text = String::from_utf8(source.bytes(0..length)?).map_err(|_| ArmourError::Form)?;
    let text = text.trim_start_matches('\u{FEFF}').trim();
    let body = if text.starts_with("-----") {
        LABELS.iter().find_map(|label| {
            let body = text.strip_prefix(&format!("-----BEGIN {label}-----"))?;
            body.strip_suffix(&format!("-----END {label}-----"))
        })
    } else {
        Some(text)
    };
    let body: String = body
        .ok_or(ArmourError::Form)?
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    Base64::decode_vec(&body).map(Some).map_err(|_| ArmourError::Form)
}

/// Base64 may begin with the letter `0`, which is also DER's SEQUENCE; the second byte tells them apart only where the
/// rest is text too.
fn looks_like_text(source: &dyn Source) -> bool {
    let begin = source.bytes(0..source.length().min(64));
    begin.is_ok_and(|begin| {
        begin
            .iter()
            .all(|octet| octet.is_ascii_graphic() || octet.is_ascii_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_binary_and_decoded() {
        let der: Vec<u8> = (0x30..=0x90).collect();
        let base64 = Base64::encode_string(&der);
        let pem = |label: &str| {
            format!(
                "-----BEGIN {label}-----\r\n{}\n{}\n-----END {label}-----\n",
                &base64[..64],
                &base64[64..]
            )
        };
        for text in [
            base64.clone(),
            format!("\u{FEFF}{base64}\n"),
            pem("CMS"),
            pem("PKCS7"),
        ] {
            assert_eq!(unarmoured(&text.into_bytes()).unwrap(), Some(der.clone()));
        }
        assert_eq!(unarmoured(&vec![0x30, 0x80, 0, 0]).unwrap(), None);
        assert_eq!(unarmoured(&Vec::new()).unwrap(), None);
        for bad in [
            pem("CERTIFICATE"),
            base64[..9].to_owned(),
            "-----BEGIN CMS-----".to_owned(),
            "%PDF".to_owned(),
        ] {
            assert!(matches!(unarmoured(&bad.into_bytes()), Err(ArmourError::Form)));
        }
    }
}
