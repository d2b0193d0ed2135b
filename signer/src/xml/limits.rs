//! [`Limits`]: how much of an XML document is read before it is refused. Each bounds memory or time, so that a small
//! file cannot cost what a large one would.

/// Upper bounds; the defaults are far above what people sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: u64,
    /// Elements inside one another.
    pub depth: usize,
    /// Elements, texts, comments and processing instructions.
    pub nodes: usize,
    /// Attributes of one element, declarations of namespaces among them.
    pub attributes: usize,
    /// Namespaces in scope at one element.
    pub namespaces: usize,
    /// Bytes of a name.
    pub name: usize,
    /// Bytes of an attribute's value or of a run of text.
    pub text: usize,
    /// Signatures in one document.
    pub signatures: usize,
    /// References of one signature.
    pub references: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            depth: 256,
            nodes: 2_000_000,
            attributes: 256,
            namespaces: 256,
            name: 1_024,
            text: 32 * 1024 * 1024,
            signatures: 64,
            references: 1_001,
        }
    }
}

impl Limits {
    /// What is read of a document that was within these limits when it was signed: it has grown since, by signatures and
    /// by what they are judged with, and a file inside one is a third longer.
    #[must_use]
    pub(super) fn of_signed(self) -> Self {
        Self {
            bytes: self.bytes.saturating_mul(2),
            depth: self.depth.saturating_add(16),
            nodes: self.nodes.saturating_add(100_000),
            text: self.text.saturating_mul(2),
            ..self
        }
    }
}
