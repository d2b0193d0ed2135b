//! [`ReadError`]: why bytes are not an XML document that can be signed or judged.

/// A document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More than policy reads.
    #[error("the document has more than {most} {what} (at byte {at}); sign it as a file, or raise the limit")]
    Limit {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: u64,
        /// Where it was passed.
        at: usize,
    },
    /// Another encoding than UTF-8.
    #[error("the document is in {found}; convert it to UTF-8 before signing")]
    Encoding {
        /// What it says, cut.
        found: String,
    },
    /// Bytes that are not UTF-8.
    #[error("byte {at} is not UTF-8")]
    Utf8 {
        /// Where.
        at: usize,
    },
    /// A document type: it could change what is read.
    #[error("the document has a DOCTYPE at byte {at}; document types and entities are not read, remove it")]
    Doctype {
        /// Where.
        at: usize,
    },
    /// A reference to an entity that only a document type can declare.
    #[error("entity &{name}; at byte {at} is not one of the five that XML predefines")]
    Entity {
        /// Which, cut.
        name: String,
        /// Where.
        at: usize,
    },
    /// Not well-formed.
    #[error("the document is not well-formed XML: expected {expected} at byte {at}")]
    Form {
        /// What should be there.
        expected: &'static str,
        /// Where.
        at: usize,
    },
    /// A prefix that nothing declares.
    #[error("prefix {prefix:?} at byte {at} is not declared")]
    Unbound {
        /// Which, cut.
        prefix: String,
        /// Where.
        at: usize,
    },
    /// A declaration that Namespaces in XML or canonicalisation does not allow.
    #[error("the namespace declared at byte {at} is not allowed: {why}")]
    Namespace {
        /// Why.
        why: &'static str,
        /// Where.
        at: usize,
    },
    /// An attribute is there twice, by its name or by its namespace and name.
    #[error("attribute {name:?} at byte {at} is there twice")]
    Twice {
        /// Which, cut.
        name: String,
        /// Where.
        at: usize,
    },
    /// Two elements have the same `xml:id`, which is unique by definition.
    #[error("two elements have the xml:id {id:?}")]
    SameId {
        /// Which, cut.
        id: String,
    },
}

/// As much of a name as is told.
pub(super) fn told(text: &str) -> String {
    const TOLD: usize = 64;
    text.chars().take(TOLD).collect()
}
