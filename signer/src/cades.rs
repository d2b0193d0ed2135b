//! CAdES baseline signatures, EN 319 122-1: detached and attached, by one signer or several, from B to LTA.
//!
//! - [`Prepared`]: a new signature, alone or beside others; [`Prepared::finish`] gives level B.
//! - [`open`]: a file at whatever level one of its signatures has, as [`Unstamped`] or [`Stamped`]; each knows what
//!   leads on.
//!
//! The content is streamed, detached or from inside the file, and never copied.

mod armour;
mod error;
mod extending;
mod prepared;

pub use armour::{ArmourError, unarmoured};
pub use error::CadesError;
pub use extending::{Reached, Stamped, Unstamped, open};
pub(crate) use prepared::Record;
pub use prepared::{Joining, Packaging, Prepared, Said};
