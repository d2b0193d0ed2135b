//! From database errors to what the boundary does about them, the same for every engine.

use hsm::JournalError;
use sqlx::Error;

/// What a failed statement means, by the constraint that it broke.
pub(crate) fn meaning(error: &Error) -> JournalError {
    let Some(database) = error.as_database_error() else {
        return JournalError::Database(error.to_string());
    };
    if database.is_unique_violation() {
        for (column, constraint, meaning) in [
            ("activation.nonce", "activation_nonce", JournalError::NonceSpent),
            ("enrolment.nonce", "enrolment_pkey", JournalError::NonceSpent),
            (
                "activation.assertion",
                "activation_assertion",
                JournalError::AssertionSpent,
            ),
            (
                "enrolment.assertion",
                "enrolment_assertion",
                JournalError::AssertionSpent,
            ),
            (
                "signature.session",
                "signature_occurrence",
                JournalError::AlreadySigned,
            ),
            (
                "certificate.statement",
                "certificate_statement",
                JournalError::Conflict,
            ),
            (
                "certificate.credential",
                "certificate_by_credential",
                JournalError::Conflict,
            ),
            ("leaf.credential", "leaf_version", JournalError::Conflict),
            ("document.id", "document_pkey", JournalError::Conflict),
            ("document.object", "document_object", JournalError::Conflict),
            ("upkeep.document", "upkeep_of", JournalError::Conflict),
            ("loose_object.name", "loose_object_pkey", JournalError::Conflict),
        ] {
            // PostgreSQL names the constraint, SQLite the first column.
            let broken = match database.constraint() {
                Some(named) => named == constraint,
                None => database.message().contains(column),
            };
            if broken {
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

/// A counter as the database holds it.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
