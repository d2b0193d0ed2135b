//! PDF signatures: PAdES, EN 319 142-1 on ISO 32000-2.
//!
//! A PDF is read by offset, and what is signed is appended; its bytes stay as they are. What two programs could read
//! differently is refused rather than repaired.

mod appended;
mod comparison;
mod container;
mod content;
mod dss;
mod error;
mod extending;
mod extensions;
mod fault;
mod file;
mod filter;
mod form;
mod hole;
mod indirect;
mod lexer;
mod located;
mod look;
mod numbers;
mod object;
mod options;
mod pages;
mod painting;
mod parser;
mod permissions;
mod placing;
mod prepared;
mod section;
mod seed;
mod sheet;
mod signatures;
mod structure;
mod unpacked;
mod update;
mod window;
mod xfa;

pub use error::PdfError;
pub use extending::{Kept, Stamped, Unstamped};
pub use fault::PdfFault;
pub use look::{Finding, Hazard, hazards};
pub use options::{Appearance, Intent, Options, Place, Reserve};
pub use permissions::Permission;
pub use prepared::Prepared;
pub(crate) use prepared::Record;
pub use sheet::{Sheet, Standing};
pub use signatures::claims;
pub use unpacked::Unpacking;

#[cfg(test)]
mod tests;
