//! PKCS#11: the only code that talks it. It runs in worker processes and in `tamga-hsm init`.
//!
//! A [`Desk`] is one logged-in token with the handles of its resident keys; the files here are its verbs. What
//! the token answers is classified in one place (`recovery`), what a Client's key is and how it opens in another
//! (`client_key`).

mod client_key;
mod desk;
mod document_key;
mod health;
mod keys;
mod mark;
mod mechanism;
mod profile;
mod provision;
mod public_key;
mod recovery;
mod sealed;
mod settings;
mod tag;
mod temporary;
mod verifier;

pub(crate) use desk::{Desk, Ended, OpenError, Trouble};
pub use provision::{ProvisionError, Provisioned, is_initialised, provision, sign_with};
pub use settings::{ProfileOverrides, TokenSettings};
