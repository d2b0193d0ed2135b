//! [`Serial`]: a certificate's serial number as people compare it.

use domain::hexadecimal;

/// A serial number of a certificate: at most twenty bytes (RFC 5280 4.1.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serial(Vec<u8>);

/// Not a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate's serial number is a positive number of at most twenty bytes")]
pub struct SerialError;

impl Serial {
    /// From the content of the certificate's INTEGER.
    pub fn new(bytes: &[u8]) -> Result<Self, SerialError> {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let negative = bytes.first().is_some_and(|byte| *byte & 0x80 != 0);
        let number = bytes.get(zeros..).unwrap_or_default();
        if number.is_empty() || number.len() > 20 || negative {
            return Err(SerialError);
        }
        Ok(Self(number.to_vec()))
    }

    /// Hexadecimal, in groups of four from the left.
    pub(super) fn grouped(&self) -> String {
        self.0
            .chunks(2)
            .map(|pair| hexadecimal(pair).to_uppercase())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_grouped_by_four() {
        let grouped = |bytes: &[u8]| Serial::new(bytes).map(|serial| serial.grouped());
        assert_eq!(
            grouped(&[0x00, 0xA1, 0x0B, 0xC2, 0xFF, 0x03]),
            Ok("A10B C2FF 03".into())
        );
        assert_eq!(grouped(&[7]), Ok("07".into()));
        for bad in [[].as_slice(), &[0], &[0x80], &[1; 21]] {
            assert_eq!(Serial::new(bad), Err(SerialError));
        }
    }
}
