//! [`FormError`]: why a paper was not made, or not read.

/// A paper that was not made, or not read.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// The data could not be written or read.
    #[error("the data of the form cannot be read")]
    Data(#[source] serde_json::Error),
    /// The data are those of another form.
    #[error("the data are not those of the form {expected}, version {schema}")]
    Foreign {
        /// The form that was expected.
        expected: &'static str,
        /// The version of its fields.
        schema: u32,
    },
    /// The data belong to another wording.
    #[error(
        "the data belong to another wording than the one in force: read them by the release that published it"
    )]
    Wording,
    /// A time that is none.
    #[error("the time of the data is not an instant")]
    Time,
    /// A picture that its header promised, and that its content is not.
    #[error("a picture of this paper cannot be drawn: take it anew")]
    Picture,
    /// More than a paper can have.
    #[error("the paper would have more than {most} pages: shorten what was filled in")]
    Long {
        /// How many pages it can have.
        most: usize,
    },
    /// What was written breaks a rule of PDF/A-3a or PDF/UA-1; a fault of ours.
    #[error("the paper breaks a rule of its format: {0}")]
    Format(String),
}
