//! Serial numbers: twenty random bytes, so that nobody can tell the next one or count certificates.

use core::{fmt, str::FromStr};

use pki::x509_cert::serial_number::SerialNumber;

/// A certificate's number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 20]);

/// The text is no serial number of this authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a serial number is written as 40 hexadecimal digits, the first 4 to 7")]
pub struct SerialError;

impl Serial {
    /// From random bytes; the top bits are set so that the number is positive and its DER has 20 bytes.
    pub const fn from_random(mut bytes: [u8; 20]) -> Self {
        bytes[0] = bytes[0] & 0x3F | 0x40;
        Self(bytes)
    }

    /// The number with these bytes, if it is one of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 20] = bytes.try_into().ok()?;
        (bytes[0] & 0xC0 == 0x40).then_some(Self(bytes))
    }

    /// The number in a certificate or a question about one; `None` if this authority never gives such numbers.
    pub fn of(number: &SerialNumber) -> Option<Self> {
        Self::from_bytes(number.as_bytes())
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The number as certificates carry it.
    pub fn number(&self) -> der::Result<SerialNumber> {
        SerialNumber::new(&self.0)
    }
}

impl FromStr for Serial {
    type Err = SerialError;

    fn from_str(text: &str) -> Result<Self, SerialError> {
        let plain: String = text.chars().filter(|character| *character != ':').collect();
        if plain.len() != 40 || !plain.is_ascii() {
            return Err(SerialError);
        }
        let mut bytes = [0; 20];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let digits = plain.get(2 * index..2 * index + 2).ok_or(SerialError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| SerialError)?;
        }
        Self::from_bytes(&bytes).ok_or(SerialError)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_positive_has_twenty_bytes_and_reads_as_it_is_written() {
        for byte in [0x00, 0x80, 0xFF] {
            let serial = Serial::from_random([byte; 20]);
            let number = serial.number().unwrap();
            assert_eq!(number.as_bytes().len(), 20);
            assert_eq!(Serial::of(&number), Some(serial));
            assert_eq!(serial.to_string().parse(), Ok(serial));
        }
        for text in ["", "00", "+1", &"8".repeat(40), &"ж".repeat(20)] {
            assert_eq!(text.parse::<Serial>(), Err(SerialError), "{text}");
        }
    }
}
