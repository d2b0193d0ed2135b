//! Documents: how they are signed, kept valid for decades, and judged.
//!
//! # Signing
//!
//! Every format has the same way, and its types make the order compulsory:
//!
//! | step | gives | what happens between |
//! | --- | --- | --- |
//! | `Prepared::new(source, …)` | the digest that the device must show and [`hsm::ToBeSigned`] | the Client's Activation |
//! | `Prepared::finish(self, raw)` | [`Output`] at level B | a time-stamping authority answers |
//! | `Unstamped::stamp(self, token)` | [`Output`] at level T | lists and answers are fetched |
//! | `Stamped::keep(self, material)` | [`Output`] at level LT | another time stamp |
//! | `Stamped::archive(self, token)` | [`Output`] at level LTA; then `keep` for that stamp, and again `archive` before it ages | |
//!
//! Nothing of this is remembered between the steps but the file itself: [`Extension`] opens the file, judges how far the
//! signature is by what of its own is inside, and gives the next step, so a job that was cut off goes on where the file is.
//!
//! # Size
//!
//! Documents are read by offset through [`Source`], and results are [`Output`]: pieces of the source with our bytes
//! between them. Memory does not grow with a PDF or a blob. XML needs a tree, so policy bounds its size.
//!
//! # Judging
//!
//! A format's reader only says what it found: a [`Claim`], with what it covers and whether the bytes agree with
//! themselves. Whether the signer, the times and the revocations are to be believed is decided in one place for all
//! formats.
//!
//! This crate is pure: no sockets, no clock, no chance of its own.

mod act;
pub mod asic;
pub mod cades;
mod caution;
mod claim;
pub mod cms;
mod extension;
pub mod judgement;
mod limits;
pub mod mark;
mod material;
mod output;
pub mod pdf;
mod reading;
mod report;
mod signing_certificate;
mod source;
mod statement;
mod together;
pub mod xml;

pub use domain::{Language, Level};

pub use act::{Act, ActError, DocumentError, Order, Shown, ShownError, SignedDocument, StoredActError, Wish};
pub use caution::{Caution, Cautions};
pub use claim::{
    Algorithm, Alteration, Change, Claim, Coverage, Covered, Fault, Format, Integrity, Name, Named, Part,
    Properties, StampClaim, StampKind, Target, Uncovered, What,
};
pub use extension::{Extension, ExtensionError, Inside, Keeping, Stamping, Step, Which};
pub use limits::Limits;
pub use material::Material;
pub use output::{Assembled, Output, Segment};
pub use reading::{Kind, ReadingError, claims};
pub use report::Report;
pub use signing_certificate::{SigningCertificate, SigningCertificateError};
pub use source::{Source, SourceError, digest_of};
pub use statement::{Particular, Stated, Statement};
