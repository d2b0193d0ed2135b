//! The device side of Tamga: from a password to what is sealed to the token.
//!
//! A device pins the root's public key. It accepts a challenge only if the boundary signed it with a key that this
//! root certified, hashes the password with the parameters in it, and seals the result together with the digests
//! of what it showed. The password itself never leaves [`Password`]; it is wiped when dropped.
//!
//! ```text
//! Device::new(root) → accept_enrolment(challenge) → enrol(password)
//!                   → accept_activation(challenge) → sign(password, documents)
//! ```

mod device;
mod password;
mod stretch;

pub use device::{Device, DeviceError, ForActivation, ForEnrolment};
pub use password::{Password, PasswordError};
pub use stretch::{StretchError, stretch};
