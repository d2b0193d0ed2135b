//! Values that must leave no trace: zeroized when dropped, never printed, never copied by accident.
//!
//! The bytes are reached by [`Secret::expose`] only, so that one search finds every place that sees them;
//! a test of the workspace lists the files that may.

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A value that is wiped on drop and prints as `Secret`.
///
/// It has no `Clone`, no `Serialize` and no `PartialEq` on purpose.
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes charge of a secret value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The bare value, for the few lines that must see it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The bare value to be written in place, so that no copy is left on the stack.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize + AsRef<[u8]>> Secret<T> {
    /// Compares in constant time (for equal lengths).
    pub fn matches(&self, other: &[u8]) -> bool {
        self.0.as_ref().ct_eq(other).into()
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> core::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret")
    }
}

/// `s`: what Argon2id made of the Client's password on the device. R125, R126.
///
/// The password itself never leaves the device; this value never leaves the device but inside HPKE.
#[derive(Debug)]
pub struct Stretched(Secret<[u8; Stretched::LENGTH]>);

impl Stretched {
    /// Bytes of `s`.
    pub const LENGTH: usize = 32;

    /// Takes Argon2id's output.
    pub const fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bare bytes, for hashing into the wrapping key and the verifier.
    pub const fn expose(&self) -> &[u8; Self::LENGTH] {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Secret::new([0x41_u8; 4])), "Secret");
        assert_eq!(format!("{:?}", Stretched::new([0x41; 32])), "Stretched(Secret)");
    }

    #[test]
    fn comparison_sees_every_byte() {
        let secret = Secret::new([7_u8; 4]);
        assert!(secret.matches(&[7; 4]));
        assert!(!secret.matches(&[7, 7, 7, 8]));
        assert!(!secret.matches(&[7; 3]));
    }
}
