//! Argon2id on the device: from the password to `s`.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::{Argon2Parameters, Salt, Stretched};
use zeroize::Zeroizing;

use crate::Password;

/// The device cannot spend what Argon2id asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password cannot be hashed on this device: not enough memory")]
pub struct StretchError;

/// `s = Argon2id(password, salt, parameters)`, version 1.3, one lane, 32 bytes. R125, R126.
pub fn stretch(
    password: &Password,
    salt: &Salt,
    parameters: Argon2Parameters,
) -> Result<Stretched, StretchError> {
    let cost = Params::new(
        parameters.memory_kib(),
        parameters.passes(),
        1,
        Some(Stretched::LENGTH),
    );
    let argon2 = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        cost.map_err(|_| StretchError)?,
    );
    let blocks = usize::try_from(parameters.memory_kib()).map_err(|_| StretchError)?;
    let mut memory = Zeroizing::new(Vec::new());
    // A phone without so much memory must say so, not die.
    memory.try_reserve_exact(blocks).map_err(|_| StretchError)?;
    memory.resize(blocks, Block::default());
    let mut out = Zeroizing::new([0; Stretched::LENGTH]);
    argon2
        .hash_password_into_with_memory(
            password.as_bytes(),
            salt.as_bytes(),
            &mut *out,
            memory.as_mut_slice(),
        )
        .map_err(|_| StretchError)?;
    Ok(Stretched::new(*out))
}

#[cfg(test)]
mod tests {
    use domain::{Enrolment, HashAlgorithm, Id, KeyAlgorithm, Nonce};

    use super::*;

    /// `s` as it would be sealed; the secret itself has no other way out.
    fn sealed_form(typed: &str, salt: [u8; 16], (memory_kib, passes): (u32, u32)) -> String {
        let parameters = Argon2Parameters::new(memory_kib, passes).unwrap();
        let secret = stretch(&Password::new(typed).unwrap(), &Salt::new(salt), parameters).unwrap();
        let enrolment = Enrolment {
            session: Id::from_bytes([0; 16]),
            nonce: Nonce::new([0; 32]),
            statement: HashAlgorithm::Sha256.digest(b""),
            algorithm: KeyAlgorithm::P256,
            secret,
        };
        let plaintext = String::from_utf8(enrolment.to_plaintext().to_vec()).unwrap();
        plaintext.rsplit('"').nth(1).unwrap().to_owned()
    }

    /// The outputs are those of argon2-cffi 25.1 (the reference implementation in C).
    #[test]
    fn the_reference_implementation_computes_the_same() {
        assert_eq!(
            sealed_form("teal orbit canyon 7 velvet", [7; 16], (65_536, 3)),
            "O2fXtlskJAgR3AeDlgsCRfshv8xT6O0vmcZMx6iRxQo"
        );
        assert_eq!(
            sealed_form("қызыл-алма көк тау жеті", [8; 16], (32_768, 6)),
            "-iaomGtQaEqocclGywL-AIjC4r6O91g8XFnfpWhJTqM"
        );
        // Not a multiple of four: Argon2 rounds the memory down.
        assert_eq!(
            sealed_form("teal", [9; 16], (65_537, 3)),
            "tBfMVPD6qx4QyCYC5FIFocpLLBJTCp7koUDEttnmVS0"
        );
    }

    #[test]
    fn password_salt_and_cost_each_change_the_outcome() {
        let base = sealed_form("teal", [7; 16], (32_768, 6));
        assert_eq!(base, sealed_form("teal", [7; 16], (32_768, 6)));
        assert_ne!(base, sealed_form("Teal", [7; 16], (32_768, 6)));
        assert_ne!(base, sealed_form("teal", [8; 16], (32_768, 6)));
        assert_ne!(base, sealed_form("teal", [7; 16], (32_768, 7)));
    }
}
