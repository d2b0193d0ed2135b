//! What people read and sign, and what is kept of them: agreements, statements, consents, acts and Evidence.
//!
//! | paper | asked for by | form |
//! | --- | --- | --- |
//! | user agreement | R051, R113, R199-R204 | [`UserAgreement`] |
//! | statement to issue, to revoke | R130, R135 | [`IssueStatement`], [`RevokeStatement`] |
//! | consents of three kinds | R109 | [`Consent`] |
//! | liveness check, face match | R068, R072, R096 | [`LivenessEvidence`], [`MatchEvidence`] |
//! | palms | R093, R094 | [`PalmLivenessEvidence`], [`PalmMatchEvidence`] |
//! | connection and commissioning | R219, R220 | [`ConnectionApplication`], [`CommissioningAct`] |
//! | accession | R170 | [`AccessionStatement`] |
//! | testing of a Solution | R166 | [`TestAgreement`], [`TestProtocol`] |
//! | dispute | R190 | [`DisputeConclusion`] |
//!
//! # The way
//!
//! A [`Form`] has typed fields and says them; a [`Paper`] gives it a number and a time; [`Paper::to_pdf`] makes the file
//! that is sealed and kept, with the data attached, and [`Paper::to_html`] the same words for a screen. A [`Text`] is a
//! wording that was published under a number: its digests are what records of acceptance keep.
//!
//! This crate is pure, and equal input gives equal bytes.

mod accession;
mod agreement;
mod connection;
mod consent;
mod day;
mod dispute;
mod draft;
mod error;
mod evidence;
mod face;
mod html;
mod language;
mod paper;
mod party;
mod pdf;
mod picture;
mod said;
mod sheet;
mod statement;
mod terms;
mod testing;
mod text;
mod words;

pub use accession::{AccessionStatement, Attachment, AttachmentError, Attachments, Category, WantedService};
pub use agreement::{Acceptance, UserAgreement};
pub use connection::{CommissioningAct, ConnectionApplication, Decision, Registration};
pub use consent::{Consent, ConsentKind, Given};
pub use day::{Day, DayError};
pub use dispute::{Analysis, DisputeConclusion, Finding, Record};
pub use draft::Draft;
pub use error::FormError;
pub use evidence::{
    Colour, Device, LivenessEvidence, MatchEvidence, Outcome, PalmLivenessEvidence, PalmMatchEvidence,
    Reference, Series, SeriesError, Shot, Signal, Source, Way,
};
pub use language::{Language, Languages};
pub use paper::{Form, Paper, Place, Rendered};
pub use party::{Official, Organisation, Product, Subject};
pub use picture::{Media, Picture, PictureError};
pub use said::Term;
pub use statement::{IssueStatement, RevocationReason, RevokeStatement};
pub use testing::{LicenceDays, LicenceError, Measured, Rate, RateError, TestAgreement, TestProtocol};
pub use text::Text;
pub use words::{Link, Number, Prose, Words, WordsError};
