//! Who is there: what a Session must pass before its Client counts as proven.
//!
//! # The way
//!
//! | state | what led there | what happens next |
//! | --- | --- | --- |
//! | [`Opened`] | an Application asked | the Client accepts the agreement (R051) |
//! | [`Agreed`] | the agreement is accepted | the Client confirms their IIN (R043) |
//! | [`Named`] | the IIN is confirmed | a sequence of signals is drawn (R044, R066), or a conversation is asked for (R096) |
//! | [`Drawn`] | a sequence is drawn | the device follows it, or lets it pass |
//! | [`Captured`] | pictures came in time | a Solution judges them |
//! | [`Live`] | a living person followed the signals | the face is compared with the reference (R005, R006, R046) |
//! | [`Conversing`] | a person with a disability asked for an operator | the operator decides |
//! | [`Known`] | face or operator say who it is | a code is drawn and sent (R047) |
//! | [`CodeSent`] | a code is on its way | the code is typed |
//! | [`Proven`] | all of it | consents, signing |
//! | [`Ended`] | something else | nothing |
//!
//! A `Session<S>` is consumed by its step and gives the next, so that no order of calls leads to [`Proven`] without
//! every step passed: there is no other way to make one. What is stored between steps is a [`Stage`].
//!
//! # Spending before doing
//!
//! Whatever is limited is spent by a step that is stored *before* the world is asked: drawing a sequence spends it,
//! sending a code spends the message. Who is cut off has spent, and nobody gets a fifth check by pulling a plug.
//!
//! This crate is pure: no sockets, no SQL, no clock and no chance of its own.

mod agreement;
mod browser;
mod capture;
mod code;
mod person;
pub mod protocol;
mod reason;
mod session;
mod signal;
mod visit;

pub use agreement::{Agreement, Version};
pub use browser::{Browser, BrowserToken};
pub use capture::{Capture, CaptureError, Picture};
pub use code::{Code, CodeDigits, CodeError};
pub use person::{Block, Person};
pub use reason::{Kind, Reason};
pub use session::{
    Agreed, Attempt, Captured, Check, CodeSent, Conversing, Drawn, Ended, Followed, Identified, Judged,
    Known, Live, Matched, Named, NoMessageLeft, Opened, Owner, Proven, Refusal, Session, Stage, Tries, Typed,
    Verdict,
};
pub use signal::{Colour, Sequence, SequenceError, Signal};
pub use visit::{Purpose, Visit};
