//! What is said to Solutions, sources and gateways, and what they answer. `docs/solution-protocol.md` publishes it.
//!
//! Answers come from other people's programs: each is read strictly, within a bound, and must name the question that it
//! answers. One that does not is no answer.

mod message;
mod solution;
mod source;

pub use message::{Message, MessageAnswer, Taken};
pub use solution::{
    About, Comparison, ComparisonAnswer, Liveness, LivenessAnswer, LivenessError, PictureFault, Skill,
};
pub use source::{
    IdentityDocument, PersonAnswer, PersonAsked, PersonalData, PhoneAnswer, PhoneAsked, ReferencePicture, Sex,
};
