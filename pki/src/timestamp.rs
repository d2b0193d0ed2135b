//! Time stamps, RFC 3161 with RFC 5816.

mod request;
mod response;

pub use request::{Rejected, StampRequest};
pub use response::{Failure, Stamp, rejection};
