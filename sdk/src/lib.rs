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
//!
//! Each arrow consumes what it starts from: one challenge, one answer. `tests/vectors/device` fixes every byte for
//! devices in other languages.
//!
//! ```
//! use domain::{EcPublicKey, HashAlgorithm, Id, ShownDocument, SignedChallenge, Time, word};
//! use sdk::{Device, DeviceError, Password};
//!
//! /// Signs one document with what was typed; the text that comes back goes to `POST /device/v1/session/sign`.
//! fn sign(
//!     root: EcPublicKey,                                       // pinned: shipped with the device
//!     challenge: &SignedChallenge,                             // from `POST /device/v1/session/challenge`
//!     (session, credential): (Id<word::Session>, Id<word::Credential>),
//!     (document, shown): (Id<word::Document>, &[u8]),          // exactly the bytes on the screen
//!     (typed, now): (&str, Time),
//!     rng: &mut impl rand_core::CryptoRng,
//! ) -> Result<String, DeviceError> {
//!     let accepted = Device::new(root).accept_activation(challenge, (session, credential), now)?;
//!     let document = ShownDocument { id: document, digest: HashAlgorithm::Sha256.digest(shown) };
//!     let sad = accepted.sign(&Password::new(typed)?, vec![document], now, rng)?;
//!     Ok(sad.to_text())
//! }
//!
//! // What a Client sees who chooses badly:
//! let refused = Password::new("Айгерим1990")?.judge(&["Айгерим", "900101300017"], Password::FLOOR_LOG10);
//! assert!(refused.unwrap_err().to_string().starts_with("this password is too easy to guess"));
//!
//! // A challenge that the pinned root did not vouch for ends before anything is hashed:
//! let generator = domain::from_base64url(
//!     "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
//! );
//! let root = EcPublicKey::from_point(&generator?.try_into().unwrap_or([0; 65])).ok_or("not a point")?;
//! let forged = SignedChallenge { challenge: "e30.e30.AA".to_owned(), certificate: "e30.e30.AA".to_owned() };
//! let (session, now) = (Id::from_bytes([1; 16]), Time::from_unix_seconds(1_790_000_000));
//! let refused = Device::new(root).accept_enrolment(&forged, session, now);
//! assert!(matches!(refused, Err(DeviceError::Challenge(_))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod device;
mod guess;
mod password;
mod stretch;

pub use device::{Device, DeviceError, ForActivation, ForEnrolment};
pub use password::{Password, PasswordError};
pub use stretch::{StretchError, stretch};
