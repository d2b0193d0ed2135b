//! Time stamps, RFC 3161 with RFC 5816: the authority's side and the asker's.

mod asking;
mod info;
mod received;
mod request;
mod response;

pub use asking::{Asking, Refused, Token};
pub use info::StampInfo;
pub use received::{Binding, Received};
pub use request::{Rejected, StampRequest};
pub use response::{Failure, Stamp, rejection};
