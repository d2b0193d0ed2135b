//! CMS `SignedData`, RFC 5652: the structure in which PDF, CAdES and ASiC signatures and time stamps are kept.
//!
//! - [`Attributes`]: what a signer's key signs; [`Attributes::finish`] joins its value after checking it.
//! - [`SignedData`]: the structure, ours or foreign. Bytes that others hashed stay as they came.
//!
//! Content is never held here: attached content is named by its place in a source.

mod attributes;
mod ber;
mod oid;
mod read;
mod signed_data;
mod signer_info;

pub use attributes::{Attributes, AttributesError};
pub use read::ReadError;
pub use signed_data::{Content, SignedData, WriteError};
pub use signer_info::{Attribute, SignerInfo};
