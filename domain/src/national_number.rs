//! The check digit that IIN and BIN share.

/// The text is not a national number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NationalNumberError {
    /// Not twelve digits.
    #[error("an IIN or BIN has exactly twelve digits")]
    Shape,
    /// The date, century or type digits name nothing that exists.
    #[error("the date or type digits of this number name nothing that exists")]
    Content,
    /// The last digit does not fit the others.
    #[error("the check digit does not fit; one digit is probably mistyped")]
    Check,
}

/// Twelve digits whose last fits the others.
pub(crate) fn parse_digits(text: &str) -> Result<[u8; 12], NationalNumberError> {
    let bytes: [u8; 12] = text
        .as_bytes()
        .try_into()
        .map_err(|_| NationalNumberError::Shape)?;
    if !bytes.iter().all(u8::is_ascii_digit) {
        return Err(NationalNumberError::Shape);
    }
    let digits = bytes.map(|b| b - b'0');
    let [body @ .., check] = &digits;
    let sum = |weights: [u32; 11]| {
        body.iter()
            .zip(weights)
            .map(|(digit, weight)| u32::from(*digit) * weight)
            .sum::<u32>()
            % 11
    };
    let expected = match sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
        10 => sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]),
        sum => sum,
    };
    if expected == u32::from(*check) {
        Ok(digits)
    } else {
        Err(NationalNumberError::Check)
    }
}
