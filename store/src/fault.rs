//! From database errors to what the boundary does about them.

use hsm::JournalError;
use sqlx::Error;

/// What a failed statement means, by the constraint that it broke.
pub(crate) fn meaning(error: &Error) -> JournalError {
    let Some(database) = error.as_database_error() else {
        return JournalError::Database(error.to_string());
    };
    if database.is_unique_violation() {
        let message = database.message();
        for (column, meaning) in [
            ("activation.nonce", JournalError::NonceSpent),
            ("enrolment.nonce", JournalError::NonceSpent),
            ("activation.assertion", JournalError::AssertionSpent),
            ("enrolment.assertion", JournalError::AssertionSpent),
            ("signature.session", JournalError::AlreadySigned),
            ("leaf.credential", JournalError::Conflict),
        ] {
            if message.contains(column) {
                return meaning;
            }
        }
    }
    JournalError::Database(error.to_string())
}

/// A conditional change must touch exactly one row.
pub(crate) fn exactly_one(touched: u64, otherwise: JournalError) -> Result<(), JournalError> {
    if touched == 1 { Ok(()) } else { Err(otherwise) }
}
