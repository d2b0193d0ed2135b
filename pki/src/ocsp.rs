//! Online certificate status, RFC 6960 with the narrowing of RFC 5019.

mod answer;
mod question;
mod received;

pub use answer::{Answer, CertStatus, Single, Unsuccessful};
pub use question::{CertId, MOST_QUESTIONS, Malformed, Question, question_about};
pub use received::{Received, Responder, Status};
