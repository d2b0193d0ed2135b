//! DER types of a public key infrastructure: what `ca` makes and `signer` reads.
//!
//! Whatever is signed here goes through [`ToSign`]: the bytes are prepared, the token signs their digest, and
//! [`ToSign::finish`] joins both only after the signature was checked with the key that it must come from. Nothing in
//! this crate knows a private key, a clock or a socket.
//!
//! - [`PublicKey`]: a public key with its identifier, and the one place where signatures are verified.
//! - [`Distinguished`]: names, attribute by attribute, each in the string type that the national profile uses.
//! - [`crl`], [`ocsp`], [`timestamp`]: the structures of RFC 5280 §5, RFC 6960 and RFC 3161, written with `der` because
//!   the crates that offer them belong to another generation of it.
//!
//! What others signed is read from the bytes that came, and believed by [`VerificationKey`]s and [`path`]s only:
//! [`Presented`] certificates, [`crl::Received`] lists, [`ocsp::Received`] answers, [`timestamp::Received`] stamps.

mod certificate;
mod certificate_request;
pub mod crl;
pub mod distinguished;
mod elements;
mod holder;
mod name;
pub mod ocsp;
pub mod oid;
pub mod path;
mod points;
mod presented;
mod pss;
mod public_key;
mod scheme;
pub mod signed_data;
pub mod timestamp;
pub mod tlv;
mod to_sign;
mod verification_key;

pub use certificate::{Content, moments};
pub use certificate_request::{RequestError, requested_key};
pub use elements::FormError;
pub use holder::Holder;
pub use name::{Distinguished, NameError, unseen};
pub use points::Addresses;
pub use presented::{Authority, Extensions, KeyUsage, NotIssued, Policies, Presented};
pub use public_key::{KeyError, PublicKey};
pub use scheme::{HashFunction, Scheme, SchemeError};
pub use signed_data::CmsSigner;
pub use to_sign::{Finished, SignatureError, ToSign, digest_algorithm, signature_algorithm};
pub use verification_key::{KeyKind, VerificationKey, VerifyError};
pub use x509_cert;
