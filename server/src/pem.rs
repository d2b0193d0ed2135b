//! PEM, the text form of DER in files.

use der::pem::{LineEnding, encode_string};

/// DER of PEM; what is not PEM is taken as DER.
pub(crate) fn pem_or_der(bytes: &[u8], label: &str) -> Vec<u8> {
    let read = der::pem::decode_vec(bytes)
        .ok()
        .filter(|(found, _)| *found == label);
    read.map_or_else(|| bytes.to_vec(), |(_, der)| der)
}

/// DER as PEM with this label.
pub fn pem(label: &'static str, der: &[u8]) -> String {
    // Lines of plain base64 always encode.
    encode_string(label, LineEnding::LF, der).unwrap_or_default()
}
