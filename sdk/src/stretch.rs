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
    let mut memory = Zeroizing::new(vec![Block::default(); blocks]);
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
