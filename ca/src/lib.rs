//! The certification authority's rules, pure: what a certificate says, whether it may be signed, what becomes of it.
//!
//! The way of one certificate: an [`Order`] names kind, subject and key → [`Order::compose`] writes it under its
//! profile → [`lint`] reads the very bytes again and refuses what the profile or RFC 5280 does not allow → the token
//! signs what [`Linted`] holds → [`Linted::finish`] joins both. From then on its [`State`] decides what the revocation
//! list and the status answers say. Time and randomness are arguments, SQL and sockets are elsewhere.

mod clock;
mod event;
mod host;
mod issuer;
mod lint;
mod order;
mod record;
mod serial;
mod settings;
mod state;
mod subject;
mod told;

pub use clock::{ClockFault, ClockGuard, ClockRule, Reading};
pub use event::Event;
pub use issuer::{Issuer, IssuerError, Signer};
pub use lint::{Finding, Findings, Linted, lint};
pub use order::{ComposeError, Order};
pub use record::{CertificateRecord, Holder};
pub use serial::{Serial, SerialError};
pub use settings::{Places, Scope};
pub use state::{State, StateError, Step};
pub use subject::{Subject, SubjectError};
pub use told::Told;
