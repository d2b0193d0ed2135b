//! ASiC containers, EN 319 162-1: files with signatures over them in one ZIP file.
//!
//! - [`Package`]: files measured in one pass; it writes a container around them with whatever signature files it is
//!   given, of CAdES or XAdES.
//! - [`Prepared`]: a container to be signed with CAdES: one file (ASiC-S) or a manifest of several (ASiC-E).
//! - [`Container`]: a container as it was found, read by offset. A container that two readers could take differently is
//!   refused before anything in it is looked at.
//! - [`Container::signatures`]: its CAdES files, each with what it is over, to be extended or joined by
//!   [`cades`](crate::cades) and put back by [`Container::replaced`].
//! - [`examine`]: what the CAdES signatures of a container claim, and which of its files nobody signed.

mod beside;
mod claims;
mod container;
mod directory;
mod error;
mod file;
mod manifest;
mod package;
mod prepared;
mod signed;
mod uncovered;
mod writing;

pub use claims::{Examined, examine};
pub use container::Container;
pub use error::ContainerError;
pub use file::Entry;
pub use package::{Kind, Package, Payload};
pub use prepared::{AsicError, Prepared};
pub use signed::SignatureFile;
pub(crate) use uncovered::uncovered;
