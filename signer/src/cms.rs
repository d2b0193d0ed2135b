//! CMS `SignedData`, RFC 5652: the structure in which PDF, CAdES and ASiC signatures and time stamps are kept.
//!
//! - [`Attributes`]: what a signer's key signs; [`Attributes::finish`] joins its value after checking it.
//! - [`SignedData`]: the structure, ours or foreign. Bytes that others hashed stay as they came.
//! - [`SignedData::claims`]: what its signatures claim, compared with the content in one pass.
//! - [`TimeStamp`]: a time stamp as a claim.
//!
//! Content is never held here: attached content is named by its place in a source.

mod algorithm;
mod archive;
mod attributes;
mod ber;
mod claims;
mod form;
mod inside;
mod named;
mod oid;
mod properties;
mod read;
mod signed_data;
mod signer_info;
mod stamps;

pub(crate) use archive::{archive_imprint, archive_index};
pub use attributes::{Attributes, AttributesError};
pub use claims::Body;
pub use read::ReadError;
pub use signed_data::{Content, SignedData, WriteError};
pub use signer_info::{Attribute, SignerInfo};
pub use stamps::{StampError, TimeStamp};
